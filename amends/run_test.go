package amends

import (
	"fmt"
	"math/big"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/money"
)

func instant(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return at
}

func basis(t testing.TB) Basis {
	all := contracts(t)
	outage := Outage{Start: instant("2024-04-10T10:00:00Z"), End: instant("2024-04-10T11:00:00Z")}
	return Basis{
		Incident: "inc_1", Month: "2024-04", Zone: "Europe/Berlin",
		Contracts: []Contract{
			{Terms: all["house-default"]},
			{Plan: "gold", Terms: all["slack-2015"]},
			{Component: "cmp_dns", Terms: all["vultr"]},
			{Plan: "odd", Terms: all["techdiversities"]},
			{Plan: "aws", Terms: all["aws-rds-single"]},
		},
		Down: []Down{
			{Component: "cmp_web", Incident: "inc_1", Outage: outage},
			{Component: "cmp_dns", Incident: "inc_1", Outage: Outage{Start: outage.Start, End: outage.Start.Add(45 * time.Minute)}},
			{Component: "cmp_dns", Incident: "inc_0", Outage: Outage{Start: outage.Start.AddDate(0, 0, -3), End: outage.End.AddDate(0, 0, -3)}},
			{Component: "cmp_old", Incident: "inc_0", Outage: Outage{Start: instant("2024-04-02T00:00:00Z"), End: instant("2024-04-02T08:00:00Z")}},
		},
	}
}

func customer(plan, fee string, uses ...audience.Use) audience.Customer {
	paid, err := money.Parse(fee, "EUR")
	if err != nil {
		panic(err)
	}
	return audience.Customer{ID: "cus_1", Plan: plan, Fee: paid, Uses: uses}
}

func TestEachCustomerIsOwedByTheirContractAndWhatTheyUsed(t *testing.T) {
	t.Parallel()
	web, dns, old := audience.Use{Component: "cmp_web"}, audience.Use{Component: "cmp_dns"}, audience.Use{Component: "cmp_old"}
	late := audience.Use{Component: "cmp_web", Since: instant("2024-04-10T10:30:00Z")}
	for _, c := range []struct {
		name     string
		customer audience.Customer
		terms    string
		amount   string
		why      Why
	}{
		{"an hour of the web", customer("", "50", web), "house-default", "5.00 EUR", IsOwed},
		{"eight hours of what only they use", customer("", "50", old), "house-default", "12.50 EUR", IsOwed},
		{"they use all of it, as far as we know", customer("", "50"), "house-default", "12.50 EUR", IsOwed},
		{"nothing of theirs was down", customer("", "50", audience.Use{Component: "cmp_mail"}), "house-default", "0.00 EUR", IsKept},
		{"half an hour of an hour, since they came", customer("", "50", late), "house-default", "0.00 EUR", IsKept},
		{"a plan has its own terms", customer("gold", "72", web), "slack-2015", "10.00 EUR", IsOwed},
		{"a component's terms before a plan's, and only this incident", customer("gold", "67.20", web, dns), "vultr", "2.40 EUR", IsOwed},
		{"a smallest sum in dollars withholds no euros", customer("aws", "9.99", old), "aws-rds-single", "2.50 EUR", IsOwed},
		{"who pays nothing", customer("", "0", web), "", "0.00 EUR", NoFee},
		{"a coin too small", customer("", "0.01", web), "house-default", "0.00 EUR", IsTooSmall},
	} {
		got := basis(t).Reckoner().Of(c.customer, Had{})
		if got.Terms != c.terms || got.Amount.String() != c.amount || got.Why != c.why {
			t.Errorf("%s: %+v, want %s by %s, %s", c.name, got, c.amount, c.terms, c.why)
		}
	}
	without := basis(t)
	without.Contracts = without.Contracts[1:2]
	if got := without.Reckoner().Of(customer("silver", "50", web), Had{}); got.Why != NoContract || got.Amount.Minor != 0 {
		t.Errorf("no contract: %+v", got)
	}
	quarterly := basis(t)
	quarterly.Contracts[0].Terms = contracts(t)["slack-2019"]
	if got := quarterly.Reckoner().Of(customer("", "72.80", web), Had{}); got.Amount.String() != "1.00 EUR" {
		t.Errorf("ten times an hour of a quarter of 2184 for three months' fee: %+v", got)
	}
	renewed := basis(t)
	renewed.Contracts[0].Terms = contracts(t)["dreamhost-shared"]
	if got := renewed.Reckoner().Of(customer("", "50", web), Had{}); got.Why != NotComputed || got.Amount.Minor != 0 {
		t.Errorf("nobody knows their renewal fee: %+v", got)
	}
	broken := basis(t)
	broken.Contracts[0].Terms.Model = Model{Type: Tiers}
	if got := broken.Reckoner().Of(customer("", "50", web), Had{}); got.Why != NotComputed || got.Fault == "" {
		t.Errorf("terms that cannot be reckoned with: %+v", got)
	}
}

func TestAGapIsForAPersonToDecide(t *testing.T) {
	t.Parallel()
	b := basis(t)
	b.Down[0].End = b.Down[0].Start.Add(27_000 * time.Second) // 98.96 % of April, between two rows
	if got := b.Reckoner().Of(customer("odd", "50", audience.Use{Component: "cmp_web"}), Had{}); got.Why != IsGap || got.Amount.Minor != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestGoodwillIsNeverLessThanTheContractNorMoreThanHalfAsMuchAgainAsTheFee(t *testing.T) {
	t.Parallel()
	web := audience.Use{Component: "cmp_web"}
	fixed := money.Amount{Minor: 30_00, Currency: "EUR"}
	for _, c := range []struct {
		name   string
		give   Goodwill
		want   string
		why    Why
		capped bool
	}{
		{"a month", Goodwill{Months: exact("1")}, "10.99 EUR", IsGoodwill, false},
		{"half a fee", Goodwill{Percent: exact("50")}, "5.50 EUR", IsGoodwill, false},
		{"less than the contract owes", Goodwill{Percent: exact("5")}, "1.10 EUR", IsOwed, false},
		{"a sum of more than it may be", Goodwill{Fixed: &fixed}, "16.49 EUR", IsGoodwill, true},
		{"a sum in another currency", Goodwill{Fixed: &money.Amount{Minor: 5_00, Currency: "USD"}}, "1.10 EUR", IsOwed, false},
	} {
		b := basis(t)
		b.Goodwill = &c.give
		got := b.Reckoner().Of(customer("", "10.99", web), Had{})
		if got.Amount.String() != c.want || got.Why != c.why || got.Capped != c.capped || got.Contract.String() != "1.10 EUR" {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// The sum of what is offered is the total of the run, whoever is asked first.
func TestTheTotalIsTheSumOfItsOffers(t *testing.T) {
	t.Parallel()
	b := basis(t)
	ask := func(forwards bool) (all Totals, sum *big.Int) {
		r := b.Reckoner()
		sum = new(big.Int)
		for i := range 3000 {
			if !forwards {
				i = 2999 - i
			}
			owed := r.Of(crowd(i), Had{})
			all.Add(owed)
			if owed.Amount.Currency == "EUR" {
				sum.Add(sum, big.NewInt(owed.Amount.Minor))
			}
		}
		return all, sum
	}
	one, sum := ask(true)
	other, again := ask(false)
	if one.Sums["EUR"].Minor.Cmp(sum) != 0 || sum.Cmp(again) != 0 || other.Sums["EUR"].Minor.Cmp(sum) != 0 || sum.Sign() <= 0 {
		t.Errorf("%s, %s, %s, %s", one.Sums["EUR"].Minor, sum, other.Sums["EUR"].Minor, again)
	}
	if a, b := fmt.Sprint(one.Largest, one.Nothing, one.Sums["EUR"].Spread), fmt.Sprint(other.Largest, other.Nothing, other.Sums["EUR"].Spread); a != b {
		t.Errorf("forwards %s\nbackwards %s", a, b)
	}
	counted := one.Sums["EUR"].Customers + one.Sums["JPY"].Customers
	for _, n := range one.Nothing {
		counted += n
	}
	bars := 0
	for _, bar := range one.Sums["EUR"].Spread {
		bars += bar.Customers
	}
	if counted != 3000 || one.Customers != 3000 || bars != one.Sums["EUR"].Customers {
		t.Errorf("%d counted of %d, %d in bars", counted, one.Customers, bars)
	}
	if len(one.Largest) != 2*mostLargest {
		t.Errorf("%d outliers", len(one.Largest))
	}
	for i, o := range one.Largest[1:mostLargest] {
		if o.Amount.Minor > one.Largest[i].Amount.Minor {
			t.Errorf("%v after %v", o.Amount, one.Largest[i].Amount)
		}
	}
}

// crowd is one of many customers who differ.
func crowd(i int) audience.Customer {
	c := audience.Customer{
		ID: id.Customer(fmt.Sprintf("cus_%07d", i)), Plan: [...]string{"", "gold", "aws", "odd"}[i%4], Zone: [...]string{"", "Asia/Taipei", "America/Bogota"}[i%3],
		Fee: money.Amount{Minor: int64(i * 37 % 90_000), Currency: [...]string{"EUR", "EUR", "JPY"}[i%3]},
	}
	for j, component := range [...]id.Component{"cmp_web", "cmp_dns", "cmp_old", "cmp_mail"} {
		if i>>j&1 == 1 {
			c.Uses = append(c.Uses, audience.Use{Component: component})
		}
	}
	return c
}

func BenchmarkRun(b *testing.B) {
	r := basis(b).Reckoner()
	var all Totals
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		all.Add(r.Of(crowd(i), Had{}))
	}
}
