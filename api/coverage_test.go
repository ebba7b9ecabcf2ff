package api

import (
	"context"
	"encoding/csv"
	"strings"
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

// covered is an incident with three customers: one reached, one on the call list, and one whose name a spreadsheet would compute.
func (p *program) covered() string {
	p.t.Helper()
	i, _ := p.declare("public")
	at := time.Now().UTC().Truncate(time.Microsecond)
	p.must(p.db.Write(p.ctx(), func(tx *store.Tx) error {
		var all []id.Customer
		for n, name := range []string{"Bakery", "Mill", "=1+1"} {
			external := "A-" + string(rune('1'+n))
			c, err := tx.Customers.ByExternal(p.ctx(), external)
			if err != nil {
				c = audience.Customer{ID: id.New[id.Customer](at), Code: id.NewCode(), External: external, Name: name, Language: lang.German, CreatedAt: at, UpdatedAt: at}
				if err := tx.Customers.Add(p.ctx(), c); err != nil {
					return err
				}
			}
			all = append(all, c.ID)
		}
		if _, _, err := tx.Affected.Assess(p.ctx(), store.Assessment{Incident: i.ID, Audience: incident.Everyone, AsOf: at, NextAt: at.Add(time.Hour)}, "", 100); err != nil {
			return err
		}
		for n, c := range all {
			x, err := tx.Affected.Of(p.ctx(), i.ID, c)
			if err != nil {
				return err
			}
			switch n {
			case 0:
				x.Ended, x.Reason, x.ReachedAt, x.ToldAt, x.ClosedAt, x.NextAt, x.Channel = reach.EndAcknowledged, reach.WhyByLink, at, at, at, time.Time{}, audience.Email
			case 1:
				x.CallAt, x.Channel, x.Reason = at, "person", reach.WhyNoAck
			}
			if err := tx.Affected.Save(p.ctx(), x); err != nil {
				return err
			}
		}
		return nil
	}))
	return string(i.ID)
}

func TestAProgramReadsWhoKnowsAndWhoIsLeft(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := newProgram(t, database)
		at := "/api/v1/incidents/" + p.covered()
		shown := p.answered(200, p.ask("GET", at+"/coverage", nil))
		all := shown["all"].(map[string]any)
		if all["affected"] != 3.0 || all["reached"] != 1.0 || all["open"] != 2.0 || all["calling"] != 1.0 || len(shown["faults"].([]any)) != 0 {
			t.Errorf("coverage: %v", shown)
		}
		if german := shown["by_language"].(map[string]any)["de"].(map[string]any); german["affected"] != 3.0 {
			t.Errorf("by language: %v", german)
		}
		list := func(query string) (names []string) {
			for _, x := range p.answered(200, p.ask("GET", at+"/customers"+query, nil))["customers"].([]any) {
				names = append(names, x.(map[string]any)["name"].(string))
			}
			return names
		}
		for query, want := range map[string]string{
			"?ended=acknowledged": "Bakery", "?ended=calling": "Mill", "?reason=no_acknowledgement": "Mill", "?ended=unreachable": "",
		} {
			if got := strings.Join(list(query), ","); got != want {
				t.Errorf("%s lists %q, want %q", query, got, want)
			}
		}
		if n := len(list("?limit=2")); n != 2 {
			t.Errorf("%d on a page of two", n)
		}
		p.answered(422, p.ask("GET", at+"/customers?ended=dead", nil))
		p.answered(404, p.ask("GET", at+"/customers?after=xyz", nil))
		p.answered(404, p.ask("GET", "/api/v1/incidents/inc_none/coverage", nil))
	})
}

func TestTheListOfCustomersIsATableInWhichNothingIsComputed(t *testing.T) {
	p := newProgram(t, storetest.SQLite(t))
	w := p.ask("GET", "/api/v1/incidents/"+p.covered()+"/customers.csv", nil)
	rows, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") {
		t.Fatalf("%d %v: %v", w.Code, w.Header(), err)
	}
	if len(rows) != 4 || rows[0][0] != "id" {
		t.Fatalf("%d rows: %v", len(rows), rows)
	}
	safe := false
	for _, row := range rows {
		safe = safe || row[1] == "'=1+1"
	}
	if !safe {
		t.Errorf("a name becomes a formula: %v", rows)
	}
}

func TestAnAudienceIsChosenAndAddsUp(t *testing.T) {
	p := newProgram(t, storetest.SQLite(t))
	p.covered()
	i, _ := p.declare("public")
	at := "/api/v1/incidents/" + string(i.Code) + "/audience"
	done := p.answered(200, p.ask("PUT", at, map[string]any{"audience": "listed", "customers": []string{"A-1", "A-2", "Z-9"}}))
	if done["named"] != 2.0 || done["unknown_count"] != 1.0 || done["unknown"].([]any)[0] != "Z-9" || done["told"] != true {
		t.Errorf("%v", done)
	}
	if done = p.answered(200, p.ask("PUT", at, map[string]any{"audience": "listed", "customers": []string{"A-3"}})); done["named"] != 3.0 {
		t.Errorf("%v", done)
	}
	p.answered(422, p.ask("PUT", at, map[string]any{"audience": "friends"}))
	p.read(func(ctx context.Context, tx *store.Tx) error {
		now, err := tx.Incidents.ByID(ctx, i.ID)
		if now.Audience != incident.Listed {
			t.Errorf("the audience is %q", now.Audience)
		}
		return err
	})
}
