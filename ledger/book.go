package ledger

import (
	"context"
	"errors"

	"candor/money"
)

// A Book is a billing system that takes what customers are owed.
type Book interface {
	// Name is kept with what was entered: the book of a run does not change under it unseen.
	Name() string
	// Enter hands an export over. What the book has under an entry's key already is not entered again. There is an outcome for each entry, in
	// their order; an entry whose outcome is in doubt is handed over again later, as it is.
	Enter(ctx context.Context, x Export) []Outcome
	// Holds is what the book itself says it has of an export, by key: read from it, not remembered. ErrCannotTell if nobody can ask it.
	Holds(ctx context.Context, x Export) (map[string]Held, error)
}

// ErrCannotTell says that a book cannot be asked what it holds: somebody who can look says so instead.
var ErrCannotTell = errors.New("the book cannot be asked")

// An Export is what is handed over together, under a number that is never given twice.
type Export struct {
	Number  int64
	Entries []Entry
}

// An Entry is one sum for one customer.
type Entry struct {
	Key     string       // ours; the same key is the same sum
	Account string       // what the company's own systems call the customer
	Amount  money.Amount // above zero: what is given
	Text    string       // what their bill says
	Charge  string       // empty for a credit; else what was paid, to which the money goes back the way it came
	Doubted bool         // it was handed over before, and nobody knows with what success
}

// Key lengths: Stripe takes no idempotency key of more than 255 characters.
const mostKey = 255

// An Outcome is what became of an entry.
type Outcome struct {
	Key    string
	Became Became
	Entry  string // what the book calls it; with Entered
	Reason Reason
	Detail string // for the log alone: a stranger's words
}

// Became is what happened.
type Became string

const (
	Entered Became = "entered"
	Refused Became = "refused" // it is not in the book, and will not be without somebody doing something
	Doubt   Became = "doubt"   // it may be in the book
)

// A Reason is why an entry was refused or is in doubt; the console says it in words.
type Reason string

const (
	NoAccount   Reason = "no_account"   // the book knows no such customer
	NoCharge    Reason = "no_charge"    // what is to be refunded is not there, or was given back already
	NoCurrency  Reason = "no_currency"  // the book does not keep this currency, or not for this customer
	NoSuchCoin  Reason = "no_such_coin" // the book counts in coarser coins than the sum
	NotAllowed  Reason = "not_allowed"  // our key to the book is wrong or may not do this
	TooMany     Reason = "too_many"     // faster than the book allows
	Unreachable Reason = "unreachable"  // no answer, or one that makes no sense
	Unlike      Reason = "unlike"       // the book has another sum under this key
	Other       Reason = "refused"
)

// Held is one sum as the book says it has it.
type Held struct {
	Key    string
	Entry  string
	Amount money.Amount
}

// A Difference is a sum that is not in the book as it is with us.
type Difference struct {
	Key    string
	Ours   money.Amount
	Theirs money.Amount // without a currency: the book has none
}

// Compare is what differs between an export and what the book holds of it, in the order of the export.
func Compare(x Export, held map[string]Held) (all []Difference) {
	for _, e := range x.Entries {
		if h := held[e.Key]; h.Amount != e.Amount {
			all = append(all, Difference{Key: e.Key, Ours: e.Amount, Theirs: h.Amount})
		}
	}
	return all
}
