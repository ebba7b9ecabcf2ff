package amends

import (
	"candor/audience"
	"candor/money"
)

// Had is what runs before this one, approved, have credited one customer: what was given once is never given again.
type Had struct {
	Given    int64            `json:"given,omitempty"`    // for this incident, or this month where a run is about one
	Contract int64            `json:"contract,omitempty"` // as much of it as the contract owed
	Others   map[string]int64 `json:"others,omitempty"`   // what the contract owed for the same period, credited by runs about other incidents
	Currency string           `json:"currency,omitempty"` // of all that; empty without any
}

// clashes reports that sums cannot be set off against each other.
func (h Had) clashes(currency string) bool { return h.Currency != "" && h.Currency != currency }

// Took adds a credit of an earlier run: same says that it was about the same thing.
func (h *Had) Took(same bool, period string, amount, contract money.Amount) {
	if amount.Minor == 0 && contract.Minor == 0 {
		return
	}
	switch {
	case h.Currency == "":
		h.Currency = amount.Currency
	case h.Currency != amount.Currency: // two of them: no currency is the right one
		h.Currency = "several"
	}
	if same {
		h.Given += amount.Minor
		h.Contract += contract.Minor
		return
	}
	if period == "" {
		return
	}
	if h.Others == nil {
		h.Others = map[string]int64{}
	}
	h.Others[period] += contract.Minor
}

// settle turns what the contract owes for the period into what is offered now: goodwill where that is more, less what was given before. What
// was given too much is not taken back.
func (b Basis) settle(c audience.Customer, had Had, owed *Owed, explain bool) {
	due := owed.Contract.Minor
	if other := had.Others[owed.Period]; owed.Period != "" && other > 0 && due > 0 {
		due = max(due-other, 0)
		owed.say(explain, Line{"credit.run.others", []any{"sum", coins(other, c.Fee.Currency), "left", coins(due, c.Fee.Currency)}})
	}
	total, d := due, b.decide(c, owed.Why)
	owed.say(explain, d.why...)
	if d.out {
		owed.Contract.Minor, owed.Why = 0, IsLeftOut
		return
	}
	if good, capped := d.goodwill(c.Fee); good > total {
		total, owed.Why, owed.Capped = good, IsGoodwill, capped
		if capped {
			owed.say(explain, Line{"credit.run.most", []any{"sum", coins(good, c.Fee.Currency)}})
		}
	}
	owed.Contract.Minor = max(due-had.Contract, 0)
	owed.Amount.Minor = max(total-had.Given, 0)
	if had.Given > 0 {
		owed.say(explain, Line{"credit.run.had", []any{"sum", coins(had.Given, c.Fee.Currency)}})
	}
	if owed.Amount.Minor == 0 && (owed.Why == IsOwed || owed.Why == IsGoodwill) {
		owed.Why = IsGiven
	}
	owed.say(explain, Line{"credit.run.total", []any{"sum", coins(owed.Amount.Minor, c.Fee.Currency)}})
}

// goodwill is what is given of our own accord, in whole coins.
func (d deciding) goodwill(fee money.Amount) (minor int64, capped bool) {
	sum := d.given
	if d.most != nil {
		sum = least(sum, d.most)
	}
	most := mul(exactly(fee), mostGoodwill)
	capped = sum.Cmp(most) > 0
	given, ok := money.Of(least(sum, most), fee.Currency, money.HalfUp)
	if !ok {
		return 0, false
	}
	return given.Minor, capped
}

func coins(minor int64, currency string) cash {
	return cash{money.Amount{Minor: minor, Currency: currency}.Plain(), currency}
}

// period is what terms owe for.
func (b Basis) period(t Terms) string {
	switch t.Period {
	case Month:
		return b.Month
	case Quarter:
		return quarterOf(b.Month)
	}
	return ""
}
