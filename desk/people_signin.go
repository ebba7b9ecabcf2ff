package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// Guessing is limited per mail, so that a thousand machines get no more guesses than one, and per network, so that one machine cannot try
// one password on everybody. What was right is not counted.
var (
	signInPerMail    = limit{"signin_mail", 15 * time.Minute, 10}
	signInPerNetwork = limit{"signin_network", 15 * time.Minute, 30}
)

// seenEvery is how exactly we know when a session or token was last used: writing it more often would make every look at a page an act.
const seenEvery = time.Minute

// SignIn checks a password and begins a session; the secret goes into the cookie. Whether the mail or the password was wrong is not told,
// nor does the work or the time tell it (B13).
func (d *Desk) SignIn(ctx context.Context, mail, password, ip string) (secret string, a staff.Actor, err error) {
	defer wrap(&err, "sign in")
	at := now()
	key := mailKey(mail)
	if err := d.allowSignIn(ctx, key, ip, at); err != nil {
		return "", staff.Actor{}, err
	}
	p, err := d.personByMail(ctx, key)
	if err != nil {
		return "", staff.Actor{}, err
	}
	if err := d.checkPassword(ctx, p, password); err != nil {
		evenly(at, 100*time.Millisecond) // as much work for a mail nobody has, but not to the microsecond
		return "", staff.Actor{}, err
	}
	secret = staff.NewSecret() // never one the browser brought along (B15)
	session := staff.Session{ID: id.New[id.Session](at), Hash: staff.HashSecret(secret), Person: p.ID, CreatedAt: at, SeenAt: at}
	a = staff.Actor{Person: p, Session: session.ID, IP: ip}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		still, err := tx.People.ByID(ctx, p.ID)
		if err != nil {
			return err
		}
		if !still.Active() || still.PasswordHash != p.PasswordHash { // changed while we were hashing
			return wrongSignIn()
		}
		if err := tx.Sessions.Add(ctx, session); err != nil {
			return err
		}
		return auditAs(ctx, tx, a, at, "sign in", string(p.ID), nil, nil)
	})
	if err != nil {
		return "", staff.Actor{}, err
	}
	err = errors.Join(d.giveBack(ctx, signInPerMail, key), d.giveBack(ctx, signInPerNetwork, network(ip)))
	return secret, a, err
}

// mailKey is the folded mail, or, of what is no address, something that is nobody's: a stranger's bytes are not asked of the database.
func mailKey(typed string) string {
	mail, refused := audience.ParseAddress(typed)
	if refused != nil {
		return "?" + staff.HashSecret(typed)
	}
	return mail.Key()
}

func (d *Desk) allowSignIn(ctx context.Context, key, ip string, at time.Time) error {
	for _, l := range []struct {
		limit
		whom string
	}{{signInPerNetwork, network(ip)}, {signInPerMail, key}} {
		allowed, err := d.take(ctx, l.limit, l.whom, at)
		if err != nil {
			return err
		}
		if !allowed {
			return tooManyGuesses(l.window)
		}
	}
	return nil
}

func tooManyGuesses(window time.Duration) error {
	return problem.New(problem.TooMany, "problem.signin.many", "minutes", int(window.Minutes()))
}

func wrongSignIn() error { return problem.New(problem.Unauthenticated, "problem.signin") }

// personByMail is the person who may sign in with a mail, the zero Person if nobody may.
func (d *Desk) personByMail(ctx context.Context, key string) (p staff.Person, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		p = staff.Person{}
		their, err := tx.People.ByMail(ctx, key)
		if their.Active() {
			p = their
		}
		_, err = known(err)
		return err
	})
	return p, err
}

func (d *Desk) checkPassword(ctx context.Context, p staff.Person, password string) error {
	return d.heavily(ctx, func() error {
		right, err := p.MatchesPassword(password)
		if err == nil && !right {
			return wrongSignIn()
		}
		return err
	})
}

// SignOut ends the acting session.
func (d *Desk) SignOut(ctx context.Context) (err error) {
	defer wrap(&err, "sign out")
	actor := staff.Acting(ctx)
	if actor.Session == "" {
		return nil
	}
	at := now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Sessions.End(ctx, actor.Session, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "sign out", string(actor.Person.ID), nil, nil)
	})
}

// BySession finds who acts by a cookie's secret. The face adds where they act from.
func (d *Desk) BySession(ctx context.Context, secret string) (a staff.Actor, err error) {
	defer wrap(&err, "find who is signed in")
	refused := problem.New(problem.Unauthenticated, "problem.unauthenticated")
	if !staff.SecretForm(secret) {
		return staff.Actor{}, refused
	}
	at := now()
	var s staff.Session
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if s, err = tx.Sessions.ByHash(ctx, staff.HashSecret(secret)); err != nil {
			return err
		}
		a = staff.Actor{Session: s.ID}
		a.Person, err = tx.People.ByID(ctx, s.Person)
		return err
	})
	there, err := known(err)
	switch {
	case err != nil:
		return staff.Actor{}, err
	case !there || !s.Live(at) || !a.Person.Active():
		return staff.Actor{}, refused
	}
	if at.Sub(s.SeenAt) >= seenEvery {
		err = d.db.Batch(ctx, func(tx *store.Tx) error { return tx.Sessions.Touch(ctx, s.ID, at) })
	}
	return a, err
}

// ByToken finds who acts by an API token.
func (d *Desk) ByToken(ctx context.Context, secret string) (a staff.Actor, err error) {
	defer wrap(&err, "find whose token it is")
	refused := problem.New(problem.Unauthenticated, "problem.token")
	secret, ok := strings.CutPrefix(secret, staff.TokenPrefix)
	if !ok || !staff.SecretForm(secret) {
		return staff.Actor{}, refused
	}
	at := now()
	var t staff.Token
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if t, err = tx.Tokens.ByHash(ctx, staff.HashSecret(secret)); err != nil {
			return err
		}
		a = staff.Actor{Token: t.ID, Scopes: t.Scopes}
		a.Person, err = tx.People.ByID(ctx, t.Person)
		return err
	})
	there, err := known(err)
	switch {
	case err != nil:
		return staff.Actor{}, err
	case !there || !t.RevokedAt.IsZero() || !a.Person.Active():
		return staff.Actor{}, refused
	}
	if at.Sub(t.SeenAt) >= seenEvery {
		err = d.db.Batch(ctx, func(tx *store.Tx) error { return tx.Tokens.Touch(ctx, t.ID, at) })
	}
	return a, err
}

// known tells "not there" from what went wrong.
func known(err error) (bool, error) {
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
