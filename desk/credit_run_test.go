package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"candor/amends"
	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/money"
	"candor/problem"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// keeps writes terms down.
func (o *office) keeps(name, plan, body string) {
	o.t.Helper()
	if _, err := o.KeepTerms(o.ctx(), desk.TermsForm{Name: name, Plan: plan, Body: json.RawMessage(body)}); err != nil {
		o.t.Fatal(err)
	}
}

// reckons drafts a run and waits for it.
func (o *office) reckons(i incident.Incident, by amends.By, edits ...amends.Edit) amends.Run {
	o.t.Helper()
	run, err := o.DraftRun(o.ctx(), desk.RunForm{Incident: i.Code, By: by, Edits: edits})
	if err != nil {
		o.t.Fatal(err)
	}
	return o.finishes(run)
}

func (o *office) finishes(run amends.Run) amends.Run {
	o.t.Helper()
	run, err := o.ReckonRun(o.ctx(), run.ID, time.Now().Add(time.Hour))
	if err != nil || run.State == amends.Reckoning {
		o.t.Fatalf("%s %v", run.State, err)
	}
	return run
}

// credited is what a run says of everybody, by the numbers the company knows them by, and its sum in euros.
func (o *office) credited(run amends.Run) (rows string, sum int64) {
	o.t.Helper()
	var all []string
	err := o.db.Read(o.ctx(), func(tx *store.Tx) error {
		page, err := tx.Credits.Page(o.ctx(), run.ID, "", "", 1000)
		for _, k := range page {
			c, err := tx.Customers.ByID(o.ctx(), k.Customer)
			if err != nil {
				return err
			}
			all = append(all, fmt.Sprintf("%s %s %s", c.External, k.Amount, k.Why))
			sum += k.Amount.Minor
			if owed, differs := run.Explain(k); differs || owed.Why != k.Why {
				return fmt.Errorf("reckoned again %s comes to %s %s, not %s %s", c.External, owed.Amount, owed.Why, k.Amount, k.Why)
			}
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return strings.Join(all, "; "), sum
}

// finance is somebody who may approve.
func (o *office) finance() context.Context {
	return staff.As(o.t.Context(), staff.Actor{Person: staff.Person{ID: "per_finance", Roles: []staff.Role{staff.Finance}}, Session: "ses_finance"})
}

func (o *office) approves(run amends.Run) amends.Run {
	o.t.Helper()
	run, err := o.ApproveRun(o.finance(), run.ID, run.Digest)
	if err != nil || run.State != amends.Approved {
		o.t.Fatalf("%s %v", run.State, err)
	}
	return run
}

const someCustomers = "id,name,components,fee,currency,plan\nA-1,Acme,DNS,50,EUR,\nA-2,Bolt,Mail,80,EUR,\nA-3,Coil,DNS|Mail,100,EUR,gold\nA-4,Dust,DNS,,,\n"

func TestARunIsReckonedLookedAtEditedAndApproved(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.take(someCustomers, desk.Import{})
		i := o.fails("DNS", time.Date(2024, 4, 10, 10, 0, 0, 0, time.UTC), time.Hour)
		if _, err := o.DraftRun(o.ctx(), desk.RunForm{Incident: i.Code, By: amends.ByContract}); !problem.Is(err, problem.Invalid) {
			t.Fatalf("without terms: %v", err)
		}
		o.keeps("standard", "", aTenth)
		run := o.reckons(i, amends.ByContract)
		if rows, sum := o.credited(run); rows != "A-1 5.00 EUR owed; A-3 10.00 EUR owed; A-4 0.00  no_fee" && rows != "A-1 5.00 EUR owed; A-3 10.00 EUR owed; A-4  no_fee" ||
			run.Totals.Sums["EUR"].Minor.Cmp(big.NewInt(sum)) != 0 || sum != 1500 {
			t.Fatalf("%s, %d, %+v", rows, sum, run.Totals)
		}
		again := o.reckons(i, amends.ByContract)
		if again.ID != run.ID || again.Digest != run.Digest {
			t.Errorf("the same question made %s %s of %s %s", again.ID, again.Digest, run.ID, run.Digest)
		}
		anew, err := o.DraftRun(o.ctx(), desk.RunForm{Incident: i.Code, By: amends.ByContract, Again: true})
		if err != nil {
			t.Fatal(err)
		}
		if anew = o.finishes(anew); anew.ID == run.ID || anew.Digest != run.Digest {
			t.Errorf("reckoned anew %s, want another run of the same digest %s", anew.Digest, run.Digest)
		}
		give := amends.Edit{Act: amends.Give, Where: amends.Condition{Plans: []string{"gold"}}, Goodwill: amends.Goodwill{Percent: percent("50")}, Reason: "our best customers"}
		edited, err := o.EditRun(o.ctx(), anew.ID, desk.AddEdit(give))
		if err != nil {
			t.Fatal(err)
		}
		edited = o.finishes(edited)
		if rows, sum := o.credited(edited); !strings.Contains(rows, "A-3 50.00 EUR goodwill") || sum != 5500 {
			t.Errorf("edited: %s, %d", rows, sum)
		}
		if _, err := o.ApproveRun(o.finance(), anew.ID, anew.Digest); !problem.Is(err, problem.Conflict) {
			t.Errorf("a draft that another replaced: %v", err)
		}
		if _, err := o.ApproveRun(o.finance(), edited.ID, anew.Digest); !problem.Is(err, problem.Conflict) {
			t.Errorf("approved without having looked: %v", err)
		}
		agent := staff.As(context.Background(), staff.Actor{Person: staff.Person{ID: "per_agent", Roles: []staff.Role{staff.Agent}}})
		if _, err := o.ApproveRun(agent, edited.ID, edited.Digest); !problem.Is(err, problem.Forbidden) {
			t.Errorf("an agent: %v", err)
		}
		approved := o.approves(edited)
		if twice := o.approves(edited); twice.ApprovedAt != approved.ApprovedAt {
			t.Error("approved twice")
		}
		if _, err := o.EditRun(o.ctx(), edited.ID, desk.AddEdit(give)); !problem.Is(err, problem.Conflict) {
			t.Errorf("edited after it was approved: %v", err)
		}
	})
}

func percent(text string) *amends.Number {
	n := new(amends.Number)
	if err := n.UnmarshalJSON([]byte(text)); err != nil {
		panic(err)
	}
	return n
}

func TestACorrectionOfTheTimesSupplementsAndNeverRewrites(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.take(someCustomers, desk.Import{})
		o.keeps("standard", "", aTenth)
		began := time.Date(2024, 4, 10, 10, 0, 0, 0, time.UTC)
		i := o.fails("DNS", began, time.Hour)
		draft := o.reckons(i, amends.ByContract)
		o.moves("DNS", began, began.Add(-8*time.Hour))
		if _, err := o.ApproveRun(o.finance(), draft.ID, draft.Digest); !problem.Is(err, problem.Conflict) {
			t.Fatalf("approved with old times: %v", err)
		}
		o.moves("DNS", began.Add(-8*time.Hour), began)
		first := o.approves(o.reckons(i, amends.ByContract))
		before, _ := o.credited(first)
		o.moves("DNS", began, began.Add(-8*time.Hour)) // nine hours: the next row, 25 %
		second := o.reckons(i, amends.ByContract)
		if second.Supplements != first.ID {
			t.Errorf("it supplements %q", second.Supplements)
		}
		if rows, sum := o.credited(second); !strings.HasPrefix(rows, "A-1 7.50 EUR owed; A-3 15.00 EUR owed") || sum != 2250 {
			t.Errorf("the difference is %s", rows)
		}
		if after, _ := o.credited(first); after != before {
			t.Errorf("the first run became %s", after)
		}
		o.approves(second)
		third := o.reckons(i, amends.ByContract)
		if rows, sum := o.credited(third); sum != 0 || !strings.HasPrefix(rows, "A-1 0.00 EUR given_already") {
			t.Errorf("and then nothing: %s", rows)
		}
		o.take("id,name,components,fee,currency\nA-1,Acme,DNS|Mail,50,EUR\n", desk.Import{})
		other := o.fails("Mail", began.AddDate(0, 0, 5), 48*time.Hour)
		if rows, sum := o.credited(o.reckons(other, amends.ByContract)); sum != 2000 || !strings.Contains(rows, "A-1 0.00 EUR given_already") {
			t.Errorf("the month is paid once: %s", rows)
		}
	})
}

// moves corrects since when a component was down.
func (o *office) moves(name string, from, to time.Time) {
	o.t.Helper()
	err := o.db.Write(o.ctx(), func(tx *store.Tx) error {
		all, err := tx.Components.All(o.ctx())
		if err != nil {
			return err
		}
		broken, _ := component.Named(all)(name)
		return tx.Intervals.Shift(o.ctx(), broken, from, to)
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestAboveTheLimitASecondPersonApproves(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.take(someCustomers, desk.Import{})
		i := o.fails("DNS", time.Date(2024, 4, 10, 10, 0, 0, 0, time.UTC), time.Hour)
		o.limits(money.Amount{Minor: 1400, Currency: "EUR"})
		o.keeps("standard", "", aTenth)
		run := o.reckons(i, amends.ByContract)
		once, err := o.ApproveRun(o.finance(), run.ID, run.Digest)
		if err != nil || !once.Waiting() {
			t.Fatalf("%s %v", once.State, err)
		}
		if _, err := o.ApproveRun(o.finance(), run.ID, run.Digest); !problem.Is(err, problem.Forbidden) {
			t.Errorf("the same person twice: %v", err)
		}
		other := staff.As(t.Context(), staff.Actor{Person: staff.Person{ID: id.New[id.Person](time.Now()), Roles: []staff.Role{staff.Finance}}, Session: "ses_x"})
		final, err := o.ApproveRun(other, run.ID, run.Digest)
		if err != nil || final.State != amends.Approved || final.SecondBy == final.ApprovedBy {
			t.Errorf("%+v %v", final.State, err)
		}
	})
}

func (o *office) limits(all ...money.Amount) {
	o.t.Helper()
	err := o.db.Write(o.ctx(), func(tx *store.Tx) error {
		s, version, err := tx.Settings.Load(o.ctx())
		if err != nil {
			return err
		}
		s.Credits = settings.Credits{SecondAbove: all}
		_, err = tx.Settings.Save(o.ctx(), s, version)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestTermsAreKeptRevisionByRevision(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		form := desk.TermsForm{Name: "standard", Body: json.RawMessage(aTenth)}
		first, err := o.KeepTerms(o.ctx(), form)
		if err != nil || first.Number != 1 {
			t.Fatalf("%+v %v", first, err)
		}
		form.Number = 1
		if same, err := o.KeepTerms(o.ctx(), form); err != nil || same.ID != first.ID {
			t.Errorf("kept again as it is: %+v %v", same, err)
		}
		form.Body = json.RawMessage(strings.Replace(aTenth, `"25"`, `"30"`, 1))
		second, err := o.KeepTerms(o.ctx(), form)
		if err != nil || second.Number != 2 {
			t.Fatalf("%+v %v", second, err)
		}
		form.Body = json.RawMessage(strings.Replace(aTenth, `"25"`, `"40"`, 1))
		if _, err := o.KeepTerms(o.ctx(), form); !problem.Is(err, problem.Conflict) {
			t.Errorf("written from revision 1 over 2: %v", err)
		}
		for name, in := range map[string]desk.TermsForm{
			"name": {Name: "a b", Body: json.RawMessage(aTenth)}, "body": {Name: "x", Body: json.RawMessage(`{"id"`)},
			"component": {Name: "x", Body: json.RawMessage(aTenth), Component: "Fax"},
			"customers": {Name: "x", Body: json.RawMessage(aTenth), Customers: []string{"nobody"}},
		} {
			_, err := o.KeepTerms(o.ctx(), in)
			if all := problem.All(err); len(all) != 1 || all[0].Field != name {
				t.Errorf("%s: %v", name, err)
			}
		}
		err = o.db.Read(o.ctx(), func(tx *store.Tx) error {
			all, err := tx.Terms.Named(o.ctx(), "standard")
			if err == nil && (len(all) != 2 || all[1].Replaced.IsZero() || !all[0].Replaced.IsZero()) {
				return fmt.Errorf("%+v", all)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
