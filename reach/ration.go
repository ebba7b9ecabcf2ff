package reach

import (
	"maps"
	"math"
	"time"

	"candor/money"
	"candor/settings"
)

// A Ration hands a budget out, customer by customer, in the order they come: whoever uses it brings them in the order of Worth.
type Ration struct {
	ladder settings.Ladder
	voice  bool
	left   Budget
}

// Rationed begins to hand out a budget for a climb up a ladder. voice says whether a machine can call.
func Rationed(l settings.Ladder, voice bool, b Budget) *Ration {
	return &Ration{ladder: l, voice: voice, left: Budget{Money: maps.Clone(b.Money), Work: b.Work}}
}

// Take reports whether even the worst case of a climber still fits, and sets it aside if so.
func (r *Ration) Take(c Climber) bool {
	most, _ := c.cost(r.ladder, r.voice, usualAnswering)
	if !r.left.Fits(most) {
		return false
	}
	for currency, minor := range most.Money {
		r.left.Money[currency] -= minor
	}
	r.left.Work -= most.Work
	return true
}

// FitsAll reports whether so many climbers fit if each were as dear as the dearest: then nobody needs to be put in order.
func (r *Ration) FitsAll(dearest Climber, customers int64) bool {
	most, _ := dearest.cost(r.ladder, r.voice, usualAnswering)
	times := func(each, left int64) bool { return each <= 0 || customers <= left/each } // no product to overflow
	for currency, minor := range most.Money {
		if !times(minor, r.left.Money[currency]) {
			return false
		}
	}
	return times(int64(most.Work), int64(r.left.Work))
}

// BudgetOf is what the company lets one incident take, and whether it set a limit at all. What it did not limit has none: a company that
// counts its agents' hours has not said that texts are forbidden.
func BudgetOf(s settings.Settings) (b Budget, limited bool) {
	b = Budget{Money: map[string]int64{}, Work: time.Duration(s.Budget.Hours) * time.Hour}
	maps.Copy(b.Money, s.Budget.Money)
	if len(s.Budget.Money) == 0 {
		b.Money[s.SMS.Currency] = math.MaxInt64
	}
	if s.Budget.Hours == 0 {
		b.Work = math.MaxInt64
	}
	return b, s.Budget.Set()
}

// mostTextParts is how long a letter's text may become, see letter.SMS.
const mostTextParts = 2

// PriceOf is what one text to a country may cost, and nothing where none is sent.
func PriceOf(s settings.SMS, country string) money.Amount {
	if len(s.Providers) == 0 || !s.Allows(country) {
		return money.Amount{}
	}
	price := s.Price(country)
	price.Minor *= mostTextParts
	return price
}

// DearestOf is a customer nobody costs more than.
func DearestOf(s settings.SMS) (dearest Climber) {
	dearest.Telephone = true
	for _, country := range append([]string{s.Home}, s.Countries...) {
		if p := PriceOf(s, country); p.Minor > dearest.Text.Minor {
			dearest.Text = p
		}
	}
	return dearest
}
