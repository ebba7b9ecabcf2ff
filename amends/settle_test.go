package amends

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/money"
)

func percentage(text string) *Number {
	n := new(Number)
	if err := n.UnmarshalJSON([]byte(text)); err != nil {
		panic(err)
	}
	return n
}

func TestARunIsEditedByRulesAndNeverBelowTheContract(t *testing.T) {
	t.Parallel()
	web := audience.Use{Component: "cmp_web"}
	give := func(pct string) Edit {
		return Edit{Act: Give, Goodwill: Goodwill{Percent: percentage(pct)}, Reason: "it was long"}
	}
	leave := Edit{Act: LeaveOut, Where: Condition{Plans: []string{"trial"}}, Reason: "they pay nothing yet"}
	for _, c := range []struct {
		name  string
		edits []Edit
		plan  string
		want  string
		why   Why
	}{
		{"the contract alone", nil, "", "5.00 EUR", IsOwed},
		{"goodwill where it is more", []Edit{give("20")}, "", "10.00 EUR", IsGoodwill},
		{"goodwill where it is less", []Edit{give("5")}, "", "5.00 EUR", IsOwed},
		{"two gifts add up", []Edit{give("10"), give("10")}, "", "10.00 EUR", IsGoodwill},
		{"one and a half fees at most", []Edit{give("100"), give("100")}, "", "75.00 EUR", IsGoodwill},
		{"a limit cuts goodwill", []Edit{give("50"), {Act: Cap, Goodwill: Goodwill{Fixed: &money.Amount{Minor: 800, Currency: "EUR"}}, Reason: "the board"}}, "", "8.00 EUR", IsGoodwill},
		{"a limit never cuts the contract", []Edit{{Act: Cap, Goodwill: Goodwill{Percent: percentage("1")}, Reason: "the board"}}, "", "5.00 EUR", IsOwed},
		{"a limit in dollars is none of theirs", []Edit{give("50"), {Act: Cap, Goodwill: Goodwill{Fixed: &money.Amount{Minor: 1, Currency: "USD"}}, Reason: "the board"}}, "", "25.00 EUR", IsGoodwill},
		{"left out", []Edit{give("50"), leave}, "trial", "0.00 EUR", IsLeftOut},
		{"not who is meant", []Edit{leave}, "gold2", "5.00 EUR", IsOwed},
		{"taken in again", []Edit{leave, {Act: TakeIn, Where: Condition{Customers: []id.Customer{"cus_1"}}, Reason: "they do"}}, "trial", "5.00 EUR", IsOwed},
		{"only whom the contract pays", []Edit{{Act: Give, Where: Condition{Why: IsKept}, Goodwill: Goodwill{Percent: percentage("50")}, Reason: "sorry"}}, "", "5.00 EUR", IsOwed},
	} {
		b := basis(t)
		b.Edits = c.edits
		for _, e := range c.edits {
			if wrong := e.Wrong(); wrong != "" {
				t.Errorf("%s: %s", c.name, wrong)
			}
		}
		got := b.Reckoner().Explain(customer(c.plan, "50", web), Had{})
		if got.Amount.String() != c.want || got.Why != c.why {
			t.Errorf("%s: %s %s, want %s %s", c.name, got.Amount, got.Why, c.want, c.why)
		}
		for _, e := range c.edits {
			applied := e.Where.Holds(customer(c.plan, "50", web), IsOwed) && e.Goodwill.names("EUR") == (e.Act == Give || e.Act == Cap)
			if said := said(got.Lines); applied && !strings.Contains(said, e.Reason) {
				t.Errorf("%s: the reckoning does not say %q: %s", c.name, e.Reason, said)
			}
		}
	}
}

func said(lines []Line) string {
	var all []string
	for _, l := range lines {
		all = append(all, l.In(lang.For(lang.English)))
	}
	return strings.Join(all, "\n")
}

func TestAnEditThatSaysNothingIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit Edit
		want Wrong
	}{
		{"no act", Edit{Reason: "x"}, NoAct},
		{"no reason", Edit{Act: LeaveOut}, NoReason},
		{"a reason of two lines", Edit{Act: LeaveOut, Reason: "a\nb"}, NoReason},
		{"no sum", Edit{Act: Give, Reason: "x"}, NoSum},
		{"less than nothing", Edit{Act: Give, Reason: "x", Goodwill: Goodwill{Percent: percentage("-1")}}, NoSum},
		{"nothing is given", Edit{Act: Give, Reason: "x", Goodwill: Goodwill{Percent: percentage("0")}}, NoSum},
		{"more than goodwill may be", Edit{Act: Give, Reason: "x", Goodwill: Goodwill{Months: percentage("1.6")}}, TooMuch},
		{"a sum where nobody asked", Edit{Act: LeaveOut, Reason: "x", Goodwill: Goodwill{Percent: percentage("1")}}, NotForSums},
		{"no goodwill at all", Edit{Act: Cap, Reason: "x", Goodwill: Goodwill{Percent: percentage("0")}}, ""},
	} {
		if got := c.edit.Wrong(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWhatWasCreditedOnceIsNotCreditedAgain(t *testing.T) {
	t.Parallel()
	web := audience.Use{Component: "cmp_web"}
	for _, c := range []struct {
		name     string
		had      Had
		give     string
		amount   string
		contract string
		why      Why
	}{
		{"nothing before", Had{}, "", "5.00 EUR", "5.00 EUR", IsOwed},
		{"as much before", Had{Given: 500, Contract: 500, Currency: "EUR"}, "", "0.00 EUR", "0.00 EUR", IsGiven},
		{"less before", Had{Given: 200, Contract: 200, Currency: "EUR"}, "", "3.00 EUR", "3.00 EUR", IsOwed},
		{"too much before", Had{Given: 900, Contract: 900, Currency: "EUR"}, "", "0.00 EUR", "0.00 EUR", IsGiven},
		{"goodwill before was more", Had{Given: 1000, Contract: 300, Currency: "EUR"}, "20", "0.00 EUR", "2.00 EUR", IsGiven},
		{"another incident of the month", Had{Others: map[string]int64{"2024-04": 400}, Currency: "EUR"}, "", "1.00 EUR", "1.00 EUR", IsOwed},
		{"another incident took all", Had{Others: map[string]int64{"2024-04": 500}, Currency: "EUR"}, "", "0.00 EUR", "0.00 EUR", IsGiven},
		{"another month", Had{Others: map[string]int64{"2024-03": 400}, Currency: "EUR"}, "", "5.00 EUR", "5.00 EUR", IsOwed},
		{"goodwill is for this incident", Had{Others: map[string]int64{"2024-04": 500}, Currency: "EUR"}, "10", "5.00 EUR", "0.00 EUR", IsGoodwill},
		{"another currency", Had{Given: 500, Currency: "USD"}, "", "0.00 EUR", "0.00 EUR", NotComputed},
	} {
		b := basis(t)
		if c.give != "" {
			b.Edits = []Edit{{Act: Give, Goodwill: Goodwill{Percent: percentage(c.give)}, Reason: "sorry"}}
		}
		got := b.Reckoner().Of(customer("", "50", web), c.had)
		if got.Amount.String() != c.amount || got.Contract.String() != c.contract || got.Why != c.why {
			t.Errorf("%s: %s, contract %s, %s; want %s, %s, %s", c.name, got.Amount, got.Contract, got.Why, c.amount, c.contract, c.why)
		}
	}
}

// However often an outage is corrected, and however the edits change: all runs together give the most that any of them came to, and no more.
func TestSupplementsAddUpToTheMostAndNoMore(t *testing.T) {
	t.Parallel()
	start := basis(t)
	rapid.Check(t, func(t *rapid.T) {
		c, had, most := customer("", "50", audience.Use{Component: "cmp_web"}), Had{}, int64(0)
		for range rapid.IntRange(1, 5).Draw(t, "runs") {
			b := start
			b.Down = []Down{start.Down[0]}
			b.Down[0].End = b.Down[0].Start.Add(time.Duration(rapid.IntRange(1, 3000).Draw(t, "minutes")) * time.Minute)
			n := new(Number)
			n.SetInt64(int64(rapid.IntRange(0, 180).Draw(t, "goodwill")))
			b.Goodwill = &Goodwill{Percent: n}
			most = max(most, b.Reckoner().Of(c, Had{}).Amount.Minor)
			now := b.Reckoner().Of(c, had)
			had.Took(true, now.Period, now.Amount, now.Contract)
			if had.Given != most || had.Contract > had.Given {
				t.Fatalf("%d given, %d of it by contract, want %d", had.Given, had.Contract, most)
			}
		}
	})
}

func TestARunIsReckonedAgainFromItsFactsToTheSameSum(t *testing.T) {
	t.Parallel()
	b := basis(t)
	b.Edits = []Edit{{Act: Give, Goodwill: Goodwill{Percent: percentage("30")}, Reason: "sorry"}}
	c := customer("gold", "72", audience.Use{Component: "cmp_web", Since: instant("2024-04-10T10:30:00Z")})
	had := Had{Given: 100, Contract: 100, Currency: "EUR"}
	again, hadAgain := FactsOf(c, had).Customer(c.ID, "EUR")
	if got, want := b.Reckoner().Explain(again, hadAgain), b.Reckoner().Explain(c, had); got.Amount != want.Amount || said(got.Lines) != said(want.Lines) || len(got.Lines) < 5 {
		t.Errorf("got %s\n%s\nwant %s\n%s", got.Amount, said(got.Lines), want.Amount, said(want.Lines))
	}
}
