package api

import (
	"context"
	"errors"
	"time"

	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/report"
	"candor/staff"
	"candor/store"
)

// reportShape is a report as staff see it: what is being written, or what stands on the page.
type reportShape struct {
	Incident    id.Incident               `json:"incident"`
	State       report.State              `json:"state" enum:"draft,in_review,published"`
	Version     int64                     `json:"version" doc:"To be given with every change: nobody writes over another's words unseen"`
	Revision    int                       `json:"revision,omitempty" doc:"That stands on the page"`
	DueAt       time.Time                 `json:"due_at,omitzero"`
	PublishedAt time.Time                 `json:"published_at,omitzero"`
	Author      id.Person                 `json:"author"`
	Words       map[report.Part]lang.Text `json:"words"`
	Happened    []rowShape                `json:"happened"`
	Impact      impactShape               `json:"impact"`
	Inside      insideShape               `json:"inside"`
	Actions     []actionShape             `json:"actions"`
}

type rowShape struct {
	At        time.Time    `json:"at"`
	Fact      report.Fact  `json:"fact" enum:"broke,noticed,reported,said,missed,changed,over,own"`
	Text      lang.Text    `json:"text,omitempty"`
	Hidden    bool         `json:"hidden,omitempty"`
	Component id.Component `json:"component,omitempty"`
	Update    int          `json:"update,omitempty" doc:"Its number"`
	Status    string       `json:"status,omitempty"`
	LateS     int64        `json:"late_s,omitempty"`
}

type impactShape struct {
	AsOf      time.Time        `json:"as_of,omitzero"`
	Customers int64            `json:"customers"`
	Told      int64            `json:"told"`
	Reached   int64            `json:"reached"`
	Messages  int64            `json:"messages"`
	LastedS   int64            `json:"lasted_s"`
	ByStatusS map[string]int64 `json:"by_status_s"`
}

type insideShape struct {
	Whys    []string `json:"whys,omitempty" maxItems:"5"`
	Sooner  string   `json:"sooner,omitempty" doc:"How would we have noticed in half the time?"`
	Shorter string   `json:"shorter,omitempty" doc:"How would it have been over in half the time?"`
	Known   string   `json:"known,omitempty" doc:"Was it on a list already? Has it happened before?"`
	Change  string   `json:"change,omitempty" doc:"Did a change of ours set it off?"`
	Notes   string   `json:"notes,omitempty"`
}

func (a *API) shapeReport(ctx context.Context, tx *store.Tx, r report.Report) (x reportShape, err error) {
	i, err := tx.Incidents.ByID(ctx, r.Incident)
	if err != nil {
		return x, err
	}
	in, impact := r.Inside, r.Account.Impact
	x = reportShape{
		Incident: r.Incident, State: r.State, Version: r.Version, DueAt: i.ReportDueAt, PublishedAt: r.PublishedAt, Author: r.Author,
		Words: r.Account.Words, Happened: []rowShape{}, Actions: []actionShape{},
		Impact: impactShape{impact.AsOf, impact.Customers, impact.Told, impact.Reached, impact.Messages, int64(impact.Total() / time.Second), map[string]int64{}},
		Inside: insideShape{in.Whys, in.Sooner, in.Shorter, in.Known, in.Change, in.Notes},
	}
	for status, lasted := range impact.Lasted {
		x.Impact.ByStatusS[string(status)] = int64(lasted / time.Second)
	}
	for _, row := range r.Account.Happened {
		s := rowShape{At: row.At, Fact: row.Fact, Text: row.Text, Hidden: row.Hidden, Component: row.Component, Update: row.Number, Status: string(row.Status), LateS: int64(row.Late / time.Second)}
		if row.Fact == report.Turned {
			s.Status = string(row.Is)
		}
		x.Happened = append(x.Happened, s)
	}
	last, err := tx.Reports.Latest(ctx, r.ID)
	if err == nil {
		x.Revision = last.Number
	} else if !errors.Is(err, store.ErrNotFound) {
		return x, err
	}
	actions, err := tx.Actions.Of(ctx, r.Incident)
	for _, one := range actions {
		x.Actions = append(x.Actions, shapeAction(one))
	}
	return x, err
}

type reportBody struct{ Body reportShape }

// reportAt is the report of the incident in the path.
func (a *API) reportAt(ctx context.Context, typed string) (i id.Incident, r report.Report, err error) {
	err = a.db.Read(ctx, func(tx *store.Tx) error {
		of, err := find(ctx, tx, typed)
		if err != nil {
			return err
		}
		i = of.ID
		r, err = tx.Reports.Of(ctx, of.ID)
		return err
	})
	return i, r, err
}

func (a *API) answerReport(ctx context.Context, typed string) (*reportBody, error) {
	_, r, err := a.reportAt(ctx, typed)
	if err != nil {
		return nil, err
	}
	out := &reportBody{}
	err = a.db.Read(ctx, func(tx *store.Tx) error {
		out.Body, err = a.shapeReport(ctx, tx, r)
		return err
	})
	return out, err
}

func (a *API) showReport(ctx context.Context, in *IncidentPath) (*reportBody, error) {
	return a.answerReport(ctx, in.ID)
}

// Written is what somebody wrote of a report. Rows people add are Own; the facts that Candor knows are kept.
type Written struct {
	Version int64                     `json:"version,omitempty" doc:"That was read; left out before there is one"`
	Author  id.Person                 `json:"author,omitempty"`
	Words   map[report.Part]lang.Text `json:"words" doc:"summary, cause, trigger, factors, unnoticed, well, badly, lucky, apology; Markdown per language"`
	Own     []ownShape                `json:"own,omitempty" maxItems:"300" doc:"What happened that Candor does not know; replaces those before"`
	Inside  insideShape               `json:"inside,omitzero" doc:"No customer reads it"`
}

type ownShape struct {
	At   time.Time `json:"at"`
	Text lang.Text `json:"text"`
}

func (w Written) draft(r report.Report) desk.ReportDraft {
	in := w.Inside
	d := desk.ReportDraft{
		Version: w.Version, Author: w.Author, Words: w.Words,
		Inside: report.Inside{Whys: in.Whys, Sooner: in.Sooner, Shorter: in.Shorter, Known: in.Known, Change: in.Change, Notes: in.Notes},
	}
	for _, row := range r.Account.Happened {
		if row.Fact != report.Own {
			d.Rows = append(d.Rows, row)
		}
	}
	for _, o := range w.Own {
		d.Rows = append(d.Rows, report.Row{Fact: report.Own, At: o.At, Text: o.Text})
	}
	return d
}

// writeReport begins the report if nobody has, and keeps what is written.
func (a *API) writeReport(ctx context.Context, in *struct {
	IncidentPath
	Body Written
},
) (*reportBody, error) {
	i, r, err := a.reportAt(ctx, in.ID)
	if errors.Is(err, store.ErrNotFound) && i != "" {
		r, err = a.desk.BeginReport(ctx, i)
		in.Body.Version = r.Version
	}
	if err != nil {
		return nil, err
	}
	if _, err := a.desk.WriteReport(ctx, r.ID, in.Body.draft(r)); err != nil {
		return nil, err
	}
	return a.answerReport(ctx, in.ID)
}

func (a *API) publishReport(ctx context.Context, in *struct {
	IncidentPath
	Body struct {
		Version int64 `json:"version"`
		Silent  bool  `json:"silent,omitempty" doc:"Page and feeds only"`
	}
},
) (*reportBody, error) {
	_, r, err := a.reportAt(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if _, err := a.desk.PublishReport(ctx, r.ID, desk.Publishing{Version: in.Body.Version, Silent: in.Body.Silent}); err != nil {
		return nil, err
	}
	return a.answerReport(ctx, in.ID)
}

func (a *API) correctReport(ctx context.Context, in *struct {
	IncidentPath
	Body struct {
		Written
		Reason string `json:"reason" maxLength:"2000" doc:"Customers read it"`
		Silent bool   `json:"silent,omitempty"`
	}
},
) (*reportBody, error) {
	_, r, err := a.reportAt(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if _, err := a.desk.CorrectReport(ctx, r.ID, in.Body.draft(r), desk.Publishing{Reason: in.Body.Reason, Silent: in.Body.Silent}); err != nil {
		return nil, err
	}
	return a.answerReport(ctx, in.ID)
}

// reports is the part of the table about why it happened, and what is done about it.
func (a *API) reports() {
	add(a, operation{"GET /api/v1/incidents/{id}/report", "show-report", "The report of an incident, with its actions", staff.Look, 0}, a.showReport)
	add(a, operation{"PUT /api/v1/incidents/{id}/report", "write-report", "Write the report of an incident that is over; begins it if nobody has", staff.Say, 0}, a.writeReport)
	add(a, operation{"POST /api/v1/incidents/{id}/report/publish", "publish-report", "Publish a report, mail it to everybody affected, and promise its actions", staff.Say, 0}, a.publishReport)
	add(a, operation{"POST /api/v1/incidents/{id}/report/corrections", "correct-report", "Put a published report right, in the open", staff.Say, 0}, a.correctReport)
	add(a, operation{"POST /api/v1/incidents/{id}/same-cause", "same-cause", "Note that an incident has the cause of an earlier one: its actions are open again", staff.Say, 0}, a.sameCause)
	add(a, operation{"GET /api/v1/actions", "list-actions", "Actions that somebody still owes work or a look, the soonest due first", staff.Look, 0}, a.listActions)
	add(a, operation{"POST /api/v1/incidents/{id}/actions", "add-action", "Add an action against what caused an incident", staff.Say, 201}, a.addAction)
	add(a, operation{"PUT /api/v1/actions/{id}", "change-action", "Change an action; a new date is a new promise", staff.Say, 204}, a.changeAction)
	add(a, operation{"POST /api/v1/actions/{id}/done", "finish-action", "Note that an action is done; its owner may", staff.Look, 204}, a.finishAction)
	add(a, operation{"POST /api/v1/actions/{id}/verify", "verify-action", "Note that somebody other than its owner has seen it work", staff.Say, 204}, a.verifyAction)
	add(a, operation{"POST /api/v1/actions/{id}/refute", "refute-action", "Open an action again that does not hold", staff.Say, 204}, a.refuteAction)
	add(a, operation{"POST /api/v1/actions/{id}/drop", "drop-action", "Give an action up, with the reason in public", staff.Say, 204}, a.dropAction)
}
