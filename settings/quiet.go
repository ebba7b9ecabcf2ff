package settings

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"candor/audience"
	"candor/incident"
)

// Quiet hours are the part of a customer's day in which nothing of ours may ring. Laws and courtesy agree on the evening and the night;
// the customer's zone counts, not ours.
type Quiet struct {
	From   Clock       `json:"from"`
	Until  Clock       `json:"until"` // the same as From: no quiet hours
	Unless []Exception `json:"unless,omitempty"`
}

// A Clock is a time of day in minutes since midnight, written "21:00".
type Clock int

// An Exception is what may ring at night all the same.
type Exception string

const (
	AnyHour    Exception = "any_hour"    // the customer chose to be woken
	DataSafety Exception = "data_safety" // somebody may be emptying an account meanwhile
	Service    Exception = "service"     // notices about the service a customer pays for; by default only a total outage's
)

// Exceptions in the order they are offered.
var Exceptions = [...]Exception{AnyHour, DataSafety, Service}

// Rings reports whether a channel makes a noise beside a bed. A mail, a webhook and a room wait until somebody looks.
func Rings(channel string) bool {
	return slices.Contains([]string{audience.SMS, audience.Voice, audience.Push, Person}, channel)
}

// Except reports whether the exception is one of q's.
func (q Quiet) Except(e Exception) bool { return slices.Contains(q.Unless, e) }

// WakesOnWish reports whether any policy has a night, and leaves out of it who chose to be rung at any hour. Where none does, nobody need be
// asked.
func (s Settings) WakesOnWish() bool {
	wakes := func(l Ladder) bool { return l.Quiet.From != l.Quiet.Until && l.Quiet.Except(AnyHour) }
	for _, kind := range incident.Kinds {
		for _, impact := range incident.Impacts {
			if wakes(s.Ladder(kind, impact)) {
				return true
			}
		}
	}
	return false
}

// Over is the first instant, now included, at which it is quiet in none of the zones. Where only a customer's country is known, zones are
// all of that country's: the strictest holds.
func (q Quiet) Over(now time.Time, zones ...*time.Location) time.Time {
	for range 3 * max(len(zones), 1) { // each round leaves at least one zone's night behind; a day of zones has a gap after three
		before := now
		for _, zone := range zones {
			now = q.over(now, zone)
		}
		if now.Equal(before) {
			break
		}
	}
	return now
}

// Begins is when it is quiet next in one of the zones; zero if it never is.
func (q Quiet) Begins(now time.Time, zones ...*time.Location) (first time.Time) {
	if q.From == q.Until {
		return time.Time{}
	}
	for _, zone := range zones {
		at := now
		if !q.holds(at, zone) {
			at = Quiet{From: q.Until, Until: q.From}.over(at, zone)
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}

// holds looks at the clock on the customer's wall, whatever it was set to last night.
func (q Quiet) holds(now time.Time, zone *time.Location) bool {
	wall := sinceMidnight(now.In(zone))
	from, until := q.From.duration(), q.Until.duration()
	if from <= until {
		return from <= wall && wall < until
	}
	return from <= wall || wall < until
}

// over is the end of the quiet hours now is in. It goes from one change of the clocks to the next and looks at the wall again, so that the
// hour that happens twice is quiet twice and an end in the hour that never happens is when that hour is skipped.
func (q Quiet) over(now time.Time, zone *time.Location) time.Time {
	for q.holds(now, zone) {
		left := q.Until.duration() - sinceMidnight(now.In(zone))
		if left <= 0 {
			left += 24 * time.Hour
		}
		end := now.Add(left)
		if _, change := now.In(zone).ZoneBounds(); !change.IsZero() && change.Before(end) {
			end = change.In(now.Location())
		}
		now = end
	}
	return now
}

func sinceMidnight(t time.Time) time.Duration {
	h, m, s := t.Clock()
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second + time.Duration(t.Nanosecond())
}

func (c Clock) duration() time.Duration { return time.Duration(c) * time.Minute }

func (c Clock) valid() bool { return c >= 0 && c < 24*60 }

func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// MarshalText writes "21:00".
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads "21:00" and "7:30".
func (c *Clock) UnmarshalText(text []byte) error {
	typed := strings.TrimSpace(string(text))
	if len(typed) == len("7:30") {
		typed = "0" + typed
	}
	t, err := time.Parse("15:04", typed)
	if err != nil {
		return fmt.Errorf("%.16q is not a time of day", text)
	}
	*c = Clock(t.Hour()*60 + t.Minute())
	return nil
}
