package amends

import (
	"errors"
	"fmt"
	"math/big"
	"time"
)

// down is how many seconds of the frame count as downtime.
func (t Terms) down(c Case, f frame, say *reckoning) (*big.Rat, error) {
	switch measured := t.Counted.Kind; {
	case len(c.Minutes) > 0 && measured != ErrorMinutes:
		return nil, errors.New("minutes are given, but these terms do not count minutes with errors")
	case len(c.Intervals) > 0 && measured != ErrorRates:
		return nil, errors.New("intervals are given, but these terms do not average error rates")
	case len(c.Minutes) > 0:
		return t.errorMinutes(c, say), nil
	case len(c.Intervals) > 0:
		return t.errorRate(c, f, say)
	}
	holes := t.holes(c, f, say)
	total, raw := new(big.Rat), new(big.Rat)
	for _, group := range t.outages(c, f, holes, say) {
		total.Add(total, t.Counted.of(group, f))
		raw.Add(raw, weighed(group))
	}
	if len(c.Outages) > 1 || len(holes) > 0 {
		say.line(overlapKeys[t.Overlap], "seconds", number{raw})
	}
	t.Counted.explain(raw, total, say)
	say.line("credit.downtime", "seconds", number{total})
	return total, nil
}

var overlapKeys = map[Overlap]string{
	"": "credit.overlap.union", Union: "credit.overlap.union",
	PerComponent: "credit.overlap.component", Heaviest: "credit.overlap.max",
}

// of counts stretches that do not overlap.
func (n Count) of(all []stretch, f frame) *big.Rat {
	switch n.Kind {
	case WholeMinutes, MinDuration, RoundUp, RoundNearest:
		total := new(big.Rat)
		for _, s := range all {
			total.Add(total, n.run(s.seconds()))
		}
		return total
	case ErrorMinutes:
		return mul(whole(60), whole(n.buckets(all, f, time.Minute)))
	case FullIntervals:
		return mul(n.IntervalS.rat(), whole(n.buckets(all, f, n.interval())))
	}
	return weighed(all) // an interval's error rate is the share of it that was down, so their average is the exact time
}

// run is what one unbroken outage counts.
func (n Count) run(lasted *big.Rat) *big.Rat {
	switch n.Kind {
	case WholeMinutes:
		minutes := mul(new(big.Rat).SetInt(floor(lasted, whole(60))), whole(60))
		if minutes.Cmp(n.MinS.or(60)) < 0 {
			return new(big.Rat)
		}
		return minutes
	case MinDuration:
		if lasted.Cmp(n.OverS.rat()) <= 0 {
			return new(big.Rat)
		}
		return lasted
	case RoundUp:
		return mul(new(big.Rat).SetInt(ceil(lasted, n.UnitS.rat())), n.UnitS.rat())
	}
	half := mul(n.UnitS.rat(), big.NewRat(1, 2))
	return mul(new(big.Rat).SetInt(floor(add(lasted, half), n.UnitS.rat())), n.UnitS.rat())
}

func (n Count) interval() time.Duration {
	return time.Duration(floor(mul(n.IntervalS.rat(), whole(int64(time.Second))), whole(1)).Int64())
}

// bad reports whether an interval of the clock that was down for so long is one of those that count.
func (n Count) bad(down, of *big.Rat) bool {
	switch n.Kind {
	case ErrorMinutes:
		return n.tooMany(mul(hundred, div(down, of)))
	case FullIntervals:
		return down.Cmp(of) >= 0
	}
	return false
}

// tooMany reports whether so many percent of errors make a minute one of downtime: "above 5 %" and "5 % or more" differ by one minute.
func (n Count) tooMany(percent *big.Rat) bool {
	by := percent.Cmp(n.Threshold.rat())
	return by > 0 || by == 0 && !n.above()
}

func (n Count) above() bool { return n.Strict != nil && *n.Strict }

func (n Count) buckets(all []stretch, f frame, size time.Duration) int64 {
	return buckets(all, size, f.zone, func(down *big.Rat) bool { return n.bad(down, seconds(int64(size))) })
}

// buckets counts the intervals of the clock, each as long as size, whose downtime is found bad. Stretches are in order.
func buckets(all []stretch, size time.Duration, zone *time.Location, bad func(down *big.Rat) bool) (count int64) {
	current, filled := int64(0), new(big.Rat)
	flush := func(next int64) {
		if filled.Sign() > 0 && bad(filled) {
			count++
		}
		current, filled = next, new(big.Rat)
	}
	for _, s := range all {
		// An hour of the clock begins where its zone says: at :30 UTC in Kolkata.
		_, offset := time.Unix(0, s.from).In(zone).Zone()
		shift := int64(offset) * int64(time.Second)
		for at := s.from; at < s.to; {
			index := floorDiv(at+shift, int64(size))
			if index != current {
				flush(index)
			}
			end := (index+1)*int64(size) - shift
			if n := (s.to - end) / int64(size); at == end-int64(size) && n > 0 {
				// Whole intervals in a row are all alike: a month of minutes is one step.
				if bad(mul(seconds(int64(size)), s.weight)) {
					count += n
				}
				current += n
				at += n * int64(size)
				continue
			}
			part := min(end, s.to) - at
			filled.Add(filled, mul(seconds(part), s.weight))
			at += part
		}
	}
	flush(0)
	return count
}

func floorDiv(a, b int64) int64 {
	if a < 0 && a%b != 0 {
		return a/b - 1
	}
	return a / b
}

// errorMinutes counts minutes by their measured error rates.
func (t Terms) errorMinutes(c Case, say *reckoning) *big.Rat {
	minutes := int64(0)
	for _, r := range c.Minutes {
		counts := t.Counted.tooMany(r.Error.or(0))
		say.line(yes(counts, "credit.minutes.counted", "credit.minutes.not"), "n", number{whole(r.Count)}, "pct", percent{r.Error.or(0)})
		if counts {
			minutes += r.Count
		}
	}
	down := mul(whole(60), whole(minutes))
	t.Counted.explain(down, down, say)
	say.line("credit.downtime", "seconds", number{down})
	return down
}

// errorRate is the average of the intervals' error rates, as the time that would be down if requests came evenly.
func (t Terms) errorRate(c Case, f frame, say *reckoning) (*big.Rat, error) {
	if !f.bounded {
		return nil, errors.New("error rates are averaged over a period, and these terms have none")
	}
	listed, sum := int64(0), new(big.Rat)
	for _, r := range c.Intervals {
		listed += r.Count
		sum.Add(sum, mul(whole(r.Count), r.Error.or(0)))
		say.line("credit.intervals", "n", number{whole(r.Count)}, "pct", percent{r.Error.or(0)})
	}
	all := div(f.total, t.Counted.IntervalS.rat())
	if whole(listed).Cmp(all) > 0 {
		return nil, fmt.Errorf("%d intervals are given, but the period has %s", listed, Plain(all))
	}
	average := div(sum, all)
	down := mul(f.total, div(average, hundred))
	say.line("credit.average", "sum", percent{sum}, "n", number{all}, "pct", percent{average}, "seconds", number{down})
	return down, nil
}

func yes(is bool, then, otherwise string) string {
	if is {
		return then
	}
	return otherwise
}
