package amends

import (
	"errors"
	"fmt"
	"math/big"
	"time"
)

// A frame is the time that uptime is reckoned over. Terms by incident have no ends, no total and no uptime.
type frame struct {
	span
	bounded bool
	zone    *time.Location
	total   *big.Rat // seconds
	days    *big.Rat // days of the calendar: a month with a change of the clock has as many as any other
}

// assumedDays is a month where neither contract nor case names one.
const assumedDays = 30

func loadZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fmt.Errorf("%.64q is no time zone", name)
	}
	return zone, nil
}

// frame finds the period of a case under terms and says how.
func (t Terms) frame(c Case, say *reckoning) (f frame, err error) {
	if f.zone, err = t.In(c.Zone); err != nil {
		return f, err
	}
	if t.Period == Incident {
		f.days = c.BaseDays.or(assumedDays)
		say.line("credit.period.incident")
		return f.existing(c, say)
	}
	start, end, err := t.calendar(c, f.zone)
	if err != nil {
		return f, err
	}
	f.span, f.bounded = span{start.UnixNano(), end.UnixNano()}, true
	f.days = whole(int64(end.Sub(start).Round(24*time.Hour) / (24 * time.Hour)))
	say.line("credit.period", "from", stamp{start}, "to", stamp{end}, "zone", f.zone.String(), "seconds", number{f.span.seconds()})
	if f, err = f.existing(c, say); err != nil {
		return f, err
	}
	f.total = f.span.seconds()
	if fixed := t.fixed(); fixed != nil {
		f.total, f.days = fixed, div(fixed, whole(secondsOfDay))
		say.line("credit.period.fixed", "seconds", number{fixed})
	}
	if f.total.Sign() <= 0 {
		return f, errors.New("the period has no length")
	}
	return f, nil
}

const secondsOfDay = 86400

// existing cuts the frame to the time there was a service.
func (f frame) existing(c Case, say *reckoning) (frame, error) {
	if len(c.Exists) == 0 {
		return f, nil
	}
	alive := span{c.Exists[0].UnixNano(), c.Exists[1].UnixNano()}
	if f.bounded {
		alive = alive.within(f.span)
	}
	if alive.empty() {
		return f, errors.New("the service did not exist in this period")
	}
	f.span = alive
	say.line("credit.period.exists", "from", stamp{c.Exists[0].In(f.zone)}, "to", stamp{c.Exists[1].In(f.zone)}, "seconds", number{alive.seconds()})
	return f, nil
}

// calendar is the month or quarter of a case.
func (t Terms) calendar(c Case, zone *time.Location) (start, end time.Time, err error) {
	switch t.Period {
	case Month:
		first, err := time.Parse("2006-01", c.Month)
		if err != nil {
			return start, end, fmt.Errorf("month is %.16q, not a month such as 2024-04", c.Month)
		}
		start, end = midnight(first, zone), midnight(first.AddDate(0, 1, 0), zone)
	case Quarter:
		var year, quarter int
		if n, err := fmt.Sscanf(c.Quarter, "%4d-Q%1d", &year, &quarter); n != 2 || err != nil || len(c.Quarter) != len("2024-Q1") || quarter < 1 || quarter > 4 {
			return start, end, fmt.Errorf("quarter is %.16q, not a quarter such as 2024-Q1", c.Quarter)
		}
		first := time.Date(year, time.Month(3*quarter-2), 1, 0, 0, 0, 0, time.UTC)
		start, end = midnight(first, zone), midnight(first.AddDate(0, 3, 0), zone)
	default:
		return start, end, fmt.Errorf("%.32q is no period: calendar_month, calendar_quarter, incident", string(t.Period))
	}
	if start.Year() < earliestYear || start.Year() > latestYear {
		return start, end, fmt.Errorf("%d is not between %d and %d", start.Year(), earliestYear, latestYear)
	}
	return start, end, nil
}

// Years within which nanoseconds can be counted.
const (
	earliestYear = 1900
	latestYear   = 2200
)

// midnight is when a date begins somewhere. Where summer time skips midnight the day begins with the change, and where it repeats it the
// day begins with the first; time.Date promises neither.
func midnight(date time.Time, zone *time.Location) time.Time {
	at := time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, zone)
	if at.Day() != date.Day() {
		_, change := at.ZoneBounds()
		return change
	}
	if at.Hour() != 0 || at.Minute() != 0 {
		change, _ := at.ZoneBounds()
		return change
	}
	change, _ := at.ZoneBounds()
	_, before := change.Add(-time.Second).Zone()
	_, after := at.Zone()
	if first := at.Add(time.Duration(after-before) * time.Second); !change.IsZero() && first.Before(change) && first.Day() == at.Day() && first.Hour() == 0 && first.Minute() == 0 {
		return first
	}
	return at
}
