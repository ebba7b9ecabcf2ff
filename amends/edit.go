package amends

import (
	"math/big"
	"slices"
	"strings"

	"candor/audience"
	"candor/id"
	"candor/money"
)

// An Edit is what somebody decided about some of a run's customers, and why. A run is never changed by hand, customer by customer and in
// silence: it is changed by rules, which are kept with it, and reckoned again.
type Edit struct {
	Act   Act       `json:"act"`
	Where Condition `json:"where,omitzero"`
	Goodwill
	Reason string `json:"reason"` // shown to who approves, and in each reckoning it touched
}

// An Act is what an edit does.
type Act string

const (
	LeaveOut Act = "leave_out" // they get nothing
	TakeIn   Act = "take_in"   // although an edit before left them out
	Give     Act = "give"      // at least so much goodwill; several add up
	Cap      Act = "cap"       // goodwill of at most so much; what the contract owes is never cut
)

// Acts in the order the console offers them.
var Acts = [...]Act{Give, Cap, LeaveOut, TakeIn}

// A Condition says whom an edit is about. All that it names must hold; who names nothing means everybody.
type Condition struct {
	Plans     []string      `json:"plans,omitempty"`
	Component id.Component  `json:"component,omitempty"` // who is known to use it
	Customers []id.Customer `json:"customers,omitempty"`
	Currency  string        `json:"currency,omitempty"`
	Why       Why           `json:"why,omitempty"` // what their contract came to
}

// Holds reports whether a customer, whose contract came to why, is meant.
func (w Condition) Holds(c audience.Customer, why Why) bool {
	return (len(w.Plans) == 0 || slices.Contains(w.Plans, c.Plan)) &&
		(w.Component == "" || uses(c, w.Component)) &&
		(len(w.Customers) == 0 || slices.Contains(w.Customers, c.ID)) &&
		(w.Currency == "" || w.Currency == c.Fee.Currency) &&
		(w.Why == "" || w.Why == why)
}

// Empty reports whether it is everybody.
func (w Condition) Empty() bool {
	return len(w.Plans) == 0 && w.Component == "" && len(w.Customers) == 0 && w.Currency == "" && w.Why == ""
}

// Bounds of what a person types.
const (
	MostEdits     = 50
	mostNamed     = 1000
	longestReason = 500
)

// A Wrong is what keeps an edit from being used.
type Wrong string

const (
	NoAct      Wrong = "act"
	NoReason   Wrong = "reason"
	NoSum      Wrong = "sum"      // nothing is given, or it is less than nothing
	TooMuch    Wrong = "too_much" // more than goodwill may be
	TooMany    Wrong = "too_many"
	NotForSums Wrong = "no_sum_here" // a sum, where none is asked for
)

// Wrong is why an edit cannot be used; empty if it can.
func (e Edit) Wrong() Wrong {
	reason := strings.TrimSpace(e.Reason)
	switch {
	case !slices.Contains(Acts[:], e.Act):
		return NoAct
	case reason == "" || len(reason) > longestReason || strings.ContainsAny(reason, "\x00\r\n"):
		return NoReason
	case len(e.Where.Plans)+len(e.Where.Customers) > mostNamed:
		return TooMany
	}
	if e.Act == LeaveOut || e.Act == TakeIn {
		if e.Goodwill != (Goodwill{}) {
			return NotForSums
		}
		return ""
	}
	return e.Goodwill.wrong(e.Act == Cap)
}

// wrong is why a sum cannot be given; nought is one only as a limit.
func (g Goodwill) wrong(nought bool) Wrong {
	given := false
	for _, n := range []*Number{g.Percent, g.Months} {
		if n != nil {
			if n.Sign() < 0 {
				return NoSum
			}
			given = given || nought || n.Sign() > 0
		}
	}
	if g.Fixed != nil {
		if g.Fixed.Minor < 0 {
			return NoSum
		}
		given = given || nought || g.Fixed.Minor > 0
	}
	switch {
	case !given:
		return NoSum
	case g.Percent != nil && div(g.Percent.rat(), hundred).Cmp(mostGoodwill) > 0, g.Months != nil && g.Months.Cmp(mostGoodwill) > 0:
		return TooMuch
	}
	return ""
}

// of is the sum for somebody who pays so much a month.
func (g *Goodwill) of(fee money.Amount) *big.Rat {
	sum := new(big.Rat)
	if g == nil {
		return sum
	}
	if g.Percent != nil {
		sum.Add(sum, mul(exactly(fee), div(g.Percent.rat(), hundred)))
	}
	if g.Months != nil {
		sum.Add(sum, mul(exactly(fee), g.Months.rat()))
	}
	if g.Fixed != nil && g.Fixed.Currency == fee.Currency {
		sum.Add(sum, exactly(*g.Fixed))
	}
	return sum
}

// names reports whether the sum says something of customers who pay in this currency.
func (g Goodwill) names(currency string) bool {
	return g.Percent != nil || g.Months != nil || g.Fixed != nil && g.Fixed.Currency == currency
}

// A deciding is what the edits of a run make of one customer.
type deciding struct {
	given *big.Rat // goodwill
	most  *big.Rat // nil without a limit
	out   bool
	why   []Line
}

// decide goes through the edits in the order they were made.
func (b Basis) decide(c audience.Customer, why Why) deciding {
	d := deciding{given: b.Goodwill.of(c.Fee)}
	if d.given.Sign() > 0 {
		d.why = append(d.why, Line{"credit.run.give", []any{"sum", number{d.given}, "reason", ""}})
	}
	for _, e := range b.Edits {
		if !e.Where.Holds(c, why) {
			continue
		}
		switch sum := e.of(c.Fee); e.Act {
		case LeaveOut:
			d.out = true
			d.why = append(d.why, Line{"credit.run.leave_out", []any{"reason", e.Reason}})
		case TakeIn:
			d.out = false
			d.why = append(d.why, Line{"credit.run.take_in", []any{"reason", e.Reason}})
		case Give:
			if sum.Sign() > 0 {
				d.given.Add(d.given, sum)
				d.why = append(d.why, Line{"credit.run.give", []any{"sum", number{sum}, "reason", e.Reason}})
			}
		case Cap:
			if e.names(c.Fee.Currency) && (d.most == nil || sum.Cmp(d.most) < 0) {
				d.most = sum
				d.why = append(d.why, Line{"credit.run.cap", []any{"sum", number{sum}, "reason", e.Reason}})
			}
		}
	}
	return d
}
