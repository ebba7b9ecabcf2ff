package site

import (
	"context"
	"strings"
	"testing"
	"time"

	"candor/id"
	"candor/incident"
	"candor/promise"
	"candor/settings"
	"candor/store"
)

func TestAnOpenIncidentSaysHowMoneyComesBackAndNeverHowMuch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		word settings.CreditWord
		due  time.Duration
		kept bool
		want string
	}{
		{"nothing is said", settings.CreditsUnsaid, 0, false, ""},
		{"by itself", settings.CreditsAutomatic, 0, false, "nobody has to ask"},
		{"to who asks", settings.CreditsAsked, 0, false, "On request"},
		{"by when it is decided", settings.CreditsDecided, 48 * time.Hour, false, "Decision by"},
		{"it is decided", settings.CreditsDecided, 48 * time.Hour, true, "everyone affected hears from us"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t).settle()
			w.write(func(ctx context.Context, tx *store.Tx) error {
				s, version, err := tx.Settings.Load(ctx)
				if err != nil {
					return err
				}
				s.Credits = settings.Credits{Word: c.word, Within: c.due}
				_, err = tx.Settings.Save(ctx, s, version)
				return err
			})
			down := w.declare(incident.Incident{Title: said("Names fail"), StartedAt: w.now.Add(-time.Hour)}, w.dns)
			word := down.say(w.now.Add(-time.Hour), incident.Investigating, said("We are looking."), 0, incident.DefaultFields(incident.Outage, time.Time{}))
			if c.due > 0 {
				p := promise.Promise{
					ID: id.New[id.Promise](word.At), Kind: promise.Credit, Incident: down.i.ID, Update: word.ID, Promiser: w.dana.ID, MadeAt: word.At, DueAt: word.At.Add(c.due),
				}
				if c.kept {
					p.KeptAt = w.now
				}
				w.write(func(ctx context.Context, tx *store.Tx) error { return tx.Promises.Add(ctx, p) })
			}
			page := w.get("/en/incidents/" + string(down.i.Code)).Body.String()
			if strings.Contains(page, "Money back") != (c.want != "") || !strings.Contains(page, c.want) {
				t.Errorf("the page does not say %q as it should", c.want)
			}
		})
	}
}
