package promise

import (
	"slices"
	"time"
)

// A Tally is how a number of promises was kept. Made is the sum of all outcomes: nothing falls out of the count.
type Tally struct {
	Made      int
	Kept      int
	KeptLate  int
	Overdue   int
	Automatic int // a machine spoke in time; neither kept nor missed
	Dropped   int // lost their object before they were due; neither kept nor missed
	Pending   int

	// Late is by how much, over those kept late and those overdue by now.
	Late Lateness
	// Interval is the median time promised between one word and the next, over promises of a next word. It stands beside the share kept,
	// because who promises a word a day is easily punctual.
	Interval time.Duration
}

// A Lateness says by how much promises were late.
type Lateness struct{ Median, Longest time.Duration }

// Decided is out of how many Kept is a share: those that were kept or missed.
func (t Tally) Decided() int { return t.Kept + t.KeptLate + t.Overdue }

// A Month is the tally of the promises made in one month.
type Month struct {
	Year  int
	Month time.Month
	Tally
}

// Record is the public record, month by month, the newest first: what was promised in public in each and what became of it by now. A
// promise belongs to the month it was made in, so that a month's row never loses one to the next. Months in which nothing was promised
// between the first and the last are rows of noughts.
func Record(all []Promise, now time.Time, where *time.Location) (months []Month) {
	byMonth := map[Day][]Promise{}
	var first, last Day
	for _, p := range all {
		if !p.Public() || p.MadeAt.After(now) {
			continue
		}
		m := DayOf(p.MadeAt, where)
		m.Date = 1
		if len(byMonth) == 0 || m.Before(first) {
			first = m
		}
		if len(byMonth) == 0 || last.Before(m) {
			last = m
		}
		byMonth[m] = append(byMonth[m], p)
	}
	if len(byMonth) == 0 {
		return nil
	}
	for m := last; !m.Before(first); m = m.Months(-1) {
		months = append(months, Month{m.Year, m.Month, Count(byMonth[m], now)})
	}
	return months
}

// Count tallies promises, of whatever time.
func Count(all []Promise, now time.Time) (t Tally) {
	var late, intervals []time.Duration
	for _, p := range all {
		t.Made++
		*t.of(p.Outcome(now))++
		if by := p.Late(now); by > 0 {
			late = append(late, by)
		}
		if p.Kind == NextUpdate {
			intervals = append(intervals, p.DueAt.Sub(p.MadeAt))
		}
	}
	t.Late.Median, t.Interval = median(late), median(intervals)
	if len(late) > 0 {
		t.Late.Longest = slices.Max(late)
	}
	return t
}

func (t *Tally) of(o Outcome) *int {
	switch o {
	case Kept:
		return &t.Kept
	case KeptLate:
		return &t.KeptLate
	case Overdue:
		return &t.Overdue
	case Automated:
		return &t.Automatic
	case Dropped:
		return &t.Dropped
	}
	return &t.Pending
}

// median is the middle of durations, the mean of the two in the middle of an even number, zero of none.
func median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	half := len(all) / 2
	if len(all)%2 == 1 {
		return all[half]
	}
	return all[half-1] + (all[half]-all[half-1])/2
}
