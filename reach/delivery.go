package reach

import (
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
)

// A State is where a delivery stands.
type State string

const (
	Planned      State = "planned"
	Claimed      State = "claimed"
	RetryAt      State = "retry_at"
	Accepted     State = "accepted"
	Delivered    State = "delivered"
	Acknowledged State = "acknowledged"
	Bounced      State = "bounced"
	Complained   State = "complained"
	Failed       State = "failed"
	Suppressed   State = "suppressed"
	Poisoned     State = "poison"
	Superseded   State = "superseded"
)

// States in the order of the console's ledger.
var States = [...]State{Planned, Claimed, RetryAt, Accepted, Delivered, Acknowledged, Bounced, Complained, Failed, Suppressed, Poisoned, Superseded}

// Final reports whether nothing more is tried.
func (s State) Final() bool { return s != Planned && s != Claimed && s != RetryAt }

// Left reports whether it was ever handed to a channel: nobody can have read what was not.
func (s State) Left() bool { return s != Planned && s != Suppressed && s != Superseded }

// A Priority orders claims: lower goes first, so that a first word overtakes a running bulk send.
type Priority int

const (
	Urgent   Priority = 0 // one person waits for it: confirmation, reminder, test
	First    Priority = 1 // a first word
	Ordinary Priority = 2 // later updates
	Quiet    Priority = 3 // maintenance far ahead
)

// A Delivery is one message to one address: an (announcement, channel, address, cycle) is told once.
type Delivery struct {
	ID           id.Delivery
	Announcement id.Announcement
	Channel      string
	Address      audience.Address
	Contact      id.Contact // empty for staff
	Subscriber   id.Code    // the contact's code, for the tokens in its letter; known while claimed
	Keys         string     // the contact's, for its channel; known while claimed
	Accounts     int        // customers behind the contact whom the incident affects; known while claimed
	Language     lang.Tag
	Cycle        int
	Climb        int // the ladder's count on this channel; 0 for a word that merely travelled this way
	Priority     Priority
	State        State
	Attempt      int
	InDoubt      bool  // nobody knows what became of the last attempt; known while claimed
	Fence        int64 // grows with every claim: a late worker's result is refused
	NextAt       time.Time
	FirstTriedAt time.Time
	PlannedAt    time.Time
	UpdatedAt    time.Time
	ProviderID   string
	Code         string // the other side's code, "5.1.1"
	Reason       string
}
