package desk_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"

	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

const (
	pass  = "mgkp wqzr tbnv"
	other = "vbnt rzqw pkgm"
)

// house is a desk on an empty database with an owner, who is ann.
type house struct {
	*desk.Desk
	db     *store.DB
	owner  staff.Person
	token  string // of the set-up
	mailed map[id.Person]string
}

func eachHouse(t *testing.T, f func(t *testing.T, h house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := empty(t, db)
		owner, err := h.SetUp(t.Context(), h.token, form("Ann", "ann@harbour.example"))
		if err != nil {
			t.Fatal(err)
		}
		h.owner = owner
		f(t, h)
	})
}

func empty(t *testing.T, db *store.DB) house {
	t.Helper()
	d := desk.New(db, &url.URL{Scheme: "https", Host: "status.harbour.example"}, nil)
	token, needed, err := d.SetupToken(t.Context())
	if err != nil || !needed {
		t.Fatalf("set-up needed %v, %v", needed, err)
	}
	return house{Desk: d, db: db, token: token, mailed: map[id.Person]string{}}
}

func form(name, mail string, roles ...staff.Role) desk.PersonForm {
	return desk.PersonForm{
		Name: name, Title: lang.Text{lang.English: "Head of Operations"}, PublicMail: "help@harbour.example", PublicPhone: "+1 202 555 0140",
		Mail: mail, Language: lang.English, Roles: roles, Password: pass,
	}
}

// as is the context of a person in a session of theirs.
func (h house) as(t *testing.T, p staff.Person) context.Context {
	t.Helper()
	_, a, err := h.SignIn(t.Context(), p.Mail, pass, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	return staff.As(t.Context(), a)
}

func (h house) add(t *testing.T, mail string, roles ...staff.Role) staff.Person {
	t.Helper()
	p, err := h.AddPerson(staff.As(t.Context(), staff.Actor{Person: h.owner, Session: "ses_test"}), form("Somebody", mail, roles...))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (h house) read(t *testing.T, f func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := h.db.Read(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func (h house) everybody(t *testing.T) (all []staff.Person) {
	t.Helper()
	h.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = tx.People.All(ctx)
		return err
	})
	return all
}

// invitation is the token of the newest link that was mailed to a person. It plans what was announced as duty does, oldest first.
func (h house) invitation(t *testing.T, p id.Person) string {
	t.Helper()
	for {
		err := h.db.Batch(t.Context(), func(tx *store.Tx) error {
			a, err := tx.Announcements.TakeUnplanned(t.Context())
			if err != nil {
				return err
			}
			if a.Kind == reach.OnInvitation && a.Priority == reach.Urgent {
				h.mailed[a.Target.Person] = strings.TrimPrefix(a.Link, "/console/invitation/")
			}
			return tx.Announcements.Advance(t.Context(), a, "", a.AsOf)
		})
		if errors.Is(err, store.ErrNotFound) {
			return h.mailed[p]
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// says checks that an error is this problem, and nothing internal.
func says(t *testing.T, what string, err error, kind problem.Kind, key string) {
	t.Helper()
	for _, p := range problem.All(err) {
		if p.Kind == kind && p.Key == key {
			return
		}
	}
	t.Errorf("%s: %v, want %s %s", what, err, kind, key)
}

func TestV19AnInvitationIsTheOnlyWayToAnInvitedPerson(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		ctx, boss := t.Context(), h.as(t, h.owner)
		in := form("New", "new@harbour.example", staff.Communicator)
		in.Password = ""
		p, err := h.AddPerson(boss, in)
		if err != nil {
			t.Fatal(err)
		}
		first := h.invitation(t, p.ID)
		if got, err := h.Invited(ctx, first); err != nil || got.ID != p.ID {
			t.Fatal(got, err)
		}
		_, err = h.Accept(ctx, first, "password1234")
		says(t, "a common password", err, problem.Invalid, "problem.password.common")
		if _, err := h.ResetLink(boss, p.ID); err != nil {
			t.Fatal(err)
		}
		second := h.invitation(t, p.ID)
		_, err = h.Accept(ctx, first, pass)
		says(t, "a link that was replaced", err, problem.Gone, "problem.invitation")

		var all sync.WaitGroup
		var mu sync.Mutex
		accepted := 0
		for range 10 {
			all.Go(func() {
				_, err := h.Accept(ctx, second, pass)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					accepted++
				} else if !problem.Is(err, problem.Gone) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if accepted != 1 {
			t.Errorf("a link was used %d times", accepted)
		}
		if _, _, err := h.SignIn(ctx, p.Mail, pass, "192.0.2.1"); err != nil {
			t.Error(err)
		}
		_, err = h.AddPerson(boss, form("Again", "NEW@harbour.example", staff.Owner))
		says(t, "the same mail again", err, problem.Conflict, "problem.mail.taken")
		_, err = h.SetUp(ctx, second, form("Eve", "eve@evil.example"))
		says(t, "an invitation as a set-up link", err, problem.NotFound, "problem.setup.done")
	})
}

func TestTheCommandLineIsGivenTheLinkItself(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		path, err := h.ResetLink(staff.As(t.Context(), staff.Actor{System: "cli"}), h.owner.ID)
		token, ok := strings.CutPrefix(path, "/console/invitation/")
		if err != nil || !ok {
			t.Fatal(path, err)
		}
		if path, err := h.ResetLink(h.as(t, h.owner), h.add(t, "p@harbour.example", staff.Viewer).ID); path != "" || err != nil {
			t.Errorf("an owner is shown somebody else's key: %q, %v", path, err)
		}
		if _, err := h.Accept(t.Context(), token, other); err != nil {
			t.Error(err)
		}
	})
}

func TestV20AMailChangedByOthersVoidsTheLinkSentToTheOldOne(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		boss := h.as(t, h.owner)
		p := h.add(t, "old@harbour.example", staff.Viewer)
		if _, err := h.ResetLink(boss, p.ID); err != nil {
			t.Fatal(err)
		}
		if err := h.ChangePerson(boss, p.ID, form(p.Name, "new@harbour.example", staff.Viewer)); err != nil {
			t.Fatal(err)
		}
		link := h.invitation(t, p.ID)
		if link == "" {
			t.Fatal("no link was mailed")
		}
		_, err := h.Accept(t.Context(), link, other)
		says(t, "the old link", err, problem.Gone, "problem.invitation")
	})
}

func TestOnesOwnMailIsChangedWithThePassword(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		p := h.add(t, "p@harbour.example", staff.Viewer)
		own := h.as(t, p)
		says(t, "a wrong password", h.ChangeMail(own, other, "q@harbour.example"), problem.Invalid, "problem.password.current")
		says(t, "somebody's mail", h.ChangeMail(own, pass, "ANN@harbour.example"), problem.Conflict, "problem.mail.taken")
		if err := h.ChangeMail(own, pass, "q@harbour.example"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.SignIn(t.Context(), "q@harbour.example", pass, "192.0.2.1"); err != nil {
			t.Error(err)
		}
	})
}
