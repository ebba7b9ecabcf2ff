package component

import (
	"math/big"
	"slices"
	"sort"
	"time"

	"candor/id"
)

// A Tally is how long something was in each status. It adds up to the window it was measured over, to the microsecond.
type Tally [len(Statuses)]time.Duration

// In is the time spent in one status.
func (t Tally) In(s Status) time.Duration {
	if rank := s.rank(); rank >= 0 {
		return t[rank]
	}
	return 0
}

// Total is the whole window.
func (t Tally) Total() (sum time.Duration) {
	for _, d := range t {
		sum += d
	}
	return sum
}

// Down is the downtime, by the rule the page states beside every figure: in a partial or a major outage a component counts as down, in
// full. Degraded performance is shown, and is not downtime.
func (t Tally) Down() time.Duration { return t.In(MajorOutage) + t.In(PartialOutage) }

// Counted is the time uptime is a share of: announced maintenance and what nobody knows are reported apart, neither for us nor against us.
func (t Tally) Counted() time.Duration { return t.Total() - t.In(Maintenance) - t.In(Unknown) }

// Uptime is the share of the counted time that was not downtime.
func (t Tally) Uptime() Share { return Share{t.Counted() - t.Down(), t.Counted()} }

// A Share is an exact fraction. It is unknown when there is nothing to be a share of.
type Share struct{ Part, Of time.Duration }

// Known reports whether anything was measured. What is not known is never shown as a hundred.
func (s Share) Known() bool { return s.Of > 0 }

// Rat is the exact fraction, for lang.Words to write; nil when it is unknown.
func (s Share) Rat() *big.Rat {
	if !s.Known() {
		return nil
	}
	return big.NewRat(int64(s.Part), int64(s.Of))
}

// Cut is the percentage in units of its last decimal, cut and not rounded: 99.9999 % at two decimals is 9999, never 100.00.
func (s Share) Cut(decimals int) (units int64, known bool) {
	if !s.Known() {
		return 0, false
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(2+decimals)), nil)
	scale.Mul(scale, big.NewInt(int64(s.Part)))
	return scale.Quo(scale, big.NewInt(int64(s.Of))).Int64(), true
}

// A Span is what happened in a window: a day of the bars, a month of the history.
type Span struct {
	From, To  time.Time
	Tally     Tally
	Worst     Status        // the worst that lasted any time at all
	Incidents []id.Incident // that caused anything but operational, in order of appearance
}

// Measure is what a history says about [from, to). Time no interval covers is Unknown: before a component existed nobody looked.
func Measure(history []Interval, from, to time.Time) Span {
	span := Span{From: from, To: to, Worst: Operational}
	if !to.After(from) {
		span.Worst = Unknown
		return span
	}
	covered := time.Duration(0)
	begin := sort.Search(len(history), func(n int) bool { return history[n].end(to).After(from) })
	for _, in := range history[begin:] {
		if !in.From.Before(to) {
			break
		}
		lasted := earlier(in.end(to), to).Sub(later(in.From, from))
		if lasted <= 0 {
			continue
		}
		covered += lasted
		span.add(in, lasted)
	}
	if gap := to.Sub(from) - covered; gap > 0 {
		span.add(Interval{Status: Unknown}, gap)
	}
	return span
}

func (s *Span) add(in Interval, lasted time.Duration) {
	status := in.Status
	if !status.Valid() {
		status = Unknown
	}
	s.Tally[status.rank()] += lasted
	if status.Worse(s.Worst) {
		s.Worst = status
	}
	if in.Incident != "" && status != Operational && !slices.Contains(s.Incidents, in.Incident) {
		s.Incidents = append(s.Incidents, in.Incident)
	}
}

// Days are the local days of [from, to) in the company's zone, oldest first: 23 or 25 hours long when the clocks change. The first and the
// last are as long as the window lets them.
func Days(history []Interval, from, to time.Time, loc *time.Location) []Span {
	var days []Span
	for begin := from; begin.Before(to); {
		end := earlier(nextDay(begin, loc), to)
		days = append(days, Measure(history, begin, end))
		begin = end
	}
	return days
}

// Month is what happened in a local month, up to now.
func Month(history []Interval, year int, month time.Month, now time.Time, loc *time.Location) Span {
	from := time.Date(year, month, 1, 0, 0, 0, 0, loc)
	return Measure(history, from, earlier(time.Date(year, month+1, 1, 0, 0, 0, 0, loc), now))
}

// DaysBack is the local midnight that makes today the last of n days.
func DaysBack(n int, now time.Time, loc *time.Location) time.Time {
	y, m, d := now.In(loc).Date()
	return time.Date(y, m, d-n+1, 0, 0, 0, 0, loc)
}

func nextDay(t time.Time, loc *time.Location) time.Time {
	y, m, d := t.In(loc).Date()
	next := time.Date(y, m, d+1, 0, 0, 0, 0, loc)
	if !next.After(t) { // where a zone skips midnight, or a whole day
		next = t.Add(24 * time.Hour)
	}
	return next
}

// end is when the interval ends as seen from a window that ends at to.
func (i Interval) end(to time.Time) time.Time {
	if i.To.IsZero() {
		return later(to, i.From)
	}
	return i.To
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
