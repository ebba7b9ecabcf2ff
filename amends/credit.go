package amends

import (
	"errors"
	"math/big"
	"time"

	"candor/lang"
	"candor/money"
)

// A Credit is what a case is owed, and how that was reckoned.
type Credit struct {
	Measured
	Row      *int     // of the tiers, from 0; nil where none applies
	Pct      *big.Rat // of the fee; nil where the terms know no percentage
	Exact    *big.Rat // of money, before it was rounded and before a sum too small to issue was dropped
	Minor    *big.Int // what is owed, in the smallest unit
	Digits   int
	Currency string
	Rounding money.Rounding
	Flags    []string // what a program should look at: "capped", a gap, a credit too small to issue
	steps    []Line
}

// Compute reckons one case under its terms.
func (t Terms) Compute(c Case) (Credit, error) {
	m, err := t.Measure(c)
	if err != nil {
		return Credit{}, err
	}
	return m.Credit(c)
}

// Credit is what a customer with this fee is owed for a measured period. Of the case only what concerns the customer is looked at: fee,
// currency, rounding, renewal, sites, affected ratio.
func (m Measured) Credit(c Case) (Credit, error) {
	if err := c.Validate(); err != nil {
		return Credit{}, err
	}
	digits, err := c.digits()
	if err != nil {
		return Credit{}, err
	}
	m.c.Renewal, m.c.Sites, m.c.Affected = c.Renewal, c.Sites, c.Affected
	say := reckoning{lines: m.said.lines[:len(m.said.lines):len(m.said.lines)]}
	p, err := m.pay(c.Fee.rat(), &say)
	if err != nil {
		return Credit{}, err
	}
	got := Credit{
		Measured: m, Row: p.row, Pct: p.pct, Exact: p.sum, Digits: digits, Currency: c.Currency,
		Rounding: c.rounding(m.terms), Flags: p.flags,
	}
	got.Minor = got.Rounding.Round(p.sum, digits)
	say.line("credit.round", "sum", number{p.sum}, "mode", named("credit.rounding."+string(got.Rounding)), "amount", cash{got.Amount(), c.Currency})
	if least := m.terms.MinIssue; least.withholds(p.sum, c.Currency) {
		got.Minor = new(big.Int)
		got.Flags = append(got.Flags, "not issued: credit must be greater than "+Plain(least.Over.rat())+" "+least.Currency)
		say.line("credit.least", "least", cash{Plain(least.Over.rat()), least.Currency})
	}
	if !got.Minor.IsInt64() {
		return Credit{}, errors.New("the credit is more than can be counted")
	}
	got.steps = say.lines
	return got, nil
}

// withholds reports that a sum is too small to issue. It is the exact one: 0.999 is not made one by rounding. A minimum in another currency
// withholds nothing, since nobody said at which rate.
func (m *MinIssue) withholds(sum *big.Rat, currency string) bool {
	return m != nil && m.Over != nil && sum.Sign() > 0 && (m.Currency == "" || m.Currency == currency) && sum.Cmp(m.Over.rat()) <= 0
}

// Amount is the credit as a number, with the digits of its currency.
func (c Credit) Amount() string { return money.Decimal(c.Minor, c.Digits) }

// Printed is the uptime in percent with two decimals, as contracts print it. Nothing is decided by it: 99.89996 % prints as 99.90 %.
func (m Measured) Printed() string {
	const decimals = 2
	return money.Decimal(money.HalfUp.Round(m.Uptime, decimals), decimals)
}

// Explain is the reckoning, line by line, in a reader's language.
func (c Credit) Explain(w lang.Words) []string {
	said := make([]string, len(c.steps))
	for i, line := range c.steps {
		said[i] = line.In(w)
	}
	return said
}

// Budget is how many seconds of a period may be down before an uptime in percent is missed.
func Budget(uptime *big.Rat, of time.Duration) *big.Rat {
	return mul(seconds(int64(of)), sub(whole(1), div(uptime, hundred)))
}

// rounded is a number with so many decimals, halves up: for the eye, and for contracts that round in the middle.
func rounded(r *big.Rat, digits int) *big.Rat {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	return new(big.Rat).SetFrac(money.HalfUp.Round(r, digits), scale)
}
