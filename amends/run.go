package amends

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"candor/audience"
	"candor/id"
	"candor/money"
)

// A Basis is everything a run is reckoned from, except the customers. It is kept with the run: the same basis and the same customer come to
// the same sum whenever they are asked again.
type Basis struct {
	Incident  id.Incident  `json:"incident"`
	Month     string       `json:"month"` // the month of the incident, "2024-04"; terms by quarter take the quarter it is in
	Zone      string       `json:"zone"`  // the company's, for customers who have none
	Contracts []Contract   `json:"contracts"`
	Down      []Down       `json:"down"`
	Announced []Maintained `json:"maintenance"`
	Goodwill  *Goodwill    `json:"goodwill,omitempty"`
}

// A Contract says for whom terms are: everybody, a plan, the users of a component, or both.
type Contract struct {
	Plan      string       `json:"plan,omitempty"`
	Component id.Component `json:"component,omitempty"`
	Terms     Terms        `json:"terms"`
}

// Down is an outage of one component.
type Down struct {
	Component id.Component `json:"component"`
	Incident  id.Incident  `json:"incident,omitempty"` // that it belongs to; terms by incident count those of the run's alone
	Outage
}

// A Goodwill is what the company gives of its own accord.
type Goodwill struct {
	Percent *Number       `json:"pct,omitempty"`    // of the fee
	Months  *Number       `json:"months,omitempty"` // of the fee
	Fixed   *money.Amount `json:"fixed,omitempty"`  // to customers who pay in its currency
}

// mostGoodwill is where research saw no further gain, and some who dislike the excess: one and a half times the fee.
var mostGoodwill = big.NewRat(150, 100)

// A Why names what became of a customer in a run.
type Why string

const (
	IsOwed      Why = "owed"
	IsGoodwill  Why = "goodwill"    // more than the contract owes, or without one
	IsKept      Why = "kept"        // the contract owes nothing for this
	IsGap       Why = "gap"         // no row of the contract covers it: somebody has to decide
	IsTooSmall  Why = "too_small"   // less than the contract issues, or than the smallest coin
	NoFee       Why = "no_fee"      // nobody said what they pay, or they pay nothing
	NoContract  Why = "no_contract" // no terms are for them
	NotComputed Why = "not_computed"
)

// Owed is what a run says of one customer.
type Owed struct {
	Customer id.Customer
	Terms    string       // by which it was reckoned; empty without a contract
	Contract money.Amount // what the contract owes
	Amount   money.Amount // what is to be offered: the contract's or goodwill, whichever is more
	Why      Why
	Capped   bool // goodwill, at one and a half times the fee
	Fault    string
}

// A Reckoner answers for one customer after another. Customers who share contract, zone and components share the measuring of time: of a
// million, most do. It is not for several goroutines at once.
type Reckoner struct {
	basis    Basis
	measured map[string]measuring
}

type measuring struct {
	Measured
	err error
}

// Reckoner begins a run.
func (b Basis) Reckoner() *Reckoner { return &Reckoner{basis: b, measured: map[string]measuring{}} }

// Of is what one customer is owed.
func (r *Reckoner) Of(c audience.Customer) Owed {
	nothing := money.Amount{Currency: c.Fee.Currency}
	owed := Owed{Customer: c.ID, Contract: nothing, Amount: nothing, Why: NoContract}
	if c.Fee.Minor <= 0 {
		owed.Why = NoFee
		return owed
	}
	if at := r.basis.contract(c); at >= 0 {
		r.byContract(at, c, &owed)
	}
	owed.Amount = owed.Contract
	r.basis.Goodwill.raise(c.Fee, &owed)
	return owed
}

func (r *Reckoner) byContract(at int, c audience.Customer, owed *Owed) {
	contract := r.basis.Contracts[at]
	owed.Terms = contract.Terms.ID
	m := r.measure(at, c)
	fee := &Number{}
	fee.Set(exactly(c.Fee))
	if contract.Terms.Period == Quarter {
		fee.Set(mul(&fee.Rat, whole(3))) // what we know is what they pay a month
	}
	credit, err := Credit{}, m.err
	if err == nil {
		credit, err = m.Credit(Case{Fee: fee, Currency: c.Fee.Currency})
	}
	if err != nil {
		owed.Why, owed.Fault = NotComputed, err.Error()
		return
	}
	owed.Contract.Minor = credit.Minor.Int64()
	switch {
	case owed.Contract.Minor > 0:
		owed.Why = IsOwed
	case slices.ContainsFunc(credit.Flags, func(f string) bool { return strings.HasPrefix(f, "gap: ") }):
		owed.Why = IsGap
	case credit.Exact.Sign() > 0:
		owed.Why = IsTooSmall
	default:
		owed.Why = IsKept
	}
}

// contract finds the terms that are for a customer: the most particular, a component before a plan; -1 for none.
func (b Basis) contract(c audience.Customer) (best int) {
	best, rank := -1, 0
	for i, contract := range b.Contracts {
		if contract.Plan != "" && contract.Plan != c.Plan || contract.Component != "" && !uses(c, contract.Component) {
			continue
		}
		mine := 1
		if contract.Plan != "" {
			mine++
		}
		if contract.Component != "" {
			mine += 2
		}
		if mine > rank {
			best, rank = i, mine
		}
	}
	return best
}

// measure reckons the time of a customer's contract, once for all who share it.
func (r *Reckoner) measure(at int, c audience.Customer) measuring {
	contract := r.basis.Contracts[at]
	zone := ""
	if contract.Terms.Zone == "customer" {
		if zone = c.Zone; zone == "" {
			zone = r.basis.Zone
		}
	}
	outages, key := r.outages(contract, c)
	key = strconv.Itoa(at) + "\n" + zone + "\n" + key
	m, known := r.measured[key]
	if !known {
		facts := Case{ID: "run", Fee: &Number{}, Month: r.basis.Month, Quarter: quarterOf(r.basis.Month), Zone: zone, Outages: outages, Announce: r.basis.Announced}
		m.Measured, m.err = contract.Terms.Measure(facts)
		r.measured[key] = m
	}
	return m
}

// outages are those of what the customer used, while they used it, with a text that two customers share who have the same.
func (r *Reckoner) outages(contract Contract, c audience.Customer) (all []Outage, key string) {
	var b strings.Builder
	for i, down := range r.basis.Down {
		if contract.Terms.Period == Incident && down.Incident != r.basis.Incident || contract.Component != "" && down.Component != contract.Component {
			continue
		}
		for _, o := range while(c, down) {
			o.Component = string(down.Component)
			all = append(all, o)
			b.WriteString(strconv.Itoa(i) + ",")
			if !o.Start.Equal(down.Start) || !o.End.Equal(down.End) {
				b.WriteString(o.Start.Format(time.RFC3339Nano) + o.End.Format(time.RFC3339Nano))
			}
		}
	}
	return all, b.String()
}

// uses reports whether a customer is known to use a component. Who uses nothing that we know of is owed for everything, but by the terms that
// are for everybody.
func uses(c audience.Customer, component id.Component) bool {
	return slices.ContainsFunc(c.Uses, func(u audience.Use) bool { return u.Component == component })
}

// while is an outage as far as the customer used what was down.
func while(c audience.Customer, d Down) (all []Outage) {
	if len(c.Uses) == 0 {
		return []Outage{d.Outage}
	}
	for _, u := range c.Uses {
		if u.Component != d.Component {
			continue
		}
		o := d.Outage
		if u.Since.After(o.Start) {
			o.Start = u.Since
		}
		if !u.Until.IsZero() && u.Until.Before(o.End) {
			o.End = u.Until
		}
		if o.Start.Before(o.End) {
			all = append(all, o)
		}
	}
	return all
}

// raise offers goodwill where it is more than the contract owes.
func (g *Goodwill) raise(fee money.Amount, owed *Owed) {
	if g == nil {
		return
	}
	sum := new(big.Rat)
	if g.Percent != nil {
		sum.Add(sum, mul(exactly(fee), div(g.Percent.rat(), hundred)))
	}
	if g.Months != nil {
		sum.Add(sum, mul(exactly(fee), g.Months.rat()))
	}
	if g.Fixed != nil && g.Fixed.Currency == fee.Currency {
		sum.Add(sum, exactly(*g.Fixed))
	}
	most := mul(exactly(fee), mostGoodwill)
	capped := sum.Cmp(most) > 0
	given, ok := money.Of(least(sum, most), fee.Currency, money.HalfUp)
	if ok && given.Minor > owed.Amount.Minor {
		owed.Amount, owed.Why, owed.Capped = given, IsGoodwill, capped
	}
}

// exactly is an amount as a fraction of its currency's unit.
func exactly(a money.Amount) *big.Rat {
	digits, _ := money.Digits(a.Currency)
	return new(big.Rat).SetFrac(big.NewInt(a.Minor), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil))
}

func quarterOf(month string) string {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		return ""
	}
	return at.Format("2006-Q") + strconv.Itoa((int(at.Month())+2)/3)
}
