package lang

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Time is the time of day, to the minute begun: "15:21". A promise "by 15:21" that says 15:22 would be a late one.
func (w Words) Time(t time.Time, loc *time.Location) string {
	t = in(t, loc)
	return w.T("_time", "hour", twoDigits(t.Hour()), "minute", twoDigits(t.Minute()))
}

// ambiguous are abbreviations that several zones share, with the offset in hours at which a reader may trust them. Taipei and Chicago
// are both CST, Manila and Los Angeles both PST; India, Ireland and Israel share IST.
var ambiguous = map[string]int{
	"AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "BST": 1, "IST": 99,
}

// Zone names the zone that a time is in: "EDT", and "UTC−4" or "UTC+5:30" where there is no abbreviation or it means several zones.
func (w Words) Zone(t time.Time, loc *time.Location) string {
	name, offset := in(t, loc).Zone()
	if trusted, shared := ambiguous[name]; isLetters(name) && (!shared || offset == trusted*3600) {
		return name
	}
	return offsetName(offset)
}

func isLetters(name string) bool {
	return name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func offsetName(seconds int) string {
	if seconds == 0 {
		return "UTC"
	}
	sign := "+"
	if seconds < 0 {
		sign, seconds = "−", -seconds
	}
	name := "UTC" + sign + strconv.Itoa(seconds/3600)
	if minutes := seconds / 60 % 60; minutes != 0 {
		name += fmt.Sprintf(":%02d", minutes)
	}
	return name
}

// DateTime is a day, a time and its zone: "10 September 2012, 15:21 EDT".
func (w Words) DateTime(t time.Time, loc *time.Location) string {
	return w.T("_datetime", "date", w.Day(t, loc), "time", w.Time(t, loc), "zone", w.Zone(t, loc))
}

// Both is a time in the company's zone and in UTC, so that a reader anywhere can reckon: "15:21 EDT (19:21 UTC)". UTC's day is named
// where it is another one. A company that lives by UTC, or by Greenwich in winter, has it only once.
func (w Words) Both(t time.Time, loc *time.Location) string {
	local, utc := in(t, loc), t.UTC()
	clock, zone := w.Time(t, loc), w.Zone(t, loc)
	if _, offset := local.Zone(); offset == 0 {
		return w.T("_zoned", "time", clock, "zone", zone)
	}
	if local.Day() != utc.Day() {
		return w.T("_both.day", "time", clock, "zone", zone, "utc", w.Time(utc, time.UTC), "date", w.day("_date.plain", utc))
	}
	return w.T("_both", "time", clock, "zone", zone, "utc", w.Time(utc, time.UTC))
}

// Duration is how long something took, in days, hours and minutes begun and done: "2 h 14 min". Minutes are cut. Less than one, and
// anything negative, is "less than a minute".
func (w Words) Duration(d time.Duration) string {
	if d < time.Minute {
		return w.T("_duration.moment")
	}
	minutes := int64(d / time.Minute)
	var said []string
	for _, unit := range []struct {
		key    string
		amount int64
	}{
		{"_duration.days", minutes / (24 * 60)},
		{"_duration.hours", minutes / 60 % 24},
		{"_duration.minutes", minutes % 60},
	} {
		if unit.amount > 0 {
			said = append(said, w.T(unit.key, "number", unit.amount))
		}
	}
	return strings.Join(said, w.T("_duration.join"))
}

func twoDigits(n int) string { return fmt.Sprintf("%02d", n) }

// plainInt keeps years and days from being grouped like counts.
func plainInt(n int) string { return strconv.Itoa(n) }
