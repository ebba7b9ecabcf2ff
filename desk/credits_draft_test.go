package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"candor/amends"
	"candor/audience"
	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

const aTenth = `{"id": "tenth", "period": "calendar_month", "tz": "UTC", "commitment": "99.9", "granularity": {"kind": "exact"}, "maintenance": "not_downtime",
	"model": {"type": "tiers", "tiers": [{"lt": "99.9", "ge": "99", "pct": "10"}, {"lt": "99", "pct": "25"}]}, "claim": {"rule": "automatic"}}`

func contract(t testing.TB, text string) (all []amends.Contract) {
	t.Helper()
	var c amends.Contract
	if err := json.Unmarshal([]byte(text), &c.Terms); err != nil {
		t.Fatal(err)
	}
	return []amends.Contract{c}
}

// fails takes a component down for a while in April 2024 and notes whom that affected.
func (o *office) fails(name string, from time.Time, lasted time.Duration) incident.Incident {
	o.t.Helper()
	return failed(o.ctx(), o.t, o.db, name, from, lasted)
}

func failed(ctx context.Context, tb testing.TB, db *store.DB, name string, from time.Time, lasted time.Duration) (i incident.Incident) {
	tb.Helper()
	until := from.Add(lasted)
	i = incident.Incident{
		ID: id.New[id.Incident](from), Code: id.NewCode(), Number: from.Unix(), Kind: incident.Outage, Visibility: incident.Public, Title: lang.Text{"en": "Down"},
		Status: incident.Resolved, Impact: incident.ImpactMajor, StartedAt: from, ResolvedAt: until, DetectedBy: incident.ByStaff, CreatedAt: from, UpdatedAt: from,
		Audience: incident.ByUse,
	}
	assessed := store.Assessment{Incident: i.ID, Audience: incident.ByUse, From: from, AsOf: time.Now(), NextAt: from}
	err := db.Write(ctx, func(tx *store.Tx) error {
		all, err := tx.Components.All(ctx)
		if err != nil {
			return err
		}
		broken, ok := component.Named(all)(name)
		if !ok {
			return fmt.Errorf("no %s", name)
		}
		if err := tx.Incidents.Add(ctx, i); err != nil {
			return err
		}
		if err := tx.Intervals.Begin(ctx, broken, component.Operational, from.AddDate(0, -1, 0)); err != nil {
			return err
		}
		if err := tx.Intervals.Change(ctx, broken, component.MajorOutage, i.ID, from, until); err != nil {
			return err
		}
		if err := tx.Intervals.Change(ctx, broken, component.Operational, i.ID, until, until); err != nil {
			return err
		}
		assessed.Components = []id.Component{broken}
		return nil
	})
	for done, after := false, id.Customer(""); err == nil && !done; {
		err = db.Write(ctx, func(tx *store.Tx) (err error) {
			after, done, err = tx.Affected.Assess(ctx, assessed, after, 1000)
			return err
		})
	}
	if err != nil {
		tb.Fatal(err)
	}
	return i
}

func (o *office) draft(in desk.Draft) (rows []string, all amends.Totals, err error) {
	o.t.Helper()
	_, all, err = o.DraftCredits(o.ctx(), in, func(c audience.Customer, owed amends.Owed) error {
		rows = append(rows, fmt.Sprintf("%s %s %s", c.External, owed.Amount, owed.Why))
		return nil
	})
	return rows, all, err
}

func TestACreditRunIsDraftedFromWhatWasDownAndWhoUsedIt(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.take("id,name,components,fee,currency\nA-1,Acme,DNS,50,EUR\nA-2,Bolt,Mail,80,EUR\nA-3,Coil,DNS|Mail,100,USD\nA-4,Dust,DNS,,\n", desk.Import{})
		i := o.fails("DNS", time.Date(2024, 4, 10, 10, 0, 0, 0, time.UTC), time.Hour)
		rows, all, err := o.draft(desk.Draft{Incident: i.Code, Contracts: contract(t, aTenth)})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Join(rows, "; "), "A-1 5.00 EUR owed; A-3 10.00 USD owed; A-4  no_fee"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if all.Customers != 3 || all.Sums["EUR"].Plain("EUR") != "5.00" || all.Nothing[amends.NoFee] != 1 {
			t.Errorf("%+v", all)
		}
		again, _, err := o.draft(desk.Draft{Incident: i.Code, Contracts: contract(t, aTenth)})
		if err != nil || strings.Join(again, "; ") != strings.Join(rows, "; ") {
			t.Errorf("again %v: %v", again, err)
		}
		for name, c := range map[string]struct {
			in   desk.Draft
			want string
		}{
			"no contract":       {desk.Draft{Incident: i.Code}, "problem.credits.contracts"},
			"no such month":     {desk.Draft{Incident: i.Code, Contracts: contract(t, aTenth), Month: "April"}, "problem.credits.month"},
			"no such incident":  {desk.Draft{Incident: "abcdefghijkl", Contracts: contract(t, aTenth)}, "problem.not_found"},
			"no such component": {desk.Draft{Incident: i.Code, Contracts: []amends.Contract{{Component: "Fax", Terms: contract(t, aTenth)[0].Terms}}}, "problem.credits.component"},
			"no such model":     {desk.Draft{Incident: i.Code, Contracts: contract(t, `{"id": "x"}`)}, "problem.credits.terms"},
		} {
			if _, _, err := o.draft(c.in); !strings.Contains(fmt.Sprint(keys(err)), c.want) {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
		}
		agent := staff.As(context.Background(), staff.Actor{Person: staff.Person{ID: "per_viewer", Roles: []staff.Role{staff.Viewer}}})
		if _, _, err := o.DraftCredits(agent, desk.Draft{Incident: i.Code}, nil); !problem.Is(err, problem.Forbidden) {
			t.Errorf("a viewer: %v", err)
		}
	})
}

func TestAnIncidentThatGoesOnOwesNothingYet(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		i := o.fails("DNS", time.Date(2024, 4, 10, 10, 0, 0, 0, time.UTC), time.Hour)
		i.Status, i.ResolvedAt = incident.Monitoring, time.Time{}
		if err := o.db.Write(o.ctx(), func(tx *store.Tx) error { return tx.Incidents.Save(o.ctx(), i) }); err != nil {
			t.Fatal(err)
		}
		if _, _, err := o.draft(desk.Draft{Incident: i.Code, Contracts: contract(t, aTenth)}); !problem.Is(err, problem.Conflict) {
			t.Errorf("got %v", err)
		}
	})
}
