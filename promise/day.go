package promise

import (
	"fmt"
	"time"
)

// A Day is a date on a wall calendar, without hour or zone: "30 days from discovery" counts these.
type Day struct {
	Year  int
	Month time.Month
	Date  int
}

// DayOf is the day it is at an instant somewhere.
func DayOf(t time.Time, where *time.Location) Day {
	y, m, d := t.In(where).Date()
	return Day{y, m, d}
}

// Add is n days later, or earlier.
func (d Day) Add(n int) Day { return dayOf(d.utc().AddDate(0, 0, n)) }

// Months is n calendar months later, on the same date or on the last of a month that has no such date: one month after 31 January is the
// last of February (NIS2 and DORA count so), not the third of March.
func (d Day) Months(n int) Day {
	last := dayOf(time.Date(d.Year, d.Month+time.Month(n)+1, 0, 0, 0, 0, 0, time.UTC))
	last.Date = min(last.Date, d.Date)
	return last
}

// Weekday is the day's name.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// Before orders days.
func (d Day) Before(e Day) bool { return d.utc().Before(e.utc()) }

// End is the last second of the day somewhere: the deadline of whoever was given a day. The second before midnight, and not midnight
// itself, so that it is printed with the right date.
func (d Day) End(where *time.Location) time.Time {
	return d.Add(1).at(0, where).Add(-time.Second)
}

func (d Day) String() string { return d.utc().Format(time.DateOnly) }

// MarshalText writes 2026-03-31.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 2026-03-31.
func (d *Day) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return fmt.Errorf("read the day %.32q: %w", text, err)
	}
	*d = dayOf(t)
	return nil
}

func dayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day{y, m, d}
}

func (d Day) utc() time.Time { return time.Date(d.Year, d.Month, d.Date, 0, 0, 0, 0, time.UTC) }

// at is the instant a clock on the wall shows so long after midnight. A time that summer time repeats is the first of the two, the
// stricter one; a time it skips is the instant of the change. time.Date promises neither.
func (d Day) at(clock time.Duration, where *time.Location) time.Time {
	wall := d.utc().Add(clock)
	near := time.Date(d.Year, d.Month, d.Date, 0, 0, 0, int(clock), where)
	begins, ends := near.ZoneBounds()
	var first time.Time
	for _, t := range []time.Time{begins.Add(-time.Nanosecond), near, ends} {
		if t.IsZero() || t.Year() < 1 {
			continue // the zone never changes on that side
		}
		shown := inZoneOf(wall, t, where)
		if _, offset := shown.Zone(); offset == offsetAt(t, where) && (first.IsZero() || shown.Before(first)) {
			first = shown
		}
	}
	if !first.IsZero() {
		return first
	}
	for _, change := range []time.Time{begins, ends} {
		before, after := wallOf(change.Add(-time.Nanosecond)), wallOf(change)
		if !change.IsZero() && before.Before(wall) && !wall.After(after) {
			return change
		}
	}
	return near
}

// inZoneOf is the instant at which the wall shows so much by the offset in force at t.
func inZoneOf(wall, t time.Time, where *time.Location) time.Time {
	return wall.Add(-time.Duration(offsetAt(t, where)) * time.Second).In(where)
}

func offsetAt(t time.Time, where *time.Location) int {
	_, offset := t.In(where).Zone()
	return offset
}

// wallOf is what a clock on the wall shows at t, as if it hung in Greenwich.
func wallOf(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}
