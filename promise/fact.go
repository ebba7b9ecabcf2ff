package promise

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"candor/id"
	"candor/problem"
)

// A Fact is what staff recorded about a legal clock: that its event happened, that its notice was sent, that it does not apply. Facts are
// appended, never changed; they stand in the order they were recorded.
type Fact struct {
	Event  Event
	Regime Regime  // whose event it is
	Clock  ClockID // whose notice was sent, moved or not needed
	At     time.Time
	By     id.Person
	// Who deviates from a clock writes why, for the day somebody asks.
	Reason string
	DueAt  time.Time // of Moved
	Takes  Event     // of Retracted: what it takes back
}

const (
	// NotRequired ends a clock without a notice, such as when a risk is unlikely (GDPR art. 33).
	NotRequired Event = "not_required"
	// Moved gives a clock another deadline, with the reason; the computed one stays visible beside it.
	Moved Event = "moved"
	// Retracted takes back what was recorded by mistake, all of the same kind before it: a slip of the hand must not silence a clock for good.
	Retracted Event = "retracted"
)

// mostReason is how long a reason may be, in characters.
const mostReason = 2000

// Validate says what is missing for the fact to count.
func (f Fact) Validate(now time.Time) error {
	var wrong problem.List
	switch f.Event {
	case Submitted, NotRequired, Moved:
		if f.Clock == "" {
			wrong.Add(problem.Field("clock", "problem.choice"))
		}
	case Retracted:
		if f.Takes == "" || f.Takes == Retracted || f.Clock == "" && f.Regime == "" {
			wrong.Add(problem.Field("event", "problem.choice"))
		}
	default:
		if !f.Event.starts() || f.Regime == "" {
			wrong.Add(problem.Field("event", "problem.choice"))
		}
	}
	if f.At.IsZero() || f.At.After(now) {
		wrong.Add(problem.Field("at", "problem.legal.at"))
	}
	if f.deviates() && strings.TrimSpace(f.Reason) == "" || utf8.RuneCountInString(f.Reason) > mostReason {
		wrong.Add(problem.Field("reason", "problem.legal.reason", "most", mostReason))
	}
	if f.Event == Moved && f.DueAt.IsZero() {
		wrong.Add(problem.Field("due_at", "problem.legal.due"))
	}
	return wrong.Err()
}

func (f Fact) deviates() bool {
	return f.Event == NotRequired || f.Event == Moved || f.Event == Retracted
}

// facts is what was recorded about one incident and has not been taken back.
type facts []Fact

func standing(recorded []Fact) (f facts) {
	for _, x := range recorded {
		if x.Event != Retracted {
			f = append(f, x)
			continue
		}
		f = slices.DeleteFunc(f, func(earlier Fact) bool {
			return earlier.Event == x.Takes && earlier.Clock == x.Clock && earlier.Regime == x.Regime
		})
	}
	return f
}

// when an event of a regime happened: as it was recorded last, since a later record corrects an earlier one.
func (f facts) when(r Regime, e Event) (at time.Time) {
	for _, x := range f {
		if x.Event == e && x.Regime == r {
			at = x.At
		}
	}
	return at
}

// sent is when the notice of a clock went out first, and last.
func (f facts) sent(c ClockID) (first, last time.Time) {
	for _, x := range f {
		if x.Event != Submitted || x.Clock != c || c == "" {
			continue
		}
		if first.IsZero() || x.At.Before(first) {
			first = x.At
		}
		if x.At.After(last) {
			last = x.At
		}
	}
	return first, last
}

// about is the last fact of one kind about a clock.
func (f facts) about(c ClockID, e Event) (last Fact, ok bool) {
	for _, x := range f {
		if x.Event == e && x.Clock == c {
			last, ok = x, true
		}
	}
	return last, ok
}
