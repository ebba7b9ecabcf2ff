package amends

import (
	"time"

	"candor/id"
	"candor/lang"
	"candor/money"
)

// An Objection is a customer who says that an offer is not right. One of us answers by a time that the customer was told.
type Objection struct {
	ID         id.Objection
	Offer      id.Offer
	Run        id.CreditRun
	Customer   id.Customer
	Incident   id.Incident
	Kind       ObjectionKind
	Words      string
	Language   lang.Tag
	Promise    id.Promise
	At         time.Time
	DueAt      time.Time
	AnsweredAt time.Time
	AnsweredBy id.Person
	Verdict    Verdict
	Answer     string
	More       money.Amount // what was offered on top, if it was right
}

// An ObjectionKind is what is not right.
type ObjectionKind string

const (
	WrongSum    ObjectionKind = "sum"
	MissingSite ObjectionKind = "missing" // something of theirs that was down is not counted
	RatherCash  ObjectionKind = "cash"    // they would rather have the money than a credit
)

// ObjectionKinds in the order they are offered.
var ObjectionKinds = [...]ObjectionKind{WrongSum, MissingSite, RatherCash}

// Valid reports whether there is such a kind.
func (k ObjectionKind) Valid() bool { return k == WrongSum || k == MissingSite || k == RatherCash }

// A Verdict is how an objection ended.
type Verdict string

const (
	Upheld   Verdict = "upheld"   // they get more
	Declined Verdict = "declined" // with the reason in the answer
	Talked   Verdict = "talked"   // it was cleared up otherwise
)

// Open reports whether nobody has answered yet.
func (o Objection) Open() bool { return o.AnsweredAt.IsZero() }
