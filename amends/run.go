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
	Edits     []Edit       `json:"edits,omitempty"`
	// Before are the runs that were approved before this one, for the same month or quarter: what they credited is not credited again.
	Before []id.CreditRun `json:"before,omitempty"`
}

// A Contract says for whom terms are: everybody, a plan, the users of a component, or both; or customers by name.
type Contract struct {
	Plan      string        `json:"plan,omitempty"`
	Component id.Component  `json:"component,omitempty"`
	Customers []id.Customer `json:"customers,omitempty"`
	Terms     Terms         `json:"terms"`
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
	IsLeftOut   Why = "left_out"      // an edit says so
	IsGiven     Why = "given_already" // runs before this one have credited as much
)

// Owed is what a run says of one customer.
type Owed struct {
	Customer id.Customer
	Terms    string       // by which it was reckoned; empty without a contract
	Period   string       // what those terms owe for: "2024-04", "2024-Q2"; empty: this incident
	Contract money.Amount // what the contract owes, without what was credited for it before
	Amount   money.Amount // what is to be offered: the contract's or goodwill, whichever is more, without what was credited before
	Why      Why
	Capped   bool   `json:",omitempty"` // goodwill, at one and a half times the fee
	Fault    string `json:",omitempty"`
	Lines    []Line `json:"-"` // how it was reckoned; from Explain alone
}

// A Reckoner answers for one customer after another. Customers who share contract, zone and components share the measuring of time: of a
// million, most do. It is not for several goroutines at once.
type Reckoner struct {
	basis    Basis
	measured map[string]*measuring
	paid     map[paying]judged
}

type measuring struct {
	Measured
	err error
}

// Customers who share the time and the fee share the sum: of a million, most do.
type (
	paying struct {
		time *measuring
		fee  money.Amount
	}
	judged struct {
		minor int64
		why   Why
		fault string
	}
)

// mostMeasured and mostPaid bound what a run of millions holds.
const (
	mostMeasured = 5000
	mostPaid     = 20_000
)

// Reckoner begins a run.
func (b Basis) Reckoner() *Reckoner {
	return &Reckoner{basis: b, measured: map[string]*measuring{}, paid: map[paying]judged{}}
}

// Of is what one customer is owed, of whom had is what they were credited before.
func (r *Reckoner) Of(c audience.Customer, had Had) Owed { return r.of(c, had, false) }

// Explain is Of with its lines.
func (r *Reckoner) Explain(c audience.Customer, had Had) Owed { return r.of(c, had, true) }

func (r *Reckoner) of(c audience.Customer, had Had, explain bool) Owed {
	nothing := money.Amount{Currency: c.Fee.Currency}
	owed := Owed{Customer: c.ID, Contract: nothing, Amount: nothing, Why: NoContract}
	switch {
	case c.Fee.Minor <= 0:
		owed.Why = NoFee
		owed.say(explain, Line{"credit.run.no_fee", nil})
		return owed
	case had.clashes(c.Fee.Currency):
		owed.Why, owed.Fault = NotComputed, "credited before in another currency than "+c.Fee.Currency
		return owed
	}
	if at := r.basis.contract(c); at >= 0 {
		r.byContract(at, c, &owed, explain)
	} else {
		owed.say(explain, Line{"credit.run.no_contract", nil})
	}
	r.basis.settle(c, had, &owed, explain)
	return owed
}

func (o *Owed) say(aloud bool, lines ...Line) {
	if aloud {
		o.Lines = append(o.Lines, lines...)
	}
}

func (r *Reckoner) byContract(at int, c audience.Customer, owed *Owed, explain bool) {
	contract := r.basis.Contracts[at]
	owed.Terms, owed.Period = contract.Terms.ID, r.basis.period(contract.Terms)
	key := paying{r.measure(at, c), c.Fee}
	got, known := r.paid[key]
	if !known || explain {
		var steps []Line
		got, steps = key.time.judge(contract.Terms, c.Fee)
		owed.say(explain, steps...)
		if len(r.paid) >= mostPaid {
			clear(r.paid)
		}
		r.paid[key] = got
	}
	owed.Contract.Minor, owed.Why, owed.Fault = got.minor, got.why, got.fault
}

// judge is what terms come to for somebody with this fee, and by which lines.
func (m *measuring) judge(t Terms, fee money.Amount) (judged, []Line) {
	exact := &Number{}
	exact.Set(exactly(fee))
	if t.Period == Quarter {
		exact.Set(mul(&exact.Rat, whole(3))) // what we know is what they pay a month
	}
	credit, err := Credit{}, m.err
	if err == nil {
		credit, err = m.Credit(Case{Fee: exact, Currency: fee.Currency})
	}
	if err != nil {
		return judged{why: NotComputed, fault: err.Error()}, nil
	}
	got := judged{minor: credit.Minor.Int64(), why: IsKept}
	switch {
	case got.minor > 0:
		got.why = IsOwed
	case slices.ContainsFunc(credit.Flags, func(f string) bool { return strings.HasPrefix(f, "gap: ") }):
		got.why = IsGap
	case credit.Exact.Sign() > 0:
		got.why = IsTooSmall
	}
	return got, credit.steps
}

// contract finds the terms that are for a customer: the most particular, a name before a component before a plan; -1 for none.
func (b Basis) contract(c audience.Customer) (best int) {
	best, rank := -1, 0
	for i, contract := range b.Contracts {
		if contract.Plan != "" && contract.Plan != c.Plan || contract.Component != "" && !uses(c, contract.Component) {
			continue
		}
		if len(contract.Customers) > 0 && !slices.Contains(contract.Customers, c.ID) {
			continue
		}
		mine := 1
		if len(contract.Customers) > 0 {
			mine += 4
		}
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
func (r *Reckoner) measure(at int, c audience.Customer) *measuring {
	contract := r.basis.Contracts[at]
	zone := ""
	if contract.Terms.Zone == "customer" {
		if zone = c.Zone; zone == "" {
			zone = r.basis.Zone
		}
	}
	outages, key := r.outages(contract, c)
	key = strconv.Itoa(at) + "\n" + zone + "\n" + key
	if len(r.measured) >= mostMeasured { // each customer came at another second of the outage: what is shared is rare, and memory is not
		clear(r.measured)
		clear(r.paid)
	}
	m, known := r.measured[key]
	if !known {
		facts := Case{ID: "run", Fee: &Number{}, Month: r.basis.Month, Quarter: quarterOf(r.basis.Month), Zone: zone, Outages: outages, Announce: r.basis.Announced}
		m = &measuring{}
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
