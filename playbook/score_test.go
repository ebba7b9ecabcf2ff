package playbook_test

import (
	"testing"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/promise"
	"candor/settings"
)

func minute(n int) time.Time {
	return time.Date(2012, 9, 10, 17, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
}

// owned is an outage as it should have gone: told within three minutes, before anybody asked, every word in time.
func owned() playbook.Course {
	word := func(n, at int, status incident.Status, text string) incident.Update {
		u := incident.Update{
			ID: []id.Update{"", "upd_1", "upd_2", "upd_3"}[n], Number: n, At: minute(at), Status: status, Body: lang.Text{lang.English: text},
			Fields: incident.Fields{Cause: incident.Cause{State: incident.CauseKnown, Whose: incident.Ours}},
		}
		if status != incident.Resolved {
			u.NextBy = minute(at + 15)
		}
		return u
	}
	next := func(made, due, kept int) promise.Promise {
		return promise.Promise{Kind: promise.NextUpdate, MadeAt: minute(made), DueAt: minute(due), KeptAt: minute(kept)}
	}
	c := playbook.Course{
		Incident: incident.Incident{
			Kind: incident.Outage, Impact: incident.ImpactCritical, Status: incident.Resolved,
			StartedAt: minute(0), DetectedAt: minute(1), DeclaredAt: minute(4), FirstReportAt: minute(9), ResolvedAt: minute(30),
		},
		Updates: []incident.Update{
			word(1, 4, incident.Investigating, "Websites are down. Next update at 17:19."),
			word(2, 18, incident.Identified, "We found the faulty router tables. Next update at 17:33."),
			word(3, 31, incident.Resolved, "Websites work again. This was our mistake and we are sorry. Each of you gets a month of credit."),
		},
		Promises:  []promise.Promise{next(4, 19, 18), next(18, 33, 31)},
		Reachable: map[int]bool{1: true, 2: true, 3: true},
		Affected:  200, Reached: 150, Channels: 2, Language: lang.English,
	}
	c.Updates[0].Affected = []incident.Change{{Component: "cmp_1", New: component.MajorOutage}}
	return c
}

func TestAScoreSaysWhatEachPointRestsOn(t *testing.T) {
	for _, x := range []struct {
		item   string
		points float64
		fact   playbook.Fact
		change func(*playbook.Course)
	}{
		{"responsibility", 8, playbook.FactSaid, nil},
		{"regret", 3, playbook.FactSaid, nil},
		{"repair_offer", 6, playbook.FactSaid, nil},
		{"explanation", 3, playbook.FactCauseKnown, nil},
		{"forgiveness", 0, playbook.FactUnsaid, nil},
		{"told_first", 10, playbook.FactWeFirst, nil},
		{"told_first", 0, playbook.FactTheyFirst, func(c *playbook.Course) { c.FirstReportAt = minute(2) }},
		{"told_first", 10, playbook.FactNobodyReported, func(c *playbook.Course) { c.FirstReportAt = time.Time{} }},
		{"first_notice", 6, playbook.FactAfter, nil},
		{"first_notice", 3, playbook.FactAfter, func(c *playbook.Course) { c.DeclaredAt = minute(12) }},
		{"first_notice", 0, playbook.FactAfter, func(c *playbook.Course) { c.DeclaredAt = minute(17) }},
		{"scope", 4, playbook.FactAfter, nil},
		{"scope", 0, playbook.FactUnsaid, func(c *playbook.Course) { c.Updates[0].Affected = nil }},
		{"on_time", 9, playbook.FactOf, nil},
		{"on_time", 4.5, playbook.FactOf, func(c *playbook.Course) { c.Promises[1].KeptAt = minute(34) }},
		{"names_next", 4, playbook.FactOf, nil},
		{"end_told", 2, playbook.FactAfter, nil},
		{"reached", 6.75, playbook.FactOf, nil},
		{"two_channels", 2, playbook.FactChannels, nil},
		{"named_human", 4, playbook.FactOf, nil},
		{"report_on_time", 0, playbook.FactNoReport, nil},
		{"credit_matches", 0, playbook.FactLater, nil},
		{"joke", 0, playbook.FactUnsaid, nil},
		{"joke", -8, playbook.FactSaid, func(c *playbook.Course) {
			c.Kind = incident.Billing
			c.Updates[0].Body[lang.English] = "Whoops! You were charged a bit early :-)"
		}},
		{"third_apology", -5, playbook.FactSaid, func(c *playbook.Course) { c.Apologies = 2 }},
	} {
		c := owned()
		if x.change != nil {
			x.change(&c)
		}
		if m := markOf(t, c, x.item); m.Earned != x.points || m.Fact != x.fact {
			t.Errorf("%s: %v points by %q, want %v by %q", x.item, m.Earned, m.Fact, x.points, x.fact)
		}
	}
}

func markOf(t *testing.T, c playbook.Course, item string) playbook.Mark {
	t.Helper()
	for _, m := range playbook.Grade(c, minute(60)).Marks {
		if m.Item == item {
			return m
		}
	}
	t.Fatalf("the scorecard has no item %q", item)
	return playbook.Mark{}
}

func TestWhatNobodyKnowsCountsNeitherForNorAgainst(t *testing.T) {
	known := playbook.Grade(owned(), minute(60))
	c := owned()
	c.Affected, c.Reached = 0, 0
	less := playbook.Grade(c, minute(60))
	if known.Of-less.Of != 11 {
		t.Errorf("of %v and, with nobody affected, of %v: want 11 less", known.Of, less.Of)
	}
	if percent, judged := less.Percent(); !judged || percent < 85 {
		t.Errorf("%d%%, %v: an outage owned well scores high", percent, judged)
	}
}

func TestTheScorecardWeighsAHundredAndTheCompanyMayWeighOtherwise(t *testing.T) {
	sum := func(own settings.Weights) (total float64) {
		for _, w := range playbook.Scorecard(own) {
			if w.Source == "" {
				t.Errorf("%s has no source", w.Item)
			}
			if w.Part != "" {
				total += w.Weight
			}
		}
		return total
	}
	if got := sum(nil); got != 100 {
		t.Errorf("the weights make %v, want 100", got)
	}
	if got := sum(settings.Weights{"told_first": 30}); got != 120 {
		t.Errorf("with a weight of our own they make %v, want 120", got)
	}
}
