package component

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"candor/id"
)

func must(t testing.TB, zone string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

var epoch = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// histories draws intervals one after the other, some with holes between them, the last one perhaps without an end.
func histories(t *rapid.T, label string) []Interval {
	var h []Interval
	at := epoch.Add(time.Duration(rapid.Int64Range(-1e9, 1e9).Draw(t, label+" begins")) * time.Microsecond)
	for range rapid.IntRange(0, 12).Draw(t, label+" length") {
		at = at.Add(time.Duration(rapid.SampledFrom([]int64{0, 0, 0, 7e8}).Draw(t, "hole")) * time.Microsecond)
		end := at.Add(time.Duration(rapid.Int64Range(1, 3*86400*1e6).Draw(t, "lasts")) * time.Microsecond)
		h = append(h, Interval{
			Status: rapid.SampledFrom(Statuses[:]).Draw(t, "status"), From: at, To: end,
			Incident: id.Incident(rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "incident")),
		})
		at = end
	}
	if len(h) > 0 && rapid.Bool().Draw(t, "lasts still") {
		h[len(h)-1].To = time.Time{}
	}
	return h
}

func TestEveryMomentIsCountedOnce(t *testing.T) {
	t.Parallel()
	zones := map[string]*time.Location{}
	for _, zone := range []string{"Europe/Berlin", "America/St_Johns", "Asia/Taipei"} {
		zones[zone] = must(t, zone)
	}
	rapid.Check(t, func(t *rapid.T) {
		h := Merge(histories(t, "one"), histories(t, "two"))
		from := epoch.Add(time.Duration(rapid.Int64Range(-2e11, 2e12).Draw(t, "from")) * time.Microsecond)
		to := from.Add(time.Duration(rapid.Int64Range(1, 4e12).Draw(t, "long")) * time.Microsecond)
		span := Measure(h, from, to)
		if got := span.Tally.Total(); got != to.Sub(from) {
			t.Fatalf("the statuses add up to %v, the window is %v", got, to.Sub(from))
		}
		if r := span.Tally.Uptime().Rat(); r != nil && (r.Sign() < 0 || r.Num().Cmp(r.Denom()) > 0) {
			t.Fatalf("an uptime of %v", r)
		}
		for zone, loc := range zones {
			var sum Tally
			for _, d := range Days(h, from, to, loc) {
				for n := range sum {
					sum[n] += d.Tally[n]
				}
			}
			if diff := cmp.Diff(span.Tally, sum); diff != "" {
				t.Fatalf("in %s the days add up to something else:\n%s", zone, diff)
			}
		}
	})
}

func TestSplittingAnIntervalChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := histories(t, "one")
		from, to := epoch, epoch.Add(20*24*time.Hour)
		var split []Interval
		for _, i := range h {
			if end := i.end(to); end.Sub(i.From) > time.Microsecond {
				cut := i.From.Add(time.Duration(rapid.Int64Range(1, end.Sub(i.From).Microseconds()-1).Draw(t, "cut")) * time.Microsecond)
				first, second := i, i
				first.To, second.From = cut, cut
				split = append(split, first, second)
				continue
			}
			split = append(split, i)
		}
		if diff := cmp.Diff(Measure(h, from, to), Measure(split, from, to)); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(Measure(Merge(h, nil), from, to), Measure(Merge(split, h), from, to)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// The rule of Merge, looked at instant by instant.
func TestAGroupIsTheWorstOfItsChildrenAtEachInstant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := [][]Interval{histories(t, "one"), histories(t, "two"), histories(t, "three")}
		merged := Merge(all...)
		at := epoch.Add(time.Duration(rapid.Int64Range(-2e9, 2e12).Draw(t, "at")) * time.Microsecond)
		var children []Status
		for _, h := range all {
			for _, i := range h {
				if !i.From.After(at) && (i.To.IsZero() || i.To.After(at)) {
					children = append(children, i.Status)
				}
			}
		}
		got := Measure(merged, at, at.Add(1)).Worst
		if want := WorstOf(children...); got != want {
			t.Fatalf("%s at %v, its children are %v", got, at, children)
		}
	})
}

func TestDaysAreLocalAndAsLongAsTheyAre(t *testing.T) {
	t.Parallel()
	berlin := must(t, "Europe/Berlin")
	now := time.Date(2026, 3, 30, 12, 0, 0, 0, berlin)
	days := Days(nil, DaysBack(3, now, berlin), now, berlin)
	var got []time.Duration
	for _, d := range days {
		got = append(got, d.To.Sub(d.From))
	}
	if want := []time.Duration{24 * time.Hour, 23 * time.Hour, 12 * time.Hour}; !slices.Equal(got, want) {
		t.Errorf("the clocks go forward: %v, want %v", got, want)
	}
	autumn := Days(nil, time.Date(2026, 10, 25, 0, 0, 0, 0, berlin), time.Date(2026, 10, 26, 0, 0, 0, 0, berlin), berlin)
	if len(autumn) != 1 || autumn[0].To.Sub(autumn[0].From) != 25*time.Hour {
		t.Errorf("the clocks go back: %v", autumn)
	}
}

func TestWhatCountsAsDown(t *testing.T) {
	t.Parallel()
	day := func(s Status, d time.Duration) []Interval {
		return []Interval{{Status: s, From: epoch, To: epoch.Add(d)}, {Status: Operational, From: epoch.Add(d)}}
	}
	for _, c := range []struct {
		name string
		h    []Interval
		want string // over one day
	}{
		{"a quarter of a day of major outage", day(MajorOutage, 6*time.Hour), "3/4"},
		{"a partial outage counts in full", day(PartialOutage, 6*time.Hour), "3/4"},
		{"degraded performance is shown, and is not downtime", day(Degraded, 6*time.Hour), "1/1"},
		{"maintenance is neither", day(Maintenance, 6*time.Hour), "1/1"},
		{"what nobody knows is neither", day(Unknown, 6*time.Hour), "1/1"},
	} {
		if got := Measure(c.h, epoch, epoch.Add(24*time.Hour)).Tally.Uptime().Rat().String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	before := Measure(nil, epoch, epoch.Add(time.Hour))
	if before.Worst != Unknown || before.Tally.Uptime().Known() {
		t.Errorf("before it existed: %v", before)
	}
	micro := Measure(day(MajorOutage, time.Microsecond), epoch, epoch.Add(24*time.Hour)).Tally.Uptime()
	if units, _ := micro.Cut(2); units != 9999 {
		t.Errorf("a microsecond down is %d, want 99.99 and not 100", units)
	}
}

func TestHistoryBeginsWhenCustomersCouldUseIt(t *testing.T) {
	t.Parallel()
	c := Component{ID: "a", StartDate: epoch.Add(2 * time.Hour)}
	h := History(c, []Interval{
		{Component: "a", Status: Operational, From: epoch.Add(time.Hour)},
		{Component: "b", Status: MajorOutage, From: epoch},
		{Component: "a", Status: MajorOutage, From: epoch, To: epoch.Add(time.Hour)},
	})
	got := Measure(h, epoch, epoch.Add(4*time.Hour)).Tally
	if got.In(Unknown) != 2*time.Hour || got.In(Operational) != 2*time.Hour {
		t.Errorf("%v, want two hours unknown and two operational", got)
	}
}
