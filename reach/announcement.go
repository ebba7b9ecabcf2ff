package reach

import (
	"time"

	"candor/audience"
	"candor/id"
)

// A Kind of announcement decides which letter is written.
type Kind string

const (
	OnUpdate     Kind = "update"     // an incident's update, first word and resolution included
	OnCorrection Kind = "correction" // what an update said was wrong
	OnUpcoming   Kind = "upcoming"   // a maintenance comes near
	OnReport     Kind = "report"     // why it happened, and what is done; or a correction of that
	OnConfirm    Kind = "confirm"    // is this address yours?
	OnManage     Kind = "manage"     // here is the link to your subscription
	OnDueSoon    Kind = "due_soon"   // staff: a promise falls due soon
	OnDue        Kind = "due"        // staff: the promise is due now
	OnOverdue    Kind = "overdue"    // staff: a promise is late, and it is their turn
	OnApproval   Kind = "approval"   // staff: words wait for a second person
	OnAlert      Kind = "alert"      // staff: an alert opened a draft
	OnFlood      Kind = "flood"      // staff: somebody tries to bomb strangers through our form
	OnReturns    Kind = "returns"    // staff: too many letters come back
	OnHeldBack   Kind = "held_back"  // staff: so many come back that what can wait is held back
	OnTest       Kind = "test"       // staff: does mail work?
	OnInvitation Kind = "invitation" // staff: choose a password
	OnCallIn     Kind = "call_in"    // staff: we need you
	OnCode       Kind = "code"       // is this number yours?
	OnStopped    Kind = "stopped"    // STOP came, and is heard
	OnStarted    Kind = "started"    // START came
	OnHelp       Kind = "help"       // HELP came
	OnAnswer     Kind = "answer"     // one of us answers what a customer wrote
	OnEffect     Kind = "effect"     // did you get it, do you know what to do?
	OnComment    Kind = "comment"    // did you write this?
	OnAnswered   Kind = "answered"   // one of us answers what somebody wrote on the page
	OnOffer      Kind = "offer"      // this is what we owe you
	OnOfferEnds  Kind = "offer_ends" // it is there until then
	OnObjection  Kind = "objection"  // one of us answers what a customer said about an offer
)

// Bulk reports whether letters of this kind go to subscribers and carry a way to end the subscription.
func (k Kind) Bulk() bool {
	return k == OnUpdate || k == OnCorrection || k == OnUpcoming || k == OnReport
}

// An Announcement is one thing said to an audience: the only way anything leaves this machine. An act appends it; duty expands it into
// deliveries, to whom existed at AsOf, and sends.
type Announcement struct {
	ID       id.Announcement
	Kind     Kind
	Incident id.Incident
	Update   id.Update
	Promise  id.Promise
	Target   audience.Target
	Priority Priority
	// Link is the path with its token that an audience of one is sent: confirm, manage, invitation.
	Link      string
	AsOf      time.Time
	PlannedAt time.Time // when its last delivery row was written
	PausedAt  time.Time // since when it is held back; zero while it is not
	Cursor    string    // how far planning has come: the last customer, contact or delivery that was looked at
}

// Counts is a ledger in figures.
type Counts map[State]int64

// Told is how many were accepted by a channel, whatever came after.
func (c Counts) Told() int64 { return c[Accepted] + c[Delivered] + c[Acknowledged] + c[Complained] }

// All is how many there are.
func (c Counts) All() (n int64) {
	for _, k := range c {
		n += k
	}
	return n
}
