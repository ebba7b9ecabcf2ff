package desk_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"candor/amends"
	"candor/desk"
	"candor/lang"
	"candor/store"
)

// GoDaddy, 10 September 2012 (S4): names and sites were gone for six hours. The contract owed 5 % of the fee, to who asked. Two days later
// everybody with an active site was given a month. Here finance sees both, side by side, before anybody is offered anything.
func TestGoDaddyOwesFivePercentAndGivesAMonthPerActiveSite(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.take("id,name,components,fee,currency\n"+
			"S-1,One site,DNS|Mail,10.99,USD\n"+ // Mail stands for a published site
			"S-3,Three sites,DNS|Mail,32.97,USD\n"+
			"P-1,A parked name,DNS,10.99,USD\n"+
			"F-1,A free account,DNS|Mail,,\n", desk.Import{})
		i := o.fails("DNS", time.Date(2012, 9, 10, 17, 0, 0, 0, time.UTC), 6*time.Hour)
		o.keeps("godaddy", "", godaddyTerms(t))
		month := amends.Edit{
			Act: amends.Give, Where: amends.Condition{Component: "Mail"}, Goodwill: amends.Goodwill{Months: percent("1")}, Reason: "A month for each active site.",
		}
		run := o.reckons(i, amends.ByContract, month)
		rows, sum := o.credited(run)
		if want := "S-1 10.99 USD goodwill; S-3 32.97 USD goodwill; P-1 0.55 USD owed; "; !strings.HasPrefix(rows, want) || sum != 1099+3297+55 {
			t.Errorf("offered: %s", rows)
		}
		if got := run.Totals.Sums["USD"]; got.Plain("USD") != "44.51" || got.Goodwill != 2 || run.Totals.Nothing[amends.NoFee] != 1 {
			t.Errorf("in all: %+v, nothing %v", got, run.Totals.Nothing)
		}
		pencil := o.pencil(run, "S-1")
		for _, line := range []string{"5% of the fee", "0.55 USD", "A month for each active site.", "To be credited: 10.99 USD."} {
			if !strings.Contains(strings.ReplaceAll(pencil, " %", "%"), line) {
				t.Errorf("the customer cannot check %q:\n%s", line, pencil)
			}
		}
		var file bytes.Buffer
		if n, err := o.ExportRun(o.ctx(), run.ID, &file); err != nil || n != 4 || !strings.Contains(file.String(), "S-1,One site,,10.99,USD,godaddy,2012-09,0.55,10.99,goodwill,,") {
			t.Errorf("%d rows, %v:\n%s", n, err, file.String())
		}
		o.approves(run)
	})
}

// godaddyTerms are the terms as they are quoted in the list of contracts.
func godaddyTerms(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("../testdata/facts/sla-terms.json")
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Terms []json.RawMessage }
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	for _, one := range list.Terms {
		var terms struct{ ID string }
		if err := json.Unmarshal(one, &terms); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(terms.ID, "godaddy") && !strings.Contains(terms.ID, "goodwill") {
			return string(one)
		}
	}
	t.Fatal("there are no terms of GoDaddy's")
	return ""
}

// pencil is one customer's reckoning, in English.
func (o *office) pencil(run amends.Run, external string) string {
	o.t.Helper()
	var lines []string
	err := o.db.Read(o.ctx(), func(tx *store.Tx) error {
		c, err := tx.Customers.ByExternal(o.ctx(), external)
		if err != nil {
			return err
		}
		kept, err := tx.Credits.Of(o.ctx(), run.ID, c.ID)
		if err != nil {
			return err
		}
		owed, differs := run.Explain(kept)
		if differs {
			return fmt.Errorf("reckoned again it is %s", owed.Amount)
		}
		for _, line := range owed.Lines {
			lines = append(lines, line.In(lang.For(lang.English)))
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}
