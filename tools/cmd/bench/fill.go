package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"candor/audience"
	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// A world is what the worker is told about the database.
type world struct {
	Token     string
	Component id.Component
}

// incident is the one that was declared.
func (w world) incident(ctx context.Context, tx *store.Tx) id.Incident {
	open, err := tx.Incidents.Open(ctx)
	if err != nil || len(open) == 0 {
		return ""
	}
	return open[0].ID
}

// fill makes a company with one component, one person, her token and many subscribers.
func fill(ctx context.Context, db *store.DB, o options) (w world, err error) {
	base := &url.URL{Scheme: "https", Host: "status.example"}
	at := time.Now().UTC().Truncate(time.Microsecond)
	person := staff.Person{
		ID: id.New[id.Person](at), Name: "Dana Whitfield", Title: lang.Text{"en": "Head of network operations"},
		PublicMail: "dana@harbour.example", Mail: "dana@harbour.example", Language: "en", Roles: []staff.Role{staff.Owner}, CreatedAt: at,
	}
	d := desk.New(db, base, nil)
	err = db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.People.Add(ctx, person, person.Mail); err != nil {
			return err
		}
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		_, err = tx.Settings.Save(ctx, chosen(s, o), version)
		return err
	})
	if err != nil {
		return w, err
	}
	ctx = staff.As(ctx, staff.Actor{Person: person, Session: id.New[id.Session](at)})
	c, err := d.AddComponent(ctx, desk.ComponentForm{Name: lang.Text{"en": "Websites"}, Status: component.Operational})
	if err != nil {
		return w, err
	}
	w.Component = c.ID
	if w.Token, _, err = d.AddToken(ctx, "bench", staff.Rights[:]); err != nil {
		return w, err
	}
	return w, subscribe(ctx, db, o)
}

func chosen(s settings.Settings, o options) settings.Settings {
	s.Company, s.Zone, s.Published = "Harbour", "America/New_York", true
	s.Mail.From, s.Mail.FromName, s.Mail.Connections = "status@harbour.example", "Harbour status", o.connections
	if o.dkim != "" {
		s.Mail.DKIMSelector, s.Mail.DKIMKey = "bench", key(o.dkim)
	}
	return s
}

func subscribe(ctx context.Context, db *store.DB, o options) error {
	at := time.Now().UTC().Add(-time.Minute).Truncate(time.Microsecond)
	for done := 0; done < o.n; {
		var some []audience.Contact
		for ; done < o.n && len(some) < 5000; done++ {
			some = append(some, audience.Contact{
				ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: "email", Language: lang.All()[done%5],
				Address:   audience.Address(fmt.Sprintf("reader%07d@mail%d.example", done, done%max(o.domains, 1))),
				CreatedAt: at, ConfirmedAt: at,
			})
		}
		if err := db.Batch(ctx, func(tx *store.Tx) error {
			_, err := tx.Contacts.AddMany(ctx, some)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}
