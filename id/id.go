// Package id gives everything in Candor a name that does not change.
//
// A customer who quotes an incident or an update from a mail a year later, and a machine that polls the Statuspage documents, both rely on
// it. An identifier is a kind and 26 letters, `inc_01JD6ZK3V8Q0N4W2Y7T5M9RBXC`: the millisecond it was
// minted, then chance, in Crockford's base 32, so identifiers of one kind sort by age in any database. The types keep one noun's identifier out of another's
// place, and all of them live here, so that nouns can refer to each other without importing each other.
package id

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// One type for each thing that is referred to. The prefix is part of the public form: it must not change.
type (
	Action       string
	Announcement string
	Audit        string
	Call         string
	CallIn       string
	CallRequest  string
	Comment      string
	Component    string
	Contact      string
	CreditRun    string
	Customer     string
	Delivery     string
	Incident     string
	Leaf         string
	Objection    string
	Offer        string
	Person       string
	Promise      string
	PromiseFact  string
	Proposal     string
	Receipt      string
	Report       string
	Session      string
	Terms        string
	Token        string
	Update       string
)

func (Action) prefix() string       { return "act" }
func (Announcement) prefix() string { return "ann" }
func (Audit) prefix() string        { return "aud" }
func (Call) prefix() string         { return "cal" }
func (CallIn) prefix() string       { return "cin" }
func (CallRequest) prefix() string  { return "crq" }
func (Comment) prefix() string      { return "cmt" }
func (Component) prefix() string    { return "cmp" }
func (Contact) prefix() string      { return "con" }
func (CreditRun) prefix() string    { return "run" }
func (Customer) prefix() string     { return "cus" }
func (Delivery) prefix() string     { return "dlv" }
func (Incident) prefix() string     { return "inc" }
func (Leaf) prefix() string         { return "lef" }
func (Objection) prefix() string    { return "obj" }
func (Offer) prefix() string        { return "off" }
func (Person) prefix() string       { return "per" }
func (Promise) prefix() string      { return "prm" }
func (PromiseFact) prefix() string  { return "prf" }
func (Proposal) prefix() string     { return "prp" }
func (Receipt) prefix() string      { return "rcp" }
func (Report) prefix() string       { return "rep" }
func (Session) prefix() string      { return "ses" }
func (Terms) prefix() string        { return "trm" }
func (Token) prefix() string        { return "tok" }
func (Update) prefix() string       { return "upd" }

type kind interface {
	~string
	prefix() string
}

// Crockford's alphabet in ascending order of its bytes, so that text order is age.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var letters = base32.NewEncoding(alphabet).WithPadding(base32.NoPadding)

const length = 26

// New mints an identifier that sorts by now among those of its kind.
func New[K kind](now time.Time) K {
	var b [20]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli()))
	rand.Read(b[8:])
	// The upper 16 bits of a millisecond count stay zero until the year 10889: 48 bits of time and 82 of chance make 26 letters.
	var k K
	return K(k.prefix() + "_" + letters.EncodeToString(b[2:])[:length])
}

// tail is how many letters, of fifty bits, Ascending chooses one by one.
const tail = 10

// TailAt is where those letters begin, counted from 1 as SQL does, in identifiers with a prefix of three letters.
const TailAt = 3 + 1 + length - tail + 1

// Head is an identifier without its tail: for identifiers that are made in the database, of this and of another identifier's tail.
func Head[K kind](now time.Time) string {
	x := string(New[K](now))
	return x[:len(x)-tail]
}

// Ascending mints n identifiers in ascending order, which lie side by side in an index: in the order of their age, those of one
// millisecond are in none. Thirty-two bits of chance are common to them, and what lies between one and the next is chance, too.
func Ascending[K kind](now time.Time, n int) []K {
	head, all := Head[K](now), make([]K, n)
	step := uint64(1) << (5*tail - 2) / uint64(max(n, 1)) // on average, so that twice of it, n times, is not too much
	at, chance := uint64(0), make([]byte, 8*n)
	rand.Read(chance)
	var end [tail]byte
	for i := range all {
		at += 1 + binary.BigEndian.Uint64(chance[8*i:])%(2*step)
		for k, rest := tail-1, at; k >= 0; k-- {
			end[k] = alphabet[rest%32]
			rest /= 32
		}
		all[i] = K(head + string(end[:]))
	}
	return all
}

// Parse accepts what New made and refuses everything else, another kind's identifiers included.
func Parse[K kind](s string) (K, error) {
	var k K
	tail, ok := strings.CutPrefix(s, k.prefix()+"_")
	if !ok || len(tail) != length || strings.Trim(tail, alphabet) != "" {
		return "", fmt.Errorf("%.64q is not an identifier of the form %s_…", s, k.prefix())
	}
	return K(s), nil
}
