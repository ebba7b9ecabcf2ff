package promise

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func anyPeriod(t *rapid.T) Period {
	return Period{
		rapid.IntRange(1, 90).Draw(t, "amount"),
		rapid.SampledFrom([]Unit{Hours, Days, BusinessDays, Months}).Draw(t, "unit"),
	}
}

func anyPlace(t *rapid.T) Place {
	all, err := Calendars()
	if err != nil {
		t.Fatal(err)
	}
	return Place{anyZone(t), rapid.SampledFrom(all).Draw(t, "calendar")}
}

func TestAPeriodEndsAfterItBeginsAndALongerOneLater(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, from, in := anyPeriod(t), anyInstant(t), anyPlace(t)
		end, ok := p.After(from, in)
		if !ok || !end.After(from) {
			t.Fatalf("%d %s from %s end %s", p.Amount, p.Unit, from, end)
		}
		longer, _ := Period{p.Amount + 1, p.Unit}.After(from, in)
		if !longer.After(end) {
			t.Fatalf("%d %s from %s end %s, one more %s", p.Amount, p.Unit, from, end, longer)
		}
		begunLater, _ := p.After(from.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hours"))*time.Hour), in)
		if begunLater.Before(end) && p.Unit != Months { // 30 and 31 January both end in February; the hour may differ
			t.Fatalf("begun later, %d %s end sooner", p.Amount, p.Unit)
		}
	})
}

func TestADeadlineIsNeverEarlierThanItsFullDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, from, in := anyPeriod(t), anyInstant(t), anyPlace(t)
		end, _ := p.After(from, in)
		first, last := DayOf(from, in.Zone), DayOf(end, in.Zone)
		switch p.Unit {
		case Hours:
			if end.Sub(from) != time.Duration(p.Amount)*time.Hour {
				t.Fatalf("%d hours took %s", p.Amount, end.Sub(from))
			}
		case Days:
			if first.Add(p.Amount) != last {
				// Samoa went without 30 December 2011: who was given that day has until it would have begun.
				if lost := (Day{2011, 12, 30}); in.Zone.String() != "Pacific/Apia" || first.Add(p.Amount) != lost {
					t.Fatalf("%d days from %s end on %s", p.Amount, first, last)
				}
			}
		case BusinessDays:
			worked := 0
			for d := first.Add(1); !last.Before(d); d = d.Add(1) {
				if in.Calendar.Works(d) {
					worked++
				}
			}
			if worked != p.Amount || !in.Calendar.Works(last) {
				if in.Zone.String() != "Pacific/Apia" || first.Year != 2011 {
					t.Fatalf("%d business days from %s to %s has %d", p.Amount, first, last, worked)
				}
			}
		case Months:
			if last.Date != first.Date && last.Add(1).Date != 1 {
				// An hour that summer time skips at midnight begins the next day.
				if begun := last.at(0, in.Zone); !end.Equal(begun) {
					t.Fatalf("%d months from %s end on %s", p.Amount, first, last)
				}
			}
		}
	})
}

func TestADayEndsInItsLastSecond(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		where := anyZone(t)
		d := DayOf(anyInstant(t), where)
		end := d.End(where)
		if DayOf(end, where) != d || DayOf(end.Add(time.Second), where) != d.Add(1) {
			if next := DayOf(end.Add(time.Second), where); next != d.Add(2) { // Samoa again
				t.Fatalf("%s ends at %s", d, end)
			}
		}
	})
}

func TestACalendarWithoutWorkHangsNobody(t *testing.T) {
	t.Parallel()
	never := Calendar{Weekend: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}
	if got := never.Working(Day{2026, 1, 1}, 4); got != (Day{2026, 1, 5}) {
		t.Errorf("four working days where nobody works: %s, want four days", got)
	}
}

func TestAPeriodThatCannotBeCountedIsRefused(t *testing.T) {
	t.Parallel()
	for _, p := range []Period{{0, Hours}, {-1, Days}, {3, AtOnce}, {3, "moons"}, {20_000, Months}, {}} {
		if p.Validate() == nil {
			t.Errorf("%d %q was accepted", p.Amount, p.Unit)
		}
	}
	if _, ok := (Period{0, AtOnce}).After(time.Unix(0, 0), Place{}); ok {
		t.Error("a duty without a number got a deadline")
	}
}
