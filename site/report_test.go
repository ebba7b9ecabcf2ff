package site

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/report"
	"candor/store"
)

// learned is a past outage with a published report, corrected once, three actions and the same cause again.
func (w *town) learned() (was, again *tale) {
	w.t.Helper()
	day := func(n int) time.Time { return w.now.AddDate(0, 0, n) }
	was = w.declare(incident.Incident{Title: said("DNS did not answer", "de", "DNS antwortete nicht"), StartedAt: day(-60), DetectedAt: day(-60)}, w.dns)
	was.say(day(-60).Add(10*time.Minute), incident.Investigating, said("We are on it."), 15*time.Minute, incident.DefaultFields(incident.Outage, time.Time{}))
	was.i.Status, was.i.ResolvedAt = incident.Resolved, day(-60).Add(2*time.Hour)
	again = w.declare(incident.Incident{Title: said("DNS is out again"), StartedAt: day(-1)}, w.dns)
	again.say(day(-1).Add(5*time.Minute), incident.Investigating, said("Again."), 0, incident.DefaultFields(incident.Outage, time.Time{}))

	ledger := report.Ledger{
		Incident: was.i, Updates: []incident.Update{was.last}, Components: []component.Component{w.dns},
		Customers: map[id.Component]int64{w.dns.ID: 4815}, Told: 4812, Reached: 4000, Messages: 9000,
		Promises:  []promise.Promise{{Kind: promise.NextUpdate, MadeAt: day(-60), DueAt: day(-60).Add(25 * time.Minute), KeptAt: day(-60).Add(45 * time.Minute)}},
		Intervals: []component.Interval{{Component: w.dns.ID, Status: component.MajorOutage, Incident: was.i.ID, From: day(-60), To: day(-60).Add(2 * time.Hour)}},
	}
	account := func(cause string) report.Account {
		return report.Account{
			Words: map[report.Part]lang.Text{
				report.Summary: said("Our name servers did not answer for **two hours**.", "de", "Unsere Nameserver antworteten **zwei Stunden** nicht."),
				report.Cause:   said(cause), report.Apology: said("I am sorry."), report.Unnoticed: said("The probe asked the cache."),
			},
			Happened: append(ledger.Happened(), report.Row{At: day(-60).Add(time.Hour), Fact: report.Own, Text: said("Luis drove to the data centre")}),
			Impact:   ledger.Impact(day(-57)),
		}
	}
	r := report.Report{
		ID: id.New[id.Report](day(-57)), Code: id.NewCode(), Incident: was.i.ID, State: report.Published, Version: 1, Author: w.dana.ID,
		Account: account("A zone was written over by a script."), CreatedAt: day(-59), UpdatedAt: day(-50), PublishedAt: day(-57),
	}
	action := func(n int, state report.ActionState, title string) report.Action {
		return report.Action{
			ID: id.New[id.Action](day(-57).Add(time.Duration(n) * time.Second)), Code: id.NewCode(), Incident: was.i.ID, Kind: report.ActionKinds[n], State: state, Title: said(title),
			Owner: w.luis.ID, DueAt: day(-10), CreatedAt: day(-57).Add(time.Duration(n) * time.Second), PublishedAt: day(-57), VerifyFrom: day(5),
		}
	}
	w.write(func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Incidents.Save(ctx, was.i); err != nil {
			return err
		}
		if err := tx.Promises.Add(ctx, promise.Promise{ID: id.New[id.Promise](day(-60)), Kind: promise.Report, Incident: was.i.ID, MadeAt: day(-60), DueAt: day(-56), KeptAt: day(-57)}); err != nil {
			return err
		}
		if err := tx.Reports.Add(ctx, r); err != nil {
			return err
		}
		first := report.Revision{Report: r.ID, Number: 1, At: day(-57), By: w.dana.ID, Account: account("A zone was written over by hand.")}
		for _, v := range []report.Revision{first, {Report: r.ID, Number: 2, At: day(-50), By: w.luis.ID, Reason: "It was no hand", Account: r.Account}} {
			if err := tx.Reports.Publish(ctx, v); err != nil {
				return err
			}
		}
		for n, a := range []report.Action{action(0, report.Open, "Zones are written by a program"), action(1, report.Done, "The probe asks the servers"), action(2, report.Verified, "A second name server elsewhere"), action(3, report.Dropped, "A meeting a week")} {
			if err := tx.Actions.Add(ctx, a); err != nil {
				return err
			}
			steps := []report.Step{{Kind: report.Opened, At: day(-57), DueAt: day(-20)}, {Kind: report.Changed, At: day(-30), DueAt: day(-10)}}
			switch n {
			case 0:
				steps = append(steps, report.Step{Kind: report.Finished, At: day(-20)}, report.Step{Kind: report.Reopened, Incident: again.i.ID, At: day(-1), DueAt: day(-10)})
			case 2:
				steps = append(steps, report.Step{Kind: report.Proved, By: w.dana.ID, At: day(-15), Note: said("Four drills, all answered")})
			case 3:
				steps = append(steps, report.Step{Kind: report.GivenUp, At: day(-15), Note: said("Nobody came")})
			}
			for _, s := range steps {
				s.Action = a.ID
				if err := tx.Actions.Note(ctx, s); err != nil {
					return err
				}
			}
		}
		if _, err := tx.Actions.SameCause(ctx, again.i.ID, was.i.ID, w.dana.ID, day(-1)); err != nil {
			return err
		}
		return tx.Changes.Add(ctx, "incident:"+string(was.i.ID), w.now)
	})
	return was, again
}

func TestAReportSaysWhatHappenedWhyAndWhatBecameOfEachAction(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	was, again := w.learned()
	at := "/en/incidents/" + string(was.i.Code) + "/report"
	body := w.get(at).Body.String()
	for _, want := range []string{
		"DNS did not answer", "promised by", "<strong>two hours</strong>", "Why it could happen", "4,815", "4,812", "0 of 1", "Luis drove to the data centre", "20 minutes late",
		"written over by a script", "<del>hand", "<ins>", "It was no hand", "1 of 4 actions verified, 1 late", "The date was moved to", "the same cause returned",
		"Verified by Dana Whitfield", "Four drills, all answered", "Given up", "Nobody came", "The same cause returned:", "DNS is out again", "Done, not yet verified",
		`<path d="M0 200H0V0H1000V200V200Z"/>`, `class="is-major_outage"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	text := w.get(at + ".md")
	if got := text.Header().Get("Content-Type"); got != "text/markdown; charset=utf-8" || !strings.Contains(text.Body.String(), "## In short\n\nOur name servers did not answer for **two hours**.") {
		t.Errorf("as Markdown (%s):\n%s", got, text.Body)
	}
	if body := w.get("/en/incidents/" + string(again.i.Code)).Body.String(); !strings.Contains(body, "The same cause as before:") || !strings.Contains(body, "One action against it is open again.") {
		t.Error("the new incident does not say that its cause was there before")
	}
	if body := w.get("/en/incidents/" + string(was.i.Code)).Body.String(); !strings.Contains(body, at) {
		t.Error("the incident does not lead to its report")
	}
	if body := w.get("/en/reports").Body.String(); !strings.Contains(body, at) || !strings.Contains(body, "1 of 4 actions verified, 1 late") {
		t.Error("the page of all reports does not know it")
	}
	for _, path := range []string{"/history.atom", "/de/history.rss", "/de/feed.json"} {
		feed := w.get(path).Body.String()
		if !strings.Contains(feed, "2005:Report/") && !strings.Contains(feed, "/report") {
			t.Errorf("%s does not have it", path)
		}
	}
	if got := w.get("/en/incidents/" + string(again.i.Code) + "/report"); got.Code != http.StatusNotFound {
		t.Errorf("a report that nobody has written: %d", got.Code)
	}
	for _, tag := range lang.All() {
		for _, path := range []string{"/incidents/" + string(was.i.Code) + "/report", "/incidents/" + string(was.i.Code) + "/report.md", "/reports", "/incidents/" + string(again.i.Code), "/feed.json"} {
			got := w.get("/" + string(tag) + path)
			if got.Code != http.StatusOK {
				t.Errorf("%s%s: %d", tag, path, got.Code)
			}
			missingWords(t, string(tag)+path, got.Body.String())
		}
	}
}

// A component that staff alone know is in no report (V23).
func TestAPrivateComponentIsInNoReport(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	here, err := loadWorld(t.Context(), w.db, w.now)
	if err != nil {
		t.Fatal(err)
	}
	x := w.hostile("words")
	x.revisions[0].Account.Happened = append(x.revisions[0].Account.Happened, report.Row{At: w.now, Fact: report.Turned, Component: w.secret.ID, Is: component.MajorOutage})
	r := w.face.reader(here, lang.English, w.now, time.Time{})
	for _, h := range w.face.report(r, here, x).Happened {
		if strings.Contains(h.Word, "CANARY") {
			t.Errorf("the page says %q", h.Word)
		}
	}
}

// hostile is a report in which every word is the same.
func (w *town) hostile(text string) findings {
	body, words := lang.Text{lang.English: text}, map[report.Part]lang.Text{}
	for _, p := range report.Parts {
		words[p] = body
	}
	i := incident.Incident{Code: "abcdefghijkl", Number: 7, Kind: incident.Outage, Title: body, Status: incident.Resolved, StartedAt: w.now.Add(-time.Hour), ResolvedAt: w.now}
	account := report.Account{Words: words, Happened: []report.Row{
		{At: w.now, Fact: report.Own, Text: body}, {At: w.now, Fact: report.Turned, Component: w.dns.ID, Is: component.MajorOutage}, {At: w.now, Fact: report.Broke, Text: body},
	}}
	other := report.Account{Words: map[report.Part]lang.Text{report.Cause: {lang.English: text + " more"}}}
	a := report.Action{ID: "act_x", Code: "bbcdefghijkl", Title: body, Kind: report.Prevent, State: report.Open, DueAt: w.now, PublishedAt: w.now}
	x := findings{
		story: story{Incident: i}, report: report.Report{Author: w.dana.ID, PublishedAt: w.now}, actions: []report.Action{a},
		revisions: []report.Revision{{Number: 2, At: w.now, By: w.dana.ID, Reason: text, Account: account}, {Number: 1, At: w.now, Account: other}},
		steps:     map[id.Action][]report.Step{"act_x": {{Kind: report.Refuted, By: w.dana.ID, Note: body, At: w.now}, {Kind: report.Reopened, Incident: "inc_y", At: w.now}}},
		related:   related{earlier: []incident.Incident{i}, later: []incident.Incident{i}, known: map[id.Incident]incident.Incident{"inc_y": i}},
	}
	x.written = &written{report: x.report, revision: x.revisions[0], actions: x.actions}
	return x
}
