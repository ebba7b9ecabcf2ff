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

// AddPerson adds a person; without a password they are mailed an invitation.
func (d *Desk) AddPerson(ctx context.Context, in PersonForm) (_ staff.Person, err error) {
	defer wrap(&err, "add a person")
	if err := mayManage(ctx, in.Roles); err != nil {
		return staff.Person{}, err
	}
	p, err := d.drafted(ctx, staff.Person{}, in)
	if err != nil {
		return staff.Person{}, err
	}
	at := now()
	p.ID, p.CreatedAt = id.New[id.Person](at), at
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if in.Tree != nil {
			if err := treeHolds(ctx, tx, p.Person); err != nil {
				return err
			}
		}
		if err := d.join(ctx, tx, &p, staff.Acting(ctx), at, "person add"); err != nil {
			return err
		}
		if p.PasswordHash != "" {
			return nil
		}
		_, err := d.invite(ctx, tx, p.ID, staff.JoinFor, at)
		return err
	})
	if errors.Is(err, store.ErrExists) { // somebody else added them in the same instant
		err = mailTaken()
	}
	if err != nil {
		return staff.Person{}, err
	}
	d.wake()
	return p.Person, nil
}

// ChangePerson changes a person; a change of roles ends their sessions (V20). Everybody may change how they appear to customers; roles and
// others are for who manages the staff. One's own mail is changed by ChangeMail, which asks for the password. The form's Password is not
// looked at.
func (d *Desk) ChangePerson(ctx context.Context, who id.Person, in PersonForm) (err error) {
	defer wrap(&err, "change %s", who)
	actor := staff.Acting(ctx)
	myself := actor.Person.ID == who && actor.Token == ""
	if !myself {
		if err := need(ctx, staff.ManageStaff); err != nil {
			return err
		}
	}
	before, err := d.person(ctx, who)
	if err != nil {
		return err
	}
	in.Password = ""
	if in.Roles == nil {
		in.Roles = before.Roles
	}
	p, err := d.drafted(ctx, before, in)
	if err != nil {
		return err
	}
	if myself && p.mailKey != audience.Address(before.Mail).Key() {
		return problem.Field("mail", "problem.mail.own")
	}
	at := now()
	err = d.db.Write(ctx, func(tx *store.Tx) error { return d.changePerson(ctx, tx, p, in, myself, at) })
	if errors.Is(err, store.ErrExists) {
		err = mailTaken()
	}
	if err == nil {
		d.wake()
	}
	return err
}

func (d *Desk) changePerson(ctx context.Context, tx *store.Tx, p draftPerson, in PersonForm, myself bool, at time.Time) error {
	who := p.ID
	before, err := tx.People.ByID(ctx, who)
	if err != nil {
		return err
	}
	if !myself || !sameRoles(before.Roles, p.Roles) {
		if err := mayManage(ctx, before.Roles, p.Roles); err != nil {
			return err
		}
	}
	// What the form does not decide stays what it is now, not what it was when the form was read.
	p.Photo, p.PasswordHash, p.DisabledAt = before.Photo, before.PasswordHash, before.DisabledAt
	if in.NoPhoto {
		p.Photo = ""
	}
	if in.Mobile == nil {
		p.Mobile = before.Mobile
	}
	if in.Tree == nil {
		p.Under, p.Deputy = before.Under, before.Deputy
	} else if err := errors.Join(need(ctx, staff.ManageStaff), treeHolds(ctx, tx, p.Person)); err != nil {
		return err
	}
	if err := p.keepPhoto(ctx, tx, at); err != nil {
		return err
	}
	if err := mailFree(ctx, tx, p.mailKey, who); err != nil {
		return err
	}
	if before.Has(staff.Owner) && !p.Has(staff.Owner) {
		if err := notTheLastOwner(ctx, tx, who); err != nil {
			return err
		}
	}
	if err := tx.People.Change(ctx, p.Person, p.mailKey); err != nil {
		return err
	}
	if !sameRoles(before.Roles, p.Roles) {
		if err := tx.Sessions.EndAll(ctx, who, "", at); err != nil {
			return err
		}
	}
	if before.Mail != p.Mail {
		// A link that was mailed to the old address must not open the person's door.
		if err := tx.Invitations.Void(ctx, who, at); err != nil {
			return err
		}
	}
	if err := tx.Changes.Add(ctx, "people", at); err != nil {
		return err
	}
	return d.audit(ctx, tx, at, "person change", string(who), before, p.Person)
}

func sameRoles(a, b []staff.Role) bool {
	for _, r := range staff.Roles {
		if (staff.Person{Roles: a}).Has(r) != (staff.Person{Roles: b}).Has(r) {
			return false
		}
	}
	return true
}

func notTheLastOwner(ctx context.Context, tx *store.Tx, p id.Person) error {
	others, err := ownersWithout(ctx, tx, p)
	if err == nil && others == 0 {
		return problem.New(problem.Conflict, "problem.owner.last")
	}
	return err
}

// DisablePerson ends a person's access; what they wrote keeps their name. The last owner stays.
func (d *Desk) DisablePerson(ctx context.Context, who id.Person) (err error) {
	defer wrap(&err, "disable %s", who)
	return d.setAccess(ctx, who, "person disable", func(tx *store.Tx, p *staff.Person, at time.Time) error {
		if p.Has(staff.Owner) {
			if err := notTheLastOwner(ctx, tx, who); err != nil {
				return err
			}
		}
		p.DisabledAt = at
		return errors.Join(tx.Sessions.EndAll(ctx, who, "", at), tx.Tokens.RevokeAll(ctx, who, at), tx.Invitations.Void(ctx, who, at))
	})
}

// EnablePerson lets somebody back in, with the password they had; their tokens stay revoked.
func (d *Desk) EnablePerson(ctx context.Context, who id.Person) (err error) {
	defer wrap(&err, "enable %s", who)
	return d.setAccess(ctx, who, "person enable", func(_ *store.Tx, p *staff.Person, _ time.Time) error {
		p.DisabledAt = time.Time{}
		return nil
	})
}

func (d *Desk) setAccess(ctx context.Context, who id.Person, act string, set func(*store.Tx, *staff.Person, time.Time) error) error {
	if err := need(ctx, staff.ManageStaff); err != nil {
		return err
	}
	at := now()
	err := d.db.Write(ctx, func(tx *store.Tx) error {
		before, err := thePerson(ctx, tx, who)
		if err != nil {
			return err
		}
		if err := mayManage(ctx, before.Roles); err != nil {
			return err
		}
		p := before
		if err := set(tx, &p, at); err != nil || p.Active() == before.Active() {
			return err
		}
		if err := tx.People.Change(ctx, p, audience.Address(p.Mail).Key()); err != nil {
			return err
		}
		if err := tx.Changes.Add(ctx, "people", at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, act, string(who), before, p)
	})
	if err == nil {
		d.wake()
	}
	return err
}

// ResetLink lets a person choose a new password: they are mailed a link that works once, and until then nothing changes for them. Candor's
// own command line is given the link's path instead, so that an owner without mail can get back in.
func (d *Desk) ResetLink(ctx context.Context, who id.Person) (path string, err error) {
	defer wrap(&err, "make a link for %s", who)
	if err := need(ctx, staff.ManageStaff); err != nil {
		return "", err
	}
	at := now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		p, err := thePerson(ctx, tx, who)
		if err != nil {
			return err
		}
		if err := mayManage(ctx, p.Roles); err != nil {
			return err
		}
		if !p.Active() {
			return problem.New(problem.Conflict, "problem.person.disabled")
		}
		lasts := staff.ResetFor
		if p.PasswordHash == "" {
			lasts = staff.JoinFor
		}
		if path, err = d.invite(ctx, tx, who, lasts, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "person reset", string(who), nil, nil)
	})
	if err != nil || staff.Acting(ctx).System == "" {
		path = ""
	}
	if err == nil {
		d.wake()
	}
	return path, err
}

// invite makes a link that lets its holder choose the person's password, in place of any earlier one. It is mailed, except to who is at the
// command line: they read it there.
func (d *Desk) invite(ctx context.Context, tx *store.Tx, p id.Person, lasts time.Duration, at time.Time) (path string, err error) {
	if err := tx.Invitations.Void(ctx, p, at); err != nil {
		return "", err
	}
	token := staff.NewSecret()
	path = "/console/invitation/" + token
	err = tx.Invitations.Add(ctx, staff.Invitation{
		Hash: staff.HashSecret(token), Kind: staff.ToJoin, Person: p, CreatedAt: at, ExpiresAt: at.Add(lasts),
	})
	if err != nil || staff.Acting(ctx).System != "" {
		return path, err
	}
	return path, tx.Announcements.Add(ctx, reach.Announcement{
		ID: id.New[id.Announcement](at), Kind: reach.OnInvitation, Target: audience.Target{Person: p}, Priority: reach.Urgent, Link: path, AsOf: at,
	})
}

func (d *Desk) person(ctx context.Context, who id.Person) (p staff.Person, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		p, err = thePerson(ctx, tx, who)
		return err
	})
	return p, err
}

// thePerson reads a person who was named in an address.
func thePerson(ctx context.Context, tx *store.Tx, who id.Person) (staff.Person, error) {
	if _, err := id.Parse[id.Person](string(who)); err != nil {
		return staff.Person{}, problem.New(problem.NotFound, "problem.not_found")
	}
	return found(tx.People.ByID(ctx, who))
}
