package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// A call is a valid request of one operation: the path's id, if it has one, and what is sent.
type call struct {
	id   string
	body any
}

// calls are one valid request of every operation, each on things of its own.
func (p *program) calls() map[string]func() call {
	say := func() map[string]any { return map[string]any{"body": english("Still down.")} }
	incident := func() string { i, _ := p.declare("public"); return string(i.ID) }
	update := func() string { _, u := p.declare("public"); return string(u.ID) }
	part := func() string {
		c, err := p.desk.AddComponent(p.as(), desk.ComponentForm{Name: english("Part " + string(id.NewCode()))})
		p.must(err)
		return string(c.ID)
	}
	human := func() string {
		x, err := p.desk.AddPerson(p.as(), desk.PersonForm{Name: "Eve", Mail: string(id.NewCode()) + "@harbour.test", Roles: []staff.Role{staff.Viewer}})
		p.must(err)
		return string(x.ID)
	}
	return map[string]func() call{
		"list-incidents": func() call { return call{} },
		"declare-incident": func() call {
			return call{"", map[string]any{"body": english("The shop is down."), "components": []Part{{"Shop", "major_outage"}}, "cannot_work": true}}
		},
		"show-incident": func() call { return call{incident(), nil} },
		"amend-incident": func() call {
			return call{incident(), map[string]any{"title": english("Down"), "detected_by": "customer"}}
		},
		"post-update":   func() call { return call{incident(), say()} },
		"hold-incident": func() call { return call{incident(), nil} },
		"set-aside-draft": func() call {
			list := p.answered(200, p.ask("POST", "/api/v1/alerts", strings.ReplaceAll(webhook("firing", fingerprint), "ShopDown", string(id.NewCode()))))["drafts"].([]any)
			return call{list[0].(string), nil}
		},
		"list-deliveries": func() call { return call{incident(), nil} },
		"show-coverage":   func() call { return call{p.covered(), nil} },
		"check-effect": func() call {
			over := p.covered()
			p.answered(201, p.ask("POST", "/api/v1/incidents/"+over+"/updates", map[string]any{"status": "resolved", "body": english("Up.")}))
			return call{over, nil}
		},
		"list-covered":   func() call { return call{p.covered(), nil} },
		"export-covered": func() call { return call{p.covered(), nil} },
		"set-audience": func() call {
			return call{p.covered(), map[string]any{"audience": "listed", "customers": []string{"A-1", "nobody"}}}
		},
		"correct-update": func() call {
			return call{update(), map[string]any{"body": english("The shop was down."), "reason": "It is up."}}
		},
		"black-out-update": func() call {
			return call{update(), map[string]any{"language": "en", "words": []string{"555-0100"}, "reason": "personal_data"}}
		},
		"pause-announcement":  func() call { return call{p.announcement(), nil} },
		"resume-announcement": func() call { return call{p.announcement(), nil} },
		"retry-delivery":      func() call { return call{p.delivery(), nil} },
		"list-components":     func() call { return call{} },
		"add-component":       func() call { return call{"", map[string]any{"name": english("Mail"), "earns": true}} },
		"show-component":      func() call { return call{part(), nil} },
		"change-component":    func() call { return call{part(), map[string]any{"name": english("Renamed"), "position": 7}} },
		"archive-component":   func() call { return call{part(), nil} },
		"set-status":          func() call { return call{part(), map[string]any{"status": "partial_outage"}} },
		"list-subscribers":    func() call { return call{} },
		"add-subscriber": func() call {
			return call{"", map[string]any{"email": "anna@bakery.test", "language": "de", "consented": true, "components": []id.Component{p.shop.ID}}}
		},
		"end-subscription": func() call {
			c, err := p.desk.AddSubscriber(p.as(), desk.Subscription{Address: string(id.NewCode()) + "@bakery.test", Language: lang.English}, true)
			p.must(err)
			return call{string(c.ID), nil}
		},
		"list-customers":   func() call { return call{} },
		"import-customers": func() call { return call{"", "id,name,email,components\nA-1,Harbour,anna@bakery.test,Shop\n"} },
		"show-customer":    func() call { return call{p.customer(), nil} },
		"erase-customer":   func() call { return call{p.customer(), nil} },
		"export-customer":  func() call { return call{p.customer(), nil} },
		"put-customer": func() call {
			return call{p.customer(), map[string]any{
				"name": "Bakery", "language": "de", "timezone": "Europe/Berlin", "plan": "pro", "fee": "12.50", "currency": "EUR",
				"components": []any{map[string]any{"id": p.shop.ID, "since": "2026-01-02T03:04:05Z"}},
				"contacts":   []any{map[string]any{"channel": "email", "address": "anna@bakery.test"}, map[string]any{"channel": "sms", "address": "+4915112345678"}},
			}}
		},
		"list-calls": func() call { return call{} },
		"note-call": func() call {
			x, _ := p.onTheList()
			return call{string(x.ID), map[string]any{"outcome": "no_answer", "note": "Rang for a minute"}}
		},
		"list-people": func() call { return call{} },
		"add-person": func() call {
			return call{"", map[string]any{"name": "Luis", "mail": "luis@harbour.test", "roles": []string{"communicator"}}}
		},
		"change-person": func() call {
			return call{human(), map[string]any{"name": "Eve B.", "mail": string(id.NewCode()) + "@harbour.test", "roles": []string{"agent"}}}
		},
		"disable-person": func() call { return call{human(), nil} },
		"enable-person": func() call {
			who := human()
			p.must(p.desk.DisablePerson(p.as(), id.Person(who)))
			return call{who, nil}
		},
		"reset-link":  func() call { return call{human(), nil} },
		"list-outbox": func() call { return call{} },
		"show-letter": func() call { return call{p.letter(), nil} },
		"count-reach": func() call { return call{} },
		"save-logo":   func() call { return call{"", map[string]any{"picture": square()}} },
		"list-tokens": func() call { return call{} },
		"add-token":   func() call { return call{"", map[string]any{"name": "ci", "scopes": []string{"read"}}} },
		"revoke-token": func() call {
			_, t, err := p.desk.AddToken(p.as(), "old", []staff.Right{staff.Look})
			p.must(err)
			return call{string(t.ID), nil}
		},
		"show-settings": func() call { return call{} },
		"save-settings": func() call {
			shown := p.answered(200, p.ask("GET", "/api/v1/settings", nil))
			shown["settings"].(map[string]any)["company"] = "Harbour & Sons"
			return call{"", shown}
		},
		"send-test":      func() call { return call{} },
		"list-audit":     func() call { return call{} },
		"receive-alerts": func() call { return call{"", webhook("firing", fingerprint)} },
	}
}

// customer is one with an address of their own.
func (p *program) customer() string {
	p.t.Helper()
	external := "A " + string(id.NewCode())
	_, _, err := p.desk.PutCustomer(p.as(), external, desk.CustomerForm{
		Contacts: []desk.RecordContact{{Channel: "email", Address: audience.Address(string(id.NewCode()) + "@bakery.test")}},
	})
	p.must(err)
	return url.PathEscape(external)
}

// letter is a delivery whose letter stayed in the outbox.
func (p *program) letter() string {
	p.t.Helper()
	d := p.delivery()
	p.must(p.db.Write(p.t.Context(), func(tx *store.Tx) error {
		return tx.Outbox.Add(p.t.Context(), store.Kept{
			Delivery: id.Delivery(d), At: time.Now(), Sender: "status@harbour.test",
			Address: "anna@bakery.test", Subject: "Down", Text: "Down.", HTML: "<p>Down.</p>",
		})
	}))
	return d
}

func square() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func (p *program) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// delivery is one that waits.
func (p *program) announcement() (x string) {
	i, _ := p.declare("public")
	p.must(p.db.Read(p.ctx(), func(tx *store.Tx) error {
		all, err := tx.Announcements.OfIncident(p.ctx(), i.ID)
		x = string(all[0].ID)
		return err
	}))
	return x
}

func (p *program) delivery() string {
	i, _ := p.declare("public")
	x, at := id.New[id.Delivery](time.Now()), time.Now().UTC().Truncate(time.Microsecond)
	p.must(p.db.Write(p.ctx(), func(tx *store.Tx) error {
		all, err := tx.Announcements.OfIncident(p.ctx(), i.ID)
		if err != nil {
			return err
		}
		_, err = tx.Deliveries.Plan(p.ctx(), []reach.Delivery{{ID: x, Announcement: all[0].ID, Channel: "email", Address: "a@bakery.test", Language: "en", PlannedAt: at}})
		return err
	}))
	return string(x)
}

// Every operation of the document does what the document says, for a valid request, on both databases.
func TestEveryOperationAnswersAsItsDocumentSays(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := newProgram(t, database)
		calls, done := p.calls(), 0
		for path, item := range p.api.huma.OpenAPI().Paths {
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
		for _, r := range p.api.routes {
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
	huma.Validate(p.api.huma.OpenAPI().Components.Schemas, content.Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, &res)
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
			route := slices.IndexFunc(p.api.routes, func(r staff.Route) bool { return p.nameOf(r) == op })
			method, path, _ := strings.Cut(p.api.routes[route].Pattern, " ")
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
	item := p.api.huma.OpenAPI().Paths[path]
	return map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete}[method].OperationID
}
