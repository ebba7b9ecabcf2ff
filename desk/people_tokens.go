package desk

import (
	"context"
	"slices"
	"strings"

	"candor/id"
	"candor/problem"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// AddToken makes an API token of the acting person; the secret is shown once. It never has more rights than who makes it.
func (d *Desk) AddToken(ctx context.Context, name string, scopes []staff.Right) (secret string, t staff.Token, err error) {
	defer wrap(&err, "add a token")
	if err := needTokens(ctx); err != nil {
		return "", staff.Token{}, err
	}
	actor := staff.Acting(ctx)
	if actor.Person.ID == "" { // Candor itself needs none
		return "", staff.Token{}, problem.New(problem.Forbidden, "problem.forbidden")
	}
	if err := checkToken(actor, name, scopes); err != nil {
		return "", staff.Token{}, err
	}
	at := now()
	secret = staff.NewSecret()
	t = staff.Token{
		ID: id.New[id.Token](at), Name: strings.TrimSpace(name), Hash: staff.HashSecret(secret), Person: actor.Person.ID,
		Scopes: scopes, CreatedAt: at,
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Tokens.Add(ctx, t); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "token add", string(t.ID), nil, t)
	})
	if err != nil {
		return "", staff.Token{}, err
	}
	return staff.TokenPrefix + secret, t, nil
}

// needTokens lets in who may look around, and who manages the staff: a program with that scope alone needs no other.
func needTokens(ctx context.Context) error {
	if staff.Acting(ctx).May(staff.ManageStaff) {
		return nil
	}
	return need(ctx, staff.Look)
}

func checkToken(actor staff.Actor, name string, scopes []staff.Right) error {
	var wrong problem.List
	if strings.TrimSpace(name) == "" {
		wrong.Add(problem.Field("name", "problem.name.missing"))
	}
	wrong.Add(settings.Line("name", name, longestName))
	isUnknown := func(r staff.Right) bool { return !slices.Contains(staff.Rights[:], r) }
	isMore := func(r staff.Right) bool { return !actor.May(r) }
	switch {
	case len(scopes) == 0 || slices.ContainsFunc(scopes, isUnknown):
		wrong.Add(problem.Field("scopes", "problem.scopes"))
	case slices.ContainsFunc(scopes, isMore):
		wrong.Add(&problem.Problem{Kind: problem.Forbidden, Key: "problem.rights.more", Field: "scopes"})
	}
	return wrong.Err()
}

// RevokeToken ends a token: one's own, or anybody's for who manages the staff. A program may give up the token it has.
func (d *Desk) RevokeToken(ctx context.Context, which id.Token) (err error) {
	defer wrap(&err, "revoke %s", which)
	if err := needTokens(ctx); err != nil && staff.Acting(ctx).Token != which {
		return err
	}
	if _, err := id.Parse[id.Token](string(which)); err != nil {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	at := now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		t, err := found(tx.Tokens.ByID(ctx, which))
		if err != nil {
			return err
		}
		if err := mayRevoke(ctx, tx, t); err != nil || !t.RevokedAt.IsZero() {
			return err
		}
		if err := tx.Tokens.Revoke(ctx, which, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "token revoke", string(which), t, nil)
	})
}

func mayRevoke(ctx context.Context, tx *store.Tx, t staff.Token) error {
	actor := staff.Acting(ctx)
	if actor.Person.ID == t.Person && (actor.Token == "" || actor.Token == t.ID) {
		return nil
	}
	if err := need(ctx, staff.ManageStaff); err != nil {
		return problem.New(problem.NotFound, "problem.not_found") // whose tokens there are is not theirs to know
	}
	holder, err := tx.People.ByID(ctx, t.Person)
	if err != nil {
		return err
	}
	return mayManage(ctx, holder.Roles)
}
