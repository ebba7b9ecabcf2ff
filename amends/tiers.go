package amends

import (
	"math/big"
	"strconv"
)

// holds reports whether an uptime is in this row.
func (t Tier) holds(uptime *big.Rat) bool {
	return (t.Below == nil || uptime.Cmp(t.Below.rat()) < 0) && (t.AtMost == nil || uptime.Cmp(t.AtMost.rat()) <= 0) &&
		(t.AtLeast == nil || uptime.Cmp(t.AtLeast.rat()) >= 0) && (t.Above == nil || uptime.Cmp(t.Above.rat()) > 0)
}

// A Looked up uptime: the row that pays, or that a row should pay and none does.
type Looked struct {
	Row *int
	Pct *big.Rat
	Gap bool
}

// LookUp finds the row of an uptime in percent: the first that holds it. An uptime below the best row's upper edge that no row holds is
// in a gap; as printed, the contract pays nothing for it.
func (m Model) LookUp(uptime *big.Rat) Looked {
	gap := false
	for i, row := range m.Tiers {
		if row.holds(uptime) {
			return Looked{Row: &i, Pct: row.Pct.rat()}
		}
		gap = gap || row.Below != nil && uptime.Cmp(row.Below.rat()) < 0 || row.AtMost != nil && uptime.Cmp(row.AtMost.rat()) <= 0
	}
	return Looked{Pct: new(big.Rat), Gap: gap}
}

// gapFlag is said where a table has a hole.
const gapFlag = "gap: no row covers this uptime"

func (m Measured) tiers(fee *big.Rat, say *reckoning) payment {
	found := m.terms.Model.LookUp(m.Uptime)
	p := payment{row: found.Row, pct: found.Pct, sum: mul(fee, div(found.Pct, hundred))}
	switch {
	case found.Gap:
		p.flags = []string{gapFlag}
		say.line("credit.rate.gap")
	case found.Row == nil:
		say.line("credit.rate.met")
	default:
		row := m.terms.Model.Tiers[*found.Row]
		say.line("credit.rate.tier", "row", strconv.Itoa(*found.Row+1), "range", row.bounds(), "pct", percent{found.Pct})
		say.share(fee, found.Pct, p.sum)
	}
	return p
}

// bounds is the row as a range.
func (t Tier) bounds() bounds {
	return edges(t.AtLeast, t.Above, t.Below, t.AtMost, "%")
}
