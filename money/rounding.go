package money

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// A Rounding says what becomes of a part of the smallest unit. Contracts choose; who says nothing rounds halves up.
type Rounding string

const (
	HalfUp   Rounding = "half_up"   // away from zero on ties: what people do with a pencil
	HalfEven Rounding = "half_even" // to the even neighbour on ties, as banks do with many small sums
	HalfDown Rounding = "half_down" // towards zero on ties
	Up       Rounding = "up"        // away from zero: always for the customer
	Down     Rounding = "down"      // towards zero: cut
)

// UnmarshalText also takes the words of mathematicians and bankers for the same things; nothing that is owed is negative.
func (r *Rounding) UnmarshalText(text []byte) error {
	switch *r = Rounding(text); *r {
	case "floor", "truncate":
		*r = Down
	case "ceil", "ceiling":
		*r = Up
	case "bankers":
		*r = HalfEven
	}
	return nil
}

// Valid refuses a mode there is not; the empty one is HalfUp.
func (r Rounding) Valid() error {
	switch r {
	case "", HalfUp, HalfEven, HalfDown, Up, Down:
		return nil
	}
	return fmt.Errorf("%.32q is no way of rounding: half_up, half_even, half_down, up, down", string(r))
}

// Round is exact times ten to the digits, as a whole number: 2.425 with two digits is 243, half up.
func (r Rounding) Round(exact *big.Rat, digits int) *big.Int {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	scaled := new(big.Int).Mul(exact.Num(), scale)
	whole, rest := new(big.Int).QuoRem(scaled, exact.Denom(), new(big.Int))
	if rest.Sign() != 0 && r.away(whole, new(big.Int).Abs(rest), exact.Denom()) {
		whole.Add(whole, big.NewInt(int64(exact.Sign())))
	}
	return whole
}

// away reports whether a rest of a unit counts as one more.
func (r Rounding) away(whole, rest, of *big.Int) bool {
	half := new(big.Int).Lsh(rest, 1).Cmp(of)
	switch r {
	case Up:
		return true
	case Down:
		return false
	case HalfDown:
		return half > 0
	case HalfEven:
		return half > 0 || half == 0 && whole.Bit(0) == 1
	}
	return half >= 0
}

// Decimal writes a whole number of smallest units with a point and all its digits: 5 with two digits is "0.05".
func Decimal(minor *big.Int, digits int) string {
	text := new(big.Int).Abs(minor).String()
	if len(text) <= digits {
		text = strings.Repeat("0", digits+1-len(text)) + text
	}
	if digits > 0 {
		text = text[:len(text)-digits] + "." + text[len(text)-digits:]
	}
	if minor.Sign() < 0 {
		return "-" + text
	}
	return text
}

// Of rounds an exact sum to an amount of a currency; false where the currency is unknown or the sum beyond counting.
func Of(exact *big.Rat, currency string, how Rounding) (Amount, bool) {
	digits, known := Digits(currency)
	minor := how.Round(exact, digits)
	if !known || !minor.IsInt64() {
		return Amount{}, false
	}
	return Amount{Minor: minor.Int64(), Currency: currency}, true
}

// parsedDigits bounds what is read as a number: nobody's fee has more.
const parsedDigits = 40

// Exact reads a decimal number as it stands, "-12.50", without a mark for thousands and without an exponent.
func Exact(typed string) (*big.Rat, error) {
	whole, fraction, pointed := strings.Cut(strings.TrimPrefix(typed, "-"), ".")
	if len(typed) > parsedDigits || !isDigits(whole) || pointed && !isDigits(fraction) {
		return nil, fmt.Errorf("%s is not a decimal number", strconv.Quote(typed[:min(len(typed), parsedDigits)]))
	}
	r, _ := new(big.Rat).SetString(typed)
	return r, nil
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
