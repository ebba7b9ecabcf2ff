package amends

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// Measured is what a period was like under some terms, before anybody's fee: the same for all customers who share terms and zone.
type Measured struct {
	terms Terms
	frame frame
	c     Case
	said  reckoning

	Total  *big.Rat // seconds of the period; nil for terms by incident
	Down   *big.Rat // seconds of it that count
	Uptime *big.Rat // percent, exact; nil for terms by incident
	hours  int64    // hours of the clock that were down too long
}

// A payment is what a model makes of a measured period, still exact.
type payment struct {
	sum    *big.Rat // of money
	pct    *big.Rat // of the fee; nil where the model knows no percentage
	row    *int     // of the table of tiers, from 0
	capped bool
	flags  []string
}

// Measure reckons the time of a case, without money.
func (t Terms) Measure(c Case) (m Measured, err error) {
	if err := errors.Join(t.Validate(), c.Validate()); err != nil {
		return m, oneLine(err)
	}
	m = Measured{terms: t, c: c}
	if m.frame, err = t.frame(c, &m.said); err != nil {
		return m, err
	}
	m.Total = m.frame.total
	holes := t.holes(c, m.frame, new(reckoning))
	if t.Maintenance == OutOfTheSpan && m.Total != nil && t.FixedS == nil && len(holes) > 0 {
		m.Total = sub(m.Total, sum(holes))
		if m.Total.Sign() <= 0 {
			return m, errors.New("maintenance filled the whole period")
		}
		m.said.line("credit.maintenance.out", "seconds", number{sum(holes)}, "total", number{m.Total})
	}
	if m.Down, err = t.down(c, m.frame, &m.said); err != nil {
		return m, err
	}
	if t.Model.Type == ClockHour {
		m.hours = t.freeHours(c, m.frame, holes)
	}
	if m.Total != nil {
		m.Uptime = mul(hundred, div(sub(m.Total, least(m.Down, m.Total)), m.Total))
		m.said.line("credit.uptime", "total", number{m.Total}, "down", number{m.Down}, "fraction", fraction(m.Uptime), "pct", printed(m.Printed()))
	}
	return m, nil
}

// oneLine is several faults in one line, as a program shows them.
func oneLine(err error) error { return errors.New(strings.ReplaceAll(err.Error(), "\n", "; ")) }

// pay applies the model.
func (m Measured) pay(fee *big.Rat, say *reckoning) (p payment, err error) {
	model := m.terms.Model
	if below := model.OnlyBelow.rat(); below != nil && m.Uptime.Cmp(below) >= 0 {
		say.line("credit.rate.kept", "pct", percent{below})
		p.sum = new(big.Rat)
		if model.Type == PerBlock || model.Type == Step {
			p.pct = new(big.Rat)
		}
		return p, nil
	}
	switch model.Type {
	case Tiers:
		p = m.tiers(fee, say)
	case PerBlock:
		p = m.perBlock(fee, say)
	case Step:
		p = m.step(fee, say)
	case DaysPerBlock:
		p, err = m.daysPerBlock(fee, say)
	case BandsDays, BandsHours:
		p, err = m.bands(fee, say)
	case ProRata:
		p = m.proRata(fee, say)
	case AffectedRatio:
		p = m.affected(fee, say)
	case Multiplier:
		p = m.multiplied(fee, say)
	case ClockHour:
		p = m.clockHours(fee, say)
	case DailyMax:
		p = m.daily(fee, say)
	case Belgium:
		p = m.belgium(say)
	case FlatMonths:
		p = m.flatMonths(fee, say)
	case NoClause:
		say.line("credit.rate.none")
		p = payment{sum: new(big.Rat), flags: []string{"no computable credit clause in the sources"}}
	default:
		err = fmt.Errorf("%.32q is no model", string(model.Type))
	}
	if err != nil {
		return p, err
	}
	return m.cap(p, fee, say)
}

// cap holds a payment to the most the contract pays: by figure, or by words that leave no doubt.
func (m Measured) cap(p payment, fee *big.Rat, say *reckoning) (payment, error) {
	base, most := fee, m.terms.Model.CapPct.rat()
	if m.terms.Model.CapBase == renewalBase {
		var err error
		if base, err = m.c.renewal(); err != nil {
			return p, err
		}
	}
	if most == nil {
		most = m.terms.capInWords()
	}
	if most == nil {
		return p, nil
	}
	limit := mul(base, div(most, hundred))
	if p.pct != nil && p.pct.Cmp(most) > 0 {
		p.pct = most
		p.capped = true
	}
	if p.sum.Cmp(limit) > 0 {
		p.sum = limit
		p.capped = true
	}
	if p.capped {
		p.flags = append(p.flags, "capped")
		say.line("credit.cap", "pct", percent{most}, "sum", number{limit})
	}
	return p, nil
}

// capInWords is the percentage of the fee that a cap in words means; nil where it could mean another thing.
func (t Terms) capInWords() *big.Rat {
	if t.Cap == nil || t.Model.Type == FlatMonths || t.Model.Type == Belgium || t.Model.Type == DailyMax {
		return nil
	}
	words := strings.TrimSpace(*t.Cap)
	if words == "month" || words == "one month" {
		return hundred
	}
	var n Number
	if !strings.HasSuffix(words, "%") || n.UnmarshalJSON([]byte(strings.TrimSuffix(words, "%"))) != nil {
		return nil
	}
	return n.rat()
}
