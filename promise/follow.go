package promise

import (
	"slices"
	"time"
)

// Changes are what becomes of the legal promises of an incident once its deadlines are known anew.
type Changes struct {
	Keep     []Promise  // with KeptAt: their notice was sent
	Withdraw []Promise  // their clock was excused, moved, taken back or replaced
	Make     []Deadline // they run, and nobody has promised them yet
}

// Follow compares the open legal promises of an incident with its deadlines. A deadline that moved is another promise: when the old one was
// due stays on record.
func Follow(open []Promise, deadlines []Deadline) (c Changes) {
	for _, p := range open {
		n := slices.IndexFunc(deadlines, func(d Deadline) bool { return d.Clock.ID == p.Clock })
		switch {
		case n >= 0 && deadlines[n].State == Told:
			p.KeptAt = deadlines[n].SentAt
			c.Keep = append(c.Keep, p)
		case n < 0 || deadlines[n].State != Running || !deadlines[n].due().Equal(p.DueAt):
			c.Withdraw = append(c.Withdraw, p)
		}
	}
	for _, d := range deadlines {
		if d.State == Running && !slices.ContainsFunc(open, func(p Promise) bool { return p.Clock == d.Clock.ID && p.DueAt.Equal(d.due()) }) {
			c.Make = append(c.Make, d)
		}
	}
	return c
}

// due is when d has to be done: a duty without a number is due the moment it begins.
func (d Deadline) due() time.Time {
	if d.At.IsZero() {
		return d.From
	}
	return d.At
}

// Name is a clock in a few words: the rule, and its step.
func (c Clock) Name() string { return c.Regime + ": " + c.Step }
