package api

import (
	"bytes"
	"image"
	"image/png"
	"maps"
	"net/url"
	"strings"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// A call is a valid request of one operation: the path's id, if it has one, and what is sent.
type call struct {
	id   string
	body any
}

// calls are one valid request of every operation, each on things of its own.
func (p *program) calls() map[string]func() call {
	all := map[string]func() call{}
	for _, some := range []map[string]func() call{p.incidentCalls(), p.reportCalls(), p.componentCalls(), p.customerCalls(), p.peopleCalls(), p.companyCalls()} {
		maps.Copy(all, some)
	}
	return all
}

func (p *program) incidentCalls() map[string]func() call {
	say := func() map[string]any { return map[string]any{"body": english("Still down.")} }
	incident := func() string { i, _ := p.declare("public"); return string(i.ID) }
	update := func() string { _, u := p.declare("public"); return string(u.ID) }
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
		"list-proposals":   func() call { p.proposal(); return call{} },
		"approve-proposal": func() call { return call{p.proposal(), nil} },
		"decline-proposal": func() call { return call{p.proposal(), map[string]any{"note": "Too early"}} },
		"list-deliveries":  func() call { return call{incident(), nil} },
		"show-coverage":    func() call { return call{p.covered(), nil} },
		"show-score":       func() call { return call{p.covered(), nil} },
		"check-words": func() call {
			return call{body: map[string]any{"text": "We apologise for any inconvenience.", "kind": "notice", "impact": "critical", "data_safety": "unknown"}}
		},
		"check-effect": func() call {
			over := p.covered()
			p.answered(201, p.ask("POST", "/api/v1/incidents/"+over+"/updates", map[string]any{"status": "resolved", "body": english("Up.")}))
			return call{over, nil}
		},
		"list-promises":  func() call { incident(); return call{} },
		"show-deadlines": func() call { return call{incident(), nil} },
		"record-fact":    func() call { return call{incident(), map[string]any{"event": "aware", "regime": "gdpr"}} },
		"call-in":        func() call { return call{incident(), map[string]any{"note": "Room 4"}} },
		"show-call-in": func() call {
			i := incident()
			p.answered(201, p.ask("POST", "/api/v1/incidents/"+i+"/call-in", map[string]any{}))
			return call{i, nil}
		},
		"list-covered":   func() call { return call{p.covered(), nil} },
		"export-covered": func() call { return call{p.covered(), nil} },
		"list-replies":   func() call { return call{p.writtenTo(), nil} },
		"list-comments":  func() call { p.commented(false); return call{} },
		"show-comment":   func() call { return call{p.commented(false), nil} },
		"hide-comment":   func() call { return call{p.commented(false), map[string]any{"reason": "abuse"}} },
		"keep-comment":   func() call { return call{p.commented(true), nil} },
		"answer-comment": func() call { return call{p.commented(true), map[string]any{"text": "It is back."}} },
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
	}
}

func (p *program) componentCalls() map[string]func() call {
	part := func() string {
		c, err := p.desk.AddComponent(p.as(), desk.ComponentForm{Name: english("Part " + string(id.NewCode()))})
		p.must(err)
		return string(c.ID)
	}
	return map[string]func() call{
		"list-components":   func() call { return call{} },
		"add-component":     func() call { return call{"", map[string]any{"name": english("Mail"), "earns": true}} },
		"show-component":    func() call { return call{part(), nil} },
		"change-component":  func() call { return call{part(), map[string]any{"name": english("Renamed"), "position": 7}} },
		"archive-component": func() call { return call{part(), nil} },
		"set-status":        func() call { return call{part(), map[string]any{"status": "partial_outage"}} },
	}
}

func (p *program) customerCalls() map[string]func() call {
	return map[string]func() call{
		"list-subscribers": func() call { return call{} },
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
		"list-calls":       func() call { return call{} },
		"list-credit-runs": func() call { p.creditRun(); return call{} },
		"show-credit-run":  func() call { return call{p.creditRun(), nil} },
		"list-credits":     func() call { return call{p.creditRun(), nil} },
		"draft-credit-run": func() call { return call{"", map[string]any{"by": "goodwill", "month": "2026-01"}} },
		"note-call": func() call {
			x, _ := p.onTheList()
			return call{string(x.ID), map[string]any{"outcome": "no_answer", "note": "Rang for a minute"}}
		},
	}
}

func (p *program) peopleCalls() map[string]func() call {
	human := func() string {
		x, err := p.desk.AddPerson(p.as(), desk.PersonForm{Name: "Eve", Mail: string(id.NewCode()) + "@harbour.test", Roles: []staff.Role{staff.Viewer}})
		p.must(err)
		return string(x.ID)
	}
	return map[string]func() call{
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
		"reset-link": func() call { return call{human(), nil} },
	}
}

func (p *program) companyCalls() map[string]func() call {
	return map[string]func() call{
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
