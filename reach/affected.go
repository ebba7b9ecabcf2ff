package reach

import (
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
)

// An Affected customer is one of an incident's, and how far we are with reaching them: the row in which a Chase's Standing is kept.
// Coverage is counted from these and nothing else.
type Affected struct {
	Incident id.Incident
	Customer id.Customer
	// Why they are affected: they use Component, they were listed, or everybody is.
	Why       incident.Audience
	Component id.Component
	Language  lang.Tag
	Channel   string // the highest rung they came to; empty before the first decision
	Since     time.Time
	ToldAt    time.Time // when a channel first took a message for them
	ReachedAt time.Time // when they acknowledged, were spoken with or came by themselves
	ClosedAt  time.Time
	Ended     End // empty while the chase goes on
	Reason    Why
	CallAt    time.Time // from when on one of us may call; zero if they are not on the call list
	NextAt    time.Time // when to decide again; zero once closed
	BeyondAt  time.Time // when the budget was found not to carry their climb; zero while it does
}

// Decided keeps in the row what Next said of the chase it belongs to.
func (x Affected) Decided(c Chase, act Act, now time.Time) Affected {
	s := c.Standing(act)
	x.Channel, x.Ended, x.Reason, x.NextAt = s.Channel, s.End, s.Reason, act.At
	if s.Told && x.ToldAt.IsZero() {
		x.ToldAt = now
	}
	x.ReachedAt = since(x.ReachedAt, s.End.Reached(), now)
	x.ClosedAt = since(x.ClosedAt, s.End != "", now)
	switch {
	case !s.Calling:
		x.CallAt = time.Time{}
	case act.Do == Wait:
		x.CallAt = act.At
	case x.CallAt.IsZero() || x.CallAt.After(now):
		x.CallAt = now
	}
	return x
}

// since is when something became true: as before if it was, now if it has just become so, never if it is not.
func since(before time.Time, is bool, now time.Time) time.Time {
	switch {
	case !is:
		return time.Time{}
	case before.IsZero():
		return now
	}
	return before
}
