package amends

import (
	"encoding/json"
	"time"

	"candor/id"
)

// A Run is what an incident's customers are owed, or those of a month: reckoned, looked at, approved, offered. What was approved is never
// changed: who learns more supplements it.
type Run struct {
	ID          id.CreditRun
	Supplements id.CreditRun // the run this one adds to; empty for the first
	State       State
	Rule        By
	Basis       Basis
	Inputs      string // digest of the basis: asked for again, the same question is the same run
	Cursor      Cursor // how far the reckoning is
	Digest      string // of the basis, and of every customer's facts and sum; empty until all are reckoned
	Totals      Totals
	Expected    int64 // customers, as far as they were known when it was asked for
	MadeBy      id.Person
	MadeAt      time.Time
	ReckonedAt  time.Time
	ApprovedBy  id.Person
	ApprovedAt  time.Time
	SecondBy    id.Person // who approved what is above the company's limit
	SecondAt    time.Time
	OfferedAt   time.Time
}

// By is what a run is reckoned by.
type By string

const (
	ByContract By = "contract" // the terms kept, and goodwill on top where somebody says so
	ByGoodwill By = "goodwill" // goodwill alone
)

// A State is where a run is.
type State string

const (
	Reckoning State = "reckoning" // customer after customer
	Drafted   State = "draft"     // to be looked at, and approved
	Approved  State = "approved"  // for good
	Offered   State = "offered"   // every customer has their offer
	Dropped   State = "dropped"   // another draft took its place
)

// next is the whole of a run's life.
var next = map[State][]State{
	Reckoning: {Drafted, Dropped},
	Drafted:   {Approved, Dropped},
	Approved:  {Offered},
}

// May reports whether a run can go from one state to another.
func (s State) May(to State) bool {
	for _, state := range next[s] {
		if state == to {
			return true
		}
	}
	return false
}

// Open reports whether it can still be changed.
func (s State) Open() bool { return s == Reckoning || s == Drafted }

// Final reports whether it stands: what it credits is owed.
func (s State) Final() bool { return s == Approved || s == Offered }

// A Cursor is how far the reckoning of a run has come, and what it has come to.
type Cursor struct {
	After id.Customer `json:"after"`
	Hash  []byte      `json:"hash,omitempty"` // the digest, on the way
}

// Text is how a cursor is kept.
func (c Cursor) Text() (string, error) {
	text, err := json.Marshal(c)
	return string(text), err
}

// Waiting reports that one person has approved it, and a second has to.
func (r Run) Waiting() bool { return r.State == Drafted && r.ApprovedBy != "" }

// Done is how much of it is reckoned, in percent, cut.
func (r Run) Done() int {
	switch {
	case r.State != Reckoning:
		return 100
	case r.Expected <= 0:
		return 0
	}
	return min(int(int64(r.Totals.Customers)*100/r.Expected), 99)
}

// A Kept is one customer's part of a run, with all it takes to reckon it again.
type Kept struct {
	Owed
	Facts Facts
	Text  string // the facts as they are kept; empty where they were read
}

// Explain reckons one customer's part again, with its lines, from what was kept of them. differs says that it came to another sum: then this
// program reckons otherwise than the one that made the run, and nobody may show these lines as how it was done.
func (r Run) Explain(k Kept) (owed Owed, differs bool) {
	c, had := k.Facts.Customer(k.Customer, k.Amount.Currency)
	owed = r.Basis.Reckoner().Explain(c, had)
	return owed, owed.Amount != k.Amount
}
