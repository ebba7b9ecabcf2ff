package api

import (
	"context"
	"time"

	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/report"
	"candor/store"
)

// actionShape is one thing that is done so that it never happens twice.
type actionShape struct {
	ID         id.Action          `json:"id"`
	Incident   id.Incident        `json:"incident"`
	Kind       report.ActionKind  `json:"kind" enum:"prevent,detect,mitigate,process"`
	State      report.ActionState `json:"state" enum:"open,done,verified,dropped"`
	Title      lang.Text          `json:"title"`
	Owner      id.Person          `json:"owner"`
	Ticket     string             `json:"ticket,omitempty"`
	Internal   bool               `json:"internal,omitempty" doc:"No customer reads of it"`
	Public     bool               `json:"public,omitempty" doc:"Customers read of it, and it is a promise to them"`
	DueAt      time.Time          `json:"due_at"`
	DoneAt     time.Time          `json:"done_at,omitzero"`
	VerifyFrom time.Time          `json:"verify_from,omitzero" doc:"Before that it is too early to see whether it works"`
	VerifiedAt time.Time          `json:"verified_at,omitzero"`
	VerifiedBy id.Person          `json:"verified_by,omitempty"`
	Evidence   lang.Text          `json:"evidence,omitempty"`
}

func shapeAction(a report.Action) actionShape {
	return actionShape{
		ID: a.ID, Incident: a.Incident, Kind: a.Kind, State: a.State, Title: a.Title, Owner: a.Owner, Ticket: a.Ticket, Internal: a.Internal, Public: a.Public(),
		DueAt: a.DueAt, DoneAt: a.DoneAt, VerifyFrom: a.VerifyFrom, VerifiedAt: a.VerifiedAt, VerifiedBy: a.VerifiedBy, Evidence: a.Evidence,
	}
}

type actionBody struct{ Body actionShape }

type actionsBody struct {
	Body struct {
		Actions []actionShape `json:"actions"`
	}
}

func (a *API) listActions(ctx context.Context, _ *struct{}) (*actionsBody, error) {
	out := &actionsBody{}
	out.Body.Actions = []actionShape{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Actions.Unsettled(ctx)
		for _, one := range all {
			out.Body.Actions = append(out.Body.Actions, shapeAction(one))
		}
		return err
	})
	return out, err
}

// todo is an action as somebody writes it.
type todo struct {
	Kind     report.ActionKind `json:"kind" enum:"prevent,detect,mitigate,process"`
	Title    lang.Text         `json:"title"`
	Owner    id.Person         `json:"owner,omitempty" doc:"Left out: the token's person, or who it was"`
	Ticket   string            `json:"ticket,omitempty" maxLength:"2000" doc:"Its address in your tracker, for staff alone"`
	Internal bool              `json:"internal,omitempty" doc:"No customer reads of it"`
	DueAt    time.Time         `json:"due_at,omitzero" doc:"Left out: as the settings have it, or as it was"`
}

func (t todo) draft() desk.ActionDraft {
	return desk.ActionDraft{Kind: t.Kind, Internal: t.Internal, Title: t.Title, Owner: t.Owner, Ticket: t.Ticket, DueAt: t.DueAt}
}

func (a *API) addAction(ctx context.Context, in *struct {
	IncidentPath
	Body todo
},
) (*actionBody, error) {
	i, err := a.incidentAt(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	x, err := a.desk.AddAction(ctx, i, in.Body.draft())
	return &actionBody{shapeAction(x)}, err
}

func (a *API) incidentAt(ctx context.Context, typed string) (i id.Incident, err error) {
	err = a.db.Read(ctx, func(tx *store.Tx) error {
		of, err := find(ctx, tx, typed)
		i = of.ID
		return err
	})
	return i, err
}

// ActionPath names an action.
type ActionPath struct {
	ID string `path:"id"`
}

func (p ActionPath) action() (id.Action, error) {
	x, err := id.Parse[id.Action](p.ID)
	if err != nil {
		return "", problem.New(problem.NotFound, "problem.not_found")
	}
	return x, nil
}

func (a *API) changeAction(ctx context.Context, in *struct {
	ActionPath
	Body todo
},
) (*struct{}, error) {
	x, err := in.action()
	if err != nil {
		return nil, err
	}
	return nil, a.desk.ChangeAction(ctx, x, in.Body.draft())
}

// noted is what somebody says of an action.
type noted struct {
	ActionPath
	Body struct {
		Note lang.Text `json:"note,omitempty" doc:"Customers read it, if they may read of the action"`
	}
}

func (in *noted) do(ctx context.Context, act func(context.Context, id.Action, lang.Text) error) (*struct{}, error) {
	x, err := in.action()
	if err != nil {
		return nil, err
	}
	return nil, act(ctx, x, in.Body.Note)
}

func (a *API) finishAction(ctx context.Context, in *noted) (*struct{}, error) {
	return in.do(ctx, a.desk.FinishAction)
}

func (a *API) verifyAction(ctx context.Context, in *noted) (*struct{}, error) {
	return in.do(ctx, a.desk.VerifyAction)
}

func (a *API) refuteAction(ctx context.Context, in *noted) (*struct{}, error) {
	return in.do(ctx, a.desk.RefuteAction)
}

func (a *API) dropAction(ctx context.Context, in *noted) (*struct{}, error) {
	return in.do(ctx, a.desk.DropAction)
}

func (a *API) sameCause(ctx context.Context, in *struct {
	IncidentPath
	Body struct {
		Earlier string `json:"earlier" doc:"The earlier incident"`
	}
},
) (*actionsBody, error) {
	i, err := a.incidentAt(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	earlier, err := a.incidentAt(ctx, in.Body.Earlier)
	if err != nil {
		return nil, err
	}
	reopened, err := a.desk.SameCause(ctx, i, earlier)
	out := &actionsBody{}
	out.Body.Actions = []actionShape{}
	for _, one := range reopened {
		out.Body.Actions = append(out.Body.Actions, shapeAction(one))
	}
	return out, err
}
