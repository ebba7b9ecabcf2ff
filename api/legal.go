package api

import (
	"context"
	"time"

	"candor/desk"
	"candor/id"
	"candor/promise"
	"candor/staff"
	"candor/store"
)

type legalBody struct{ Body desk.LegalRecord }

func (a *API) showDeadlines(ctx context.Context, in *IncidentPath) (*legalBody, error) {
	of, err := a.resolve(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &legalBody{}
	out.Body, err = a.desk.LegalRecordOf(ctx, of)
	return out, err
}

type recordFact struct {
	IncidentPath
	Body struct {
		Event  promise.Event   `json:"event" doc:"aware, noticed, discovered, classified, determined, material, failed, harms, normal, handled, remedied or incomplete of a regime; submitted, not_required or moved of a clock; retracted takes one of them back"`
		Regime promise.Regime  `json:"regime,omitempty" maxLength:"100" doc:"Whose event it is, such as gdpr"`
		Clock  promise.ClockID `json:"clock,omitempty" maxLength:"100" doc:"Whose notice was sent, moved or is not required, such as gdpr-33"`
		Takes  promise.Event   `json:"takes,omitempty" doc:"Of retracted: what it takes back"`
		At     time.Time       `json:"at,omitzero" doc:"When it happened; left out: now"`
		DueAt  time.Time       `json:"due_at,omitzero" doc:"Of moved: the new deadline"`
		Reason string          `json:"reason,omitempty" maxLength:"2000" doc:"Needed for not_required, moved and retracted"`
	}
}

func (a *API) recordFact(ctx context.Context, in *recordFact) (*legalBody, error) {
	of, err := a.resolve(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	f := promise.Fact{Event: b.Event, Regime: b.Regime, Clock: b.Clock, Takes: b.Takes, At: b.At, DueAt: b.DueAt, Reason: b.Reason}
	if err := a.desk.RecordFact(ctx, of, f); err != nil {
		return nil, err
	}
	return a.showDeadlines(ctx, &in.IncidentPath)
}

// owedShape is one promise that binds somebody.
type owedShape struct {
	ID       id.Promise      `json:"id"`
	Kind     promise.Kind    `json:"kind"`
	Incident id.Incident     `json:"incident"`
	Promiser id.Person       `json:"promiser,omitempty"`
	To       promise.To      `json:"to" enum:"customers,customer,staff"`
	Text     string          `json:"text,omitempty"`
	Clock    promise.ClockID `json:"clock,omitempty"`
	MadeAt   time.Time       `json:"made_at"`
	DueAt    time.Time       `json:"due_at"`
	Late     int64           `json:"late_seconds,omitempty"`
}

type owedBody struct {
	Body struct {
		AsOf     time.Time   `json:"as_of"`
		Promises []owedShape `json:"promises" doc:"The soonest first, so that late ones lead; 1,000 at most"`
	}
}

func (a *API) listPromises(ctx context.Context, _ *struct{}) (*owedBody, error) {
	out := &owedBody{}
	out.Body.AsOf, out.Body.Promises = time.Now().UTC(), []owedShape{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		open, err := tx.Promises.Open(ctx)
		for _, p := range open {
			out.Body.Promises = append(out.Body.Promises, owedShape{
				p.ID, p.Kind, p.Incident, p.Promiser, p.MadeTo(), p.Text, p.Clock, p.MadeAt, p.DueAt, int64(p.Late(out.Body.AsOf) / time.Second),
			})
		}
		return err
	})
	return out, err
}

// promises is the part of the table about what is owed by when.
func (a *API) promises() {
	add(a, operation{"GET /api/v1/promises", "list-promises", "Everything owed by when: next words, reports, legal notices", staff.Look, 0}, a.listPromises)
	add(a, operation{"GET /api/v1/incidents/{id}/deadlines", "show-deadlines", "Legal deadlines by what was recorded; not legal advice", staff.Look, 0}, a.showDeadlines)
	add(a, operation{"POST /api/v1/incidents/{id}/deadlines", "record-fact", "Record an event of a legal clock, or what became of a notice; appended, never changed", staff.Say, 201}, a.recordFact)
}
