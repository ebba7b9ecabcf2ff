package incident

import (
	"slices"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestWhatTheClockOwesAMaintenance(t *testing.T) {
	t.Parallel()
	w := Window{From: noon.Add(2 * time.Hour), Until: noon.Add(3 * time.Hour), AutoStart: true, AutoEnd: true, RemindBefore: []time.Duration{24 * time.Hour, time.Hour}}
	want := []Timer{{"remind 1h0m0s", noon.Add(time.Hour)}, {StepStart, w.From}, {StepEnd, w.Until}}
	if got := w.Timers(noon); !slices.Equal(got, want) {
		t.Errorf("%v, want %v: the day before is over", got, want)
	}
	w.AutoStart, w.AutoEnd, w.RemindBefore = false, false, nil
	if got := w.Timers(noon); got != nil {
		t.Errorf("by hand, and the clock owes %v", got)
	}
}

func TestWhatAStepStillHasToSay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		status Status
		step   Step
		want   Status
	}{
		{"a window begins", Scheduled, StepStart, InProgress},
		{"somebody was quicker", InProgress, StepStart, ""},
		{"a window ends", InProgress, StepEnd, Completed},
		{"a window ends while we verify", Verifying, StepEnd, Completed},
		{"nobody began it", Scheduled, StepEnd, ""},
		{"it is over", Completed, StepEnd, ""},
	} {
		i := Incident{Kind: Maintenance, Status: c.status}
		if got, reason := i.Next(c.step, noon); got != c.want || reason == "" {
			t.Errorf("%s: %q (%s), want %q", c.name, got, reason, c.want)
		}
	}
	i := Incident{Kind: Maintenance, Status: Scheduled, Window: Window{From: noon}}
	if still, _ := i.Upcoming(noon.Add(-time.Minute)); !still {
		t.Error("a minute before, nobody is reminded")
	}
	if still, _ := i.Upcoming(noon); still {
		t.Error("reminded of what has begun")
	}
}

func TestAStatusThatMayNotBe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		i    Incident
		next Status
		want bool
	}{
		{"a repair fails", Incident{Kind: Outage, Status: Monitoring}, Investigating, true},
		{"what is over begins again", Incident{Kind: Outage, Status: Resolved}, Identified, true},
		{"an outage is not scheduled", Incident{Kind: Outage}, Scheduled, false},
		{"work that began is not unannounced", Incident{Kind: Maintenance, Status: InProgress}, Scheduled, false},
		{"no such status", Incident{Kind: Outage}, "fixed", false},
	} {
		if got := c.i.MayBecome(c.next); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
