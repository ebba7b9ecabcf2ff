package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

func (p *program) components() (n int) {
	p.read(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Components.All(ctx)
		n = len(all)
		return err
	})
	return n
}

func TestARequestWithAKeyIsDoneOnceAndAnsweredTheSame(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := newProgram(t, database)
		before := p.components()
		mail := map[string]any{"name": english("Mail")}
		first := p.ask("POST", "/api/v1/components", mail, "Idempotency-Key", "k1")
		p.answered(http.StatusCreated, first)
		for range 3 {
			again := p.ask("POST", "/api/v1/components", mail, "Idempotency-Key", "k1")
			if again.Code != first.Code || again.Body.String() != first.Body.String() || again.Header().Get("Idempotency-Replayed") != "true" {
				t.Errorf("asked again: %d %s", again.Code, again.Body)
			}
		}
		if got := p.components() - before; got != 1 {
			t.Errorf("%d components were made, want 1", got)
		}
		refused(t, p.ask("POST", "/api/v1/components", map[string]any{"name": english("DNS")}, "Idempotency-Key", "k1"), http.StatusUnprocessableEntity)
		refused(t, p.ask("POST", "/api/v1/subscribers", mail, "Idempotency-Key", "k1"), http.StatusUnprocessableEntity)

		// One that is still being worked on.
		body := `{"name":{"en":"Phone"}}`
		digest := sha256.Sum256([]byte("/api/v1/components\n" + body))
		ctx := staff.As(p.ctx(), staff.Actor{Person: p.owner, Token: p.token.ID, Scopes: p.token.Scopes})
		if _, answered, err := p.desk.Begin(ctx, "k2", hex.EncodeToString(digest[:])); answered || err != nil {
			t.Fatal(answered, err)
		}
		refused(t, p.ask("POST", "/api/v1/components", body, "Idempotency-Key", "k2"), http.StatusConflict)

		// A refusal is not kept: what was wrong can be put right under the same key.
		refused(t, p.ask("POST", "/api/v1/components", map[string]any{"name": english("")}, "Idempotency-Key", "k3"), http.StatusUnprocessableEntity)
		p.answered(http.StatusCreated, p.ask("POST", "/api/v1/components", map[string]any{"name": english("Fax")}, "Idempotency-Key", "k3"))

		refused(t, p.ask("POST", "/api/v1/components", mail, "Idempotency-Key", strings.Repeat("k", 256)), http.StatusUnprocessableEntity)

		// A token's secret is answered once, key or no key.
		asked := map[string]any{"name": "ci", "scopes": []string{"read"}}
		one, two := p.ask("POST", "/api/v1/tokens", asked, "Idempotency-Key", "k4"), p.ask("POST", "/api/v1/tokens", asked, "Idempotency-Key", "k4")
		if a, b := p.answered(201, one)["secret"], p.answered(201, two)["secret"]; a == b || a == nil {
			t.Error("a token's secret was kept to be answered again")
		}
	})
}

// refused checks the one shape of every refusal (RFC 9457).
func refused(t testing.TB, w interface {
	Result() *http.Response
}, want int,
) map[string]any {
	t.Helper()
	r := w.Result()
	var m map[string]any
	err := json.NewDecoder(r.Body).Decode(&m)
	if r.StatusCode != want || err != nil || r.Header.Get("Content-Type") != "application/problem+json" || m["status"] != float64(want) || m["title"] != http.StatusText(want) || m["detail"] == "" {
		t.Errorf("%d %s %v (%v), want problem+json with %d", r.StatusCode, r.Header.Get("Content-Type"), m, err, want)
	}
	return m
}

func TestEveryRefusalIsAProblem(t *testing.T) {
	p := newProgram(t, storetest.SQLite(t))
	i, _ := p.declare("public")
	deep := `{"name":{"en":"x"},"description":` + strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 34)
	for _, c := range []struct {
		name, method, path string
		body               any
		header             []string
		want               int
	}{
		{"nobody", "GET", "/api/v1/incidents", nil, []string{"Authorization", ""}, 401},
		{"a token that is none", "GET", "/api/v1/incidents", nil, []string{"Authorization", "Bearer cnd_nothing"}, 401},
		{"nothing there", "GET", "/api/v1/incidents/inc_nothing", nil, nil, 404},
		{"no such address", "GET", "/api/v1/nowhere", nil, nil, 404},
		{"no such method", "DELETE", "/api/v1/incidents", nil, nil, 405},
		{"a draft that is none", "POST", "/api/v1/incidents", map[string]any{"draft": i.ID, "body": english("x")}, nil, 409},
		{"a wrong choice", "GET", "/api/v1/incidents?state=half", nil, nil, 422},
		{"a key nobody knows", "POST", "/api/v1/components", map[string]any{"name": english("x"), "colour": "red"}, nil, 422},
		{"an empty name", "POST", "/api/v1/components", map[string]any{"name": english("")}, nil, 422},
		{"no JSON", "POST", "/api/v1/components", "{", nil, 400},
		{"deep JSON", "POST", "/api/v1/components", deep, nil, 400},
		{"a long body", "POST", "/api/v1/components", `{"name":{"en":"` + strings.Repeat("a", 300<<10) + `"}}`, nil, 413},
		{"a long body with a key", "POST", "/api/v1/components", `{"name":{"en":"` + strings.Repeat("a", 300<<10) + `"}}`, []string{"Idempotency-Key", "k"}, 413},
		{"no type we read", "POST", "/api/v1/components", "<name/>", []string{"Content-Type", "text/xml"}, 415},
	} {
		t.Run(c.name, func(t *testing.T) {
			refused(t, p.ask(c.method, c.path, c.body, c.header...), c.want)
		})
	}
	m := refused(t, p.ask("POST", "/api/v1/components", map[string]any{"name": english("a\r\nb")}), 422)
	if list, _ := m["errors"].([]any); len(list) == 0 {
		t.Errorf("no field is named: %v", m)
	}
}

func TestB12JSONIsCountedBeforeItIsBuilt(t *testing.T) {
	for body, want := range map[string]int{
		`{}`: 1, `{"a":[{"b":1}]}`: 3, `"{[{["`: 0, `{"a":"}]\"{{{"}`: 1, `[]`: 1, ``: 0, `[[],[]]`: 2, strings.Repeat("[", 1000): 1000, `{"a":"\\"}{{`: 2,
	} {
		if got := depth([]byte(body)); got != want {
			t.Errorf("%.40s: %d deep, want %d", body, got, want)
		}
	}
}
