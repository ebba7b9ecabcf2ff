package desk

import (
	"context"
	"errors"
	"time"

	"candor/audience"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// A stolen session must not become a stolen account: the password is asked for, and guessing it is limited.
var passwordPerPerson = limit{"password_person", 15 * time.Minute, 10}

// prove refuses whoever does not know the acting person's password.
func (d *Desk) prove(ctx context.Context, password string, at time.Time) (staff.Person, error) {
	actor := staff.Acting(ctx)
	switch {
	case actor.Person.ID == "":
		return staff.Person{}, problem.New(problem.Unauthenticated, "problem.unauthenticated")
	case actor.Token != "":
		return staff.Person{}, problem.New(problem.Forbidden, "problem.forbidden")
	}
	allowed, err := d.take(ctx, passwordPerPerson, string(actor.Person.ID), at)
	if err != nil {
		return staff.Person{}, err
	}
	if !allowed {
		return staff.Person{}, tooManyGuesses(passwordPerPerson.window)
	}
	p, err := d.person(ctx, actor.Person.ID)
	if err != nil {
		return staff.Person{}, err
	}
	if err := d.checkPassword(ctx, p, password); problem.Is(err, problem.Unauthenticated) {
		return staff.Person{}, problem.Field("current", "problem.password.current")
	} else if err != nil {
		return staff.Person{}, err
	}
	return p, d.giveBack(ctx, passwordPerPerson, string(p.ID))
}

// ChangePassword of the acting person, ending every other session (V20).
func (d *Desk) ChangePassword(ctx context.Context, current, next string) (err error) {
	actor := staff.Acting(ctx)
	defer wrap(&err, "change the password of %s", actor.Person.ID)
	at := now()
	p, err := d.prove(ctx, current, at)
	if err != nil {
		return err
	}
	hash, err := d.hashed(ctx, next, p)
	if err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		still, err := tx.People.ByID(ctx, p.ID)
		if err != nil {
			return err
		}
		if still.PasswordHash != p.PasswordHash { // a reset came between
			return problem.Field("current", "problem.password.current")
		}
		if err := setPassword(ctx, tx, p, hash, actor, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "password change", string(p.ID), nil, nil)
	})
}

// hashed is the hash of a password somebody chose, if it may be chosen.
func (d *Desk) hashed(ctx context.Context, password string, p staff.Person) (hash string, err error) {
	if wrong := staff.CheckPassword(password, p.Mail, p.Name); wrong != nil {
		return "", wrong
	}
	err = d.heavily(ctx, func() (err error) {
		hash, err = staff.HashPassword(password)
		return err
	})
	return hash, err
}

// setPassword ends what the old password opened: every session but the one that acts, and every link to choose another.
func setPassword(ctx context.Context, tx *store.Tx, p staff.Person, hash string, by staff.Actor, at time.Time) error {
	if err := tx.People.SetPassword(ctx, p.ID, hash); err != nil {
		return err
	}
	if err := tx.Sessions.EndAll(ctx, p.ID, by.Session, at); err != nil {
		return err
	}
	return tx.Invitations.Void(ctx, p.ID, at)
}

// ChangeMail of the acting person, who proves to know the password: whoever has the mail has the account.
func (d *Desk) ChangeMail(ctx context.Context, current, mail string) (err error) {
	actor := staff.Acting(ctx)
	defer wrap(&err, "change the mail of %s", actor.Person.ID)
	address, refused := audience.ParseAddress(mail)
	if refused != nil {
		refused.Field = "mail"
		return refused
	}
	at := now()
	p, err := d.prove(ctx, current, at)
	if err != nil {
		return err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		before, err := tx.People.ByID(ctx, p.ID)
		if err != nil {
			return err
		}
		if err := mailFree(ctx, tx, address.Key(), p.ID); err != nil {
			return err
		}
		after := before
		after.Mail = string(address)
		if err := tx.People.Change(ctx, after, address.Key()); err != nil {
			return err
		}
		if err := tx.Invitations.Void(ctx, p.ID, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "mail change", string(p.ID), before, after)
	})
	if errors.Is(err, store.ErrExists) {
		err = mailTaken()
	}
	return err
}

// Invited is whom a mailed link lets choose a password, for the page it opens; it changes nothing (B5). A link that is unknown, used or too
// old answers the same (V19).
func (d *Desk) Invited(ctx context.Context, token string) (p staff.Person, err error) {
	defer wrap(&err, "look at an invitation")
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		p, err = invited(ctx, tx, token, now())
		return err
	})
	return p, err
}

func invited(ctx context.Context, tx *store.Tx, token string, at time.Time) (staff.Person, error) {
	gone := problem.New(problem.Gone, "problem.invitation")
	if !staff.SecretForm(token) {
		return staff.Person{}, gone
	}
	i, err := tx.Invitations.ByHash(ctx, staff.HashSecret(token))
	if there, err := known(err); err != nil {
		return staff.Person{}, err
	} else if !there || i.Kind != staff.ToJoin || !i.Usable(at) {
		return staff.Person{}, gone
	}
	p, err := tx.People.ByID(ctx, i.Person)
	if err == nil && !p.Active() {
		err = gone
	}
	return p, err
}

// Accept an invitation by choosing a password. A password that is refused does not use the link up.
func (d *Desk) Accept(ctx context.Context, token, password string) (p staff.Person, err error) {
	defer wrap(&err, "accept an invitation")
	if p, err = d.Invited(ctx, token); err != nil {
		return staff.Person{}, err
	}
	hash, err := d.hashed(ctx, password, p)
	if err != nil {
		return staff.Person{}, err
	}
	at := now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if p, err = invited(ctx, tx, token, at); err != nil {
			return err
		}
		used, err := tx.Invitations.Use(ctx, staff.HashSecret(token), staff.ToJoin, at)
		if err != nil {
			return err
		}
		if !used {
			return problem.New(problem.Gone, "problem.invitation")
		}
		by := staff.Actor{Person: p, IP: staff.Acting(ctx).IP}
		if err := setPassword(ctx, tx, p, hash, by, at); err != nil {
			return err
		}
		p.PasswordHash = hash
		return auditAs(ctx, tx, by, at, "invitation accept", string(p.ID), nil, nil)
	})
	if err != nil {
		return staff.Person{}, err
	}
	return p, nil
}
