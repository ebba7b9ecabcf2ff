package app

import (
	"testing"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/report"
	"candor/staff"
	"candor/store/storetest"
)

// comment is one that one of us has let through.
func (r *recorded) comment(words string) incident.Comment {
	r.t.Helper()
	c, err := r.desk.WriteComment(r.ctx(), desk.CommentForm{
		Topic: incident.OnIncident, Code: r.bad.Code, Name: "Vera", Body: words, Language: lang.English, IP: "192.0.2.9",
	})
	r.must(err)
	if c.State != incident.CommentShown {
		r.must(r.desk.ShowComment(r.as(staff.Owner), c.ID))
	}
	return c
}

// report publishes an account with one action.
func (r *recorded) report() report.Report {
	r.t.Helper()
	x, err := r.desk.BeginReport(r.as(staff.Owner), r.bad.ID)
	r.must(err)
	words := map[report.Part]lang.Text{
		report.Summary: {"en": "The shop was down for an hour. It was our mistake.", "de": "Der Laden war eine Stunde zu. Das war unser Fehler."},
		report.Cause:   english("A disk was full. That is our responsibility."), report.Apology: english("I am sorry."),
	}
	x, err = r.desk.WriteReport(r.as(staff.Owner), x.ID, desk.ReportDraft{Version: x.Version, Rows: x.Account.Happened, Words: words})
	r.must(err)
	a, err := r.desk.AddAction(r.as(staff.Owner), r.bad.ID, desk.ActionDraft{Kind: report.Prevent, Title: english("Disks are watched"), Owner: r.people[staff.Communicator].ID})
	r.must(err)
	if _, err := r.desk.PublishReport(r.as(staff.Owner), x.ID, desk.Publishing{Version: x.Version}); err != nil {
		for _, p := range problem.All(err) {
			r.t.Log(p.Field, p.Key)
		}
		r.t.Fatal(err)
	}
	r.must(r.desk.FinishAction(r.as(staff.Communicator), a.ID, english("A program looks every minute.")))
	return x
}

func TestReportsAndCommentsAreRecordedAsTheyAreShown(t *testing.T) {
	t.Parallel()
	r := newRecorded(t, storetest.SQLite(t))
	x := r.report()
	kept, hidden := r.comment("We lost a day's orders."), r.comment("You are all the same, and here is my number.")
	_, err := r.desk.AnswerComment(r.as(staff.Owner), kept.ID, "That must not happen. I will call you.", lang.English)
	r.must(err)
	r.must(r.desk.HideComment(r.as(staff.Owner), hidden.ID, incident.HidePersonal))
	r.sequence()
	r.afresh()
	found := r.verify()
	if found.Difference != nil || found.Erased == 0 {
		t.Fatalf("it says %+v, %v", found, found.Difference)
	}
	for name, alter := range map[string]struct {
		by, undo string
		of       id.Code
		where    string
	}{
		"a comment": {
			`UPDATE comments SET body = 'All is well.' WHERE code = $1`, `UPDATE comments SET body = 'We lost a day''s orders.' WHERE code = $1`,
			kept.Code, "/incidents/" + string(r.bad.Code),
		},
		"a comment taken away": {
			`UPDATE comments SET number = -number WHERE code = $1`, `UPDATE comments SET number = -number WHERE code = $1`,
			kept.Code, string(kept.Code),
		},
		"a report": {
			`UPDATE report_revisions SET account = replace(account, 'an hour', 'a minute') WHERE report = (SELECT id FROM reports WHERE code = $1)`,
			`UPDATE report_revisions SET account = replace(account, 'a minute', 'an hour') WHERE report = (SELECT id FROM reports WHERE code = $1)`,
			x.Code, "/report",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r.tamper(alter.by, string(alter.of))
			r.afresh()
			r.differs(r.verify(), alter.where)
			r.tamper(alter.undo, string(alter.of))
		})
	}
}
