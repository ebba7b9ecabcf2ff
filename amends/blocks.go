package amends

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// blocks is how many blocks a time or a shortfall holds: "each 30 minutes" counts whole ones, "or part thereof" a started one too.
func (s Started) blocks(of, block *big.Rat) *big.Rat {
	if s == OrPartOf {
		return new(big.Rat).SetInt(ceil(of, block))
	}
	return new(big.Rat).SetInt(floor(of, block))
}

func (s Started) key() string {
	return yes(s == OrPartOf, "credit.rate.block.started", "credit.rate.block.whole")
}

func (m Measured) perBlock(fee *big.Rat, say *reckoning) payment {
	model := m.terms.Model
	n := model.Round.blocks(m.Down, model.BlockS.rat())
	pct := mul(n, model.Pct.rat())
	say.line(model.Round.key(), "down", number{m.Down}, "block", number{model.BlockS.rat()}, "n", number{n})
	say.line("credit.rate.block.pct", "n", number{n}, "each", percent{model.Pct.rat()}, "pct", percent{pct})
	p := payment{pct: pct, sum: mul(fee, div(pct, hundred))}
	say.share(fee, pct, p.sum)
	return p
}

func (m Measured) step(fee *big.Rat, say *reckoning) payment {
	model := m.terms.Model
	short := sub(model.Commitment.rat(), m.Uptime)
	if short.Sign() <= 0 {
		say.line("credit.rate.kept", "pct", percent{model.Commitment.rat()})
		return payment{pct: new(big.Rat), sum: new(big.Rat)}
	}
	n := model.Round.blocks(short, model.Step.rat())
	pct := mul(n, model.Pct.rat())
	say.line("credit.rate.step", "commitment", percent{model.Commitment.rat()}, "short", percent{short}, "step", percent{model.Step.rat()}, "n", number{n})
	say.line("credit.rate.block.pct", "n", number{n}, "each", percent{model.Pct.rat()}, "pct", percent{pct})
	p := payment{pct: pct, sum: mul(fee, div(pct, hundred))}
	say.share(fee, pct, p.sum)
	return p
}

func (m Measured) daysPerBlock(fee *big.Rat, say *reckoning) (p payment, err error) {
	model := m.terms.Model
	down := m.Down
	if model.ExcessPct != nil {
		free := mul(m.Total, div(model.ExcessPct.rat(), hundred))
		down = sub(down, least(down, free))
		say.line("credit.rate.excess", "pct", percent{model.ExcessPct.rat()}, "free", number{free}, "seconds", number{down})
	}
	n := model.Round.blocks(down, model.BlockS.rat())
	days := mul(n, model.Days.or(1))
	say.line(model.Round.key(), "down", number{down}, "block", number{model.BlockS.rat()}, "n", number{n})
	return m.worth(fee, days, model.DayValue, "credit.rate.days", say)
}

// holds reports whether so much downtime is in this band.
func (b Band) holds(down *big.Rat) bool {
	return (b.AtLeastS == nil || down.Cmp(b.AtLeastS.rat()) >= 0) && (b.AboveS == nil || down.Cmp(b.AboveS.rat()) > 0) &&
		(b.BelowS == nil || down.Cmp(b.BelowS.rat()) < 0) && (b.AtMostS == nil || down.Cmp(b.AtMostS.rat()) <= 0)
}

// bounds is the band as a range.
func (b Band) bounds() bounds { return edges(b.AtLeastS, b.AboveS, b.BelowS, b.AtMostS, "s") }

// above reports whether the band begins above a downtime: only a hole above some row is a gap.
func (b Band) above(down *big.Rat) bool {
	return b.AtLeastS != nil && down.Cmp(b.AtLeastS.rat()) < 0 || b.AboveS != nil && down.Cmp(b.AboveS.rat()) <= 0
}

func (m Measured) bands(fee *big.Rat, say *reckoning) (p payment, err error) {
	model, gap := m.terms.Model, false
	for i, band := range model.Bands {
		if !band.holds(m.Down) {
			gap = gap || !band.above(m.Down)
			continue
		}
		say.line("credit.rate.band", "row", strconv.Itoa(i+1), "range", band.bounds())
		if model.Type == BandsHours {
			return m.worth(fee, band.Hours.rat(), model.HourValue, "credit.rate.hours", say)
		}
		return m.worth(fee, band.Days.rat(), model.DayValue, "credit.rate.days", say)
	}
	p.sum = new(big.Rat)
	if gap {
		p.flags = []string{"gap: no row covers this downtime"}
		say.line("credit.rate.gap.band")
		return p, nil
	}
	say.line("credit.rate.short")
	return p, nil
}

// worth is so many days or hours at what one of them is worth.
func (m Measured) worth(fee, n *big.Rat, formula, key string, say *reckoning) (p payment, err error) {
	base, by, err := m.value(formula, fee)
	if err != nil {
		return p, err
	}
	p.sum = mul(n, div(base, by))
	say.line(key, "n", number{n}, "base", number{base}, "by", number{by}, "sum", number{p.sum})
	return p, nil
}

// value reads what a day or an hour is worth: "fee/30", "renewal/365", "fee/days_in_month". The caller has validated it.
func (m Measured) value(formula string, fee *big.Rat) (base, by *big.Rat, err error) {
	what, over, _ := strings.Cut(formula, "/")
	base = fee
	if what == renewalBase {
		if base, err = m.c.renewal(); err != nil {
			return nil, nil, err
		}
	}
	switch over {
	case daysInMonth:
		return base, m.frame.days, nil
	case hoursInMonth:
		return base, mul(m.frame.days, whole(24)), nil
	}
	var n Number
	if err = n.UnmarshalJSON([]byte(over)); err == nil && n.Sign() <= 0 {
		err = fmt.Errorf("%.32q divides by nothing", formula)
	}
	return base, n.rat(), err
}
