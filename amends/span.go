package amends

import (
	"math/big"
	"slices"
	"time"
)

// A span is a stretch of time, in nanoseconds since 1970: from its start up to, and not including, its end. Two that touch share no second.
type span struct{ from, to int64 }

func between(start, end time.Time) span { return span{start.UnixNano(), end.UnixNano()} }

func (s span) empty() bool { return s.to <= s.from }

func (s span) within(limits span) span { return span{max(s.from, limits.from), min(s.to, limits.to)} }

func (s span) seconds() *big.Rat { return seconds(s.to - s.from) }

func seconds(nanoseconds int64) *big.Rat { return big.NewRat(nanoseconds, int64(time.Second)) }

// merged are the spans in order, those that overlap or touch joined.
func merged(spans []span) (joined []span) {
	slices.SortFunc(spans, func(a, b span) int {
		if a.from != b.from {
			return int(min(max(a.from-b.from, -1), 1))
		}
		return 0
	})
	for _, s := range spans {
		switch last := len(joined) - 1; {
		case s.empty():
		case last >= 0 && s.from <= joined[last].to:
			joined[last].to = max(joined[last].to, s.to)
		default:
			joined = append(joined, s)
		}
	}
	return joined
}

// without is what of s no hole covers; holes are merged.
func (s span) without(holes []span) (left []span) {
	for _, h := range holes {
		if h.to <= s.from || h.from >= s.to {
			continue
		}
		if h.from > s.from {
			left = append(left, span{s.from, h.from})
		}
		s.from = h.to
	}
	if !s.empty() {
		left = append(left, s)
	}
	return left
}

// sum is the seconds of spans that do not overlap.
func sum(spans []span) *big.Rat {
	all := int64(0)
	for _, s := range spans {
		all += s.to - s.from
	}
	return seconds(all)
}
