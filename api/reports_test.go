package api

import (
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/report"
	"candor/staff"
	"candor/store"
)

// reported is an incident that is over, with its report written, or published.
func (p *program) reported(published bool) (incident.Incident, report.Report) {
	p.t.Helper()
	i, _ := p.declare("public")
	if _, err := p.desk.Post(p.as(), i.ID, desk.Word{Status: incident.Resolved, Body: english("It works."), ReportDueAt: time.Now().Add(time.Hour)}); err != nil {
		p.t.Fatal(err)
	}
	r, err := p.desk.BeginReport(p.as(), i.ID)
	if err == nil {
		r, err = p.desk.WriteReport(p.as(), r.ID, desk.ReportDraft{Version: r.Version, Words: reportWords()})
	}
	if err == nil && published {
		_, err = p.desk.PublishReport(p.as(), r.ID, desk.Publishing{Version: r.Version})
		r.Version++
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return i, r
}

func reportWords() map[report.Part]lang.Text {
	return map[report.Part]lang.Text{report.Summary: english("The shop was down. It was our mistake."), report.Cause: english("A disk was full, and nobody was told.")}
}

// done is an action that is done, by a person who is not the token's, and whose time of waiting has passed.
func (p *program) action(done bool) id.Action {
	p.t.Helper()
	i, _ := p.reported(true)
	other := p.someone()
	a, err := p.desk.AddAction(p.as(), i.ID, desk.ActionDraft{Kind: report.Detect, Title: english("An alarm before it is full"), Owner: other})
	if err != nil || !done {
		if err != nil {
			p.t.Fatal(err)
		}
		return a.ID
	}
	err = p.db.Write(p.ctx(), func(tx *store.Tx) error {
		a, err := tx.Actions.ByID(p.ctx(), a.ID)
		if err != nil {
			return err
		}
		a.State, a.DoneAt, a.DoneBy, a.VerifyFrom = report.Done, time.Now(), other, time.Now()
		return tx.Actions.Save(p.ctx(), a)
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return a.ID
}

// reportCalls are one valid request of every operation on reports and actions.
func (p *program) reportCalls() map[string]func() call {
	note := map[string]any{"note": english("Three nights of load, and it rang")}
	at := func(i incident.Incident, _ report.Report) string { return string(i.ID) }
	return map[string]func() call{
		"show-report": func() call { return call{at(p.reported(true)), nil} },
		"write-report": func() call {
			i, r := p.reported(false)
			return call{string(i.ID), map[string]any{"version": r.Version, "words": reportWords(), "own": []any{map[string]any{"at": time.Now().Add(-time.Hour), "text": english("We drove there")}}}}
		},
		"publish-report": func() call {
			i, r := p.reported(false)
			return call{string(i.ID), map[string]any{"version": r.Version}}
		},
		"correct-report": func() call {
			i, r := p.reported(true)
			return call{string(i.ID), map[string]any{"version": r.Version, "words": reportWords(), "reason": "We had miscounted"}}
		},
		"same-cause": func() call {
			before, _ := p.reported(true)
			i, _ := p.declare("public")
			return call{string(i.ID), map[string]any{"earlier": before.ID}}
		},
		"list-actions": func() call { p.action(false); return call{} },
		"add-action": func() call {
			return call{at(p.reported(false)), map[string]any{"kind": "prevent", "title": english("A larger disk")}}
		},
		"change-action": func() call {
			return call{string(p.action(false)), map[string]any{"kind": "prevent", "title": english("A much larger disk")}}
		},
		"finish-action": func() call { return call{string(p.action(false)), map[string]any{}} },
		"verify-action": func() call { return call{string(p.action(true)), note} },
		"refute-action": func() call { return call{string(p.action(true)), note} },
		"drop-action":   func() call { return call{string(p.action(false)), note} },
	}
}

// someone is a person besides the token's.
func (p *program) someone() id.Person {
	p.t.Helper()
	x := staff.Person{ID: id.New[id.Person](time.Now()), Name: "Ben", Mail: string(id.NewCode()) + "@harbour.test", Language: lang.English, Roles: []staff.Role{staff.Viewer}, CreatedAt: time.Now()}
	if err := p.db.Write(p.ctx(), func(tx *store.Tx) error { return tx.People.Add(p.ctx(), x, x.Mail) }); err != nil {
		p.t.Fatal(err)
	}
	return x.ID
}
