package amends

import (
	"math/big"

	"candor/lang"
)

// bounds are a range of percentages or seconds. An edge that is nil is none.
type bounds struct {
	from, to     *big.Rat
	fromIn, toIn bool
	unit         string // "%" or "s"
}

// edges are bounds as rows print them.
func edges(atLeast, above, below, atMost *Number, unit string) bounds {
	b := bounds{from: atLeast.rat(), fromIn: true, to: below.rat(), unit: unit}
	if b.from == nil {
		b.from, b.fromIn = above.rat(), false
	}
	if b.to == nil {
		b.to, b.toIn = atMost.rat(), true
	}
	return b
}

// in writes a range as people do: "98.9% < … < 99%", a point as itself.
func (b bounds) in(w lang.Words) string {
	if b.from != nil && b.to != nil && b.from.Cmp(b.to) == 0 {
		return b.edge(b.from, w)
	}
	text := "…"
	if b.from != nil {
		text = b.edge(b.from, w) + sign(b.fromIn) + text
	}
	if b.to != nil {
		text += sign(b.toIn) + b.edge(b.to, w)
	}
	return text
}

func (b bounds) edge(at *big.Rat, w lang.Words) string {
	if b.unit == "%" {
		return percent{at}.in(w)
	}
	return number{at}.in(w) + " " + b.unit
}

func sign(included bool) string { return yes(included, " ≤ ", " < ") }
