package desk

import (
	"context"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

const (
	// callLasts is how long a customer is one agent's: longer than most calls, and short enough that nobody waits for an agent who went
	// home. The page renews it while it is open.
	callLasts = 10 * time.Minute
	// givenBack is how long an agent is not handed again, before everybody else, whom they gave back.
	givenBack = 15 * time.Minute
	// nextDepth is how far down the list somebody is looked for whom no other agent has: more than there are agents.
	nextDepth = 200
)

// NextCall hands the acting agent the next person to call, or again the one they have: an agent has one at a time, and nobody is handed to
// two. found is false if there is nobody left.
func (d *Desk) NextCall(ctx context.Context) (next store.Turn, found bool, err error) {
	defer wrap(&err, "hand out the next call")
	if err := need(ctx, staff.Telephone); err != nil {
		return next, false, err
	}
	agent, at := staff.Acting(ctx).Person.ID, now()
	var list []store.Turn
	spared := map[string]bool{}
	err = d.db.Read(ctx, func(tx *store.Tx) error { // outside the Write: it reads what every decision about a customer writes
		if list, err = tx.Affected.CallList(ctx, at, nextDepth); err != nil {
			return err
		}
		left, err := tx.Calls.Left(ctx, agent, at.Add(-givenBack))
		for _, n := range left {
			spared[n.Who] = true
		}
		return err
	})
	if err != nil {
		return next, false, err
	}
	slices.SortStableFunc(list, func(a, b store.Turn) int { return falseFirst(spared[a.Who()], spared[b.Who()]) })
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Instance.Secret(ctx, store.LinkSecret); err != nil { // drawn here, for the code a caller says: pages only read
			return err
		}
		next, found, err = d.held(ctx, tx, agent, at)
		if err != nil || found {
			return err
		}
		for _, t := range list {
			if t.Holder != "" && t.Holder != agent {
				continue
			}
			if next, found, err = claim(ctx, tx, t.Who(), agent, at); err != nil || found {
				return err
			}
		}
		return nil
	})
	return next, found, err
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// held is whom the agent has, for as long again; who is not on the list any more is given back.
func (d *Desk) held(ctx context.Context, tx *store.Tx, agent id.Person, at time.Time) (t store.Turn, found bool, err error) {
	who, _, err := tx.Leases.HeldCall(ctx, agent, at)
	if err != nil || who == "" {
		return t, false, err
	}
	if t, found, err = claim(ctx, tx, who, agent, at); err != nil || found {
		return t, found, err
	}
	return t, false, tx.Leases.ReleaseCall(ctx, who, agent)
}

// claim takes somebody who is still to be called, and whom nobody else has.
func claim(ctx context.Context, tx *store.Tx, who string, agent id.Person, at time.Time) (t store.Turn, mine bool, err error) {
	all, err := TurnsOf(ctx, tx, who, at)
	if err != nil || len(all) == 0 {
		return t, false, err
	}
	mine, err = tx.Leases.ClaimCall(ctx, who, agent, at, at.Add(callLasts))
	t = all[0]
	t.Holder, t.HeldUntil = agent, at.Add(callLasts)
	return t, mine, err
}

// TurnsOf is why somebody is to be called now, the most urgent first; none if they are not.
func TurnsOf(ctx context.Context, tx *store.Tx, who string, at time.Time) ([]store.Turn, error) {
	if c, err := id.Parse[id.Customer](who); err == nil {
		return tx.Affected.TurnsOf(ctx, c, at)
	}
	x, err := id.Parse[id.CallRequest](who)
	if err != nil {
		return nil, nil
	}
	r, err := tx.CallRequests.ByID(ctx, x)
	if there, err := known(err); !there || !r.DoneAt.IsZero() || r.CallAt.After(at) {
		return nil, err
	}
	t := store.Turn{Incident: r.Incident, Request: r.ID, Number: r.Number, Name: r.Name, Note: r.Note, Reason: reach.WhyAsked}
	t.AskedAt, t.Since = r.At, r.At
	t.Language, _ = speaks(ctx, tx, r.Language)
	return []store.Turn{t}, nil
}

// HeldTurns is whom the acting agent has, without claiming anybody.
func (d *Desk) HeldTurns(ctx context.Context, tx *store.Tx, at time.Time) (turns []store.Turn, until time.Time, err error) {
	who, until, err := tx.Leases.HeldCall(ctx, staff.Acting(ctx).Person.ID, at)
	if err != nil || who == "" {
		return nil, until, err
	}
	turns, err = TurnsOf(ctx, tx, who, at)
	return turns, until, err
}

// KeepCall keeps somebody for the agent who has them, while they talk.
func (d *Desk) KeepCall(ctx context.Context) (err error) {
	defer wrap(&err, "keep a call")
	if err := need(ctx, staff.Telephone); err != nil {
		return err
	}
	at := now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		_, _, err := d.held(ctx, tx, staff.Acting(ctx).Person.ID, at)
		return err
	})
}

const longestCallNote = 1000

// LeaveCall gives somebody back to the list without having called, with a word for the next agent.
func (d *Desk) LeaveCall(ctx context.Context, who, note string) (err error) {
	defer wrap(&err, "give %s back", who)
	if err := need(ctx, staff.Telephone); err != nil {
		return err
	}
	agent, at := staff.Acting(ctx).Person.ID, now()
	if note, err = callNote(note); err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		mine, _, err := tx.Leases.HeldCall(ctx, agent, at)
		if err != nil {
			return err
		}
		if mine != who {
			return problem.New(problem.Conflict, "problem.call.lost")
		}
		if err := tx.Calls.Leave(ctx, store.CallNote{Who: who, Person: agent, Note: note, At: at}); err != nil {
			return err
		}
		if err := d.audit(ctx, tx, at, "call give back", who, nil, nil); err != nil {
			return err
		}
		return tx.Leases.ReleaseCall(ctx, who, agent)
	})
}

// Pursued is how far we are with a customer, and what the ladder says about them now. It only reads.
func (d *Desk) Pursued(ctx context.Context, tx *store.Tx, x reach.Affected, at time.Time) (chase reach.Chase, customer audience.Customer, act reach.Act, err error) {
	p, err := pursue(ctx, tx, x.Incident)
	if err != nil {
		return chase, customer, act, err
	}
	if chase, customer, err = p.chase(ctx, tx, x); err != nil {
		return chase, customer, act, err
	}
	return chase, customer, reach.Next(p.ladder, chase, at), nil
}
