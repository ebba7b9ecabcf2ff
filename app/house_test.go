package app

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/settings"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// A house is a whole node on a database of its own. What strangers ask goes through the node's guards straight into its faces: it listens,
// as every node, but nobody takes the calls.
type house struct {
	*App
	t    testing.TB
	host string

	people map[staff.Role]staff.Person
	shop   component.Component
	mail   component.Component
}

const houseName = "status.harbour.test"

// openHouse builds a node with nobody in it.
func openHouse(t testing.TB, database string, change ...func(*Config)) *house {
	t.Helper()
	c := Config{Listen: "127.0.0.1:0", Database: database, PublicURL: "https://" + houseName, Node: "test"}
	for _, f := range change {
		f(&c)
	}
	a, err := New(context.WithoutCancel(t.Context()), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	base, err := a.config.base()
	if err != nil {
		t.Fatal(err)
	}
	return &house{App: a, t: t, host: base.Host, people: map[staff.Role]staff.Person{}}
}

// newHouse is a node of a company with a person of each role, two components and a page everybody sees.
func newHouse(t testing.TB, change ...func(*Config)) *house {
	t.Helper()
	return openHouse(t, storetest.SQLite(t), change...).settle()
}

func (h *house) settle() *house {
	h.t.Helper()
	at := time.Now().UTC().Truncate(time.Microsecond)
	h.write(func(ctx context.Context, tx *store.Tx) error {
		s := settings.Defaults()
		s.Company, s.Languages, s.Published = "Harbour", lang.All(), true
		s.Mail.From = "status@harbour.test"
		if _, err := tx.Settings.Save(ctx, s, 0); err != nil {
			return err
		}
		for _, role := range staff.Roles {
			p := staff.Person{
				ID: id.New[id.Person](at), Name: "Ann the " + string(role), Mail: string(role) + "@harbour.test", Language: lang.English,
				Roles: []staff.Role{role}, CreatedAt: at,
			}
			h.people[role] = p
			if err := tx.People.Add(ctx, p, p.Mail); err != nil {
				return err
			}
		}
		return tx.Changes.Add(ctx, "settings", at)
	})
	h.shop, h.mail = h.component("Shop", false), h.component("Mail", false)
	return h
}

func english(s string) lang.Text { return lang.Text{lang.English: s} }

func (h *house) component(name string, private bool) component.Component {
	h.t.Helper()
	c, err := h.desk.AddComponent(h.as(staff.Owner), desk.ComponentForm{Name: english(name), Private: private, Showcase: true})
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// declare opens an incident about a component.
func (h *house) declare(v incident.Visibility, words string, about component.Component) (incident.Incident, incident.Update) {
	h.t.Helper()
	i, u, err := h.desk.Declare(h.as(staff.Owner), desk.Declaration{
		Visibility: v, Title: english(words),
		First: desk.Word{Body: english(words), Affected: []incident.Affected{{Component: about.ID, Status: component.MajorOutage}}},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return i, u
}

// as is the context of a person in a session.
func (h *house) as(role staff.Role) context.Context {
	return staff.As(h.ctx(), staff.Actor{Person: h.people[role], Session: "ses_test", IP: "192.0.2.1"})
}

// session is a cookie's secret of a person who signed in.
func (h *house) session(p staff.Person) string {
	h.t.Helper()
	secret, at := staff.NewSecret(), time.Now().UTC().Truncate(time.Microsecond)
	h.write(func(ctx context.Context, tx *store.Tx) error {
		return tx.Sessions.Add(ctx, staff.Session{ID: id.New[id.Session](at), Hash: staff.HashSecret(secret), Person: p.ID, CreatedAt: at, SeenAt: at})
	})
	return secret
}

// token is an API token of a role's person.
func (h *house) token(role staff.Role, scopes ...staff.Right) string {
	h.t.Helper()
	secret, _, err := h.desk.AddToken(h.as(role), "test", scopes)
	if err != nil {
		h.t.Fatal(err)
	}
	return secret
}

// An ask is one request; what is left out is left out.
type ask struct {
	method, path string
	form         url.Values
	json         any
	body         string
	session      string
	token        string
	ip           string
	header       http.Header
}

func (h *house) ask(a ask) *httptest.ResponseRecorder {
	h.t.Helper()
	body := strings.NewReader(a.body)
	kind := ""
	switch {
	case a.form != nil:
		body, kind = strings.NewReader(a.form.Encode()), "application/x-www-form-urlencoded"
	case a.json != nil:
		b, err := json.Marshal(a.json)
		if err != nil {
			h.t.Fatal(err)
		}
		body, kind = strings.NewReader(string(b)), "application/json"
	}
	if a.method == "" {
		a.method = http.MethodGet
	}
	r := httptest.NewRequestWithContext(h.ctx(), a.method, "/", body)
	u, err := url.Parse(a.path)
	if err != nil {
		h.t.Fatal(err)
	}
	r.URL, r.RequestURI, r.Host, r.RemoteAddr = u, a.path, h.host, "192.0.2.1:4000"
	if a.ip != "" {
		r.RemoteAddr = a.ip + ":4000"
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if a.session != "" {
		name := "__Host-candor"
		if strings.HasPrefix(h.config.PublicURL, "http:") {
			name = "candor"
		}
		r.AddCookie(&http.Cookie{Name: name, Value: a.session})
	}
	if a.token != "" {
		r.Header.Set("Authorization", "Bearer "+a.token)
	}
	for name, values := range a.header {
		r.Header[name] = values
		if name == "Host" {
			r.Host = values[0]
		}
	}
	w := httptest.NewRecorder()
	h.public.http.Handler.ServeHTTP(w, r)
	return w
}

func (h *house) get(path string) *httptest.ResponseRecorder { return h.ask(ask{path: path}) }

func (h *house) ctx() context.Context { return context.WithoutCancel(h.t.Context()) }

func (h *house) write(f func(context.Context, *store.Tx) error) {
	h.t.Helper()
	if err := h.db.Write(h.ctx(), func(tx *store.Tx) error { return f(h.ctx(), tx) }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) read(f func(context.Context, *store.Tx) error) {
	h.t.Helper()
	if err := h.db.Read(h.ctx(), func(tx *store.Tx) error { return f(h.ctx(), tx) }); err != nil {
		h.t.Fatal(err)
	}
}

// holds reports whether an answer's body or headers say s.
func holds(w *httptest.ResponseRecorder, s string) bool {
	var head bytes.Buffer
	if err := w.Header().Write(&head); err != nil {
		return true
	}
	return strings.Contains(w.Body.String(), s) || strings.Contains(head.String(), s)
}
