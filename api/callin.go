package api

import (
	"context"
	"time"

	"candor/id"
	"candor/staff"
	"candor/store"
)

// callIn is one time everybody was called in.
type callIn struct {
	ID     id.CallIn  `json:"id"`
	At     time.Time  `json:"at"`
	By     id.Person  `json:"by" doc:"Who called everybody in"`
	Note   string     `json:"note,omitempty"`
	Open   bool       `json:"open" doc:"False once nobody will be asked any more; answers still count"`
	On     int        `json:"on" doc:"How many are coming"`
	People []calledIn `json:"people" doc:"In the order of the tree"`
}

// calledIn is one of those who are asked.
type calledIn struct {
	Person     id.Person      `json:"person"`
	Name       string         `json:"name"`
	State      string         `json:"state" enum:"on,unable,waiting,silent,unasked"`
	Failed     bool           `json:"no_message_arrived,omitempty" doc:"The last message came through on no channel"`
	Times      int            `json:"times_asked"`
	AskedAt    time.Time      `json:"asked_at,omitzero"`
	AnsweredAt time.Time      `json:"answered_at,omitzero"`
	By         id.Person      `json:"rung_by,omitempty" doc:"Who rings them, besides the messages"`
	Why        staff.WhyAsked `json:"reason,omitempty"`
}

func shapeCallIn(c store.CallIn, asks []store.CallInAsk, names map[id.Person]string, now time.Time) callIn {
	r := c.Roster(now)
	out := callIn{c.ID, c.At, c.StartedBy, c.Note, c.ClosedAt.IsZero(), len(r.On), []calledIn{}}
	states := map[id.Person]string{}
	for state, people := range map[string][]id.Person{"on": r.On, "unable": r.Unable, "waiting": r.Waiting, "silent": r.Silent, "unasked": r.Unasked} {
		for _, p := range people {
			states[p] = state
		}
	}
	for _, place := range c.Tree {
		x := calledIn{Person: place.Person, Name: names[place.Person], State: states[place.Person]}
		for _, a := range asks { // oldest first
			if a.Person == place.Person {
				x.Failed, x.Times, x.AskedAt, x.AnsweredAt, x.By, x.Why = a.Failed && a.AnsweredAt.IsZero(), a.Pass, a.At, a.AnsweredAt, a.By, a.Why
			}
		}
		out.People = append(out.People, x)
	}
	return out
}

type callInBody struct{ Body callIn }

func (a *API) showCallIn(ctx context.Context, in *IncidentPath) (*callInBody, error) {
	out := &callInBody{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		i, err := find(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		c, asks, err := tx.CallIns.Latest(ctx, i.ID)
		if err != nil {
			return err
		}
		people, err := tx.People.All(ctx)
		names := map[id.Person]string{}
		for _, p := range people {
			names[p.ID] = p.Name
		}
		out.Body = shapeCallIn(c, asks, names, time.Now().UTC())
		return err
	})
	return out, err
}

type startCallIn struct {
	IncidentPath
	Body struct {
		Note string `json:"note,omitempty" maxLength:"4000" doc:"What they should know: where to come, what to bring"`
	}
}

func (a *API) callIn(ctx context.Context, in *startCallIn) (*callInBody, error) {
	var about id.Incident
	if err := a.db.Read(ctx, func(tx *store.Tx) error {
		i, err := find(ctx, tx, in.ID)
		about = i.ID
		return err
	}); err != nil {
		return nil, err
	}
	if _, err := a.desk.CallIn(ctx, about, in.Body.Note); err != nil {
		return nil, err
	}
	return a.showCallIn(ctx, &in.IncidentPath)
}

// callIns is the part of the table about calling everybody in.
func (a *API) callIns() {
	add(a, operation{"GET /api/v1/incidents/{id}/call-in", "show-call-in", "Who is on, who cannot come, who has not answered", staff.Look, 0}, a.showCallIn)
	add(a, operation{"POST /api/v1/incidents/{id}/call-in", "call-in", "Call everybody in; while a call-in goes on, another is the same one", staff.Say, 201}, a.callIn)
}
