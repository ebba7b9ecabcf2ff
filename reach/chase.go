package reach

import (
	"slices"
	"time"

	"candor/audience"
	"candor/id"
)

// A Chase is everything known of one customer in one incident: what Next decides from. It is read from rows that other acts appended, so
// the same rows always lead to the same decision, on whichever node and however often.
type Chase struct {
	Since   time.Time // when this customer became owed a word
	Reopens time.Time // the latest update that is a correction or changes what customers must do; zero if none is
	// ResolvedAt is when the incident ended, zero while it goes on.
	ResolvedAt time.Time
	Basis      Basis
	MustAct    bool // the customer has to do something; the end of the outage does not do it for them
	AnyHour    bool // the customer chose to be woken
	// Zones are the customer's; where only the country is known, all of the country's. None means that nobody knows, and that it is UTC.
	Zones []*time.Location

	Ways  []Way // in the customer's order of preference
	Tries []Try
	Acks  []Ack
	Calls []Call
	Asked Asked // the open request for a call; zero if there is none

	Channels []string // that are set up here
	Affords  bool     // the climb beyond what costs nothing fits the budget, see Afford
}

// Basis says why we may write at all, which decides what may ring at night. (Class, in channel.go, decides the headers of a mail.)
type Basis string

const (
	ForService    Basis = "service"     // the service a customer pays for
	ForDataSafety Basis = "data_safety" // the customer's data or money is in danger
	Optional      Basis = "optional"    // nice to know
)

// A Way is one contact on one channel. A mobile that takes texts and calls is two ways with one Number.
type Way struct {
	Contact id.Contact
	Channel string
	// Number says which ways are one phone: to text and to call. The address's key serves.
	Number string
	// Stop is why nothing may go there; empty if something may. Whoever fills it decides by the Basis: who unsubscribed from optional
	// notices may still be told that their data is in danger.
	Stop audience.SuppressionReason
}

// NoConsent stops a way nobody agreed to.
const NoConsent audience.SuppressionReason = "no_consent"

// A Try is one delivery to one contact, as its row has it.
type Try struct {
	Channel string
	Contact id.Contact
	// Attempt is the ladder's count on this channel, as Act gave it; 0 for a later word that merely travelled the same way.
	Attempt   int
	PlannedAt time.Time
	UpdatedAt time.Time
	State     State
	Reason    string
}

// told reports whether a channel took the message, whatever came after.
func (t Try) told() bool {
	return slices.Contains([]State{Accepted, Delivered, Acknowledged, Complained}, t.State)
}

// failed reports whether nobody was told and nobody will be.
func (t Try) failed() bool {
	return slices.Contains([]State{Bounced, Failed, Suppressed, Poisoned}, t.State)
}

// An Ack is a customer saying that they know.
type Ack struct {
	At time.Time
	By AckBy
}

// AckBy is how somebody said so.
type AckBy string

const (
	ByLink     AckBy = "link"     // pressed the button: a POST with intent
	ByReply    AckBy = "reply"    // wrote or pressed a key back
	ByRegister AckBy = "register" // came by themselves and left a number
	ByMachine  AckBy = "machine"  // a scanner opened the link: proves nothing
)

// Asked is a customer's open request to be called.
type Asked struct {
	At      time.Time
	Contact id.Contact // the number they left, one of the ways; empty for whichever is best
}

// Open reports whether somebody waits for our call.
func (a Asked) Open() bool { return !a.At.IsZero() }

// A Call is one attempt of a person of ours.
type Call struct {
	At      time.Time
	Contact id.Contact
	Outcome CallOutcome
	Back    time.Time // when to call again, with CallBack
}

// start is when the climb that counts began: a correction begins a new one, because what was acknowledged before it was another word.
func (c Chase) start() time.Time {
	if c.Reopens.After(c.Since) {
		return c.Reopens
	}
	return c.Since
}

// current drops what belongs to a climb that a correction overtook. That an address is dead stays true, that a number is wrong, and that
// somebody does not want to be called.
func (c Chase) current() Chase {
	start := c.start()
	// Nobody can have answered a correction in the instant it was made.
	old := func(at time.Time) bool { return at.Before(start) || at.Equal(c.Reopens) }
	c.Acks = slices.DeleteFunc(slices.Clone(c.Acks), func(a Ack) bool { return old(a.At) })
	c.Tries = slices.DeleteFunc(slices.Clone(c.Tries), func(t Try) bool { return t.PlannedAt.Before(start) && t.State != Bounced })
	c.Calls = slices.DeleteFunc(slices.Clone(c.Calls), func(k Call) bool {
		return old(k.At) && k.Outcome != WrongNumber && k.Outcome != RefusedCall
	})
	slices.SortStableFunc(c.Calls, func(a, b Call) int { return a.At.Compare(b.At) })
	if n := len(c.Calls); n > 0 && c.Calls[n-1].Outcome == SpokenWith && !c.Calls[n-1].At.Before(c.Asked.At) {
		c.Asked = Asked{} // they were called
	}
	return c
}

// told reports whether anything reached any machine of the customer, or a message was left.
func (c Chase) told() bool {
	return slices.ContainsFunc(c.Tries, Try.told) ||
		slices.ContainsFunc(c.Calls, func(k Call) bool { return effects[k.Outcome].told })
}

// zones are never empty.
func (c Chase) zones() []*time.Location {
	if len(c.Zones) == 0 {
		return []*time.Location{time.UTC}
	}
	return c.Zones
}
