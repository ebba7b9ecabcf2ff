package site

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/settings"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// A town is a database with a company in it, and the face that shows it.
type town struct {
	t    testing.TB
	db   *store.DB
	face *Face
	now  time.Time

	dana, luis                                staff.Person
	websites, mailboxes, dns, secret, builder component.Component
}

const publicURL = "https://status.example"

func newTown(t testing.TB) *town { return newTownOn(t, storetest.SQLite(t)) }

func newTownOn(t testing.TB, at string) *town {
	t.Helper()
	db := storetest.Open(t, at)
	public, err := url.Parse(publicURL)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	return &town{t: t, db: db, now: time.Now().UTC().Truncate(time.Microsecond), face: New(db, desk.New(db, public, nil), public, log)}
}

func (w *town) write(do func(ctx context.Context, tx *store.Tx) error) {
	w.t.Helper()
	ctx := context.WithoutCancel(w.t.Context())
	if err := w.db.Write(ctx, func(tx *store.Tx) error { return do(ctx, tx) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) start() *town {
	w.t.Helper()
	if err := w.face.Start(context.WithoutCancel(w.t.Context())); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(w.face.Stop)
	return w
}

func said(en string, rest ...string) lang.Text {
	text := lang.Text{lang.English: en}
	for n := 0; n+1 < len(rest); n += 2 {
		text[lang.Tag(rest[n])] = rest[n+1]
	}
	return text
}

// settle gives the company its name, its people and its components, all of them working for ninety days.
func (w *town) settle() *town {
	long := w.now.Add(-100 * 24 * time.Hour)
	w.dana = staff.Person{
		ID: id.New[id.Person](long), Name: "Dana Whitfield", Title: said("Head of network operations", "de", "Leitung Netzbetrieb", "zh-Hant", "網路營運主管"),
		PublicMail: "dana@status.example", PublicPhone: "+1 480 555 0142", Mail: "dana@harbour.example", Language: lang.English,
		Roles: []staff.Role{staff.Owner}, CreatedAt: long,
	}
	w.luis = staff.Person{
		ID: id.New[id.Person](long), Name: "Luis Ortega", Title: said("Network engineering"), PublicMail: "luis@status.example",
		Mail: "luis@harbour.example", Language: lang.English, Roles: []staff.Role{staff.Communicator}, CreatedAt: long,
	}
	w.write(func(ctx context.Context, tx *store.Tx) error {
		s := settings.Defaults()
		s.Company, s.Zone, s.Published, s.Site, s.Support = "Harbour", "America/New_York", true, "https://harbour.example/", "help@harbour.example"
		s.OnCall = string(w.luis.ID)
		if _, err := tx.Settings.Save(ctx, s, 0); err != nil {
			return err
		}
		for _, p := range []*staff.Person{&w.dana, &w.luis} {
			var err error
			if p.Photo, err = tx.Blobs.Put(ctx, "image/jpeg", portrait(p.Name), long); err != nil {
				return err
			}
			if err := tx.People.Add(ctx, *p, p.Mail); err != nil {
				return err
			}
		}
		return tx.Changes.Add(ctx, "settings", long)
	})
	sites := w.add(component.Component{Group: true, Name: said("Your sites", "de", "Ihre Websites", "zh-Hant", "您的網站"), Position: 1})
	mail := w.add(component.Component{Group: true, Name: said("Mail"), Position: 2})
	names := w.add(component.Component{Group: true, Name: said("Domain names"), Position: 3})
	w.websites = w.add(component.Component{Name: said("Websites", "de", "Websites", "zh-Hant", "網站"), GroupID: sites.ID, Position: 1, Earns: true})
	w.builder = w.add(component.Component{Name: said("Website builder"), GroupID: sites.ID, Position: 2})
	w.mailboxes = w.add(component.Component{Name: said("Mailboxes"), GroupID: mail.ID, Position: 1})
	w.add(component.Component{Name: said("Webmail"), GroupID: mail.ID, Position: 2})
	w.dns = w.add(component.Component{Name: said("DNS"), GroupID: names.ID, Position: 1, Description: said("Name servers for your domains")})
	w.secret = w.add(component.Component{Name: said("CANARY component"), Private: true, Position: 9})
	return w
}

// add appends a component that has worked since a hundred days ago.
func (w *town) add(c component.Component) component.Component {
	long := w.now.Add(-100 * 24 * time.Hour)
	c.ID, c.Code = id.New[id.Component](w.now), id.NewCode()
	c.Status, c.Since, c.CreatedAt, c.UpdatedAt = component.Operational, long, long, long
	w.write(func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Components.Add(ctx, c); err != nil || c.Group {
			return err
		}
		if err := tx.Intervals.Begin(ctx, c.ID, component.Operational, long); err != nil {
			return err
		}
		return tx.Changes.Add(ctx, "components", w.now)
	})
	return c
}

// A tale is an incident in the making: each word is posted at its time, and keeps the promise of the one before.
type tale struct {
	w    *town
	i    incident.Incident
	last incident.Update
	open promise.Promise
}

func (w *town) declare(i incident.Incident, affected ...component.Component) *tale {
	i.ID, i.Code, i.Number = id.New[id.Incident](i.StartedAt), id.NewCode(), int64(time.Now().UnixNano())
	if i.Visibility == "" {
		i.Visibility = incident.Public
	}
	if i.Status == "" {
		i.Status = incident.Investigating
	}
	if i.Kind == "" {
		i.Kind = incident.Outage
	}
	if i.Impact == "" {
		i.Impact = incident.ImpactMajor
	}
	if i.DeclaredAt.IsZero() {
		i.DeclaredAt = i.StartedAt
	}
	i.DetectedBy, i.Lead, i.CreatedAt, i.UpdatedAt = incident.ByProbe, w.dana.ID, i.StartedAt, i.StartedAt
	for _, c := range affected {
		i.Affected = append(i.Affected, incident.Affected{Component: c.ID, Status: component.MajorOutage})
	}
	w.write(func(ctx context.Context, tx *store.Tx) error {
		for _, a := range i.Affected {
			if err := tx.Intervals.Change(ctx, a.Component, a.Status, i.ID, i.StartedAt, i.StartedAt); err != nil {
				return err
			}
		}
		if err := tx.Incidents.Add(ctx, i); err != nil {
			return err
		}
		return tx.Changes.Add(ctx, "incident:"+string(i.ID), time.Now())
	})
	return &tale{w: w, i: i}
}

// say posts an update that promises the next one after a while; zero promises none.
func (t *tale) say(at time.Time, status incident.Status, body lang.Text, next time.Duration, fields incident.Fields) incident.Update {
	u := incident.Update{
		ID: id.New[id.Update](at), Code: id.NewCode(), Incident: t.i.ID, Number: t.last.Number + 1, Status: status, Author: t.w.dana.ID,
		Body: body, Fields: fields, Notify: true, At: at,
	}
	if t.last.ID == "" {
		for _, a := range t.i.Affected {
			u.Affected = append(u.Affected, incident.Change{Component: a.Component, Old: component.Operational, New: a.Status})
		}
	}
	if next > 0 {
		u.NextBy = at.Add(next)
	}
	t.w.write(func(ctx context.Context, tx *store.Tx) error {
		if t.open.ID != "" {
			if err := tx.Promises.Keep(ctx, t.i.ID, promise.NextUpdate, u.ID, at); err != nil {
				return err
			}
		}
		if err := tx.Updates.Add(ctx, u, ""); err != nil {
			return err
		}
		t.open = promise.Promise{}
		if next > 0 {
			t.open = promise.Promise{
				ID: id.New[id.Promise](at), Kind: promise.NextUpdate, Incident: t.i.ID, Update: u.ID, Promiser: t.w.dana.ID, MadeAt: at, DueAt: u.NextBy,
			}
			if err := tx.Promises.Add(ctx, t.open); err != nil {
				return err
			}
		}
		t.i.Status, t.i.UpdatedAt = status, at
		return t.end(ctx, tx, at)
	})
	t.last = u
	return u
}

// end resolves with the last word: the components work again.
func (t *tale) end(ctx context.Context, tx *store.Tx, at time.Time) error {
	if !t.i.Open() {
		t.i.ResolvedAt = at
		for n, a := range t.i.Affected {
			if err := tx.Intervals.Change(ctx, a.Component, component.Operational, "", at, at); err != nil {
				return err
			}
			t.i.Affected[n].Status = component.Operational
		}
	}
	if err := tx.Incidents.Save(ctx, t.i); err != nil {
		return err
	}
	return tx.Changes.Add(ctx, "incident:"+string(t.i.ID), time.Now())
}

func (w *town) get(path string) *httptest.ResponseRecorder {
	return w.ask(http.MethodGet, path, nil)
}

func (w *town) ask(method, path string, header http.Header) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for name, values := range header {
		r.Header[name] = values
	}
	got := httptest.NewRecorder()
	w.face.Handler().ServeHTTP(got, r)
	return got
}

// portrait stands for the bytes of a picture.
func portrait(name string) []byte { return []byte("\xff\xd8\xff picture of " + name) }

// badDay is GoDaddy's kind of day at Harbour: eleven words, one of them late, one corrected, one blacked out.
func (w *town) badDay() *tale {
	at := func(minutes int) time.Time { return w.now.Add(time.Duration(minutes-134) * time.Minute) }
	t := w.declare(incident.Incident{
		Title: said("Websites, mail and DNS are down. So are our own phones.", "de", "Websites, E-Mail und DNS sind ausgefallen. Unsere Telefone auch.",
			"zh-Hant", "網站、郵件與DNS全面中斷，客服電話也不通"),
		StartedAt: at(0), Impact: incident.ImpactCritical, DetectedAt: at(2), FirstReportAt: at(4),
	}, w.websites, w.builder, w.mailboxes, w.dns)
	f := incident.DefaultFields(incident.Outage, at(240))
	t.say(at(7), incident.Investigating, said("Since 13:00 the websites and mail you keep with us do not load, and our DNS does not answer. This is our failure and **I am sorry**. I do not know the cause yet. I will be back in a quarter of an hour, with news or without.",
		"de", "Seit 13:00 laden die Websites und E-Mails nicht, die Sie bei uns haben. Das ist unser Fehler und **es tut mir leid**."), 15*time.Minute, f)
	t.say(at(21), incident.Investigating, said("Our phones are dead because they run on the same network. Twenty of us are calling back from mobiles."), 15*time.Minute, f)
	t.say(at(35), incident.Investigating, said("Still working on it."), 15*time.Minute, f)
	t.say(at(64), incident.Investigating, said("I promised you a word and did not keep it. I was with the engineers and let the clock run; that is my fault. Nothing has changed: everything is still down."), 15*time.Minute, f)
	f.Cause = incident.Cause{State: incident.CauseKnown, Whose: incident.Ours}
	f.Attack = incident.AttackNo
	f.Data = incident.Safety{State: incident.SafetyUnaffected, CheckedBy: w.luis.ID, Classes: map[incident.DataClass]incident.SafetyState{
		incident.PaymentData: incident.SafetyUnaffected, incident.Passwords: incident.SafetyUnaffected,
	}}
	f.WorkingOn = said("Luis Ortega and the network team")
	t.say(at(78), incident.Identified, said("It is our own network, not an attack. Luis Ortega and the network team have stopped the damage from spreading. Repair starts now."), 15*time.Minute, f)
	t.say(at(92), incident.Identified, said("Two routers carry test traffic again. No customer site is back yet. We check each one before we trust it."), 15*time.Minute, f)
	f.Estimate = incident.Estimate{Kind: incident.EstimateRange, From: at(200), Until: at(320)}
	u := t.say(at(126), incident.Identified, said("We have found the cause and are repairing it. Routing tables inside our own network were corrupted, and each router passed the damage to the next. Nobody attacked us.\n\nWe are rebuilding the tables router by router; four of eleven are done and hold. DNS comes back first, then mail, then websites. I cannot tell you yet at what time, and I will not guess.",
		"de", "Die Ursache ist gefunden, wir reparieren.\n\nWir bauen die Tabellen Router für Router neu auf; vier von elf sind fertig und halten.",
		"zh-Hant", "原因找到了，正在修復。我們自己網路裡的路由表損毀，路由器又一台傳給一台。沒有人攻擊我們。十一台當中已有四台修好而且穩定。"), 15*time.Minute, f)
	u.Revisions = []incident.Revision{{
		At: at(130), By: w.luis.ID, Reason: "The fifth is still being tested.",
		Was: said("We are rebuilding the tables router by router; five of eleven are done and hold.", "zh-Hant", "十一台當中已有五台修好而且穩定。"),
		Now: said("We are rebuilding the tables router by router; four of eleven are done and hold.", "zh-Hant", "十一台當中已有四台修好而且穩定。"),
	}}
	u.Blackouts = []incident.Blackout{{At: at(131), By: w.luis.ID, Reason: incident.PersonalData, Note: "A customer's name."}}
	w.write(func(ctx context.Context, tx *store.Tx) error { return tx.Updates.SaveBody(ctx, u) })
	return t
}

// past is what happened before: two outages, one quiet maintenance, one to come.
func (w *town) past() *town {
	day := 24 * time.Hour
	a := w.declare(incident.Incident{Title: said("Mail arrived up to 38 minutes late"), StartedAt: w.now.Add(-7 * day), Impact: incident.ImpactMinor}, w.mailboxes)
	a.say(w.now.Add(-7*day+4*time.Minute), incident.Investigating, said("Mail is slow."), 30*time.Minute, incident.DefaultFields(incident.Outage, time.Time{}))
	a.say(w.now.Add(-7*day+51*time.Minute), incident.Resolved, said("Mail is on time again."), 0, incident.DefaultFields(incident.Outage, time.Time{}))
	b := w.declare(incident.Incident{Title: said("One in six mailboxes could not be opened"), StartedAt: w.now.Add(-30 * day), Impact: incident.ImpactMajor}, w.mailboxes)
	b.say(w.now.Add(-30*day+22*time.Minute), incident.Resolved, said("All mailboxes open."), 0, incident.DefaultFields(incident.Outage, time.Time{}))
	from := w.now.Add(10 * day).Truncate(time.Hour)
	m := w.declare(incident.Incident{
		Kind: incident.Maintenance, Status: incident.Scheduled, Title: said("Mail storage, two hours"), StartedAt: w.now.Add(-time.Hour),
		Impact: incident.ImpactMaintenance, Window: incident.Window{From: from, Until: from.Add(2 * time.Hour), AutoStart: true},
	})
	m.i.Affected = []incident.Affected{{Component: w.mailboxes.ID, Status: component.Maintenance}}
	m.say(w.now.Add(-time.Hour), incident.Scheduled, said("We move the mail storage. Mail waits and is not lost."), 0, incident.DefaultFields(incident.Maintenance, time.Time{}))
	return w
}

// whispers are things no visitor may ever see.
func (w *town) whispers() *town {
	for _, v := range []incident.Visibility{incident.Draft, incident.Private, incident.Rehearsal} {
		t := w.declare(incident.Incident{Title: said("CANARY " + string(v)), StartedAt: w.now.Add(-time.Hour), Visibility: v}, w.secret)
		t.say(w.now.Add(-50*time.Minute), incident.Investigating, said("CANARY words of a "+string(v)), 15*time.Minute, incident.DefaultFields(incident.Outage, time.Time{}))
	}
	return w
}

// publish shows the page of a company that has done nothing else.
func (w *town) publish() *town {
	w.write(func(ctx context.Context, tx *store.Tx) error {
		s := settings.Defaults()
		s.Published = true
		_, err := tx.Settings.Save(ctx, s, 0)
		return err
	})
	return w
}

func (w *town) zone() *time.Location {
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		w.t.Fatal(err)
	}
	return loc
}

func (w *town) unpublish() {
	w.write(func(ctx context.Context, tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.Published = false
		_, err = tx.Settings.Save(ctx, s, version)
		return err
	})
}

// everyIncident of every visibility.
func (w *town) everyIncident() (all []incident.Incident) {
	w.write(func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = tx.Incidents.StaffPage(ctx, store.Place{}, 1000)
		return err
	})
	return all
}
