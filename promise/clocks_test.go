package promise

import (
	"strings"
	"testing"
)

const aClock = `"id": "x", "family": "f", "regime": "R", "step": "s", "trigger": "t", "recipient": "r", "status": "seen"`

func TestAClockThatCouldNeverRunIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, fault string }{
		{"an event nobody records", `[{` + aClock + `, "starts": "felt", "amount": 1, "unit": "hours"}]`, "not both events"},
		{"a submission of nothing", `[{` + aClock + `, "starts": "submitted", "amount": 1, "unit": "hours"}]`, "of another clock"},
		{"a submission of what does not exist", `[{` + aClock + `, "starts": "submitted", "of": "y", "amount": 1, "unit": "hours"}]`, "follows y"},
		{"a clock that follows itself", `[{` + aClock + `, "starts": "submitted", "of": "x", "amount": 1, "unit": "hours"}]`, "follows x"},
		{"no number", `[{` + aClock + `, "starts": "aware", "unit": "hours"}]`, "0 hours"},
		{"a zone nobody lives in", `[{` + aClock + `, "starts": "aware", "amount": 1, "unit": "days", "zone": "Mars/Olympus"}]`, "Mars"},
		{"a cap without a number", `[{` + aClock + `, "starts": "aware", "amount": 1, "unit": "days", "cap": {"event": "aware", "unit": "hours"}}]`, "cap"},
		{"there twice", `[{` + aClock + `, "starts": "aware", "amount": 1, "unit": "days"}, {` + aClock + `, "starts": "aware", "amount": 1, "unit": "days"}]`, "twice"},
		{"a field nobody reads", `[{` + aClock + `, "starts": "aware", "amount": 1, "unit": "days", "deadline": 3}]`, "deadline"},
		{"more after the end", `[] []`, "after the end"},
	} {
		if _, err := ReadClocks([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %v, want %q", c.name, err, c.fault)
		}
	}
}

func TestACompanyChangesTheHousesClocksAndAddsItsOwn(t *testing.T) {
	t.Parallel()
	own, err := ReadClocks([]byte(`[
		{"id": "gdpr-33", "family": "gdpr", "regime": "our contract", "step": "authority", "trigger": "t", "recipient": "r", "status": "seen",
		 "starts": "aware", "amount": 24, "unit": "hours"},
		{` + aClock + `, "starts": "noticed", "amount": 2, "unit": "business_days", "calendar": "de"}]`))
	if err != nil {
		t.Fatal(err)
	}
	all := With(house(t), own)
	f := []Fact{
		{Event: Aware, Regime: "gdpr", At: moment(t, "2026-04-02T16:30:00Z")},
		{Event: Noticed, Regime: "f", At: moment(t, "2026-04-02T16:30:00Z")},
	}
	deadlines := Deadlines(all, f, Places{Regions: calendars(t)})
	if d := find(t, deadlines, "gdpr-33"); !d.At.Equal(moment(t, "2026-04-03T16:30:00Z")) {
		t.Errorf("the contract's 24 hours end %s", d.At)
	}
	if d := find(t, deadlines, "x"); !d.At.Equal(moment(t, "2026-04-08T23:59:59Z")) {
		t.Errorf("two business days over Easter end %s", d.At)
	}
	if len(all) != len(house(t))+1 {
		t.Errorf("%d clocks, want one more than %d", len(all), len(house(t)))
	}
}

func TestEveryRegionAClockCountsInIsKnown(t *testing.T) {
	t.Parallel()
	for _, c := range house(t) {
		if c.Calendar != "" {
			region(t, c.Calendar)
		}
	}
}

func TestAHolidayThatNeverComesIsRefused(t *testing.T) {
	t.Parallel()
	for _, holiday := range []string{
		`{"name": "a", "month": 6, "date": 31}`,
		`{"name": "b", "month": 13, "date": 1}`,
		`{"name": "c", "month": 5, "weekday": 1, "nth": 5}`,
		`{"name": "d", "month": 5, "date": 1, "easter": 1}`,
		`{"name": "e"}`,
		`{"month": 5, "date": 1}`,
		`{"name": "f", "month": 5, "date": 1, "moves": "away"}`,
	} {
		if _, err := ReadCalendars([]byte(`[{"region": "x", "about": "y", "holidays": [` + holiday + `]}]`)); err == nil {
			t.Errorf("%s was accepted", holiday)
		}
	}
}
