package record

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// A Kind says what a fact is about.
type Kind string

const (
	Update     Kind = "update"     // a word to customers
	Revision   Kind = "revision"   // its correction in the open
	Blackout   Kind = "blackout"   // words taken out of it for a lawful reason
	Incident   Kind = "incident"   // what the page says about an incident as a whole, at an instant
	Resolution Kind = "resolution" // it is over
	Made       Kind = "promise_made"
	Kept       Kind = "promise_kept"
	Automatic  Kind = "promise_automatic" // kept by an update nobody wrote
	Missed     Kind = "promise_missed"
	Withdrawn  Kind = "promise_withdrawn"
	Interval   Kind = "interval" // a component's status from an instant on
	Coverage   Kind = "coverage" // how many affected customers know, as the page said it
	Report     Kind = "report"
	Action     Kind = "action"
	Comment    Kind = "comment"
	Tombstone  Kind = "tombstone" // a comment that was hidden, and why
	Audited    Kind = "audit"     // the head of the private log of staff's acts
)

// A Fact is one thing the public was told, or could see.
type Fact struct {
	Key  string // which fact it is, unique over all kinds: "update abcdefghijkl". It is written down once.
	Kind Kind
	At   time.Time
	// About is whose openings can be erased together: an update's, a comment's. It never enters the log.
	About string
	Says  map[string]string // in the clear: plain ASCII of machines, nobody's words
	Hides map[string]string // words of people, and who they are: they enter as seals
}

// version of the encoding; another one would be another format.
const version = 1

// MaxEntry is the longest entry a tile of entries can hold (C2SP tlog-tiles: two bytes of length).
const MaxEntry = 1<<16 - 1

// stamp is how an instant is written in an entry: UTC, always with six digits.
const stamp = "2006-01-02T15:04:05.000000Z"

// Instant spells t as entries do; the zero time is "".
func Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stamp)
}

// ParseInstant reads what Instant wrote.
func ParseInstant(s string) (t time.Time, err error) {
	if s == "" {
		return t, nil
	}
	return time.Parse(stamp, s)
}

// An Entry is a fact as the log holds it. The fields are in the order of their names, and so are maps' keys: with plain ASCII for values that
// makes the JSON canonical (RFC 8785).
type Entry struct {
	At    string            `json:"at"`
	Fact  string            `json:"fact"`
	Kind  Kind              `json:"kind"`
	Says  map[string]string `json:"says"`
	Seals map[string]Seal   `json:"seals"`
	V     int               `json:"v"`
}

// Write makes the entry of a fact and the openings of its seals, with new salts.
func Write(f Fact) (entry []byte, opened Openings, err error) { return write(f, newSalt) }

func write(f Fact, salt func() []byte) (entry []byte, opened Openings, err error) {
	e := Entry{At: Instant(f.At), Fact: f.Key, Kind: f.Kind, Says: map[string]string{}, Seals: map[string]Seal{}, V: version}
	for name, words := range f.Says {
		if words != "" {
			e.Says[name] = words
		}
	}
	for name, words := range f.Hides {
		if words == "" {
			continue
		}
		if opened == nil {
			opened = Openings{}
		}
		o := Opening{Salt: salt(), Words: words}
		opened[name], e.Seals[name] = o, o.seal(name)
	}
	if err := e.check(); err != nil {
		return nil, nil, fmt.Errorf("write down %q: %w", f.Key, err)
	}
	entry, err = json.Marshal(e)
	if err == nil && len(entry) > MaxEntry {
		err = fmt.Errorf("write down %q: %d bytes are more than an entry may have", f.Key, len(entry))
	}
	return entry, opened, err
}

func (e Entry) check() error {
	if e.V != version || e.Says == nil || e.Seals == nil {
		return fmt.Errorf("version %d of entries is not known here", e.V)
	}
	if _, err := ParseInstant(e.At); err != nil || e.At == "" {
		return fmt.Errorf("%q is not an instant", e.At)
	}
	for _, s := range []string{e.Fact, string(e.Kind)} {
		if s == "" || !plain(s) {
			return fmt.Errorf("%q is not plain ASCII", s)
		}
	}
	for name, words := range e.Says {
		if !plain(name) || !plain(words) {
			return fmt.Errorf("%s is not plain ASCII: %q", name, words)
		}
	}
	for name := range e.Seals {
		if !plain(name) {
			return fmt.Errorf("%q is not plain ASCII", name)
		}
	}
	return nil
}

// plain reports whether every encoder of JSON spells s in the same way.
func plain(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`"\<>&`, r) }) < 0
}
