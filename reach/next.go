package reach

import (
	"slices"
	"time"

	"candor/audience"
	"candor/settings"
)

// Next decides what is done next for one customer in one incident, or that it is over, always with a named reason. It is asked after every
// event and whenever its last At has come, until it says Close; asking more often changes nothing.
//
// Who asked to be called is called, whatever else is known. One acknowledgement ends the climb. The end of the incident ends it too,
// unless the customer must act. Otherwise the ladder decides.
func Next(l settings.Ladder, c Chase, now time.Time) Act {
	k := climb{Chase: c.current(), ladder: l, began: c.start(), now: now}
	if now.Before(k.began) {
		return waitUntil(k.began, WhyNotYet)
	}
	if k.Asked.Open() {
		if act, owed := k.call(WhyAsked); owed {
			return act
		}
	}
	if end, why, ok := k.answered(); ok {
		return closed(end, why)
	}
	if !k.overtaken() {
		return k.next()
	}
	// What had already come to an end when the incident did stays what it was.
	k.now = k.ResolvedAt
	if act := k.next(); act.Do == Close {
		return act
	}
	return closed(EndOvertaken, WhyResolved)
}

// A climb is a chase looked at from one instant.
type climb struct {
	Chase
	ladder settings.Ladder
	began  time.Time
	now    time.Time
}

// answered looks for a human of theirs who knows. A voice heard says more than a button pressed, and that more than a number left; a
// machine that opened a link says nothing (ByMachine).
func (k climb) answered() (End, Why, bool) {
	if slices.ContainsFunc(k.Calls, func(c Call) bool { return effects[c.Outcome].answered }) {
		return EndSpokenWith, WhySpokenWith, true
	}
	by := func(how AckBy) bool { return slices.ContainsFunc(k.Acks, func(a Ack) bool { return a.By == how }) }
	pressed := func(t Try) bool { return t.State == Acknowledged && !t.PlannedAt.Before(k.began) }
	switch {
	case by(ByLink):
		return EndAcknowledged, WhyByLink, true
	case by(ByReply):
		return EndAcknowledged, WhyByReply, true
	case slices.ContainsFunc(k.Tries, pressed):
		return EndAcknowledged, WhyByLink, true
	case by(ByRegister):
		return EndSelfRegistered, WhyRegistered, true
	}
	return "", "", false
}

// overtaken reports whether the incident's end makes the chase pointless. A correction after the end is about something else, and a call
// we agreed on is still owed.
func (k climb) overtaken() bool {
	if last, ok := k.lastCall(); ok && last.Outcome == CallBack {
		return false
	}
	return !k.ResolvedAt.IsZero() && !k.MustAct && !k.ResolvedAt.Before(k.began) && !k.now.Before(k.ResolvedAt)
}

// limit is when even the longest chase ends. A call agreed for later is waited for, but not for ever.
func (k climb) limit() time.Time {
	from := latest(k.began, k.Asked.At)
	end := from.Add(k.ladder.Longest)
	if last, ok := k.lastCall(); ok && last.Outcome == CallBack {
		end = latest(end, last.Back.Add(24*time.Hour))
	}
	return earliest(end, from.Add(2*k.ladder.Longest))
}

// exhausted decides what becomes of a customer for whom every rung was gone through. dropped says that a rung was left out for its cost.
func (k climb) exhausted(dropped bool) Act {
	told := k.told()
	switch {
	case slices.ContainsFunc(k.Tries, Try.pending):
		return waitUntil(k.limit(), WhyInFlight)
	case k.refused():
		return closed(EndOptedOut, WhyCallRefused)
	case k.unanswered() >= k.ladder.Calls.Most:
		return closed(EndUnreachable, WhyNobodyAnswers)
	case dropped && told:
		return closed(EndToldUnconfirmed, WhyBudget)
	case dropped:
		return closed(EndUnreachable, WhyBudget)
	case told:
		return waitUntil(k.limit(), WhyNoMoreWays)
	}
	// Each and every customer (S0): a ladder without people does not leave somebody in the dark who has a telephone.
	if k.Basis != Optional && k.Affords {
		if act, owed := k.call(WhyNoUsable); owed {
			return act
		}
	}
	return k.unreachable()
}

func (k climb) unreachable() Act {
	stopped := func(w Way) bool { return w.Stop == audience.OptedOut || w.Stop == audience.Complaint }
	switch {
	case slices.ContainsFunc(k.Ways, stopped):
		return closed(EndOptedOut, WhyStopped)
	case len(k.Tries)+len(k.Calls) > 0:
		return closed(EndUnreachable, WhyAllFailed)
	case len(k.Ways) == 0:
		return closed(EndUnreachable, WhyNoContact)
	}
	return closed(EndUnreachable, WhyNoUsable)
}

// outOfTime ends what nothing else ended.
func (k climb) outOfTime() Act {
	if k.told() {
		return closed(EndToldUnconfirmed, WhyPatience)
	}
	return closed(EndUnreachable, WhyPatience)
}

// rings reports whether quiet hours hold this climb back on a channel.
func (k climb) rings(channel string) bool {
	q := k.ladder.Quiet
	woken := k.AnyHour && q.Except(settings.AnyHour) ||
		k.Basis == ForDataSafety && q.Except(settings.DataSafety) ||
		k.Basis == ForService && q.Except(settings.Service)
	return settings.Rings(channel) && !woken
}
