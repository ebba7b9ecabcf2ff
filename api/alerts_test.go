package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"candor/id"
	"candor/incident"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

// webhook is what Alertmanager sends, version 4.
func webhook(status, fingerprint string) string {
	ends := "0001-01-01T00:00:00Z"
	if status == "resolved" {
		ends = "2026-03-01T10:30:00.123456789Z"
	}
	return fmt.Sprintf(`{"receiver":"candor","status":%q,"alerts":[{"status":%[1]q,"labels":{"alertname":"ShopDown","component":"Shop","severity":"critical","instance":"a:9090"},
		"annotations":{"summary":"The shop does not answer"},"startsAt":"2026-03-01T10:00:00.5Z","endsAt":%q,"generatorURL":"http://prometheus.test/graph?g0"%s}],
		"groupLabels":{"alertname":"ShopDown"},"commonLabels":{"alertname":"ShopDown"},"commonAnnotations":{"summary":"The shop does not answer"},
		"externalURL":"http://alertmanager.test","version":"4","groupKey":"{}:{alertname=\"ShopDown\"}","truncatedAlerts":0,"notificationReason":{"new":[1,{"x":null}]}}`,
		status, ends, fingerprint)
}

const fingerprint = `,"fingerprint":"e1b0c44298fc1c14","aKeyOfTomorrow":{"a":[1]}`

func TestAlertsOpenOneDraftHoweverOftenTheyAreSent(t *testing.T) {
	for name, print := range map[string]string{"today's Alertmanager": fingerprint, "an old one, without fingerprints": ""} {
		t.Run(name, func(t *testing.T) {
			p := newProgram(t, storetest.SQLite(t))
			send := func(status string) []any {
				t.Helper()
				return p.answered(http.StatusOK, p.ask("POST", "/api/v1/alerts", webhook(status, print)))["drafts"].([]any)
			}
			if got := send("resolved"); len(got) != 0 {
				t.Errorf("the end of what never began made %v", got)
			}
			first := send("firing")
			if len(first) != 1 {
				t.Fatalf("drafts %v, want one", first)
			}
			for range 3 {
				if got := send("firing"); len(got) != 1 || got[0] != first[0] {
					t.Errorf("sent again: %v, want %v", got, first)
				}
			}
			if got := send("resolved"); len(got) != 1 || got[0] != first[0] {
				t.Errorf("resolved: %v", got)
			}
			shown := p.answered(http.StatusOK, p.ask("GET", "/api/v1/incidents/"+first[0].(string), nil))
			affected, _ := shown["affected"].([]any)
			if shown["visibility"] != "draft" || shown["detected_by"] != "alert" || shown["resolved_at"] != nil || len(affected) != 1 || shown["started_at"] != "2026-03-01T10:00:00.5Z" {
				t.Errorf("the draft: %v", shown)
			}
			p.told(id.Incident(first[0].(string)), 1)
		})
	}
}

// told checks that the people who could publish a draft were told once, and nobody else anything.
func (p *program) told(i id.Incident, want int) {
	p.t.Helper()
	p.read(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Announcements.OfIncident(ctx, i)
		for _, a := range all {
			if a.Kind != reach.OnAlert || a.Target.Everyone {
				p.t.Errorf("a draft was announced: %+v", a)
			}
		}
		if len(all) != want {
			p.t.Errorf("%d letters to staff, want %d", len(all), want)
		}
		return err
	})
}

// quiet checks that nothing became public.
func (p *program) quiet() {
	p.t.Helper()
	p.read(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Incidents.Working(ctx)
		for _, i := range all {
			if i.Visibility != incident.Draft {
				p.t.Errorf("an alert made a %s incident", i.Visibility)
			}
		}
		return err
	})
}

func FuzzAlerts(f *testing.F) {
	f.Add(webhook("firing", fingerprint))
	f.Add(webhook("resolved", ""))
	f.Add(`{"alerts":[{"labels":{"alertname":"\u0000\r\n"},"annotations":{"summary":"\ud800` + strings.Repeat("a", 600) + `"},"startsAt":"9999-12-31T23:59:59Z","status":"firing"}]}`)
	f.Add(`{"alerts":null,"groupKey":"` + strings.Repeat("k", 5000) + `"}`)
	f.Add(`[]`)
	f.Add(`{"alerts":[{},{"status":"firing"}]}`)
	f.Add(`{"alerts":[{"status":"firing","startsAt":"-292277022399-01-01T00:00:00Z"}]}`)
	p := newProgram(f, storetest.SQLite(f))
	f.Fuzz(func(t *testing.T, body string) {
		p := p.of(t)
		if got := p.ask("POST", "/api/v1/alerts", body); got.Code >= 500 {
			t.Errorf("%d %s", got.Code, got.Body)
		}
		p.quiet()
	})
}

func FuzzAPIBody(f *testing.F) {
	p := newProgram(f, storetest.SQLite(f))
	i, u := p.declare("public")
	targets := []struct{ method, path string }{
		{"POST", "/api/v1/incidents"},
		{"PATCH", "/api/v1/incidents/" + string(i.ID)},
		{"POST", "/api/v1/incidents/" + string(i.ID) + "/updates"},
		{"POST", "/api/v1/updates/" + string(u.ID) + "/corrections"},
		{"POST", "/api/v1/updates/" + string(u.ID) + "/blackouts"},
		{"POST", "/api/v1/components"},
		{"PUT", "/api/v1/components/" + string(p.shop.ID)},
		{"POST", "/api/v1/subscribers"},
		{"POST", "/api/v1/people"},
		{"PUT", "/api/v1/settings"},
		{"POST", "/api/v1/tokens"},
	}
	for n := range targets {
		f.Add(byte(n), `{"name":{"en":"a\u0000b"},"title":{"en":"\r\nBcc: x"},"body":{"en":"\u0000","xx":"y"},"email":"a\u0000@b.test","words":["\u0000"],"language":"\u0000","reason":"secret"}`)
		f.Add(byte(n), `{"body":{"en":"`+strings.Repeat("> ", 20_000)+`"},"components":[{"component":"Shop","status":"major_outage"}]}`)
		f.Add(byte(n), `{"started_at":"0001-01-01T00:00:00Z","next_by":"9999-12-31T23:59:59Z","position":9223372036854775807,"version":-1}`)
	}
	f.Fuzz(func(t *testing.T, which byte, body string) {
		p := p.of(t)
		to := targets[int(which)%len(targets)]
		if got := p.ask(to.method, to.path, body); got.Code >= 500 {
			t.Errorf("%s %s: %d %s", to.method, to.path, got.Code, got.Body)
		}
	})
}
