package amends

import (
	"cmp"
	"math/big"
	"slices"

	"candor/money"
)

// Totals are what a draft shows before anybody approves it: what it costs, how it is spread, who gets most, and who nothing and why.
type Totals struct {
	Customers int
	Nothing   map[Why]int
	Sums      map[string]*Sum // by currency
	Largest   []Owed          // the outliers, largest first within a currency
}

// A Sum of one currency.
type Sum struct {
	Customers int
	Minor     *big.Int
	Goodwill  int // of the customers, those who get more than their contract owes
	Spread    []Bar
}

// A Bar of the distribution: how many are offered less than Below, and at least the bar before's.
type Bar struct {
	Below     int64 // in the smallest unit
	Customers int
}

// From is the least that a bar holds.
func (b Bar) From() int64 {
	for leading := b.Below; ; leading /= 10 {
		switch leading {
		case 5:
			return b.Below / 5 * 2
		case 1, 2:
			return b.Below / 2
		case 0:
			return 0
		}
	}
}

// mostLargest is how many outliers a person looks at.
const mostLargest = 20

// Add counts one more.
func (t *Totals) Add(o Owed) {
	if t.Sums == nil {
		t.Sums, t.Nothing = map[string]*Sum{}, map[Why]int{}
	}
	t.Customers++
	if o.Amount.Minor <= 0 {
		t.Nothing[o.Why]++
		return
	}
	sum := t.Sums[o.Amount.Currency]
	if sum == nil {
		sum = &Sum{Minor: new(big.Int)}
		t.Sums[o.Amount.Currency] = sum
	}
	sum.Customers++
	sum.Minor.Add(sum.Minor, big.NewInt(o.Amount.Minor))
	if o.Why == IsGoodwill {
		sum.Goodwill++
	}
	sum.spread(o.Amount.Minor)
	t.keepLargest(o)
}

// spread counts into bars that end at 1, 2, 5, 10, 20 and so on.
func (s *Sum) spread(minor int64) {
	below := int64(1)
	for step := 0; below <= minor; step++ {
		below = below * [...]int64{2, 5, 2}[step%3] / [...]int64{1, 2, 1}[step%3]
	}
	i, found := slices.BinarySearchFunc(s.Spread, below, func(b Bar, below int64) int { return cmp.Compare(b.Below, below) })
	if !found {
		s.Spread = slices.Insert(s.Spread, i, Bar{Below: below})
	}
	s.Spread[i].Customers++
}

func (t *Totals) keepLargest(o Owed) {
	larger := func(a, b Owed) int {
		if by := cmp.Compare(a.Amount.Currency, b.Amount.Currency); by != 0 {
			return by
		}
		if by := cmp.Compare(b.Amount.Minor, a.Amount.Minor); by != 0 {
			return by
		}
		return cmp.Compare(a.Customer, b.Customer)
	}
	i, _ := slices.BinarySearchFunc(t.Largest, o, larger)
	t.Largest = slices.Insert(t.Largest, i, o)
	n := 0
	for j, kept := range t.Largest {
		if kept.Amount.Currency != o.Amount.Currency {
			continue
		}
		if n++; n > mostLargest {
			t.Largest = slices.Delete(t.Largest, j, j+1)
			return
		}
	}
}

// Plain is the sum as a number with the digits of its currency.
func (s Sum) Plain(currency string) string {
	digits, _ := money.Digits(currency)
	return money.Decimal(s.Minor, digits)
}
