package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

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

// A program is somebody who asks the API of a company with one owner and one component.
type program struct {
	t      testing.TB
	api    *API
	db     *store.DB
	desk   *desk.Desk
	owner  staff.Person
	shop   component.Component
	secret string
	token  staff.Token
}

func newProgram(t testing.TB, database string) *program {
	t.Helper()
	db := storetest.Open(t, database)
	base := &url.URL{Scheme: "https", Host: "status.harbour.test"}
	d := desk.New(db, base, nil)
	p := &program{t: t, db: db, desk: d, api: New(db, d, base, slog.New(slog.DiscardHandler))}
	at := time.Now().UTC().Truncate(time.Microsecond)
	p.owner = staff.Person{ID: id.New[id.Person](at), Name: "Ann", Mail: "ann@harbour.test", Language: lang.English, Roles: []staff.Role{staff.Owner}, CreatedAt: at}
	err := db.Write(p.ctx(), func(tx *store.Tx) error {
		s := settings.Defaults()
		s.Company, s.Published, s.Mail.From = "Harbour", true, "status@harbour.test"
		if _, err := tx.Settings.Save(p.ctx(), s, 0); err != nil {
			return err
		}
		return tx.People.Add(p.ctx(), p.owner, p.owner.Mail)
	})
	if err != nil {
		t.Fatal(err)
	}
	if p.secret, p.token, err = d.AddToken(p.as(), "program", staff.Rights[:]); err != nil {
		t.Fatal(err)
	}
	if p.shop, err = d.AddComponent(p.as(), desk.ComponentForm{Name: english("Shop"), Showcase: true}); err != nil {
		t.Fatal(err)
	}
	return p
}

// of is the same program in another test.
func (p *program) of(t testing.TB) *program {
	other := *p
	other.t = t
	return &other
}

func english(s string) lang.Text { return lang.Text{lang.English: s} }

func (p *program) ctx() context.Context { return context.WithoutCancel(p.t.Context()) }

func (p *program) as() context.Context {
	return staff.As(p.ctx(), staff.Actor{Person: p.owner, Session: "ses_test"})
}

// ask sends a body, a string as it is and everything else as JSON.
func (p *program) ask(method, path string, body any, header ...string) *httptest.ResponseRecorder {
	p.t.Helper()
	raw, is := body.(string)
	if !is && body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			p.t.Fatal(err)
		}
		raw = string(b)
	}
	r := httptest.NewRequestWithContext(p.ctx(), method, path, strings.NewReader(raw))
	r.Header.Set("Authorization", "Bearer "+p.secret)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for n := 0; n+1 < len(header); n += 2 {
		r.Header.Set(header[n], header[n+1])
	}
	w := httptest.NewRecorder()
	p.api.Handler().ServeHTTP(w, r)
	return w
}

// answered is an answer's JSON; another status is a fault.
func (p *program) answered(want int, w *httptest.ResponseRecorder) map[string]any {
	p.t.Helper()
	if w.Code != want {
		p.t.Fatalf("%d, want %d: %s", w.Code, want, w.Body)
	}
	if want == http.StatusNoContent {
		return nil
	}
	var m map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil {
		p.t.Fatal(err)
	}
	return m
}

func (p *program) declare(v incident.Visibility) (incident.Incident, incident.Update) {
	p.t.Helper()
	i, u, err := p.desk.Declare(p.as(), desk.Declaration{Visibility: v, First: desk.Word{
		Body: english("The shop is down. Call 555-0100."), Affected: []incident.Affected{{Component: p.shop.ID, Status: component.MajorOutage}},
	}})
	if err != nil {
		p.t.Fatal(err)
	}
	return i, u
}

func (p *program) read(f func(context.Context, *store.Tx) error) {
	p.t.Helper()
	if err := p.db.Read(p.ctx(), func(tx *store.Tx) error { return f(p.ctx(), tx) }); err != nil {
		p.t.Fatal(err)
	}
}

// document is what the face says of itself.
func (a *API) document() *huma.OpenAPI {
	a.served()
	return a.huma.OpenAPI()
}

// operations are the routes that the document names.
func (p *program) operations() []staff.Route {
	p.api.served()
	return p.api.routes
}
