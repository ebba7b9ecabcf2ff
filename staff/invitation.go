package staff

import (
	"time"

	"candor/id"
)

// An Invitation is a link that works once: whoever holds it sets Candor up, or chooses the password of the person it was mailed to (V19).
type Invitation struct {
	Hash      string `json:"-"` // of the link's token; the token itself is never stored
	Kind      InvitationKind
	Person    id.Person // empty for the set-up
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time
}

// An InvitationKind is what an invitation is for.
type InvitationKind string

const (
	ToSetUp InvitationKind = "setup"
	ToJoin  InvitationKind = "invitation"
)

// How long links work. A set-up link stands in a terminal or a log; a new colleague may be on leave; a reset is asked for by somebody who
// is waiting (ASVS 6.4.3).
const (
	SetUpFor = 24 * time.Hour
	JoinFor  = 7 * 24 * time.Hour
	ResetFor = 30 * time.Minute
)

// Usable reports whether the link still works.
func (i Invitation) Usable(now time.Time) bool { return i.UsedAt.IsZero() && now.Before(i.ExpiresAt) }
