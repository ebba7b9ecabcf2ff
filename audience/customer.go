package audience

import (
	"time"

	"candor/id"
	"candor/lang"
	"candor/money"
)

// A Customer is somebody the company owes a word when something breaks: whom it serves, not who subscribed.
type Customer struct {
	ID       id.Customer
	Code     id.Code // in the address of the customer's own page
	External string  // what the company's own systems call them; empty if it never said
	Name     string
	Language lang.Tag
	Zone     string // IANA name; empty: the company's zone
	Plan     string
	Fee      money.Amount // per month
	Uses     []Use
	Contacts []Contact // in order of preference; others may share them
	// AnyHour is since when they want to be rung at night too; zero: they do not. They say so themselves, on their own page.
	AnyHour time.Time
	// ErasedAt is when the person was forgotten. The row stays, without anything personal, so that the counts stay.
	CreatedAt time.Time
	UpdatedAt time.Time
	ErasedAt  time.Time
}

// Called is how a customer recognises the account as theirs: by its name, and by what it is numbered.
func (c Customer) Called() string {
	switch {
	case c.Name == "":
		return c.External
	case c.External == "":
		return c.Name
	}
	return c.Name + " (" + c.External + ")"
}

// A Use is a component that a customer uses, or used for a time: who is affected by an outage, and later what they are owed, goes by it.
type Use struct {
	Component id.Component
	Since     time.Time // zero: always
	Until     time.Time // zero: still
}

// During reports whether the use touches a span of time; a span without an end goes on.
func (u Use) During(from, until time.Time) bool {
	return (u.Until.IsZero() || u.Until.After(from)) && (until.IsZero() || u.Since.Before(until))
}

// A Consent is what somebody agreed to and the proof of it (GDPR, Art. 7): the text they were shown, how they agreed, and when.
type Consent struct {
	Customer id.Customer
	Contact  id.Contact // empty: to being written to at all
	Text     string
	How      string
	At       time.Time
}
