package desk_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"candor/desk"
	"candor/problem"
	"candor/staff"
)

func TestSignInTellsNothingAboutWhoWorksHere(t *testing.T) { // B13
	eachHouse(t, func(t *testing.T, h house) {
		gone := h.add(t, "gone@harbour.example", staff.Viewer)
		invited, err := h.AddPerson(h.as(t, h.owner), desk.PersonForm{Name: "New", Mail: "new@harbour.example", Roles: []staff.Role{staff.Viewer}})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.DisablePerson(h.as(t, h.owner), gone.ID); err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, c := range []struct{ mail, password string }{
			{"nobody@harbour.example", pass},
			{h.owner.Mail, other},
			{h.owner.Mail, ""},
			{gone.Mail, pass},
			{invited.Mail, ""},
			{invited.Mail, pass},
			{"", ""},
			{"not an address", pass},
			{h.owner.Mail + "\x00", pass},
		} {
			secret, a, err := h.SignIn(t.Context(), c.mail, c.password, "192.0.2.1")
			if err == nil || secret != "" || a.Person.ID != "" {
				t.Fatalf("%q signed in", c.mail)
			}
			said = append(said, err.Error())
		}
		if same := slices.Compact(said); len(same) != 1 {
			t.Errorf("different answers: %q", same)
		}
	})
}

func TestSignInIsTheSameWhateverTheMailsLetterCase(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		secret, a, err := h.SignIn(t.Context(), " ANN@Harbour.Example ", pass, "192.0.2.1")
		if err != nil || a.Person.ID != h.owner.ID {
			t.Fatal(a, err)
		}
		by, err := h.BySession(t.Context(), secret)
		if err != nil || by.Person.ID != h.owner.ID || by.Session != a.Session {
			t.Error(by, err)
		}
	})
}

func TestGuessingIsLimitedPerMailAndPerNetwork(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		ctx := t.Context()
		var all sync.WaitGroup
		var mu sync.Mutex
		answers := map[problem.Kind]int{}
		guess := func(mail, ip string) {
			_, _, err := h.SignIn(ctx, mail, other, ip)
			mu.Lock()
			defer mu.Unlock()
			for _, p := range problem.All(err) {
				answers[p.Kind]++
			}
		}
		for i := range 40 { // each from a machine of its own
			all.Go(func() { guess(h.owner.Mail, "198.51.100."+string(rune('0'+i%10))+string(rune('0'+i/10))) })
		}
		all.Wait()
		if diff := cmp.Diff(map[problem.Kind]int{problem.Unauthenticated: 10, problem.TooMany: 30}, answers); diff != "" {
			t.Errorf("40 guesses at one mail (-want +got):\n%s", diff)
		}
		_, _, err := h.SignIn(ctx, h.owner.Mail, pass, "203.0.113.1")
		says(t, "the right password after ten wrong ones", err, problem.TooMany, "problem.signin.many")

		clear(answers)
		for i := range 40 { // one network, one password on everybody
			all.Go(func() {
				guess(string(rune('a'+i%26))+string(rune('a'+i/26))+"@harbour.example", "2001:db8::"+string(rune('1'+i%9)))
			})
		}
		all.Wait()
		if diff := cmp.Diff(map[problem.Kind]int{problem.Unauthenticated: 30, problem.TooMany: 10}, answers); diff != "" {
			t.Errorf("40 guesses from one network (-want +got):\n%s", diff)
		}
	})
}

func TestWhoSignsInAgainAndAgainIsNotShutOut(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		for range 12 {
			h.as(t, h.owner)
		}
	})
}

func TestB15ASessionIsNewAtEverySignInAndEndsAtSignOut(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		ctx := t.Context()
		one, a, err := h.SignIn(ctx, h.owner.Mail, pass, "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		two, b, err := h.SignIn(ctx, h.owner.Mail, pass, "192.0.2.1")
		if err != nil || one == two || a.Session == b.Session {
			t.Fatalf("the same session twice, %v", err)
		}
		if err := h.SignOut(staff.As(ctx, a)); err != nil {
			t.Fatal(err)
		}
		_, err = h.BySession(ctx, one)
		says(t, "after signing out", err, problem.Unauthenticated, "problem.unauthenticated")
		if _, err := h.BySession(ctx, two); err != nil {
			t.Errorf("the other session: %v", err)
		}
	})
}

func TestV35EmptyAndOddCredentialsMatchNobody(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		h.as(t, h.owner)
		if _, _, err := h.AddToken(h.as(t, h.owner), "ci", []staff.Right{staff.Look}); err != nil {
			t.Fatal(err)
		}
		for _, odd := range []string{
			"", " ", "null", "undefined", "0", "[]", "{}", "true", "%", "_", "' OR ''='", strings.Repeat("0", 52), staff.TokenPrefix,
			staff.TokenPrefix + "null", staff.TokenPrefix + strings.Repeat("0", 52), strings.Repeat("x", 1<<20), "\x00",
		} {
			_, err := h.BySession(t.Context(), odd)
			says(t, "session", err, problem.Unauthenticated, "problem.unauthenticated")
			_, err = h.ByToken(t.Context(), odd)
			says(t, "token", err, problem.Unauthenticated, "problem.token")
			_, err = h.Accept(t.Context(), odd, pass)
			says(t, "invitation", err, problem.Gone, "problem.invitation")
			_, err = h.Invited(t.Context(), odd)
			says(t, "look at an invitation", err, problem.Gone, "problem.invitation")
		}
	})
}

func TestV20WhatChangesWhoSomebodyIsEndsTheirSessions(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		ctx := t.Context()
		boss := h.as(t, h.owner)
		second := h.add(t, "second@harbour.example", staff.Owner)
		for i, c := range []struct {
			what string
			do   func(p staff.Person, own context.Context, secret string) error
			kept bool // the session that acts lives on
		}{
			{"their password, by themselves", func(p staff.Person, own context.Context, _ string) error { return h.ChangePassword(own, pass, other) }, true},
			{"their roles", func(p staff.Person, _ context.Context, _ string) error {
				return h.ChangePerson(boss, p.ID, form(p.Name, p.Mail, staff.Viewer))
			}, false},
			{"their access", func(p staff.Person, _ context.Context, _ string) error { return h.DisablePerson(boss, p.ID) }, false},
			{"their password, by a link", func(p staff.Person, _ context.Context, _ string) error {
				if _, err := h.ResetLink(boss, p.ID); err != nil {
					return err
				}
				_, err := h.Accept(ctx, h.invitation(t, p.ID), other)
				return err
			}, false},
		} {
			p := h.add(t, "p"+string(rune('0'+i))+"@harbour.example", staff.Communicator)
			acting, a, err := h.SignIn(ctx, p.Mail, pass, "192.0.2.1")
			if err != nil {
				t.Fatal(err)
			}
			elsewhere, _, err := h.SignIn(ctx, p.Mail, pass, "192.0.2.2")
			if err != nil {
				t.Fatal(err)
			}
			if err := c.do(p, staff.As(ctx, a), acting); err != nil {
				t.Fatalf("%s: %v", c.what, err)
			}
			_, err = h.BySession(ctx, elsewhere)
			says(t, c.what, err, problem.Unauthenticated, "problem.unauthenticated")
			if _, err = h.BySession(ctx, acting); (err == nil) != c.kept {
				t.Errorf("%s: the acting session: %v", c.what, err)
			}
		}
		if _, err := h.BySession(ctx, func() string { s, _, _ := h.SignIn(ctx, second.Mail, pass, "192.0.2.1"); return s }()); err != nil {
			t.Errorf("somebody else's session: %v", err)
		}
	})
}

func TestAChangeOfAppearanceKeepsTheSession(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		p := h.add(t, "p@harbour.example", staff.Communicator)
		secret, a, err := h.SignIn(t.Context(), p.Mail, pass, "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		in := form("New Name", p.Mail)
		in.Roles = nil
		if err := h.ChangePerson(staff.As(t.Context(), a), p.ID, in); err != nil {
			t.Fatal(err)
		}
		got, err := h.BySession(t.Context(), secret)
		if err != nil || got.Person.Name != "New Name" || !got.Person.Has(staff.Communicator) {
			t.Error(got.Person, err)
		}
	})
}

func TestASessionThatGuessesThePasswordIsStopped(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		own := h.as(t, h.owner)
		for range 10 {
			says(t, "a guess", h.ChangePassword(own, "guess guess guess", other), problem.Invalid, "problem.password.current")
		}
		says(t, "the eleventh", h.ChangePassword(own, pass, other), problem.TooMany, "problem.signin.many")
	})
}
