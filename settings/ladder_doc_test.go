package settings_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"candor/audience"
	"candor/incident"
	"candor/settings"
)

// What the documentation says of the defaults is what the code does.
func TestTheDocumentedLaddersAreTheDefaults(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/ladder.md")
	if err != nil {
		t.Fatal(err)
	}
	columns := [][]settings.Ladder{
		{settings.DefaultLadder(incident.Outage, incident.ImpactCritical)},
		{settings.DefaultLadder(incident.Outage, incident.ImpactMajor)},
		{settings.DefaultLadder(incident.Outage, incident.ImpactMinor), settings.DefaultLadder(incident.Outage, incident.ImpactNone)},
		{settings.DefaultLadder(incident.Data, incident.ImpactMajor), settings.DefaultLadder(incident.Security, incident.ImpactMinor)},
		{settings.DefaultLadder(incident.Billing, incident.ImpactCritical), settings.DefaultLadder(incident.Billing, incident.ImpactMinor)},
		{settings.DefaultLadder(incident.Maintenance, incident.ImpactMaintenance)},
	}
	for _, row := range []struct {
		what string
		cell func(settings.Ladder) string
	}{
		{"mail", begins(audience.Email)},
		{"push, webhook", begins(audience.Webhook)},
		{"text message", begins(audience.SMS)},
		{"voice by machine", begins(audience.Voice)},
		{"attempts by voice", func(l settings.Ladder) string {
			r, ok := rung(l, audience.Voice)
			if !ok {
				return "no"
			}
			return fmt.Sprintf("%d, %s apart", r.Attempts, plain(r.Interval))
		}},
		{"a person", begins(settings.Person)},
		{"enough is", func(l settings.Ladder) string { return string(l.Rungs[0].Proof) }},
		{"calls by people at most", func(l settings.Ladder) string { return fmt.Sprint(l.Calls.Most) }},
		{"between two calls", func(l settings.Ladder) string { return plain(l.Calls.Cooldown) }},
		{"it ends at the latest after", func(l settings.Ladder) string { return fmt.Sprintf("%d days", l.Longest/(24*time.Hour)) }},
		{"rings in quiet hours", wakes},
	} {
		line := "| " + row.what + " |"
		for _, same := range columns {
			line += " " + row.cell(same[0]) + " |"
			for _, l := range same {
				if row.cell(l) != row.cell(same[0]) {
					t.Errorf("%s: one column, two ladders: %q and %q", row.what, row.cell(l), row.cell(same[0]))
				}
				if l.Quiet.From.String() != "21:00" || l.Quiet.Until.String() != "08:00" || l.Calls.Minutes != 4 {
					t.Errorf("%s: %+v %+v", row.what, l.Quiet, l.Calls)
				}
			}
		}
		if !strings.Contains(string(text), line+"\n") {
			t.Errorf("docs/ladder.md has no row\n%s", line)
		}
	}
}

func rung(l settings.Ladder, channel string) (settings.Rung, bool) {
	i := slices.IndexFunc(l.Rungs, func(r settings.Rung) bool { return r.Channel == channel })
	if i < 0 {
		return settings.Rung{}, false
	}
	return l.Rungs[i], true
}

func begins(channel string) func(settings.Ladder) string {
	return func(l settings.Ladder) string {
		r, ok := rung(l, channel)
		switch {
		case !ok:
			return "no"
		case r.Channel == l.Rungs[0].Channel:
			return "at once"
		case r.After == 0:
			return "together"
		}
		return "after " + plain(r.After)
	}
}

func plain(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%d min", d/time.Minute)
}

func wakes(l settings.Ladder) string {
	var all []string
	for _, e := range []struct {
		exception settings.Exception
		words     string
	}{{settings.Service, "total outage"}, {settings.DataSafety, "data safety"}, {settings.AnyHour, "who chose it"}} {
		if l.Quiet.Except(e.exception) {
			all = append(all, e.words)
		}
	}
	return strings.Join(all, ", ")
}
