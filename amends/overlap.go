package amends

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
)

// A stretch is a span during which the same share was down: all of it, unless the terms weigh.
type stretch struct {
	span
	weight *big.Rat
}

// outages are the case's outages within the frame and outside the holes, as groups that are counted each by itself: one for terms that
// count every second once, one for each component for terms that add components up. Within a group no two stretches overlap.
func (t Terms) outages(c Case, f frame, holes []span, say *reckoning) [][]stretch {
	groups := map[string][]stretch{}
	for _, o := range c.Outages {
		from, to := stamp{o.Start.In(f.zone)}, stamp{o.End.In(f.zone)}
		s := between(o.Start, o.End)
		cut := s
		if f.bounded || len(c.Exists) > 0 {
			cut = s.within(f.span)
		}
		switch {
		case s.empty():
			say.line("credit.outage.empty", "from", from)
			continue
		case o.Excluded != "":
			say.line("credit.outage.excluded", "from", from, "to", to, "reason", o.Excluded)
			continue
		case cut.empty():
			say.line("credit.outage.outside", "from", from, "to", to)
			continue
		case cut != s:
			say.line("credit.outage.cut", "from", from, "to", to, "seconds", number{cut.seconds()})
		default:
			say.line("credit.outage", "from", from, "to", to, "seconds", number{cut.seconds()})
		}
		group, weight := "", whole(1)
		switch t.Overlap {
		case PerComponent:
			group = o.Component
		case Heaviest:
			weight = o.Weight.or(1)
			say.line("credit.outage.weight", "weight", number{weight})
		}
		for _, left := range cut.without(holes) {
			groups[group] = append(groups[group], stretch{left, weight})
		}
	}
	var all [][]stretch
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		all = append(all, flattened(groups[name]))
	}
	return all
}

// flattened are the stretches without overlap, in order: at each instant the heaviest. Neighbours of the same weight are joined.
func flattened(all []stretch) (flat []stretch) {
	type edge struct {
		at     int64
		opens  bool
		weight *big.Rat
	}
	edges := make([]edge, 0, 2*len(all))
	for _, s := range all {
		edges = append(edges, edge{s.from, true, s.weight}, edge{s.to, false, s.weight})
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	var open []*big.Rat
	since := int64(0)
	for _, e := range edges {
		if e.at > since && len(open) > 0 {
			flat = joined(flat, stretch{span{since, e.at}, slices.MaxFunc(open, (*big.Rat).Cmp)})
		}
		since = e.at
		if e.opens {
			open = append(open, e.weight)
			continue
		}
		i := slices.IndexFunc(open, func(w *big.Rat) bool { return w.Cmp(e.weight) == 0 })
		open = slices.Delete(open, i, i+1)
	}
	return flat
}

func joined(flat []stretch, next stretch) []stretch {
	if last := len(flat) - 1; last >= 0 && flat[last].to == next.from && flat[last].weight.Cmp(next.weight) == 0 {
		flat[last].to = next.to
		return flat
	}
	return append(flat, next)
}

// weighed is the seconds of stretches, each times its weight.
func weighed(all []stretch) *big.Rat {
	total := new(big.Rat)
	for _, s := range all {
		total.Add(total, mul(s.seconds(), s.weight))
	}
	return total
}
