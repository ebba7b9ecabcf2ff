package amends

import (
	"math/big"
	"time"
)

// base is the length of what the fee paid for, in seconds.
func (m Measured) base() *big.Rat {
	if m.Total != nil {
		return m.Total
	}
	return mul(m.frame.days, whole(secondsOfDay))
}

func (m Measured) proRata(fee *big.Rat, say *reckoning) payment {
	times := m.terms.Model.Multiplier.or(1)
	sum := mul(mul(fee, times), div(m.Down, m.base()))
	say.line("credit.rate.prorata", "fee", number{fee}, "times", number{times}, "down", number{m.Down}, "total", number{m.base()}, "sum", number{sum})
	return payment{sum: sum}
}

func (m Measured) affected(fee *big.Rat, say *reckoning) payment {
	times, ratio := m.terms.Model.Multiplier.or(1), m.c.Affected.or(1)
	sum := mul(mul(fee, times), mul(ratio, div(m.Down, m.base())))
	say.line("credit.rate.affected", "fee", number{fee}, "times", number{times}, "ratio", number{ratio},
		"down", number{m.Down}, "total", number{m.base()}, "sum", number{sum})
	return payment{sum: sum}
}

// multiplied follows contracts that print an example in hours and round in the middle of it: early rounding is worth 12 cents of 8.22.
func (m Measured) multiplied(fee *big.Rat, say *reckoning) payment {
	model := m.terms.Model
	hours := div(m.Down, whole(3600))
	ratio := mul(div(hours, model.HoursPerMonth.rat()), model.Factor.or(1))
	if model.Intermediate != nil {
		ratio = rounded(ratio, *model.Intermediate)
	}
	if most := model.MostMonths.rat(); most != nil && ratio.Cmp(most) > 0 {
		ratio = most
		say.line("credit.rate.most", "most", number{most})
	}
	sum := mul(fee, ratio)
	say.line("credit.rate.multiplier", "hours", number{hours}, "month", number{model.HoursPerMonth.rat()}, "factor", number{model.Factor.or(1)},
		"ratio", number{ratio}, "fee", number{fee}, "sum", number{sum})
	return payment{sum: sum}
}

// freeHours are the hours of the clock with more downtime than the terms allow: 10:55 to 11:05 is five minutes in each of two hours.
func (t Terms) freeHours(c Case, f frame, holes []span) (n int64) {
	for _, group := range t.outages(c, f, holes, new(reckoning)) {
		n += buckets(group, time.Hour, f.zone, func(down *big.Rat) bool { return down.Cmp(t.Model.OverS.rat()) > 0 })
	}
	return n
}

func (m Measured) clockHours(fee *big.Rat, say *reckoning) payment {
	all := div(m.base(), whole(3600))
	sum := mul(whole(m.hours), div(fee, all))
	say.line("credit.rate.clock", "n", number{whole(m.hours)}, "over", number{m.terms.Model.OverS.rat()}, "hours", number{all}, "sum", number{sum})
	return payment{sum: sum}
}
