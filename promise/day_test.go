package promise

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// zones are those whose clocks do something unusual: half hours, summer time of half an hour, a day that never was, none at all.
var zones = []string{
	"UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Taipei",
}

func anyZone(t *rapid.T) *time.Location {
	loc, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func anyInstant(t *rapid.T) time.Time {
	return time.Unix(rapid.Int64Range(946684800, 2208988800).Draw(t, "seconds"), 0).UTC() // 2000 to 2040
}

func TestEasterIsWhenItWas(t *testing.T) {
	t.Parallel()
	for _, want := range []Day{
		{1818, 3, 22},
		{1943, 4, 25},
		{1954, 4, 18},
		{1981, 4, 19},
		{2000, 4, 23},
		{2008, 3, 23},
		{2024, 3, 31},
		{2025, 4, 20},
		{2026, 4, 5},
		{2027, 3, 28},
		{2038, 4, 25},
		{2049, 4, 18},
	} {
		if got := easter(want.Year); got != want {
			t.Errorf("Easter %s, want %s", got, want)
		}
	}
}

func TestHolidaysAreKeptOnTheirDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		region, day string
		want        Rest
	}{
		{"us", "2021-12-31", "New Year's Day"}, // 1 January 2022 is a Saturday
		{"us", "2023-01-02", "New Year's Day"}, // and 2023 a Sunday
		{"us", "2020-06-19", ""},               // not yet a holiday
		{"us", "2027-06-18", "Juneteenth"},
		{"us", "2025-09-01", "Labor Day"},
		{"us", "2026-05-25", "Memorial Day"},
		{"us", "2026-11-26", "Thanksgiving Day"},
		{"us", "2026-01-19", "Birthday of Martin Luther King, Jr."},
		{"us", "2026-07-04", Weekend},
		{"us", "2026-07-03", "Independence Day"},
		{"de", "2026-04-03", "Karfreitag"},
		{"de", "2026-05-14", "Christi Himmelfahrt"},
		{"de", "2026-05-25", "Pfingstmontag"},
		{"de", "2026-10-31", Weekend},
		{"eu", "2026-05-14", ""},
		{"br", "2023-11-20", ""},
		{"br", "2024-11-20", "Consciência Negra"},
		{"es", "2026-10-12", "Fiesta Nacional de España"},
		{"id", "2026-08-17", "Hari Kemerdekaan"},
		{"tw", "2028-02-28", "和平紀念日"},
	} {
		var d Day
		if err := d.UnmarshalText([]byte(c.day)); err != nil {
			t.Fatal(err)
		}
		if got := region(t, c.region).Rest(d); got != c.want {
			t.Errorf("%s in %s is %q, want %q", c.day, c.region, got, c.want)
		}
	}
}

func TestAMonthEndsOnTheLastDayThereIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from Day
		n    int
		want Day
	}{
		{Day{2026, 1, 31}, 1, Day{2026, 2, 28}},
		{Day{2024, 1, 31}, 1, Day{2024, 2, 29}},
		{Day{2024, 2, 29}, 12, Day{2025, 2, 28}},
		{Day{2026, 3, 31}, -1, Day{2026, 2, 28}},
		{Day{2026, 12, 31}, 2, Day{2027, 2, 28}},
		{Day{2026, 8, 15}, 1, Day{2026, 9, 15}},
	} {
		if got := c.from.Months(c.n); got != c.want {
			t.Errorf("%d months from %s: %s, want %s", c.n, c.from, got, c.want)
		}
	}
}

func TestAWallClockThatSummerTimeMoves(t *testing.T) {
	t.Parallel()
	month := Period{1, Months}
	for _, c := range []struct{ name, zone, from, want string }{
		{"an hour that is skipped is the instant of the change", "Europe/Berlin", "2026-02-28T02:30:00+01:00", "2026-03-28T02:30:00+01:00"},
		{"one month to the Sunday of the change", "Europe/Berlin", "2026-02-28T23:00:00+01:00", "2026-03-28T23:00:00+01:00"},
		{"a skipped half past two", "Europe/Berlin", "2027-02-28T02:30:00+01:00", "2027-03-28T03:00:00+02:00"},
		{"an hour that comes twice is the first", "Europe/Berlin", "2026-09-25T02:30:00+02:00", "2026-10-25T02:30:00+02:00"},
		{"in New York too", "America/New_York", "2026-10-01T01:30:00-04:00", "2026-11-01T01:30:00-04:00"},
		{"half an hour at Lord Howe", "Australia/Lord_Howe", "2026-09-04T02:15:00+10:30", "2026-10-04T02:30:00+11:00"},
		{"the 30th of December that Samoa left out", "Pacific/Apia", "2011-11-30T12:00:00-10:00", "2011-12-31T00:00:00+14:00"},
	} {
		got, ok := month.After(moment(t, c.from), Place{Zone: zone(t, c.zone)})
		if want := moment(t, c.want); !ok || !got.Equal(want) {
			t.Errorf("%s: %s, want %s", c.name, got.Format(time.RFC3339), want.Format(time.RFC3339))
		}
	}
}

func TestTheWallClockShowsWhatWasAsked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		where := anyZone(t)
		day := DayOf(anyInstant(t), where)
		clock := time.Duration(rapid.IntRange(0, 24*60-1).Draw(t, "minute")) * time.Minute
		at := day.at(clock, where)
		wanted := day.utc().Add(clock)
		shown, before := wallOf(at.In(where)), wallOf(at.Add(-time.Nanosecond).In(where))
		switch {
		case shown.Equal(wanted):
			for _, sooner := range []time.Duration{30 * time.Minute, time.Hour, 24 * time.Hour} {
				if wallOf(at.Add(-sooner).In(where)).Equal(wanted) {
					t.Fatalf("%s shows %s, and did %s before", at, wanted, sooner)
				}
			}
		case !before.Before(wanted) || !shown.After(wanted):
			t.Fatalf("%s shows %s, not %s, and skips nothing there", at, shown, wanted)
		}
	})
}
