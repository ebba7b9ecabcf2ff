package api

import (
	"context"
	"time"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// A letter that lies in the outbox because no relay is configured.
type letter struct {
	Delivery id.Delivery      `json:"delivery"`
	Kind     reach.Kind       `json:"kind"`
	Incident id.Incident      `json:"incident,omitempty"`
	At       time.Time        `json:"at"`
	To       audience.Address `json:"to"`
	Subject  string           `json:"subject"`
	Text     string           `json:"text,omitempty" doc:"Only where one letter is asked for"`
	HTML     string           `json:"html,omitempty" doc:"Only where one letter is asked for"`
}

func shapeLetter(k store.Kept) letter {
	return letter{k.Delivery, k.Kind, k.Incident, k.At, k.Address, k.Subject, k.Text, k.HTML}
}

type listOutbox struct {
	After id.Delivery `query:"after" maxLength:"40" doc:"The delivery of the last letter of the page before"`
	Limit int         `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type outboxList struct {
	Body struct {
		Letters []letter `json:"letters"`
	}
}

func (a *API) listOutbox(ctx context.Context, in *listOutbox) (*outboxList, error) {
	out := &outboxList{}
	err := a.db.Read(ctx, func(tx *store.Tx) (err error) {
		out.Body.Letters = []letter{}
		var after store.Kept
		if in.After != "" {
			if after, err = kept(ctx, tx, in.After); err != nil {
				return err
			}
		}
		all, err := tx.Outbox.Page(ctx, after, in.Limit)
		for _, k := range all {
			out.Body.Letters = append(out.Body.Letters, shapeLetter(k))
		}
		return err
	})
	return out, err
}

type letterBody struct {
	Body letter
}

// showLetter keeps invitations from whoever could not have sent them: the link in one makes its reader that person.
func (a *API) showLetter(ctx context.Context, in *deliveryPath) (*letterBody, error) {
	out := &letterBody{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		k, err := kept(ctx, tx, in.ID)
		if err == nil && k.Kind == reach.OnInvitation && !staff.Acting(ctx).May(staff.ManageStaff) {
			return problem.New(problem.Forbidden, "problem.scope", "scope", string(staff.ManageStaff))
		}
		out.Body = shapeLetter(k)
		return err
	})
	return out, err
}

func kept(ctx context.Context, tx *store.Tx, ref id.Delivery) (store.Kept, error) {
	x, err := id.Parse[id.Delivery](string(ref))
	if err != nil {
		return store.Kept{}, store.ErrNotFound
	}
	return tx.Outbox.ByDelivery(ctx, x)
}

type countReach struct {
	Component []string `query:"component,explode" maxItems:"200" doc:"id, code or name; repeat it. None: every component"`
}

type reachBody struct {
	Body struct {
		People int64 `json:"people" doc:"How many subscribers an update about these would reach now"`
	}
}

func (a *API) countReach(ctx context.Context, in *countReach) (*reachBody, error) {
	var parts []Part
	for _, name := range in.Component {
		parts = append(parts, Part{Component: name})
	}
	affected, err := a.parts(ctx, parts)
	if err != nil {
		return nil, err
	}
	var about []id.Component
	for _, x := range affected {
		about = append(about, x.Component)
	}
	out := &reachBody{}
	out.Body.People, err = a.desk.Reach(ctx, about)
	return out, err
}
