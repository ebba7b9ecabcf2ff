package api

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

// onTheList is a customer whom only a telephone reaches, in an outage.
func (p *program) onTheList() (audience.Customer, incident.Incident) {
	p.t.Helper()
	i, _ := p.declare("public")
	at := time.Now().UTC().Truncate(time.Microsecond).Add(-2 * time.Second)
	x := audience.Customer{
		ID: id.New[id.Customer](at), Code: id.NewCode(), External: "K-" + string(id.NewCode()), Name: "Bakery", Language: lang.German, CreatedAt: at, UpdatedAt: at,
		Contacts: []audience.Contact{{ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: audience.Voice, Address: audience.Address(fmt.Sprintf("+4930%08d", at.UnixMicro()%1e8)), Language: lang.German, CreatedAt: at}},
	}
	p.must(p.db.Write(p.ctx(), func(tx *store.Tx) (err error) {
		if x.Contacts, err = tx.Contacts.Ensure(p.ctx(), x.Contacts); err != nil {
			return err
		}
		if err := tx.Customers.Add(p.ctx(), x); err != nil {
			return err
		}
		later := at.Add(time.Second)
		if _, _, err := tx.Affected.Assess(p.ctx(), store.Assessment{Incident: i.ID, Audience: incident.Everyone, From: at, AsOf: later, NextAt: at}, "", 1000); err != nil {
			return err
		}
		found, err := tx.Affected.Of(p.ctx(), i.ID, x.ID)
		if err != nil {
			return err
		}
		found.CallAt, found.Channel, found.Reason = at, "person", reach.WhyAsked
		return tx.Affected.Save(p.ctx(), found)
	}))
	return x, i
}

func TestAProgramReadsTheCallListAndSaysWhatCameOfACall(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := newProgram(t, database)
		x, i := p.onTheList()
		list := p.answered(http.StatusOK, p.ask("GET", "/api/v1/calls", nil))
		one := list["calls"].([]any)[0].(map[string]any)
		if list["waiting"] != 1.0 || one["id"] != string(x.ID) || one["external"] != x.External || one["numbers"].([]any)[0] != string(x.Contacts[0].Address) || one["holder"] != nil {
			t.Errorf("the list is %v", list)
		}
		at := "/api/v1/calls/" + x.External + "/outcome"
		refused(t, p.ask("POST", at, map[string]any{"outcome": "slept"}), http.StatusUnprocessableEntity)
		refused(t, p.ask("POST", at, map[string]any{"outcome": "call_back"}), http.StatusUnprocessableEntity)
		refused(t, p.ask("POST", "/api/v1/calls/nobody/outcome", map[string]any{"outcome": "no_answer"}), http.StatusNotFound)
		if w := p.ask("POST", at, map[string]any{"outcome": "spoken_with", "incident": i.Code, "note": "Knows."}); w.Code != http.StatusNoContent {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		p.read(func(ctx context.Context, tx *store.Tx) error {
			a, err := tx.Affected.Of(ctx, i.ID, x.ID)
			if a.Ended != reach.EndSpokenWith {
				t.Errorf("the customer stands as %+v", a)
			}
			return err
		})
	})
}
