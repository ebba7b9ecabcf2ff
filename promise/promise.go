package promise

import (
	"time"

	"candor/id"
)

// A Promise is something due. It is open while KeptAt and WithdrawnAt are zero.
type Promise struct {
	ID       id.Promise
	Kind     Kind
	Incident id.Incident
	Update   id.Update // which made it
	Promiser id.Person
	To       To      // empty: as the kind has it
	Text     string  // what was promised, where the kind does not say it all: a corrective action, a credit
	Clock    ClockID // which legal clock a LegalNotice answers
	MadeAt   time.Time
	DueAt    time.Time
	KeptAt   time.Time
	KeptBy   id.Update
	// Automatic says that what kept it was the holding update that goes out by itself. Customers got a word, but nobody kept their word: it
	// is counted apart and never as kept.
	Automatic bool
	// WithdrawnAt ends a promise that lost its object, such as the next update of an incident that is resolved. It counts as kept only if
	// that happened in time.
	WithdrawnAt time.Time
}

// Open reports whether it still binds somebody.
func (p Promise) Open() bool { return p.KeptAt.IsZero() && p.WithdrawnAt.IsZero() }

// Late is how much later than promised it was kept, or is by now; zero while it is in time.
func (p Promise) Late(now time.Time) time.Duration {
	end := now
	if !p.KeptAt.IsZero() {
		end = p.KeptAt
	} else if !p.WithdrawnAt.IsZero() {
		end = p.WithdrawnAt
	}
	if !end.After(p.DueAt) {
		return 0
	}
	return end.Sub(p.DueAt)
}

// MissedWords is how many promised words fell out while p stayed unkept: 1 + ⌊minutes late ÷ interval⌋. GoDaddy's silence of 10 September
// 2012 from 13:51 to 15:08 at 15 minutes is six.
func (p Promise) MissedWords(now time.Time) int {
	late := p.Late(now)
	if late <= 0 {
		return 0
	}
	interval := p.DueAt.Sub(p.MadeAt)
	if interval < time.Minute {
		interval = time.Minute
	}
	return 1 + int(late.Truncate(time.Minute)/interval)
}
