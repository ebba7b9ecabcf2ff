package amends

import (
	"encoding/json"
	"math/big"
	"strings"

	"candor/money"
)

// A Number is a decimal number as a contract prints it, kept exactly. JSON may write it as a text, which is better, or as a number.
type Number struct{ big.Rat }

// UnmarshalJSON reads "99.9" or 99.9.
func (n *Number) UnmarshalJSON(raw []byte) error {
	text := string(raw)
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
	}
	exact, err := money.Exact(text)
	if err != nil {
		return err
	}
	n.Set(exact)
	return nil
}

// MarshalJSON writes it as a text.
func (n *Number) MarshalJSON() ([]byte, error) { return json.Marshal(Plain(&n.Rat)) }

// rat is the number, nil for none: arithmetic then has no other kind to care about.
func (n *Number) rat() *big.Rat {
	if n == nil {
		return nil
	}
	return &n.Rat
}

// or is the number, or another where there is none.
func (n *Number) or(other int64) *big.Rat {
	if n == nil {
		return whole(other)
	}
	return &n.Rat
}

func whole(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

var hundred = whole(100)

func add(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }
func sub(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
func mul(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }
func div(a, b *big.Rat) *big.Rat { return new(big.Rat).Quo(a, b) } // the caller has looked that b is not nought

func least(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) <= 0 {
		return a
	}
	return b
}

// floor is how many times unit fits into a, neither of them negative; ceil counts a started one too.
func floor(a, unit *big.Rat) *big.Int {
	q := div(a, unit)
	return new(big.Int).Quo(q.Num(), q.Denom())
}

func ceil(a, unit *big.Rat) *big.Int {
	n := floor(a, unit)
	if mul(new(big.Rat).SetInt(n), unit).Cmp(a) < 0 {
		n.Add(n, big.NewInt(1))
	}
	return n
}

// printedDigits is where an endless decimal is cut for the eye; the fraction beside it is exact.
const printedDigits = 12

// Plain writes a number with as many decimals as it has, at most twelve.
func Plain(r *big.Rat) string {
	text := money.Decimal(money.HalfUp.Round(r, printedDigits), printedDigits)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// fraction writes a number as "a/b" in lowest terms, a whole one as "a/1".
func fraction(r *big.Rat) string { return r.String() }
