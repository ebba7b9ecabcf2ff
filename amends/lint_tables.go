package amends

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// A part of a scale for which the same rows hold: a point, or all between two edges.
type part struct {
	from, to     *big.Rat // to is nil above the last edge of a scale without end
	fromIn, toIn bool
	rows         []int // that hold here, the first of which pays
}

// parts cuts a scale at every edge and asks at each edge and between them which rows hold. end is nil for a scale without end.
func parts(edges []*big.Rat, end *big.Rat, holding func(at *big.Rat) []int) (all []part) {
	edges = append(edges, new(big.Rat))
	if end != nil {
		edges = append(edges, end)
	}
	edges = slices.DeleteFunc(edges, func(e *big.Rat) bool { return e.Sign() < 0 || end != nil && e.Cmp(end) > 0 })
	slices.SortFunc(edges, (*big.Rat).Cmp)
	edges = slices.CompactFunc(edges, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
	for i, at := range edges {
		all = append(all, part{from: at, to: at, fromIn: true, toIn: true, rows: holding(at)})
		switch {
		case i+1 < len(edges):
			next := edges[i+1]
			all = append(all, part{from: at, to: next, rows: holding(mul(add(at, next), big.NewRat(1, 2)))})
		case end == nil:
			all = append(all, part{from: at, rows: holding(add(at, whole(1)))})
		}
	}
	return all
}

// runs joins neighbours that are alike in something.
func runs(all []part, alike func(part) string) (joined []part) {
	for i, p := range all {
		if i > 0 && alike(all[i-1]) == alike(p) {
			last := &joined[len(joined)-1]
			last.to, last.toIn = p.to, p.toIn
			continue
		}
		joined = append(joined, p)
	}
	return joined
}

// bounds is the part as a range.
func (p part) bounds(unit string) bounds { return bounds{p.from, p.to, p.fromIn, p.toIn, unit} }

// downtime is the part of a scale of uptime as seconds of downtime in a usual period: the better the uptime, the fewer.
func (p part) downtime(of *big.Rat) part {
	down := func(uptime *big.Rat) *big.Rat { return mul(of, sub(whole(1), div(uptime, hundred))) }
	return part{from: down(p.to), to: down(p.from), fromIn: p.toIn, toIn: p.fromIn}
}

func (t Terms) lintTiers(l *linting) {
	rows := t.Model.Tiers
	var edges []*big.Rat
	for _, row := range rows {
		for _, edge := range []*Number{row.Below, row.AtMost, row.AtLeast, row.Above} {
			if edge != nil {
				edges = append(edges, edge.rat())
			}
		}
	}
	if t.Commitment != nil {
		edges = append(edges, t.Commitment.rat())
	}
	all := parts(edges, hundred, func(at *big.Rat) (held []int) {
		for i, row := range rows {
			if row.holds(at) {
				held = append(held, i)
			}
		}
		return held
	})
	of, days := t.usualPeriod()
	where := func(p part) []any {
		return []any{"range", p.bounds("%"), "seconds", p.downtime(of).bounds("s"), "days", days}
	}
	t.lintCommitment(l, all, where)
	best := len(all)
	for best > 0 && len(all[best-1].rows) == 0 {
		best--
	}
	l.table(all[:best], shares(rows), scale{"credit.lint.gap", "credit.lint.overlap", where})
	for i, row := range rows {
		if row.Pct.Cmp(hundred) > 0 {
			l.add(Question, "more_than_all", tier(i), "credit.lint.all", "row", strconv.Itoa(i+1), "pct", percent{row.Pct.rat()})
		}
	}
	// Walking down from the best uptime, every row should pay at least what the one before it did.
	paid := new(big.Rat)
	pays := func(p part) string {
		if len(p.rows) == 0 {
			return ""
		}
		return strconv.Itoa(p.rows[0])
	}
	for _, p := range slices.Backward(runs(all[:best], pays)) {
		if len(p.rows) == 0 {
			continue
		}
		now := rows[p.rows[0]].Pct.rat()
		if now.Cmp(paid) < 0 {
			l.add(Question, "worse_pays_less", tier(p.rows[0]), "credit.lint.less", append(where(p), "pct", percent{now}, "before", percent{paid})...)
		}
		paid = now
	}
}

func tier(i int) string { return "/model/tiers/" + strconv.Itoa(i) }

func shares(rows []Tier) (pays []string) {
	for _, row := range rows {
		pays = append(pays, Plain(row.Pct.rat())+"%")
	}
	return pays
}

// lintCommitment asks where the table and the promise contradict each other: a kept promise that pays, a broken one that does not.
func (t Terms) lintCommitment(l *linting, all []part, where func(part) []any) {
	if t.Commitment == nil {
		return
	}
	promised := percent{t.Commitment.rat()}
	at := slices.IndexFunc(all, func(p part) bool { return p.toIn && p.from.Cmp(promised.Rat) == 0 })
	if at < 0 {
		return
	}
	if row := all[at].rows; len(row) > 0 {
		l.add(Question, "kept_and_paid", tier(row[0]), "credit.lint.kept", append(where(all[at]), "promised", promised)...)
	}
	if at > 0 && len(all[at-1].rows) == 0 {
		l.add(Question, "broken_and_unpaid", "/model/tiers", "credit.lint.unpaid", append(where(all[at-1]), "promised", promised)...)
	}
}

// A scale is what a table's rows are edges of, with how its faults are told.
type scale struct {
	gap, overlap string
	where        func(part) []any
}

// table finds gaps, overlaps and rows that nobody reaches, in the parts from the first that pays to the last. pays is what each row does.
func (l *linting) table(all []part, pays []string, on scale) {
	holding := func(p part) string {
		names := make([]string, len(p.rows))
		for i, row := range p.rows {
			names[i] = strconv.Itoa(row + 1)
		}
		return strings.Join(names, ", ")
	}
	reached := make([]bool, len(pays))
	for _, p := range runs(all, holding) {
		switch len(p.rows) {
		case 0:
			l.add(Question, "gap", "/model", on.gap, on.where(p)...)
			continue
		case 1:
		default:
			l.add(Question, "overlap", "/model", on.overlap,
				append(on.where(p), "rows", holding(p), "first", strconv.Itoa(p.rows[0]+1), "pays", pays[p.rows[0]])...)
		}
		reached[p.rows[0]] = true
	}
	for i := range pays {
		if !reached[i] {
			l.add(Question, "unreachable", "/model", "credit.lint.unreachable", "row", strconv.Itoa(i+1), "pays", pays[i])
		}
	}
}

func (t Terms) lintBands(l *linting) {
	bands := t.Model.Bands
	var edges []*big.Rat
	pays := make([]string, len(bands))
	for i, band := range bands {
		for _, edge := range []*Number{band.AtLeastS, band.AboveS, band.BelowS, band.AtMostS} {
			if edge != nil {
				edges = append(edges, edge.rat())
			}
		}
		if pays[i] = Plain(band.Hours.or(0)) + " h"; t.Model.Type == BandsDays {
			pays[i] = Plain(band.Days.or(0)) + " d"
		}
	}
	all := parts(edges, nil, func(at *big.Rat) (held []int) {
		for i, band := range bands {
			if band.holds(at) {
				held = append(held, i)
			}
		}
		return held
	})
	first := slices.IndexFunc(all, func(p part) bool { return len(p.rows) > 0 })
	l.table(all[max(first, 0):], pays, scale{"credit.lint.gap.band", "credit.lint.overlap.band", func(p part) []any {
		return []any{"range", p.bounds("s")}
	}})
}
