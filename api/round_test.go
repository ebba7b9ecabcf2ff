package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// Every operation of the document does what the document says, for a valid request, on both databases.
func TestEveryOperationAnswersAsItsDocumentSays(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := newProgram(t, database)
		calls, done := p.calls(), 0
		for path, item := range p.api.document().Paths {
			for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
				if op == nil {
					continue
				}
				make := calls[op.OperationID]
				if make == nil {
					t.Errorf("%s %s (%s) has no valid request here", method, path, op.OperationID)
					continue
				}
				done++
				c := make()
				w := p.ask(method, strings.ReplaceAll(path, "{id}", c.id), c.body)
				said := op.Responses[strconv.Itoa(w.Code)]
				if w.Code >= 300 || said == nil {
					t.Errorf("%s: %d %s", op.OperationID, w.Code, w.Body)
					continue
				}
				p.matches(op, said, w.Body.Bytes())
			}
		}
		operations := 0
		for _, r := range p.operations() {
			if !r.Open { // providers' receipts are no operations of ours
				operations++
			}
		}
		if done != len(calls) || done != operations {
			t.Errorf("%d operations, %d requests, %d routes", done, len(calls), operations)
		}
	})
}

// matches holds an answer against the schema the document gives for it.
func (p *program) matches(op *huma.Operation, said *huma.Response, body []byte) {
	p.t.Helper()
	if said.Content["text/csv"] != nil {
		if rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll(); err != nil || len(rows) == 0 {
			p.t.Errorf("%s: %d rows, %v", op.OperationID, len(rows), err)
		}
		return
	}
	content := said.Content["application/json"]
	if content == nil {
		if len(body) != 0 {
			p.t.Errorf("%s answers what its document does not name: %s", op.OperationID, body)
		}
		return
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		p.t.Fatal(err)
	}
	var res huma.ValidateResult
	huma.Validate(p.api.document().Components.Schemas, content.Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, &res)
	for _, err := range res.Errors {
		p.t.Errorf("%s: %v", op.OperationID, err)
	}
}

// What is written is read again as it was written.
func TestWhatAProgramWritesItReadsAgain(t *testing.T) {
	p := newProgram(t, storetest.SQLite(t))
	form := map[string]any{"name": map[string]any{"en": "Mail", "de": "Post"}, "description": map[string]any{"en": "Mailboxes"}, "position": 4.0, "earns": true, "private": true, "only_if_degraded": true, "showcase": true, "status": "partial_outage"}
	same := func(got map[string]any) {
		t.Helper()
		for k, want := range form {
			if fmt.Sprint(got[k]) != fmt.Sprint(want) {
				t.Errorf("%s is %v, want %v", k, got[k], want)
			}
		}
	}
	made := p.answered(201, p.ask("POST", "/api/v1/components", form))
	same(made)
	at := "/api/v1/components/" + made["id"].(string)
	same(p.answered(200, p.ask("GET", at, nil)))
	same(p.answered(200, p.ask("GET", "/api/v1/components/"+made["code"].(string), nil)))
	form["name"], form["earns"], form["position"] = map[string]any{"en": "Webmail"}, false, 9.0
	same(p.answered(200, p.ask("PUT", at, form)))
	same(p.answered(200, p.ask("GET", at, nil)))

	opened := p.answered(201, p.ask("POST", "/api/v1/incidents", map[string]any{
		"kind": "outage", "title": map[string]any{"en": "Down", "zh-Hant": "中斷"}, "body": map[string]any{"en": "**Down**", "de": "Aus"},
		"components": []Part{{string(p.shop.Code), "partial_outage"}}, "detected_by": "customer", "started_at": "2026-01-02T03:04:05.678901Z",
	}))
	form = map[string]any{"title": opened["title"], "kind": "outage", "detected_by": "customer", "started_at": "2026-01-02T03:04:05.678901Z", "visibility": "public", "status": "investigating"}
	at = "/api/v1/incidents/" + opened["id"].(string)
	shown := p.answered(200, p.ask("GET", at, nil))
	same(shown)
	if first := shown["updates"].([]any)[0].(map[string]any); fmt.Sprint(first["body"]) != "map[de:Aus en:**Down**]" || first["number"] != 1.0 {
		t.Errorf("the first word: %v", first)
	}
	if shown["next_by"] == nil || !strings.HasPrefix(shown["url"].(string), "https://status.harbour.test/") {
		t.Errorf("no promise, or another address: %v %v", shown["next_by"], shown["url"])
	}
	form["title"] = map[string]any{"en": "Down for all"}
	same(p.answered(200, p.ask("PATCH", at, map[string]any{"title": form["title"]})))
	p.answered(201, p.ask("POST", at+"/updates", map[string]any{"status": "resolved", "body": english("Up.")}))
	form["status"] = "resolved"
	same(p.answered(200, p.ask("GET", at, nil)))
}

var leaf = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// B7: a line end, a NUL or a mark that turns text around, in every text of every request: refused or made harmless, and never an error of
// ours. What the audit and the tables then hold is text.
func TestB7NoFieldOfTheAPITakesALineEndOrBreaksOnOne(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := newProgram(t, database)
		tried := 0
		for op, make := range p.calls() {
			route := slices.IndexFunc(p.operations(), func(r staff.Route) bool { return p.nameOf(r) == op })
			method, path, _ := strings.Cut(p.operations()[route].Pattern, " ")
			if method == http.MethodGet || op == "save-settings" {
				continue // settings are refused field by field in package settings
			}
			c := make()
			if c.body == nil {
				continue
			}
			raw, is := c.body.(string)
			if !is {
				b, err := json.Marshal(c.body)
				p.must(err)
				raw = string(b)
			}
			for _, at := range leaf.FindAllStringIndex(raw, -1) {
				for _, evil := range []string{`\r\nBcc: eve@evil.test`, `\nX: y`, `\u0000`, `\u202e`, `\ud800`} {
					tried++
					body := raw[:at[1]-1] + evil + raw[at[1]-1:]
					if w := p.ask(method, strings.ReplaceAll(path, "{id}", c.id), body); w.Code >= 500 {
						t.Errorf("%s with %s: %d", op, body, w.Code)
					}
				}
			}
		}
		if tried < 200 {
			t.Errorf("only %d bodies were tried", tried)
		}
		p.read(func(ctx context.Context, tx *store.Tx) error {
			people, err := tx.People.All(ctx)
			for _, x := range people {
				if strings.ContainsAny(x.Name+x.Mail+x.PublicMail, "\r\n\x00") {
					t.Errorf("somebody is called %q, %q", x.Name, x.Mail)
				}
			}
			subscribers, err2 := tx.Contacts.Page(ctx, store.ContactPage{Limit: 1000})
			for _, x := range subscribers {
				if strings.ContainsAny(string(x.Address), "\r\n\x00") {
					t.Errorf("we would write to %q", string(x.Address))
				}
			}
			incidents, err3 := tx.Incidents.Working(ctx)
			for _, i := range incidents {
				for _, title := range i.Title {
					if strings.ContainsAny(title, "\r\n\x00") {
						t.Errorf("an incident's title is %q", title)
					}
				}
			}
			return firstOf(err, err2, err3)
		})
	})
}

func firstOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// nameOf is the operation behind a route.
func (p *program) nameOf(r staff.Route) string {
	method, path, _ := strings.Cut(r.Pattern, " ")
	item := p.api.document().Paths[path]
	return map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete}[method].OperationID
}
