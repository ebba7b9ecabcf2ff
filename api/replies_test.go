package api

import (
	"net/http"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// writtenTo is an incident about which a customer and a machine wrote back.
func (p *program) writtenTo() string {
	p.t.Helper()
	i, _ := p.declare("public")
	at := time.Now().UTC().Truncate(time.Microsecond)
	p.must(p.db.Write(p.ctx(), func(tx *store.Tx) error {
		c := audience.Contact{ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: audience.Email, Address: audience.Address(string(id.NewCode()) + "@bakery.test"), Language: "en", CreatedAt: at}
		if err := tx.Contacts.Add(p.ctx(), c); err != nil {
			return err
		}
		one := audience.Customer{ID: id.New[id.Customer](at), Code: id.NewCode(), External: "W " + string(id.NewCode()), Name: "Bakery", Language: "en", CreatedAt: at, UpdatedAt: at, Contacts: []audience.Contact{c}}
		if err := tx.Customers.Add(p.ctx(), one); err != nil {
			return err
		}
		was := reach.Delivery{ID: id.New[id.Delivery](at), Contact: c.ID}
		for n, kind := range []reach.ReceiptKind{reach.SaysReply, reach.SaysAway, reach.SaysReply} {
			r := reach.Receipt{ID: id.New[id.Receipt](at), Delivery: was.ID, Kind: kind, Source: "mail", Body: "Word " + string(rune('0'+n)), At: at.Add(time.Duration(n) * time.Second)}
			if err := tx.Receipts.Add(p.ctx(), r); err != nil {
				return err
			}
			x, _ := reach.NewReply(r, was, i.ID, reach.ReturnMail{Subject: "Re: Down", From: "anna@home.test", MessageID: "m@home.test"})
			if err := tx.Replies.Add(p.ctx(), x); err != nil {
				return err
			}
		}
		return nil
	}))
	return string(i.ID)
}

func TestAProgramReadsWhatCustomersWroteBackAndOnlyWithTheRightTo(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := newProgram(t, database)
		path := "/api/v1/incidents/" + p.writtenTo() + "/replies"
		first := p.answered(http.StatusOK, p.ask("GET", path+"?limit=1", nil))
		if first["open"] != 2.0 || first["automatic"] != 1.0 || first["answered"] != 0.0 {
			t.Errorf("counted %v", first)
		}
		one := first["replies"].([]any)[0].(map[string]any)
		if one["text"] != "Word 0" || one["subject"] != "Re: Down" || one["name"] != "Bakery" || one["standing"] != "open" || one["answered_by"] != nil {
			t.Errorf("the first is %v", one)
		}
		x := id.Receipt(one["id"].(string))
		rest := p.answered(http.StatusOK, p.ask("GET", path+"?after="+string(x), nil))["replies"].([]any)
		if len(rest) != 1 || rest[0].(map[string]any)["text"] != "Word 2" {
			t.Errorf("the rest is %v", rest)
		}
		p.must(p.desk.AnswerReply(p.as(), x, "It works."))
		done := p.answered(http.StatusOK, p.ask("GET", path+"?standing=answered", nil))["replies"].([]any)
		if len(done) != 1 || done[0].(map[string]any)["answer"] != "It works." || done[0].(map[string]any)["answered_by"] != string(p.owner.ID) {
			t.Errorf("answered: %v", done)
		}
		refused(t, p.ask("GET", path+"?after=rcp_nothing", nil), http.StatusNotFound)
		secret, _, err := p.desk.AddToken(p.as(), "reader", []staff.Right{staff.Look, staff.Reach})
		p.must(err)
		p.secret = secret
		refused(t, p.ask("GET", path, nil), http.StatusForbidden)
	})
}

// commented is a comment that waits, or is shown, below an incident of its own.
func (p *program) commented(shown bool) string {
	p.t.Helper()
	i, _ := p.declare("public")
	at := time.Now().UTC().Truncate(time.Microsecond)
	c := incident.Comment{
		ID: id.New[id.Comment](at), Code: id.NewCode(), Thread: incident.Thread{Topic: incident.OnIncident, Object: string(i.ID)}, Name: "Anna", Body: "Why?",
		Language: "en", State: incident.CommentHeld, At: at,
	}
	if shown {
		c.State, c.Number, c.ShownAt, c.Flags = incident.CommentShown, 1, at, 1
	}
	p.must(p.db.Write(p.ctx(), func(tx *store.Tx) error { return tx.Comments.Add(p.ctx(), c, "") }))
	return string(c.ID)
}
