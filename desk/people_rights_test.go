package desk_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"candor/id"
	"candor/problem"
	"candor/staff"
)

func TestNobodyRaisesThemselves(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		p := h.add(t, "p@harbour.example", staff.Communicator)
		own := h.as(t, p)
		err := h.ChangePerson(own, p.ID, form(p.Name, p.Mail, staff.Owner))
		says(t, "one's own roles", err, problem.Forbidden, "problem.forbidden")
		err = h.ChangePerson(own, h.owner.ID, form("Eve", "eve@evil.example"))
		says(t, "somebody else", err, problem.Forbidden, "problem.forbidden")
		_, err = h.AddPerson(own, form("Eve", "eve@evil.example", staff.Owner))
		says(t, "a new owner", err, problem.Forbidden, "problem.forbidden")
		says(t, "disabling", h.DisablePerson(own, h.owner.ID), problem.Forbidden, "problem.forbidden")
		_, err = h.ResetLink(own, h.owner.ID)
		says(t, "a link", err, problem.Forbidden, "problem.forbidden")
		in := form(p.Name, "elsewhere@evil.example", staff.Communicator)
		says(t, "one's own mail without a password", h.ChangePerson(own, p.ID, in), problem.Invalid, "problem.mail.own")

		// An owner's token for people must not become an owner.
		_, token, err := h.AddToken(h.as(t, h.owner), "hr", []staff.Right{staff.Look, staff.ManageStaff})
		if err != nil {
			t.Fatal(err)
		}
		program := staff.As(t.Context(), staff.Actor{Person: h.owner, Token: token.ID, Scopes: token.Scopes})
		_, err = h.AddPerson(program, form("Eve", "eve@evil.example", staff.Owner))
		says(t, "an owner by a token", err, problem.Forbidden, "problem.rights.more")
		says(t, "an owner disabled by a token", h.DisablePerson(program, h.owner.ID), problem.Forbidden, "problem.rights.more")
		says(t, "raised by a token", h.ChangePerson(program, p.ID, form(p.Name, p.Mail, staff.Owner)), problem.Forbidden, "problem.rights.more")
		says(t, "a password by a token", h.ChangePassword(program, pass, other), problem.Forbidden, "problem.forbidden")
		_, _, err = h.AddToken(program, "more", []staff.Right{staff.Configure})
		says(t, "a token with more than the token", err, problem.Forbidden, "problem.rights.more")
		if _, err = h.AddPerson(program, form("Vic", "vic@harbour.example", staff.Viewer)); err != nil {
			t.Errorf("a viewer by a token: %v", err)
		}
	})
}

func TestTheLastActiveOwnerStays(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		boss := h.as(t, h.owner)
		says(t, "disabled", h.DisablePerson(boss, h.owner.ID), problem.Conflict, "problem.owner.last")
		says(t, "demoted", h.ChangePerson(boss, h.owner.ID, form("Ann", h.owner.Mail, staff.Viewer)), problem.Conflict, "problem.owner.last")
		second := h.add(t, "second@harbour.example", staff.Owner)
		if err := h.DisablePerson(boss, second.ID); err != nil {
			t.Fatal(err)
		}
		says(t, "disabled beside a disabled owner", h.DisablePerson(boss, h.owner.ID), problem.Conflict, "problem.owner.last")
		if err := h.EnablePerson(boss, second.ID); err != nil {
			t.Fatal(err)
		}
		// Two owners who disable one another at once: one stays.
		both := []context.Context{boss, h.as(t, second)}
		whom := []id.Person{second.ID, h.owner.ID}
		var all sync.WaitGroup
		for i := range both {
			all.Go(func() { _ = h.DisablePerson(both[i], whom[i]) })
		}
		all.Wait()
		active := 0
		for _, p := range h.everybody(t) {
			if p.Active() && p.Has(staff.Owner) {
				active++
			}
		}
		if active != 1 {
			t.Errorf("%d active owners", active)
		}
	})
}

func TestATokenActsWithinItsScopesUntilItIsRevoked(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		p := h.add(t, "p@harbour.example", staff.Communicator)
		own := h.as(t, p)
		_, _, err := h.AddToken(own, "", []staff.Right{"everything"})
		says(t, "no name", err, problem.Invalid, "problem.name.missing")
		says(t, "an unknown scope", err, problem.Invalid, "problem.scopes")
		_, _, err = h.AddToken(own, "more", []staff.Right{staff.Look, staff.Configure})
		says(t, "more than the person may", err, problem.Forbidden, "problem.rights.more")
		secret, token, err := h.AddToken(own, "ci", []staff.Right{staff.Look, staff.Say})
		if err != nil {
			t.Fatal(err)
		}
		a, err := h.ByToken(t.Context(), secret)
		if err != nil || a.Person.ID != p.ID || !a.May(staff.Say) || a.May(staff.Reach) {
			t.Errorf("%+v, %v", a, err)
		}
		says(t, "somebody else's token", h.RevokeToken(h.as(t, h.add(t, "q@harbour.example", staff.Communicator)), token.ID), problem.NotFound, "problem.not_found")
		if err := h.ChangePerson(h.as(t, h.owner), p.ID, form(p.Name, p.Mail, staff.Viewer)); err != nil {
			t.Fatal(err)
		}
		if a, err := h.ByToken(t.Context(), secret); err != nil || a.May(staff.Say) || !a.May(staff.Look) {
			t.Errorf("after the role went, the token may still speak: %v", err)
		}
		if err := h.RevokeToken(h.as(t, p), token.ID); err != nil {
			t.Fatal(err)
		}
		_, err = h.ByToken(t.Context(), secret)
		says(t, "revoked", err, problem.Unauthenticated, "problem.token")
	})
}

func TestWhoLeavesAndComesBackHasNoTokens(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		boss, p := h.as(t, h.owner), h.add(t, "p@harbour.example", staff.Viewer)
		secret, _, err := h.AddToken(h.as(t, p), "ci", []staff.Right{staff.Look})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(h.DisablePerson(boss, p.ID), h.EnablePerson(boss, p.ID)); err != nil {
			t.Fatal(err)
		}
		_, err = h.ByToken(t.Context(), secret)
		says(t, "the old token", err, problem.Unauthenticated, "problem.token")
		h.as(t, p)
	})
}
