package desk

import (
	"context"
	"errors"
	"time"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// CheckEffect asks a random sample of an incident's customers, once it is over, "did you get it, do you know what to do?". Mailing is not
// enough: what we claim to have reached stands beside what customers say (the FDA's effectiveness checks, 21 CFR 7.42). It is asked once.
func (d *Desk) CheckEffect(ctx context.Context, x id.Incident) (e reach.Effect, err error) {
	defer wrap(&err, "ask a sample of %s", x)
	if err := need(ctx, staff.Say); err != nil {
		return e, err
	}
	e, asked, err := d.draw(ctx, x)
	if err != nil {
		return e, err
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		if _, err := tx.Effects.Of(ctx, x); !errors.Is(err, store.ErrNotFound) {
			if err == nil {
				err = problem.New(problem.Conflict, "problem.effect.asked")
			}
			return err
		}
		e.At = at
		if err := tx.Effects.Begin(ctx, e, asked); err != nil {
			return err
		}
		if err := tx.Announcements.Add(ctx, reach.Announcement{
			ID: id.New[id.Announcement](at), Kind: reach.OnEffect, Target: audience.Target{Asked: x}, Priority: reach.Ordinary, AsOf: at,
		}); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "incident effect check", string(x), nil, e)
	})
	return e, err
}

// draw reads the customers some at a time and keeps whom the lot falls on: the lowest ranks of all are among the lowest of each part.
func (d *Desk) draw(ctx context.Context, x id.Incident) (e reach.Effect, asked []id.Customer, err error) {
	const some = 1000
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		asked = nil
		i, err := found(tx.Incidents.ByID(ctx, x))
		if err != nil {
			return err
		}
		if i.Open() {
			return problem.New(problem.Conflict, "problem.effect.open")
		}
		e = reach.Effect{Incident: x, Level: reach.LevelOf(i.Kind, i.Impact)}
		if e.Affected, err = tx.Affected.HowMany(ctx, x); err != nil {
			return err
		}
		size := reach.SampleSize(e.Level, int(e.Affected))
		if size == 0 {
			return problem.New(problem.Conflict, "problem.effect.nobody")
		}
		for after := id.Customer(""); ; {
			page, err := tx.Affected.Page(ctx, x, after, some)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, c := range page {
				asked = append(asked, c.Customer)
			}
			asked, after = reach.Sample(string(x), size, asked), page[len(page)-1].Customer
		}
	})
	e.Asked = int64(len(asked))
	return e, asked, err
}

// Answer notes what whoever holds a contact's own link says afterwards, for every account of theirs that was asked. Saying something else
// later is another row; the last counts.
func (d *Desk) Answer(ctx context.Context, token string, code id.Code, a reach.Answer) (err error) {
	defer wrap(&err, "answer what %s came to", code)
	if !a.Valid() {
		return problem.Field("answer", "problem.choice")
	}
	return d.byOwner(ctx, token, func(tx *store.Tx, o Owner, at time.Time) error {
		i, asked, err := askedOf(ctx, tx, o, code)
		if err != nil {
			return err
		}
		for _, c := range asked {
			if err := tx.Effects.Answer(ctx, i, c, a, at); err != nil {
				return err
			}
		}
		return nil
	})
}

// AskedBy is the incident that a token's holder was asked about; it changes nothing (B5).
func (d *Desk) AskedBy(ctx context.Context, token string, code id.Code) (i id.Incident, err error) {
	defer wrap(&err, "read who was asked about %s", code)
	o, err := d.OwnerByToken(ctx, token)
	if err != nil {
		return "", err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		i, _, err = askedOf(ctx, tx, o, code)
		return err
	})
	return i, err
}

// askedOf are an owner's accounts that were asked. Who was not sees what anybody does who tries a link that is somebody else's (B9).
func askedOf(ctx context.Context, tx *store.Tx, o Owner, code id.Code) (x id.Incident, asked []id.Customer, err error) {
	i, err := publicIncident(ctx, tx, code)
	if err != nil {
		return "", nil, err
	}
	if asked, err = tx.Effects.Asked(ctx, i.ID, o.Accounts); err == nil && len(asked) == 0 {
		err = wrongLink
	}
	return i.ID, asked, err
}
