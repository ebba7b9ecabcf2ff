package desk_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/problem"
	"candor/staff"
	"candor/store"
)

func TestV30TheAuditHasWhoWhenWhatAndFromWhere(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		p := h.add(t, "p@harbour.example", staff.Viewer)
		boss := h.as(t, h.owner)
		if err := h.ChangePerson(boss, p.ID, form("Changed", p.Mail, staff.Agent)); err != nil {
			t.Fatal(err)
		}
		h.read(t, func(ctx context.Context, tx *store.Tx) error {
			of, err := tx.Audit.Of(ctx, string(p.ID), store.AuditLine{}, 10)
			if err != nil || len(of) != 2 {
				t.Fatalf("%d lines, %v", len(of), err)
			}
			l := of[0]
			if l.Act != "person change" || l.Person != h.owner.ID || l.Via != "session" || l.IP != "192.0.2.1" ||
				!strings.Contains(l.Before, `"Somebody"`) || !strings.Contains(l.After, `"Changed"`) || time.Since(l.At) > time.Minute {
				t.Errorf("%+v", l)
			}
			var walked []store.AuditLine
			for last := (store.AuditLine{}); ; {
				page, err := tx.Audit.Page(ctx, last, 2)
				if err != nil || len(page) == 0 {
					break
				}
				walked, last = append(walked, page...), page[len(page)-1]
			}
			whole, err := tx.Audit.Page(ctx, store.AuditLine{}, 100)
			if diff := cmp.Diff(whole, walked); diff != "" || len(whole) < 4 {
				t.Errorf("page by page (-whole +walked):\n%s", diff)
			}
			return err
		})
	})
}

// V29, T23: a secret that reached the audit would be readable by whoever looks.
func TestV29TheAuditHoldsNoSecret(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		ctx, boss := t.Context(), h.as(t, h.owner)
		cookie, a, err := h.SignIn(ctx, h.owner.Mail, pass, "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		secret, _, err := h.AddToken(boss, "ci", []staff.Right{staff.Look})
		if err != nil {
			t.Fatal(err)
		}
		p := h.add(t, "p@harbour.example", staff.Viewer)
		if _, err := h.ResetLink(boss, p.ID); err != nil {
			t.Fatal(err)
		}
		link := h.invitation(t, p.ID)
		if _, err := h.Accept(ctx, link, other); err != nil {
			t.Fatal(err)
		}
		if err := h.ChangePassword(staff.As(ctx, a), pass, other); err != nil {
			t.Fatal(err)
		}
		in := chosen()
		in.Mail.URL, in.Mail.From = "smtp://candor:Canary-Relay-77@relay.harbour.example:587", "status@harbour.example"
		in.Mail.DKIMSelector, in.Mail.DKIMKey = "s1", ed25519PEM(t)
		if err := errors.Join(h.SaveSettings(boss, in, 0), h.SaveSettings(boss, in, 1)); err != nil {
			t.Fatal(err)
		}
		secrets := map[string]string{
			"password": pass, "new password": other, "cookie": cookie, "token": secret, "link": link, "set-up link": h.token, "relay's password": "Canary-Relay-77",
			"key": strings.Split(in.Mail.DKIMKey, "\n")[1], "any password's hash": "$argon2", "cookie's hash": staff.HashSecret(cookie),
			"token's hash": staff.HashSecret(strings.TrimPrefix(secret, staff.TokenPrefix)), "link's hash": staff.HashSecret(link),
		}
		h.read(t, func(ctx context.Context, tx *store.Tx) error {
			lines, err := tx.Audit.Page(ctx, store.AuditLine{}, 1000)
			if len(lines) < 10 {
				t.Errorf("%d lines", len(lines))
			}
			for _, l := range lines {
				for name, s := range secrets {
					if strings.Contains(l.Before+l.After+l.Object+l.Act+l.Via, s) {
						t.Errorf("%s shows the %s", l.Act, name)
					}
				}
			}
			return err
		})
	})
}

func TestAPhotoIsServedOnlyAsWeDrewIt(t *testing.T) { // V16
	eachHouse(t, func(t *testing.T, h house) {
		boss := h.as(t, h.owner)
		in := form("Ann", h.owner.Mail, staff.Owner)
		in.Photo = []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)
		says(t, "an SVG", h.ChangePerson(boss, h.owner.ID, in), problem.Invalid, "problem.picture.kind")
		in.Photo = picture(t)
		if err := h.ChangePerson(boss, h.owner.ID, in); err != nil {
			t.Fatal(err)
		}
		hash := h.everybody(t)[0].Photo
		h.read(t, func(ctx context.Context, tx *store.Tx) error {
			b, err := tx.Blobs.ByHash(ctx, hash)
			if b.Type != "image/jpeg" || !strings.HasPrefix(string(b.Body), "\xff\xd8\xff") || len(b.Body) > 12<<10 {
				t.Errorf("%s of %d bytes", b.Type, len(b.Body))
			}
			return err
		})
		in.Photo = nil
		if err := h.ChangePerson(boss, h.owner.ID, in); err != nil || h.everybody(t)[0].Photo != hash {
			t.Errorf("a form without a photo took it away, %v", err)
		}
		in.NoPhoto = true
		if err := h.ChangePerson(boss, h.owner.ID, in); err != nil || h.everybody(t)[0].Photo != "" {
			t.Errorf("the photo stayed, %v", err)
		}
	})
}

func TestEveryActOnPeopleTellsThePage(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		boss, version := h.as(t, h.owner), int64(-1)
		p := h.add(t, "p@harbour.example", staff.Viewer)
		for name, act := range map[string]func() error{
			"change":  func() error { return h.ChangePerson(boss, p.ID, form("New", p.Mail, staff.Viewer)) },
			"disable": func() error { return h.DisablePerson(boss, p.ID) },
			"save":    func() error { return h.SaveSettings(boss, chosen(), 0) },
		} {
			h.read(t, func(ctx context.Context, tx *store.Tx) (err error) { version, err = tx.Changes.Newest(ctx); return err })
			if err := act(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			h.read(t, func(ctx context.Context, tx *store.Tx) error {
				newest, err := tx.Changes.Newest(ctx)
				if newest != version+1 {
					t.Errorf("%s: %d changes", name, newest-version)
				}
				return err
			})
		}
	})
}
