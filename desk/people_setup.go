package desk

import (
	"context"
	"slices"
	"time"

	"candor/id"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// SetupToken makes the one-time secret of the set-up link, or reports that an owner exists. Every node that starts may print a link of its
// own: the first that is used ends them all.
func (d *Desk) SetupToken(ctx context.Context) (token string, needed bool, err error) {
	defer wrap(&err, "make a set-up link")
	at := now()
	token = staff.NewSecret()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		owned, err := hasOwner(ctx, tx)
		if needed = !owned; err != nil || owned {
			return err
		}
		return tx.Invitations.Add(ctx, staff.Invitation{
			Hash: staff.HashSecret(token), Kind: staff.ToSetUp, CreatedAt: at, ExpiresAt: at.Add(staff.SetUpFor),
		})
	})
	if err != nil || !needed {
		return "", false, err
	}
	return token, true, nil
}

// MaySetUp reports whether a set-up link still works, as a problem if not: the page behind a link that does not answers as if it were not
// there.
func (d *Desk) MaySetUp(ctx context.Context, token string) (err error) {
	defer wrap(&err, "look at a set-up link")
	return d.db.Read(ctx, func(tx *store.Tx) error { return maySetUp(ctx, tx, token, now()) })
}

// SetUp makes the first owner, exactly once however many try (V5, V18).
func (d *Desk) SetUp(ctx context.Context, token string, in PersonForm) (_ staff.Person, err error) {
	defer wrap(&err, "set up")
	// Before the password is hashed: a stranger without the link must not make us work.
	if err := d.MaySetUp(ctx, token); err != nil {
		return staff.Person{}, err
	}
	in.Roles = []staff.Role{staff.Owner}
	if in.Password == "" {
		in.Password = " " // refused with everything else that is wrong, as too short
	}
	p, err := d.drafted(ctx, staff.Person{}, in)
	if err != nil {
		return staff.Person{}, err
	}
	at := now()
	p.ID, p.CreatedAt = id.New[id.Person](at), at
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if err := maySetUp(ctx, tx, token, at); err != nil {
			return err
		}
		used, err := tx.Invitations.Use(ctx, staff.HashSecret(token), staff.ToSetUp, at)
		if err != nil {
			return err
		}
		if !used {
			return setUpGone()
		}
		return d.join(ctx, tx, &p, staff.Actor{Person: p.Person, IP: staff.Acting(ctx).IP}, at, "set up")
	})
	if err != nil {
		return staff.Person{}, err
	}
	d.wake()
	return p.Person, nil
}

// maySetUp reads all of the staff: two set-ups at once read what the other writes, and serializable transactions refuse that (V18).
func maySetUp(ctx context.Context, tx *store.Tx, token string, at time.Time) error {
	owned, err := hasOwner(ctx, tx)
	switch {
	case err != nil:
		return err
	case owned:
		return problem.New(problem.NotFound, "problem.setup.done")
	case !staff.SecretForm(token):
		return setUpGone()
	}
	i, err := tx.Invitations.ByHash(ctx, staff.HashSecret(token))
	if there, err := known(err); err != nil {
		return err
	} else if !there || i.Kind != staff.ToSetUp || !i.Usable(at) {
		return setUpGone()
	}
	return nil
}

func setUpGone() error { return problem.New(problem.Gone, "problem.setup.link") }

// hasOwner reports whether anybody is, or was, an owner.
func hasOwner(ctx context.Context, tx *store.Tx) (bool, error) {
	all, err := tx.People.All(ctx)
	return slices.ContainsFunc(all, func(p staff.Person) bool { return p.Has(staff.Owner) }), err
}

// join writes a new person with everything that belongs to it.
func (d *Desk) join(ctx context.Context, tx *store.Tx, p *draftPerson, by staff.Actor, at time.Time, act string) error {
	if err := mailFree(ctx, tx, p.mailKey, p.ID); err != nil {
		return err
	}
	if err := p.keepPhoto(ctx, tx, at); err != nil {
		return err
	}
	if err := tx.People.Add(ctx, p.Person, p.mailKey); err != nil {
		return err
	}
	if err := tx.Changes.Add(ctx, "people", at); err != nil {
		return err
	}
	return auditAs(ctx, tx, by, at, act, string(p.ID), nil, p.Person)
}
