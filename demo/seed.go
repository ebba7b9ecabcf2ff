package demo

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// watched is how long Harbour says it has watched its parts.
const watched = 120 * 24 * time.Hour

// A Stage is Harbour, ready to play.
type Stage struct {
	desk     *desk.Desk
	people   map[string]staff.Person
	parts    map[string]id.Component
	owed     []owed
	Mail     string // of the owner, who signs in
	Password string
	Token    string
}

// Seed makes Harbour in an empty database. A database that has people already is left alone.
func Seed(ctx context.Context, db *store.DB, d *desk.Desk) (*Stage, error) {
	b, err := files.ReadFile("harbour.json")
	if err != nil {
		return nil, err
	}
	var c company
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, fmt.Errorf("read the demo's company: %w", err)
	}
	s := &Stage{desk: d, people: map[string]staff.Person{}, parts: map[string]id.Component{}, Password: "demo-" + rand.Text()[:12]}
	ctx = staff.As(ctx, staff.Actor{System: "demo"})
	steps := []func(context.Context, company) error{
		s.addPeople, s.addParts,
		func(ctx context.Context, c company) error { return s.configure(ctx, db, c) },
		s.addSubscribers, s.addPast, s.addPlanned,
	}
	for _, step := range steps {
		if err := step(ctx, c); err != nil {
			return nil, fmt.Errorf("make the demo's company: %w", err)
		}
	}
	return s, s.addToken(ctx)
}

func (s *Stage) addPeople(ctx context.Context, c company) error {
	for _, p := range c.People {
		photo, err := files.ReadFile("portraits/" + p.Key + ".jpg")
		if err != nil {
			return err
		}
		made, err := s.desk.AddPerson(ctx, desk.PersonForm{
			Name: p.Name, Mail: p.Mail, PublicMail: p.PublicMail, PublicPhone: p.PublicPhone, Roles: p.Roles, Language: p.Language,
			Title: p.Title, Photo: photo, Password: s.Password,
		})
		if err != nil {
			return err
		}
		s.people[p.Key] = made
	}
	s.Mail = c.People[0].Mail
	return nil
}

func (s *Stage) addParts(ctx context.Context, c company) error {
	for n, p := range c.Components {
		form := desk.ComponentForm{Group: p.Group, GroupID: s.parts[p.In], Name: p.Name, Earns: p.Earns, Status: p.Status, Position: n + 1, Showcase: true}
		for _, key := range p.DependsOn {
			form.DependsOn = append(form.DependsOn, s.parts[key])
		}
		made, err := s.desk.AddComponent(ctx, form)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Key, err)
		}
		s.parts[p.Key] = made.ID
		if p.Group || cmp.Or(p.Status, component.Operational) != component.Operational {
			continue
		}
		if err := s.desk.BackfillComponent(ctx, made.ID, made.CreatedAt.Add(-watched)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stage) configure(ctx context.Context, db *store.DB, c company) error {
	var now settings.Settings
	var version int64
	err := db.Read(ctx, func(tx *store.Tx) (err error) {
		now, version, err = tx.Settings.Load(ctx)
		return err
	})
	if err != nil {
		return err
	}
	now.Company, now.Zone, now.Published = c.Company, c.Zone, true
	now.Languages = lang.All()
	now.Mail.From, now.Mail.FromName = "status@harbour.example", c.Company
	now.OnCall = string(s.people["dana"].ID)
	return s.desk.SaveSettings(ctx, now, version)
}

func (s *Stage) addSubscribers(ctx context.Context, c company) error {
	for _, x := range c.Subscribers {
		in := desk.Subscription{Address: x.Address, Language: x.Language, EveryUpdate: x.EveryUpdate}
		for _, key := range x.Components {
			in.Components = append(in.Components, s.parts[key])
		}
		if _, err := s.desk.AddSubscriber(ctx, in, true); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stage) addPast(ctx context.Context, c company) error {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return err
	}
	for _, p := range c.Past {
		start := p.At.on(time.Now(), -p.DaysAgo, zone)
		i, err := s.desk.Backfill(ctx, desk.Past{
			Title: p.Title, StartedAt: start, DeclaredAt: start.Add(4 * time.Minute).Truncate(time.Minute),
			ResolvedAt: start.Add(time.Duration(p.Minutes) * time.Minute), Affected: s.affected(p.Affected),
			Author: s.people[p.By].ID, First: p.First, Last: p.Last,
		})
		if err != nil {
			return err
		}
		if p.Report != nil {
			s.owed = append(s.owed, owed{i.ID, *p.Report})
		}
	}
	return nil
}

func (s *Stage) addPlanned(ctx context.Context, c company) error {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return err
	}
	from := c.Planned.At.on(time.Now(), c.Planned.InDays, zone)
	_, _, err = s.desk.Declare(s.as(ctx, c.Planned.By), desk.Declaration{
		Kind: incident.Maintenance, Title: c.Planned.Title,
		Window: incident.Window{From: from, Until: from.Add(time.Duration(c.Planned.Minutes) * time.Minute), AutoStart: true, AutoEnd: true},
		First:  desk.Word{Body: c.Planned.Body, Affected: s.affected(c.Planned.Affected)},
	})
	return err
}

func (s *Stage) addToken(ctx context.Context) (err error) {
	owner := s.people["dana"]
	s.Token, _, err = s.desk.AddToken(staff.As(ctx, staff.Actor{Person: owner}), "demo", staff.Rights[:])
	return err
}

// as makes a person of the company act.
func (s *Stage) as(ctx context.Context, key string) context.Context {
	return staff.As(ctx, staff.Actor{Person: s.people[key]})
}

func (s *Stage) affected(in map[string]component.Status) []incident.Affected {
	var out []incident.Affected
	for _, key := range slices.Sorted(maps.Keys(in)) {
		out = append(out, incident.Affected{Component: s.parts[key], Status: in[key]})
	}
	return out
}
