package desk_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/promise"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// A newsroom is a small company in a fresh database: two people, two components in a group, and one beside it.
type newsroom struct {
	*desk.Desk
	db              *store.DB
	ann, ben        staff.Person
	ctx             context.Context // Ann acts
	web, site, shop component.Component
	mail            component.Component
}

func english(s string) lang.Text { return lang.Text{lang.English: s} }

func open(t *testing.T, db *store.DB) newsroom {
	t.Helper()
	n := newsroom{db: db, Desk: desk.New(db, &url.URL{Scheme: "https", Host: "status.example.com"}, nil)}
	n.ann = staff.Person{ID: id.New[id.Person](time.Now()), Name: "Ann Ames", Roles: []staff.Role{staff.Owner}, Language: lang.English, Mail: "ann@example.com", CreatedAt: time.Now()}
	n.ben = staff.Person{ID: id.New[id.Person](time.Now()), Name: "Ben Bo", Roles: []staff.Role{staff.Communicator}, Language: lang.English, Mail: "ben@example.com", CreatedAt: time.Now()}
	n.write(t, func(ctx context.Context, tx *store.Tx) error {
		for _, p := range []staff.Person{n.ann, n.ben} {
			if err := tx.People.Add(ctx, p, p.Mail); err != nil {
				return err
			}
		}
		return nil
	})
	n.ctx = n.as(t, n.ann)
	n.web = n.add(t, desk.ComponentForm{Group: true, Name: english("Web")})
	n.site = n.add(t, desk.ComponentForm{Name: english("Sites"), GroupID: n.web.ID, Earns: true})
	n.shop = n.add(t, desk.ComponentForm{Name: english("Shop"), GroupID: n.web.ID})
	n.mail = n.add(t, desk.ComponentForm{Name: english("Mail")})
	return n
}

func (n newsroom) as(t *testing.T, p staff.Person) context.Context {
	return staff.As(t.Context(), staff.Actor{Person: p, Session: "ses_x"})
}

func (n newsroom) add(t *testing.T, f desk.ComponentForm) component.Component {
	t.Helper()
	c, err := n.AddComponent(n.ctx, f)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (n newsroom) write(t *testing.T, f func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := n.db.Write(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// look is one consistent look at everything the tests ask about.
type look struct {
	incident      incident.Incident
	updates       []incident.Update // newest first
	promises      []promise.Promise
	announcements []reach.Announcement
	status        map[id.Component]component.Status
	intervals     []component.Interval
	version       int64
}

func (n newsroom) look(t *testing.T, i id.Incident) (l look) {
	t.Helper()
	ctx := t.Context()
	l.status = map[id.Component]component.Status{}
	err := n.db.Read(ctx, func(tx *store.Tx) (err error) {
		all, err := tx.Components.All(ctx)
		for _, c := range all {
			l.status[c.ID] = c.Status
		}
		if err != nil {
			return err
		}
		if l.incident, err = tx.Incidents.ByID(ctx, i); err != nil {
			return err
		}
		if l.updates, err = tx.Updates.Of(ctx, i); err != nil {
			return err
		}
		if l.promises, err = tx.Promises.Of(ctx, i); err != nil {
			return err
		}
		if l.announcements, err = tx.Announcements.OfIncident(ctx, i); err != nil {
			return err
		}
		if l.intervals, err = tx.Intervals.Since(ctx, time.Time{}); err != nil {
			return err
		}
		l.version, err = tx.Changes.Newest(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (n newsroom) declare(t *testing.T, in desk.Declaration) incident.Incident {
	t.Helper()
	i, _, err := n.Declare(n.ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func down(c component.Component, s component.Status) incident.Affected {
	return incident.Affected{Component: c.ID, Status: s}
}

func (l look) open(k promise.Kind) (open []promise.Promise) {
	for _, p := range l.promises {
		if p.Kind == k && p.Open() {
			open = append(open, p)
		}
	}
	return open
}

func keys(err error) (all []string) {
	for _, p := range problem.All(err) {
		all = append(all, p.Field+" "+p.Key)
	}
	if err != nil && all == nil {
		all = []string{err.Error()}
	}
	return all
}
