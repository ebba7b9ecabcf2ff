package promise

import (
	"testing"
	"time"

	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"candor/problem"
)

// A brief view of a deadline, for tables.
type brief struct {
	Clock ClockID
	State State
	At    string
}

func of(family Regime, all []Deadline) (some []brief) {
	for _, d := range all {
		if d.Clock.Family == family {
			b := brief{d.Clock.ID, d.State, ""}
			if !d.At.IsZero() {
				b.At = d.At.UTC().Format("2006-01-02 15:04")
			}
			some = append(some, b)
		}
	}
	return some
}

func stage(t *testing.T, family Regime, recorded []Fact, want ...brief) {
	t.Helper()
	if diff := cmp.Diff(want, of(family, Deadlines(house(t), recorded, Places{Regions: calendars(t)}))); diff != "" {
		t.Errorf("after %d facts (-want +got):\n%s", len(recorded), diff)
	}
}

func TestDORAFromTheFirstSuspicionToTheFinalReport(t *testing.T) {
	t.Parallel()
	waiting := []brief{{"dora-initial", Waiting, ""}, {"dora-intermediate", Waiting, ""}, {"dora-final", Waiting, ""}, {"dora-clients", Waiting, ""}}
	var f []Fact
	stage(t, "dora", f, append([]brief{waiting[0], {"dora-initial-cap", Waiting, ""}}, waiting[1:]...)...)

	f = append(f, Fact{Event: Aware, Regime: "dora", At: moment(t, "2026-05-01T08:00:00Z")})
	stage(t, "dora", f, append([]brief{{"dora-initial-cap", Running, "2026-05-02 08:00"}}, waiting...)...)

	f = append(f, Fact{Event: Classified, Regime: "dora", At: moment(t, "2026-05-01T10:00:00Z")})
	stage(t, "dora", f, brief{"dora-initial", Running, "2026-05-01 14:00"}, waiting[1], waiting[2], waiting[3],
		brief{"dora-initial-cap", Replaced, "2026-05-02 08:00"})

	f = append(f, Fact{Event: Submitted, Clock: "dora-initial", At: moment(t, "2026-05-01T13:00:00Z")})
	stage(t, "dora", f, brief{"dora-intermediate", Running, "2026-05-04 13:00"}, waiting[2], waiting[3],
		brief{"dora-initial", Told, "2026-05-01 14:00"}, brief{"dora-initial-cap", Replaced, "2026-05-02 08:00"})

	f = append(f, Fact{Event: Submitted, Clock: "dora-intermediate", At: moment(t, "2026-05-04T09:00:00Z")})
	if d := find(t, Deadlines(house(t), f, Places{}), "dora-final"); !d.At.Equal(moment(t, "2026-06-04T09:00:00Z")) {
		t.Errorf("final %s, want a month after the intermediate report", d.At)
	}
	// Normal activity is back: the intermediate report is updated, and the month counts from the update.
	f = append(f, Fact{Event: Submitted, Clock: "dora-intermediate", At: moment(t, "2026-05-31T09:00:00Z")})
	if d := find(t, Deadlines(house(t), f, Places{}), "dora-final"); !d.At.Equal(moment(t, "2026-06-30T09:00:00Z")) {
		t.Errorf("final %s, want a month after the last intermediate report", d.At)
	}
	if d := find(t, Deadlines(house(t), f, Places{}), "dora-intermediate"); !d.SentAt.Equal(moment(t, "2026-05-04T09:00:00Z")) {
		t.Errorf("intermediate told %s, want when it was told first", d.SentAt)
	}
	f = append(f, Fact{Event: Submitted, Clock: "dora-final", At: moment(t, "2026-07-01T09:00:00Z")})
	if d := find(t, Deadlines(house(t), f, Places{}), "dora-final"); d.State != Told || d.Late(moment(t, "2027-01-01")) != 24*time.Hour {
		t.Errorf("final %s, late by %s, want told a day late", d.State, d.Late(moment(t, "2027-01-01")))
	}
}

func TestNIS2WithAnIncidentThatLastsLongerThanAMonth(t *testing.T) {
	t.Parallel()
	f := []Fact{{Event: Aware, Regime: "nis2", At: moment(t, "2026-01-28T10:00:00Z")}}
	stage(t, "nis2", f, brief{"nis2-early", Running, "2026-01-29 10:00"}, brief{"nis2-notice", Running, "2026-01-31 10:00"},
		brief{"nis2-final", Waiting, ""}, brief{"nis2-recipients", Waiting, ""})

	f = append(f,
		Fact{Event: Submitted, Clock: "nis2-early", At: moment(t, "2026-01-28T20:00:00Z")},
		Fact{Event: Submitted, Clock: "nis2-notice", At: moment(t, "2026-01-31T10:00:00Z")},
		Fact{Event: Harms, Regime: "nis2", At: moment(t, "2026-01-29T10:00:00Z")})
	stage(t, "nis2", f, brief{"nis2-recipients", Running, ""}, brief{"nis2-final", Running, "2026-02-28 10:00"},
		brief{"nis2-early", Told, "2026-01-29 10:00"}, brief{"nis2-notice", Told, "2026-01-31 10:00"})

	f = append(f,
		Fact{Event: Submitted, Clock: "nis2-recipients", At: moment(t, "2026-01-29T11:00:00Z")},
		Fact{Event: Submitted, Clock: "nis2-progress", At: moment(t, "2026-02-27T10:00:00Z")})
	d := find(t, Deadlines(house(t), f, Places{}), "nis2-after-handling")
	if last := find(t, Deadlines(house(t), f, Places{}), "nis2-final"); last.State != Told || d.State != Waiting {
		t.Errorf("%s and %s, want the progress report to do and the final one to wait", last.State, d.State)
	}
	f = append(f, Fact{Event: Handled, Regime: "nis2", At: moment(t, "2026-03-31T18:00:00Z")})
	if d := find(t, Deadlines(house(t), f, Places{}), "nis2-after-handling"); !d.At.Equal(moment(t, "2026-04-30T18:00:00Z")) {
		t.Errorf("final %s, want a month after it was handled", d.At)
	}
}

func TestGDPRInPhasesAndWithAReasonToWait(t *testing.T) {
	t.Parallel()
	places := Places{Home: Place{Calendar: region(t, "de")}}
	f := []Fact{{Event: Aware, Regime: "gdpr", At: moment(t, "2026-04-02T16:30:00Z")}}
	d := find(t, Deadlines(house(t), f, places), "gdpr-33")
	if d.Rest != Weekend || d.NextWorking.String() != "2026-04-07" {
		t.Errorf("%q, next working day %s: want Easter Sunday and the Tuesday after it", d.Rest, d.NextWorking)
	}
	moved := moment(t, "2026-04-07T10:00:00Z")
	f = append(f, Fact{Event: Moved, Clock: "gdpr-33", At: f[0].At, DueAt: moved, Reason: "Two working days, Regulation 1182/71."})
	d = find(t, Deadlines(house(t), f, places), "gdpr-33")
	if !d.At.Equal(moved) || !d.Strict.Equal(moment(t, "2026-04-05T16:30:00Z")) || d.Reason == "" {
		t.Errorf("due %s, strictly %s (%q): want both and the reason", d.At, d.Strict, d.Reason)
	}
	f = append(f,
		Fact{Event: Submitted, Clock: "gdpr-33", At: moved},
		Fact{Event: Incomplete, Regime: "gdpr", At: moved})
	if d := find(t, Deadlines(house(t), f, places), "gdpr-33-phases"); d.State != Running || !d.At.IsZero() || d.Late(moved.Add(time.Hour)) != 0 {
		t.Errorf("%s at %s: what is missing is due without a number", d.State, d.At)
	}
	f = append(f, Fact{Event: NotRequired, Clock: "gdpr-34", At: moved, Reason: "The risk is not high: only names."})
	if d := find(t, Deadlines(house(t), f, places), "gdpr-34"); d.State != Excused || d.Reason == "" {
		t.Errorf("%s (%q), want excused with the reason", d.State, d.Reason)
	}
}

func TestDaysAndYearsOfLaw(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		event Fact
		clock ClockID
		want  string
	}{
		{"small breaches of a year are told 60 days into the next", Fact{Event: Discovered, Regime: "hipaa", At: moment(t, "2025-03-01")}, "hipaa-small", "2026-03-01T23:59:59Z"},
		{"and in a leap year a day earlier", Fact{Event: Discovered, Regime: "hipaa", At: moment(t, "2023-03-01")}, "hipaa-small", "2024-02-29T23:59:59Z"},
		{"SEC's day ends in New York", Fact{Event: Material, Regime: "sec", At: moment(t, "2025-08-29T01:00:00Z")}, "sec-8k", "2025-09-05T03:59:59Z"},
		{"Brazil rests at carnival only where decreed, on Tiradentes always", Fact{Event: Aware, Regime: "br-lgpd", At: moment(t, "2026-04-17")}, "br-lgpd", "2026-04-23T23:59:59Z"},
		{"the Attorney General is told 15 days after the consumers", Fact{Event: Submitted, Clock: "ca-ccpa", At: moment(t, "2026-02-20")}, "ca-ccpa-ag", "2026-03-07T23:59:59Z"},
	} {
		d := find(t, Deadlines(house(t), []Fact{c.event}, Places{Regions: calendars(t)}), c.clock)
		if got := d.At.UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestALaterRecordCorrectsAnEarlierOne(t *testing.T) {
	t.Parallel()
	f := []Fact{
		{Event: Aware, Regime: "gdpr", At: moment(t, "2026-05-01T08:00:00Z")},
		{Event: Aware, Regime: "gdpr", At: moment(t, "2026-05-01T06:00:00Z")},
		{Event: Aware, Regime: "nis2", At: moment(t, "2026-05-01T09:00:00Z")},
	}
	if d := find(t, Deadlines(house(t), f, Places{}), "gdpr-33"); !d.From.Equal(f[1].At) {
		t.Errorf("GDPR counts from %s, want its own event as recorded last", d.From)
	}
	if d := find(t, Deadlines(house(t), f, Places{}), "nis2-early"); !d.From.Equal(f[2].At) {
		t.Errorf("NIS2 counts from %s, want its own event", d.From)
	}
}

func TestASlipOfTheHandSilencesNoClock(t *testing.T) {
	t.Parallel()
	aware := Fact{Event: Aware, Regime: "gdpr", At: moment(t, "2026-05-01T08:00:00Z")}
	sent := Fact{Event: Submitted, Clock: "gdpr-33", At: moment(t, "2026-05-01T09:00:00Z")}
	oops := Fact{Event: Retracted, Takes: Submitted, Clock: "gdpr-33", At: moment(t, "2026-05-01T09:01:00Z"), Reason: "The wrong button."}
	none := Fact{Event: Retracted, Takes: Aware, Regime: "gdpr", At: moment(t, "2026-05-01T10:00:00Z"), Reason: "No personal data after all."}
	for _, c := range []struct {
		name string
		f    []Fact
		want State
	}{
		{"sent", []Fact{aware, sent}, Told},
		{"sent by mistake, it runs again", []Fact{aware, sent, oops}, Running},
		{"then it is sent indeed", []Fact{aware, sent, oops, sent}, Told},
		{"it was no breach", []Fact{aware, none}, Waiting},
		{"taking back one leaves the other", []Fact{aware, sent, none}, Told},
	} {
		if d := find(t, Deadlines(house(t), c.f, Places{}), "gdpr-33"); d.State != c.want {
			t.Errorf("%s: %s, want %s", c.name, d.State, c.want)
		}
	}
	others := []Fact{{Event: Harms, Regime: "gdpr", At: aware.At}, {Event: Aware, Regime: "nis2", At: aware.At}, aware, none}
	for _, c := range []ClockID{"gdpr-34", "nis2-early"} {
		if d := find(t, Deadlines(house(t), others, Places{}), c); d.State != Running {
			t.Errorf("%s: %s, though it was not taken back", c, d.State)
		}
	}
}

func TestADeadlineIsAPromiseToNobodyOutside(t *testing.T) {
	t.Parallel()
	f := []Fact{{Event: Aware, Regime: "gdpr", At: moment(t, "2026-05-01T08:00:00Z")}}
	d := find(t, Deadlines(house(t), f, Places{}), "gdpr-33")
	got := d.Promise("prm_1", "inc_1", "per_1", f[0].At)
	want := Promise{
		ID: "prm_1", Kind: LegalNotice, Clock: "gdpr-33", Incident: "inc_1", Promiser: "per_1", Text: "GDPR art. 33: authority",
		MadeAt: f[0].At, DueAt: moment(t, "2026-05-04T08:00:00Z"),
	}
	if diff := cmp.Diff(want, got); diff != "" || got.Public() {
		t.Errorf("public %v (-want +got):\n%s", got.Public(), diff)
	}
}

func TestAFactThatDeviatesSaysWhy(t *testing.T) {
	t.Parallel()
	now := moment(t, "2026-05-01T08:00:00Z")
	for _, c := range []struct {
		name string
		f    Fact
		want []string
	}{
		{"an event of a regime", Fact{Event: Aware, Regime: "gdpr", At: now}, nil},
		{"an event nobody knows", Fact{Event: "felt", Regime: "gdpr", At: now}, []string{"event"}},
		{"an event of no regime, tomorrow", Fact{Event: Aware, At: now.Add(24 * time.Hour)}, []string{"event", "at"}},
		{"a notice of no clock", Fact{Event: Submitted, At: now}, []string{"clock"}},
		{"not required, for no reason", Fact{Event: NotRequired, Clock: "gdpr-33", At: now, Reason: " "}, []string{"reason"}},
		{"taking back nothing, for no reason", Fact{Event: Retracted, Clock: "gdpr-33", At: now}, []string{"event", "reason"}},
		{"moved to nowhere", Fact{Event: Moved, Clock: "gdpr-33", At: now, Reason: "Easter"}, []string{"due_at"}},
	} {
		var got []string
		for _, p := range problem.All(c.f.Validate(now)) {
			got = append(got, p.Field)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
