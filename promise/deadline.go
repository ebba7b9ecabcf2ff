package promise

import (
	"slices"
	"time"

	"candor/id"
)

// A State is where a legal clock stands.
type State string

const (
	Waiting  State = "waiting"  // its event has not happened, or nobody has recorded it
	Running  State = "running"  // it is due, or overdue
	Told     State = "told"     // the notice was sent
	Excused  State = "excused"  // not required, with a reason on record
	Replaced State = "replaced" // another clock has taken over
)

// A Deadline is a clock applied to one incident.
type Deadline struct {
	Clock Clock
	State State
	From  time.Time // its event; zero while waiting
	// At is when the notice is due: zero while waiting, and for a duty without a number, which is due at once.
	At time.Time
	// Strict is At as computed, before anybody moved it.
	Strict time.Time
	Why    string // a named reason for At or for the state
	Reason string // what a person wrote who moved or excused it
	// Rest is why nobody works on the day of At, and NextWorking the day after it on which somebody does. Some rules then allow a later
	// time (Regulation 1182/71, DORA); Candor never takes it by itself.
	Rest        Rest
	NextWorking Day
	SentAt      time.Time
}

// Places are where clocks are counted: at home, unless a clock says otherwise.
type Places struct {
	Home    Place
	Regions []Calendar
}

func (p Places) of(c Clock) Place {
	place := p.Home
	if c.zone != nil {
		place.Zone = c.zone
	}
	i := slices.IndexFunc(p.Regions, func(r Calendar) bool { return r.Region == c.Calendar })
	if i >= 0 {
		place.Calendar = p.Regions[i]
	}
	return place
}

// Deadlines applies clocks to what was recorded: running ones first, the soonest first, then those that wait for their event, then what is
// settled. A step that does not exist yet is left out.
func Deadlines(clocks []Clock, recorded []Fact, where Places) (all []Deadline) {
	f := standing(recorded)
	for _, c := range clocks {
		if first, _ := f.sent(c.Needs); c.Needs != "" && first.IsZero() {
			continue
		}
		all = append(all, deadline(c, f, where.of(c)))
	}
	slices.SortStableFunc(all, func(a, b Deadline) int {
		if by := a.rank() - b.rank(); by != 0 {
			return by
		}
		return a.At.Compare(b.At)
	})
	return all
}

func (d Deadline) rank() int {
	return slices.Index([]State{Running, Waiting, Told, Excused, Replaced}, d.State)
}

func deadline(c Clock, f facts, in Place) Deadline {
	d := Deadline{Clock: c, State: Waiting, Why: "its event is not on record", From: f.begins(c)}
	if !d.From.IsZero() {
		d.State = Running
		d.Strict, d.Why = f.due(c, d.From, in)
		d.At = d.Strict
	}
	if moved, ok := f.about(c.ID, Moved); ok && d.State == Running {
		d.At, d.Why, d.Reason = moved.DueAt, "somebody moved it and wrote why", moved.Reason
	}
	if !d.At.IsZero() {
		day := DayOf(d.At, in.zone())
		d.Rest, d.NextWorking = in.Calendar.Rest(day), in.Calendar.Working(day, 1)
	}
	return d.settled(f)
}

// settled is d as the facts have ended it: a notice that was sent counts before all, even one nobody had to send.
func (d Deadline) settled(f facts) Deadline {
	d.SentAt, _ = f.sent(d.Clock.ID)
	if d.SentAt.IsZero() {
		d.SentAt, _ = f.sent(d.Clock.Instead)
	}
	excuse, excused := f.about(d.Clock.ID, NotRequired)
	switch {
	case !d.SentAt.IsZero():
		d.State = Told
	case excused:
		d.State, d.Why, d.Reason = Excused, "somebody found it not required and wrote why", excuse.Reason
	case d.Clock.Until != "" && !f.when(d.Clock.Family, d.Clock.Until).IsZero():
		d.State, d.Why = Replaced, "another clock has taken over"
	}
	return d
}

// begins is when a clock starts.
func (f facts) begins(c Clock) time.Time {
	if c.Starts != Submitted {
		return f.when(c.Family, c.Starts)
	}
	first, last := f.sent(c.Of)
	if c.Latest {
		return last
	}
	return first
}

// due is when a clock that began at from runs out, with a named reason.
func (f facts) due(c Clock, from time.Time, in Place) (at time.Time, why string) {
	if c.FromYearEnd {
		from = Day{DayOf(from, in.zone()).Year, time.December, 31}.End(in.zone())
	}
	at, numbered := c.After(from, in)
	if !numbered {
		return at, "it has no number: at once"
	}
	if c.Cap == nil {
		return at, "counted from its event"
	}
	limit, _ := c.Cap.After(f.when(c.Family, c.Cap.Event), in)
	switch {
	case f.when(c.Family, c.Cap.Event).IsZero():
		return at, "counted from its event; the event of its outer limit is not on record"
	case from.After(limit):
		return at, "its event came after the outer limit"
	case limit.Before(at):
		return limit, "the outer limit comes first"
	}
	return at, "counted from its event"
}

// Late is how much later than due the notice was sent, or is by now; zero in time, and for a duty without a number.
func (d Deadline) Late(now time.Time) time.Duration {
	end := now
	switch {
	case d.At.IsZero() || d.State == Excused || d.State == Replaced:
		return 0
	case d.State == Told:
		end = d.SentAt
	}
	return max(0, end.Sub(d.At))
}

// Promise is a running deadline as something a person owes: internal, reminded of and escalated like every other promise. A duty without a
// number is due the moment it begins.
func (d Deadline) Promise(x id.Promise, of id.Incident, promiser id.Person, at time.Time) Promise {
	return Promise{
		ID: x, Kind: LegalNotice, Clock: d.Clock.ID, Text: d.Clock.Name(), Incident: of, Promiser: promiser, MadeAt: at, DueAt: d.due(), KeptAt: d.SentAt,
	}
}
