package reach

import (
	"time"

	"candor/id"
)

// A Step is what a delivery becomes next, decided by whoever holds it under Fence.
type Step struct {
	Delivery   id.Delivery
	Fence      int64
	State      State
	Attempt    int
	NextAt     time.Time
	ProviderID string
	Code       string
	Reason     string
}

// ReasonGivenUp is added by age: the address was tried for all of Patience.
const ReasonGivenUp = "tried for three days"

// ReasonOutbox ends a delivery whose letter lies in the local outbox. It does not count as told.
const ReasonOutbox = "outbox"

// ReasonOurFault stands for a letter we could not write or hand over by a mistake of our own.
const ReasonOurFault = "letter cannot be written"

// poisonAfter is how often a message of our own making may fail before it is isolated (F24): a passing fault, such as a photo being
// replaced, is over by then.
const poisonAfter = 3

// After decides what becomes of a claimed delivery once an attempt had this result. jitter is from [0,1), as in Retry.
func After(d Delivery, r Result, now time.Time, jitter float64) Step {
	s := Step{Delivery: d.ID, Fence: d.Fence, Attempt: d.Attempt, NextAt: now, ProviderID: r.ProviderID, Code: r.Code, Reason: r.Reason}
	switch r.Outcome {
	case Taken:
		s.State = Accepted
		return s
	case Permanent:
		s.State = Bounced
		return s
	case Withheld:
		s.State, s.Attempt = Suppressed, d.Attempt-1
		return s
	case Unsettled:
		s.State = Failed
		return s
	case Poison:
		if d.Attempt >= poisonAfter {
			s.State = Poisoned
			return s
		}
		s.State, s.NextAt = RetryAt, now.Add(time.Duration(d.Attempt)*time.Second)
		return s
	}
	next, giveUp := Retry(d.Attempt, d.FirstTriedAt, now, jitter)
	if giveUp {
		s.State, s.Reason = Failed, ReasonGivenUp
		return s
	}
	if asked := now.Add(r.RetryAfter); next.Before(asked) {
		next = asked
	}
	s.State, s.NextAt = RetryAt, next
	return s
}

// GivenUp ends a claimed delivery that is too old for another try and was not tried under this claim.
func GivenUp(d Delivery, now time.Time) Step {
	s := Untouched(d, now)
	s.State, s.Reason = Failed, ReasonGivenUp
	return s
}

// Untouched gives a claimed delivery back as if it had never been claimed: nothing was sent, so no attempt was used up.
func Untouched(d Delivery, next time.Time) Step {
	s := Step{Delivery: d.ID, Fence: d.Fence, Attempt: d.Attempt - 1, NextAt: next, State: RetryAt, Code: d.Code, Reason: d.Reason}
	if s.Attempt <= 0 {
		s.State = Planned
	}
	return s
}
