package lang

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// TestEveryLanguageWritesDatesAndFiguresItsOwnWay keeps one page per language for a person who speaks it to read.
func TestEveryLanguageWritesDatesAndFiguresItsOwnWay(t *testing.T) {
	t.Parallel()
	for _, tag := range All() {
		got := specimen(t, For(tag))
		file := filepath.Join("testdata", "specimen", string(tag)+".txt")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tag, diff)
		}
	}
}

func specimen(t *testing.T, w Words) string {
	t.Helper()
	phoenix, eastern := zone(t, "America/Phoenix"), zone(t, "America/New_York")
	outage := time.Date(2012, 9, 10, 19, 21, 59, 0, time.UTC)
	var b strings.Builder
	line := func(name string, said ...any) { fmt.Fprintf(&b, "%-10s%s\n", name, fmt.Sprint(said...)) }
	line("time", w.Time(outage, eastern), " ", w.Time(outage.Add(-11*time.Hour), eastern))
	line("date", w.Date(outage, eastern))
	line("day", w.Day(outage, eastern))
	line("short", w.ShortDate(outage, eastern))
	line("days", w.Days(outage, outage.AddDate(0, 0, 5), eastern))
	line("days", w.Days(outage, outage.AddDate(0, 1, 0), eastern))
	line("days", w.Days(outage, outage, eastern))
	line("datetime", w.DateTime(outage, eastern))
	line("both", w.Both(outage, phoenix))
	line("both", w.Both(outage.Add(7*time.Hour), eastern))
	line("both", w.Both(outage, time.UTC))
	for _, d := range []time.Duration{0, time.Minute, 134*time.Minute + 59*time.Second, 2 * time.Hour, 51*time.Hour + 5*time.Minute} {
		line("duration", w.Duration(d))
	}
	for _, n := range []int64{0, 999, 4812, -48120, 7500000} {
		line("number", w.Number(n))
	}
	line("share", w.Share(999999, 1000000, 2), " ", w.Share(1, 1, 2), " ", w.Share(0, 7, 2), " ", w.Share(9, 10, 3), " ", w.Share(1, 0, 2))
	line("list", w.List([]string{"DNS"}), " | ", w.List([]string{"DNS", "Mail"}), " | ", w.List([]string{"DNS", "Mail", "Internet"}))
	for month := time.January; month <= time.December; month++ {
		first := time.Date(2026, month, 1, 12, 0, 0, 0, time.UTC)
		line("month", w.Month(2026, month), " | ", w.Date(first, nil), " | ", w.ShortDate(first, nil))
	}
	return b.String()
}

func TestAZoneIsNamedSoThatItCannotBeMistaken(t *testing.T) {
	t.Parallel()
	summer, winter := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		place string
		at    time.Time
		want  string
	}{
		{"America/New_York", summer, "EDT"},
		{"America/New_York", winter, "EST"},
		{"Europe/Berlin", summer, "CEST"},
		{"Europe/London", winter, "GMT"},
		{"Asia/Jakarta", summer, "WIB"},
		{"UTC", summer, "UTC"},
		{"America/Sao_Paulo", summer, "UTC−3"},
		{"Asia/Kathmandu", summer, "UTC+5:45"},
		{"America/St_Johns", winter, "NST"},
		{"Asia/Taipei", summer, "UTC+8"}, // tzdata calls it CST, as it does Chicago
		{"America/Chicago", winter, "CST"},
		{"Asia/Kolkata", summer, "UTC+5:30"}, // IST, as are Ireland and Israel
	} {
		if got := For(English).Zone(row.at, zone(t, row.place)); got != row.want {
			t.Errorf("%s: got %s, want %s", row.place, got, row.want)
		}
	}
}

func TestATimeIsSaidOnceWhereTheCompanyLivesByUTC(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 12, 5, 0, 0, time.UTC)
	if got, want := For(English).Both(at, nil), "12:05 UTC"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := For(English).Both(at, zone(t, "Europe/London")), "12:05 GMT"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestADurationIsCutToTheMinute(t *testing.T) {
	t.Parallel()
	w := For(English)
	for d, want := range map[time.Duration]string{
		-time.Hour:                 "less than a minute",
		59*time.Second + 999999:    "less than a minute",
		time.Minute:                "1 min",
		59*time.Minute + 59e9:      "59 min",
		time.Hour:                  "1 h",
		134 * time.Minute:          "2 h 14 min",
		24*time.Hour + 1:           "1 d",
		49*time.Hour + time.Minute: "2 d 1 h 1 min",
	} {
		if got := w.Duration(d); got != want {
			t.Errorf("%s: got %q, want %q", d, got, want)
		}
	}
}
