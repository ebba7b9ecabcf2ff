package desk_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/promise"
	"candor/reach"
	"candor/report"
	"candor/store"
	"candor/store/storetest"
)

// over is an outage that is resolved, with its report promised.
func (n newsroom) over(t *testing.T) incident.Incident {
	t.Helper()
	i := n.declare(t, desk.Declaration{Kind: incident.Outage, Title: english("Sites are down"), First: desk.Word{Body: english("We are on it."), Affected: []incident.Affected{down(n.site, "major_outage")}}})
	_, err := n.Post(n.ctx, i.ID, desk.Word{
		Status: incident.Resolved, Body: english("It works again."), ReportDueAt: time.Now().Add(96 * time.Hour),
		Affected: []incident.Affected{down(n.site, "operational")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return n.look(t, i.ID).incident
}

// written is a report with everything that it needs.
func (n newsroom) written(t *testing.T, i incident.Incident) report.Report {
	t.Helper()
	r, err := n.BeginReport(n.ctx, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	r, err = n.WriteReport(n.ctx, r.ID, sound(r))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func sound(r report.Report) desk.ReportDraft {
	return desk.ReportDraft{Version: r.Version, Rows: r.Account.Happened, Inside: r.Inside, Words: map[report.Part]lang.Text{
		report.Summary: english("Sites were down for an hour. It was our mistake."),
		report.Cause:   english("A table of routes was written over by hand. That is our responsibility."),
		report.Apology: english("I am sorry."),
	}}
}

func (n newsroom) action(t *testing.T, i incident.Incident, title string) report.Action {
	t.Helper()
	a, err := n.AddAction(n.ctx, i.ID, desk.ActionDraft{Kind: report.Prevent, Title: english(title), Owner: n.ben.ID})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (n newsroom) actions(t *testing.T, i id.Incident) (all []report.Action, steps []report.Step) {
	t.Helper()
	err := n.db.Read(t.Context(), func(tx *store.Tx) (err error) {
		if all, err = tx.Actions.Of(t.Context(), i); err != nil {
			return err
		}
		steps, err = tx.Actions.Steps(t.Context(), i)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, steps
}

func TestAPublishedReportKeepsItsPromiseAndMakesOneOfEveryAction(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.over(t)
		r := n.written(t, i)
		n.action(t, i, "Routes are written by a program")
		if _, err := n.AddAction(n.ctx, i.ID, desk.ActionDraft{Kind: report.Process, Internal: true, Title: english("Ask who may log in")}); err != nil {
			t.Fatal(err)
		}
		if open := n.look(t, i.ID).open(promise.CorrectiveAction); len(open) != 1 || open[0].MadeTo() != promise.Staff {
			t.Errorf("before it is published, customers were promised %+v", open)
		}
		before := n.look(t, i.ID)
		if _, err := n.PublishReport(n.ctx, r.ID, desk.Publishing{Version: r.Version}); err != nil {
			t.Fatal(err)
		}
		l := n.look(t, i.ID)
		for _, p := range l.promises {
			if p.Kind == promise.Report && p.Outcome(time.Now()) != promise.Kept {
				t.Errorf("the promise of the report is %s", p.Outcome(time.Now()))
			}
		}
		promised := slices.DeleteFunc(l.open(promise.CorrectiveAction), func(p promise.Promise) bool { return !p.Public() })
		if len(promised) != 1 || promised[0].Text != "Routes are written by a program" || promised[0].Promiser != n.ben.ID {
			t.Errorf("customers are promised %+v", promised)
		}
		if want := 8 * 7 * 24 * time.Hour; len(promised) == 1 && time.Until(promised[0].DueAt) > want+25*time.Hour {
			t.Errorf("an action is due %s, later than eight weeks", promised[0].DueAt)
		}
		if l.version <= before.version {
			t.Error("the page is not told that there is a report")
		}
		last := l.announcements[len(l.announcements)-1]
		if last.Kind != reach.OnReport || !last.Target.Noted || !last.Target.Everyone {
			t.Errorf("announced: %+v", last)
		}
		if _, err := n.PublishReport(n.ctx, r.ID, desk.Publishing{Version: r.Version + 1}); !problem.Is(err, problem.Conflict) {
			t.Errorf("published twice: %v", err)
		}
	})
}

func TestAReportIsNotPublishedWithAHoleInIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.over(t)
		r, err := n.BeginReport(n.ctx, i.ID)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := n.BeginReport(n.ctx, i.ID); err != nil || again.ID != r.ID {
			t.Errorf("begun twice it is %s and %s, %v", r.ID, again.ID, err)
		}
		if !strings.Contains(r.Account.Words[report.Summary][lang.English], desk.BlankOf) {
			t.Fatalf("the house begins with no blank: %q", r.Account.Words[report.Summary])
		}
		_, err = n.PublishReport(n.ctx, r.ID, desk.Publishing{Version: r.Version})
		if diff := cmp.Diff([]string{"words.summary problem.report.blank", "words.cause problem.report.blank", "words.apology problem.report.blank"}, keys(err)); diff != "" {
			t.Error(diff)
		}
		in := sound(r)
		delete(in.Words, report.Cause)
		if r, err = n.WriteReport(n.ctx, r.ID, in); err != nil {
			t.Fatal(err)
		}
		_, err = n.PublishReport(n.ctx, r.ID, desk.Publishing{Version: r.Version})
		if diff := cmp.Diff([]string{"words.cause problem.report.missing"}, keys(err)); diff != "" {
			t.Error(diff)
		}
		in = sound(r)
		in.Version--
		if _, err := n.WriteReport(n.ctx, r.ID, in); !problem.Is(err, problem.Conflict) {
			t.Errorf("another's words are written over: %v", err)
		}
		in = sound(r)
		in.Rows = append(in.Rows, report.Row{Fact: report.Own, At: time.Now().Add(time.Hour)}, report.Row{Fact: report.Over, Text: english("never")})
		_, err = n.WriteReport(n.ctx, r.ID, in)
		if diff := cmp.Diff([]string{"own.0 problem.text.empty", "own.0.at problem.report.row"}, keys(err)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestNoReportOfWhatIsNotOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.declare(t, desk.Declaration{Kind: incident.Outage, First: desk.Word{Body: english("Down."), Affected: []incident.Affected{down(n.site, "major_outage")}}})
		if _, err := n.BeginReport(n.ctx, i.ID); !problem.Is(err, problem.Conflict) {
			t.Errorf("begun: %v", err)
		}
	})
}

func TestACorrectedReportKeepsWhatStoodThere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.over(t)
		r := n.written(t, i)
		if _, err := n.PublishReport(n.ctx, r.ID, desk.Publishing{Version: r.Version, Silent: true}); err != nil {
			t.Fatal(err)
		}
		r.Version++
		in := sound(r)
		in.Words[report.Cause] = english("A table of routes was written over by a program of ours. That is our responsibility.")
		if _, err := n.CorrectReport(n.ctx, r.ID, in, desk.Publishing{}); keys(err) == nil || keys(err)[0] != "reason problem.text.empty" {
			t.Errorf("corrected without a reason: %v", err)
		}
		if _, err := n.CorrectReport(n.ctx, r.ID, in, desk.Publishing{Reason: "It was no hand"}); err != nil {
			t.Fatal(err)
		}
		var all []report.Revision
		if err := db.Read(t.Context(), func(tx *store.Tx) (err error) {
			all, err = tx.Reports.Revisions(t.Context(), r.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(all) != 2 || all[0].Reason != "It was no hand" || !strings.Contains(all[1].Account.In(report.Cause, "en"), "by hand") || !strings.Contains(all[0].Account.In(report.Cause, "en"), "by a program") {
			t.Errorf("revisions %+v", all)
		}
		announced := 0
		for _, a := range n.look(t, i.ID).announcements {
			if a.Kind == reach.OnReport {
				announced++
			}
		}
		if announced != 1 {
			t.Errorf("announced %d times: the first went out silently, its correction did not", announced)
		}
	})
}

func TestAnActionIsVerifiedByAnotherAfterAWhile(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.over(t)
		r := n.written(t, i)
		a := n.action(t, i, "Routes are written by a program") // Ben answers for it
		if _, err := n.PublishReport(n.ctx, r.ID, desk.Publishing{Version: r.Version}); err != nil {
			t.Fatal(err)
		}
		ben := n.as(t, n.ben)
		if err := n.VerifyAction(n.ctx, a.ID, english("x")); !problem.Is(err, problem.Conflict) {
			t.Errorf("verified before it was done: %v", err)
		}
		if err := n.FinishAction(ben, a.ID, nil); err != nil {
			t.Fatal(err)
		}
		if open := n.look(t, i.ID).open(promise.CorrectiveAction); len(open) != 0 {
			t.Errorf("what is done is still promised: %+v", open)
		}
		if err := n.VerifyAction(ben, a.ID, english("I looked")); !problem.Is(err, problem.Forbidden) {
			t.Errorf("its owner verified it: %v", err)
		}
		if err := n.VerifyAction(n.ctx, a.ID, english("It holds")); !problem.Is(err, problem.Conflict) {
			t.Errorf("verified at once: %v", err)
		}
		n.elapse(t, a.ID)
		if err := n.VerifyAction(n.ctx, a.ID, nil); keys(err) == nil || keys(err)[0] != "note problem.action.evidence" {
			t.Errorf("verified without evidence: %v", err)
		}
		if err := n.VerifyAction(n.ctx, a.ID, english("Three changes of routes since, none by hand")); err != nil {
			t.Fatal(err)
		}
		all, steps := n.actions(t, i.ID)
		if all[0].State != report.Verified || all[0].VerifiedBy != n.ann.ID || len(steps) != 3 {
			t.Errorf("%+v after %d steps", all[0], len(steps))
		}
		if got := report.Count(all, time.Now()); got.Verified != 1 || got.Made != 1 {
			t.Errorf("%+v", got)
		}
	})
}

// elapse lets the time of waiting pass.
func (n newsroom) elapse(t *testing.T, x id.Action) {
	t.Helper()
	n.write(t, func(ctx context.Context, tx *store.Tx) error {
		a, err := tx.Actions.ByID(ctx, x)
		if err != nil {
			return err
		}
		a.VerifyFrom = time.Now().Add(-time.Minute)
		return tx.Actions.Save(ctx, a)
	})
}

func TestTheSameCauseOpensItsActionsAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.over(t)
		r := n.written(t, i)
		for _, title := range []string{"first", "second", "third"} {
			n.action(t, i, title)
		}
		if _, err := n.PublishReport(n.ctx, r.ID, desk.Publishing{Version: r.Version}); err != nil {
			t.Fatal(err)
		}
		all, _ := n.actions(t, i.ID)
		if err := n.FinishAction(n.ctx, all[0].ID, nil); err != nil {
			t.Fatal(err)
		}
		if err := n.DropAction(n.ctx, all[1].ID, english("Too dear")); err != nil {
			t.Fatal(err)
		}
		again := n.declare(t, desk.Declaration{Kind: incident.Outage, First: desk.Word{Body: english("Again."), Affected: []incident.Affected{down(n.site, "major_outage")}}})
		if _, err := n.SameCause(n.ctx, i.ID, again.ID); keys(err) == nil || keys(err)[0] != "earlier problem.cause.later" {
			t.Errorf("an earlier incident has the cause of a later one: %v", err)
		}
		reopened, err := n.SameCause(n.ctx, again.ID, i.ID)
		if err != nil || len(reopened) != 2 {
			t.Fatalf("reopened %d, %v", len(reopened), err)
		}
		if more, err := n.SameCause(n.ctx, again.ID, i.ID); err != nil || len(more) != 0 {
			t.Errorf("noted twice, it opened %d more, %v", len(more), err)
		}
		all, steps := n.actions(t, i.ID)
		for _, a := range all {
			if a.State != report.Open || a.Promise == "" {
				t.Errorf("%s is %s", a.Title, a.State)
			}
		}
		by := 0
		for _, s := range steps {
			if s.Kind == report.Reopened && s.Incident == again.ID {
				by++
			}
		}
		if open := n.look(t, i.ID).open(promise.CorrectiveAction); by != 2 || len(open) != 3 {
			t.Errorf("%d steps say why, %d promises bind", by, len(open))
		}
		// And a third time: the family of the cause is longer than its last member.
		if err := n.FinishAction(n.ctx, all[0].ID, nil); err != nil {
			t.Fatal(err)
		}
		third := n.declare(t, desk.Declaration{Kind: incident.Outage, First: desk.Word{Body: english("And again."), Affected: []incident.Affected{down(n.site, "major_outage")}}})
		if reopened, err = n.SameCause(n.ctx, third.ID, again.ID); err != nil || len(reopened) != 1 {
			t.Errorf("the third time reopened %d, %v", len(reopened), err)
		}
	})
}

func TestADateThatMovesIsAnotherPromise(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.over(t)
		r := n.written(t, i)
		a := n.action(t, i, "first")
		if _, err := n.PublishReport(n.ctx, r.ID, desk.Publishing{Version: r.Version}); err != nil {
			t.Fatal(err)
		}
		later := a.DueAt.Add(7 * 24 * time.Hour)
		if err := n.ChangeAction(n.ctx, a.ID, desk.ActionDraft{Kind: a.Kind, Title: a.Title, Owner: n.ann.ID, DueAt: later}); err != nil {
			t.Fatal(err)
		}
		var due []time.Time
		for _, p := range n.look(t, i.ID).promises {
			if p.Kind == promise.CorrectiveAction {
				due = append(due, p.DueAt)
			}
		}
		if len(due) != 2 || !due[0].Equal(a.DueAt) || !due[1].Equal(later) {
			t.Errorf("promised for %v, want %s and %s", due, a.DueAt, later)
		}
		if err := n.ChangeAction(n.ctx, a.ID, desk.ActionDraft{Kind: "wish", Ticket: "javascript:alert(1)", Owner: "per_x", DueAt: time.Now().Add(-time.Hour)}); err != nil {
			want := []string{"kind problem.choice", "title problem.text.empty", "ticket problem.action.ticket", "owner problem.author", "due_at problem.next.past"}
			if diff := cmp.Diff(want, keys(err)); diff != "" {
				t.Error(diff)
			}
		} else {
			t.Error("taken")
		}
	})
}
