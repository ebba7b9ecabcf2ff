package audience

import (
	"time"

	"candor/id"
	"candor/lang"
)

// A Contact is one address somebody gave us. It receives from ConfirmedAt until EndedAt.
type Contact struct {
	ID      id.Contact
	Code    id.Code // the subscriber id of the Statuspage API
	Channel string  // one of Channels
	Address Address
	// Keys is what the channel needs beside the address: a push subscription's p256dh and auth as JSON, a webhook's signing secret.
	Keys     string
	Language lang.Tag
	// Components the person chose; none means everything.
	Components  []id.Component
	EveryUpdate bool // holding updates too
	CreatedAt   time.Time
	ConfirmedAt time.Time
	EndedAt     time.Time
	// Asked counts confirmation mails while unconfirmed, LastAskedAt is the last one: nobody is bombed through our form (B3).
	Asked       int
	LastAskedAt time.Time
}

// Channels are the ways in which machines reach people, as they are stored and shown.
const (
	Email   = "email"
	SMS     = "sms"
	Voice   = "voice"
	Push    = "push"
	Webhook = "webhook"
	Chat    = "chat"
)

// State of a contact, in the words of the console and the Statuspage API.
func (c Contact) State() string {
	switch {
	case !c.EndedAt.IsZero():
		return "unsubscribed"
	case c.ConfirmedAt.IsZero():
		return "unconfirmed"
	}
	return "active"
}

// MayAsk decides whether another confirmation mail may go to an unconfirmed address: one in 24 hours, three in all (B3).
func (c Contact) MayAsk(now time.Time) (bool, string) {
	switch {
	case c.State() == "active":
		return false, "already subscribed"
	case c.Asked >= 3 && now.Sub(c.LastAskedAt) < 30*24*time.Hour:
		return false, "asked three times without an answer"
	case c.Asked > 0 && now.Sub(c.LastAskedAt) < 24*time.Hour:
		return false, "asked within the last 24 hours"
	}
	return true, "not asked lately"
}

// SuppressionReason says why nothing goes there any more.
type SuppressionReason string

const (
	HardBounce SuppressionReason = "bounced"
	Complaint  SuppressionReason = "complained"
	OptedOut   SuppressionReason = "unsubscribed"
	Erased     SuppressionReason = "erased" // a customer by their external id
)
