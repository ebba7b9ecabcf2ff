package api

import (
	"context"
	"time"

	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/store"
)

// turn is somebody on the call list.
type turn struct {
	ID        string      `json:"id" doc:"cus_… or, for a number somebody left, crq_…"`
	Customer  id.Customer `json:"customer,omitempty"`
	External  string      `json:"external,omitempty" doc:"What your own systems call the customer"`
	Name      string      `json:"name"`
	Incident  id.Incident `json:"incident,omitempty"`
	Language  lang.Tag    `json:"language"`
	Zone      string      `json:"timezone,omitempty"`
	Plan      string      `json:"plan,omitempty"`
	Fee       string      `json:"fee,omitempty" doc:"Per month"`
	Currency  string      `json:"currency,omitempty"`
	Numbers   []string    `json:"numbers"`
	Reason    reach.Why   `json:"reason" doc:"Why they are called"`
	Since     time.Time   `json:"waiting_since"`
	AskedAt   time.Time   `json:"asked_at,omitzero" doc:"When they asked to be called"`
	Holder    id.Person   `json:"holder,omitempty" doc:"Who has them on the telephone"`
	HeldUntil time.Time   `json:"held_until,omitzero"`
}

type listCalls struct {
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type callList struct {
	Body struct {
		Waiting int64  `json:"waiting" doc:"How many are on the list in all"`
		Calls   []turn `json:"calls" doc:"The most urgent first; listing claims nobody"`
	}
}

func (a *API) listCalls(ctx context.Context, in *listCalls) (*callList, error) {
	out := &callList{}
	err := a.db.Read(ctx, func(tx *store.Tx) (err error) {
		at := time.Now().UTC()
		out.Body.Calls = []turn{}
		if out.Body.Waiting, err = tx.Affected.Calling(ctx, at); err != nil {
			return err
		}
		all, err := tx.Affected.CallList(ctx, at, in.Limit)
		if err != nil {
			return err
		}
		all = all[:min(len(all), in.Limit)]
		numbers, err := tx.Affected.Numbers(ctx, all)
		for _, t := range all {
			out.Body.Calls = append(out.Body.Calls, turn{
				t.Who(), t.Customer, t.External, t.Name, t.Incident, t.Language, t.Zone, t.Plan, t.Charge.Plain(), t.Charge.Currency,
				filled(numbers[t.Who()]), t.Reason, t.Since, t.AskedAt, t.Holder, t.HeldUntil,
			})
		}
		return err
	})
	return out, err
}

type noteCall struct {
	ID   string `path:"id" doc:"cus_… or crq_…, or what your own systems call the customer" maxLength:"200"`
	Body struct {
		Outcome  reach.CallOutcome `json:"outcome" enum:"spoken_with,left_message,no_answer,wrong_number,call_back,refused"`
		Incident string            `json:"incident,omitempty" maxLength:"40" doc:"Left out: every incident they are on the list for"`
		Contact  id.Contact        `json:"contact,omitempty" maxLength:"40" doc:"The number that was called; left out: the one that was to be"`
		Note     string            `json:"note,omitempty" maxLength:"4000"`
		At       time.Time         `json:"at,omitzero" doc:"Left out: now"`
		BackAt   time.Time         `json:"back_at,omitzero" doc:"With call_back: when"`
		External string            `json:"external,omitempty" maxLength:"200" doc:"Of a number somebody left: the customer it turned out to be"`
	}
}

func (a *API) noteCall(ctx context.Context, in *noteCall) (*struct{}, error) {
	b := in.Body
	called := desk.Called{Outcome: b.Outcome, Contact: b.Contact, Note: b.Note, At: b.At, Back: b.BackAt, External: b.External}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		if b.Incident != "" {
			i, err := find(ctx, tx, b.Incident)
			if err != nil {
				return err
			}
			called.Incidents = []id.Incident{i.ID}
		}
		if x, err := id.Parse[id.CallRequest](in.ID); err == nil {
			called.Request = x
			return nil
		}
		c, err := customerOf(ctx, tx, in.ID)
		if err == nil && !c.ErasedAt.IsZero() {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		called.Customer = c.ID
		return err
	})
	if err != nil {
		return nil, err
	}
	return nil, a.desk.CallOutcome(ctx, called)
}
