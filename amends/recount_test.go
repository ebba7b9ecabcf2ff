package amends

import (
	"maps"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"
)

// A recount does what a patient customer would: it takes a calendar and a stopwatch and asks of every second whether it counts. It shares
// nothing with the arithmetic of intervals but the terms.
type recount struct {
	terms Terms
	c     Case
	zone  *time.Location
	down  map[string][]int // hundredths of each second that were down, by group, from the first second on
	first int64
	month map[int64]bool // of quarters of an hour, since none begins in the middle of one

	lately struct {
		quarter int64
		is      bool
	}
}

// window is every second that an outage or a maintenance touches, with room on both sides for whole hours.
func newRecount(t Terms, c Case, zone *time.Location) *recount {
	r := &recount{terms: t, c: c, zone: zone, down: map[string][]int{}, month: map[int64]bool{}}
	last := int64(0)
	for i, o := range c.Outages {
		if from := o.Start.Unix(); i == 0 || from < r.first {
			r.first = from
		}
		last = max(last, o.End.Unix())
	}
	r.first -= 7200 + r.first%7200
	last += 7200
	free := r.maintained(last)
	for _, o := range c.Outages {
		group, weight := "", 100
		if t.Overlap == PerComponent {
			group = o.Component
		}
		if t.Overlap == Heaviest && o.Weight != nil {
			weight = int(mul(o.Weight.rat(), hundred).Num().Int64())
		}
		if r.down[group] == nil {
			r.down[group] = make([]int, last-r.first)
		}
		for s := o.Start.Unix(); s < o.End.Unix(); s++ {
			if o.Excluded == "" && r.counts(s) && !free[s-r.first] {
				r.down[group][s-r.first] = max(r.down[group][s-r.first], weight)
			}
		}
	}
	return r
}

// counts reports whether a second is in the month, as its zone's calendar says, and the service existed.
func (r *recount) counts(s int64) bool {
	if e := r.c.Exists; len(e) > 0 && (s < e[0].Unix() || s >= e[1].Unix()) {
		return false
	}
	return r.terms.Period == Incident || r.inMonth(s)
}

func (r *recount) inMonth(s int64) bool {
	quarter := s / 900
	if quarter == r.lately.quarter {
		return r.lately.is
	}
	is, known := r.month[quarter]
	if !known {
		is = time.Unix(quarter*900, 0).In(r.zone).Format("2006-01") == r.c.Month
		r.month[quarter] = is
	}
	r.lately.quarter, r.lately.is = quarter, is
	return is
}

// maintained are the seconds that maintenance takes out, until the allowance is used up.
func (r *recount) maintained(last int64) []bool {
	free := make([]bool, last-r.first)
	if r.terms.Maintenance == Counts {
		return free
	}
	for _, m := range r.c.Announce {
		if d := r.terms.Defined; r.terms.Maintenance == IfDefined && (m.Notice == nil || m.Notice.Cmp(d.NoticeHours.rat()) < 0) {
			continue
		}
		for s := m.Start.Unix(); s < m.End.Unix(); s++ {
			if s >= r.first && s < last && r.counts(s) {
				free[s-r.first] = true
			}
		}
	}
	if r.terms.Maintenance == IfDefined {
		left := r.terms.Defined.MostSecondsS.Num().Int64()
		for i, is := range free {
			if is {
				free[i] = left > 0
				left--
			}
		}
	}
	return free
}

// total is how many seconds the period has, a quarter of an hour at a time: no zone changes its clock within one.
func (r *recount) total() *big.Rat {
	if r.terms.FixedS != nil {
		return r.terms.FixedS.rat()
	}
	month, err := time.Parse("2006-01", r.c.Month)
	if err != nil {
		panic(err)
	}
	n := int64(0)
	for s := month.Unix() - 86400; s < month.AddDate(0, 1, 1).Unix(); s += 900 {
		if !r.inMonth(s) {
			continue
		}
		if !r.edged(s, s+900) {
			if r.open(s) {
				n += 900
			}
			continue
		}
		for at := s; at < s+900; at++ {
			if r.open(at) {
				n++
			}
		}
	}
	return whole(n)
}

// open reports whether a second of the month belongs to the total.
func (r *recount) open(s int64) bool {
	maintained := func(m Maintained) bool { return s >= m.Start.Unix() && s < m.End.Unix() }
	return r.counts(s) && (r.terms.Maintenance != OutOfTheSpan || !slices.ContainsFunc(r.c.Announce, maintained))
}

// edged reports whether the service or a maintenance begins or ends in between.
func (r *recount) edged(from, to int64) bool {
	edges := slices.Clone(r.c.Exists)
	for _, m := range r.c.Announce {
		edges = append(edges, m.Start, m.End)
	}
	return slices.ContainsFunc(edges, func(at time.Time) bool { return at.Unix() >= from && at.Unix() < to })
}

// seconds of downtime.
func (r *recount) seconds() *big.Rat {
	total := new(big.Rat)
	for _, group := range slices.Sorted(maps.Keys(r.down)) {
		total.Add(total, r.of(r.down[group]))
	}
	return total
}

func (r *recount) of(down []int) *big.Rat {
	g := r.terms.Counted
	switch g.Kind {
	case WholeMinutes, MinDuration, RoundUp, RoundNearest:
		total, run := int64(0), int64(0)
		for _, d := range append(down, 0) {
			if d > 0 {
				run++
				continue
			}
			if run > 0 {
				total += r.run(run)
			}
			run = 0
		}
		return whole(total)
	case ErrorMinutes:
		return whole(60 * r.buckets(down, 60, func(sum int) bool {
			percent := big.NewRat(int64(sum), 60)
			by := percent.Cmp(g.Threshold.rat())
			return by > 0 || by == 0 && !*g.Strict
		}))
	case FullIntervals:
		size := g.IntervalS.Num().Int64()
		return whole(size * r.buckets(down, size, func(sum int) bool { return sum == int(size)*100 }))
	}
	sum := int64(0)
	for _, d := range down {
		sum += int64(d)
	}
	return big.NewRat(sum, 100)
}

func (r *recount) run(s int64) int64 {
	g := r.terms.Counted
	switch g.Kind {
	case WholeMinutes:
		if minutes := s / 60 * 60; minutes >= g.MinS.Num().Int64() {
			return minutes
		}
		return 0
	case MinDuration:
		if s > g.OverS.Num().Int64() {
			return s
		}
		return 0
	case RoundUp:
		u := g.UnitS.Num().Int64()
		return (s + u - 1) / u * u
	}
	u := g.UnitS.Num().Int64()
	return (2*s + u) / (2 * u) * u
}

// buckets counts the pieces of the wall clock, whose offset changes at a quarter of an hour if at all, in which bad things happened.
func (r *recount) buckets(down []int, size int64, bad func(sum int) bool) (n int64) {
	sums := make([]int, int64(len(down))/size+2+2*86400/size)
	_, offset := time.Unix(r.first, 0).In(r.zone).Zone()
	for i, d := range down {
		if s := r.first + int64(i); d > 0 {
			if s%900 == 0 || i > 0 && down[i-1] == 0 {
				_, offset = time.Unix(s, 0).In(r.zone).Zone()
			}
			sums[(s+int64(offset))/size-(r.first-86400)/size] += d
		}
	}
	for _, sum := range sums {
		if sum > 0 && bad(sum) {
			n++
		}
	}
	return n
}

func TestCountingEverySecondComesToTheSame(t *testing.T) {
	t.Parallel()
	n := 2_000
	if racing { // nothing here shares anything: it is only ten times as slow
		n = 200
	}
	if os.Getenv("CANDOR_SOAK") != "" {
		n = 100_000
	}
	contracts := contracts(t)
	var list []Terms
	for _, id := range slices.Sorted(maps.Keys(contracts)) {
		if terms := contracts[id]; terms.Period == Month {
			list = append(list, terms)
		}
	}
	for i := range n {
		made := maker{rand.New(rand.NewPCG(2012, uint64(i)))}
		terms := made.terms(list)
		c := made.theCase(terms)
		total := recounted(t, i, terms, c, nil)
		for j := range c.Outages { // each edge a second earlier and later: where a row, a minute or a month begins, one is the difference
			for _, by := range []time.Duration{-time.Second, time.Second} {
				moved := c
				moved.Outages = slices.Clone(c.Outages)
				if o := &moved.Outages[j]; made.toss() && o.Start.Add(by).Before(o.End) {
					o.Start = o.Start.Add(by)
				} else if o.Start.Before(o.End.Add(by)) {
					o.End = o.End.Add(by)
				}
				recounted(t, i, terms, moved, total)
			}
		}
		if t.Failed() {
			t.Fatalf("outage %d of %d", i, n)
		}
	}
}

// recounted compares, and answers with the total, which does not change when an outage moves.
func recounted(t *testing.T, i int, terms Terms, c Case, total *big.Rat) *big.Rat {
	t.Helper()
	zone, err := terms.In(c.Zone)
	if err != nil {
		t.Fatal(err)
	}
	got, err := terms.Compute(c)
	if err != nil {
		t.Fatalf("%d: %s: %v", i, terms.ID, err)
	}
	r := newRecount(terms, c, zone)
	want := r.seconds()
	if got.Down.Cmp(want) != 0 {
		t.Errorf("%d: %s %+v in %s %s, %s, %s: down %s s, counted one by one %s\n%v", i, terms.ID, terms.Counted.Kind, c.Zone, c.Month, terms.Overlap, terms.Maintenance,
			got.Down.RatString(), want.RatString(), c.Outages)
	}
	if total == nil {
		total = r.total()
	}
	if got.Total.Cmp(total) != 0 {
		t.Errorf("%d: %s in %s %s: total %s, counted %s", i, terms.ID, c.Zone, c.Month, got.Total.RatString(), total.RatString())
	}
	if terms.Model.Type == ClockHour {
		hours := int64(0)
		for _, down := range r.down {
			hours += r.buckets(down, 3600, func(sum int) bool { return sum > 100*int(terms.Model.OverS.Num().Int64()) })
		}
		if got.hours != hours {
			t.Errorf("%d: %s in %s %s: %d hours, counted %d", i, terms.ID, c.Zone, c.Month, got.hours, hours)
		}
	}
	kept := new(big.Rat).SetFrac(got.Minor, big.NewInt(1))
	unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(got.Digits)), nil))
	off := sub(mul(got.Exact, unit), kept)
	if withheld := got.Minor.Sign() == 0 && terms.MinIssue != nil; !withheld && off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 {
		t.Errorf("%d: %s: %s became %s", i, terms.ID, got.Exact.RatString(), got.Amount())
	}
	return total
}
