package amends

import (
	"math/big"
	"time"

	"candor/lang"
)

// A Line of a reckoning, before anybody's language: the same reckoning is read by finance in one and by the customer in another.
type Line struct {
	Key  string
	Args []any // name and value, as the catalogue takes them; values that languages write differently say so themselves
}

// In is the line in a language.
func (l Line) In(w lang.Words) string {
	args := make([]any, len(l.Args))
	for i, arg := range l.Args {
		if written, ok := arg.(interface{ in(lang.Words) string }); ok {
			arg = written.in(w)
		}
		args[i] = arg
	}
	return w.T(l.Key, args...)
}

// A reckoning collects lines while it is done, so that what is told and what is done cannot differ.
type reckoning struct{ lines []Line }

func (r *reckoning) line(key string, args ...any) {
	r.lines = append(r.lines, Line{key, args})
}

// share is the line of a percentage of the fee.
func (r *reckoning) share(fee, pct, sum *big.Rat) {
	r.line("credit.share", "pct", percent{pct}, "fee", number{fee}, "sum", number{sum})
}

type (
	number  struct{ *big.Rat }
	percent struct{ *big.Rat }
	stamp   struct{ time.Time }
	cash    struct{ plain, currency string }
	printed string // a percentage as it is printed, with the digits it is printed with
	named   string // a key
)

func (n number) in(w lang.Words) string { return w.Decimal(Plain(n.Rat)) }

func (p percent) in(w lang.Words) string { return w.T("_percent", "number", w.Decimal(Plain(p.Rat))) }

func (p printed) in(w lang.Words) string { return w.T("_percent", "number", w.Decimal(string(p))) }

// An instant is written for a calculator, with its seconds and its distance from UTC: at the end of summer time one hour comes twice.
func (s stamp) in(lang.Words) string { return s.Format("2006-01-02 15:04:05 -07:00") }

func (c cash) in(w lang.Words) string { return w.Decimal(c.plain) + " " + c.currency }

func (n named) in(w lang.Words) string { return w.T(string(n)) }

// explain says how the way of counting changed the time.
func (n Count) explain(raw, counted *big.Rat, say *reckoning) {
	args := []any{"raw", number{raw}, "seconds", number{counted}}
	switch n.Kind {
	case WholeMinutes:
		say.line("credit.count.whole", append(args, "least", number{n.MinS.or(60)})...)
	case MinDuration:
		say.line("credit.count.longer", append(args, "over", number{n.OverS.rat()})...)
	case RoundUp:
		say.line("credit.count.up", append(args, "unit", number{n.UnitS.rat()})...)
	case RoundNearest:
		say.line("credit.count.nearest", append(args, "unit", number{n.UnitS.rat()})...)
	case ErrorMinutes:
		key := yes(n.above(), "credit.count.errors.above", "credit.count.errors.from")
		say.line(key, "pct", percent{n.Threshold.rat()}, "n", number{div(counted, whole(60))}, "seconds", number{counted})
	case FullIntervals:
		say.line("credit.count.full", "unit", number{n.IntervalS.rat()}, "n", number{div(counted, n.IntervalS.rat())}, "seconds", number{counted})
	}
}
