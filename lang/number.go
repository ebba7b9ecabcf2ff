package lang

import (
	"math/big"
	"strconv"
	"strings"
)

// Number is a whole number with the language's grouping: "4,812".
func (w Words) Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = w.T("_number.minus"), digits[1:]
	}
	return sign + w.group(digits)
}

func (w Words) group(digits string) string {
	from, err := strconv.Atoi(w.T("_number.group.from"))
	if err != nil || len(digits) < from {
		return digits
	}
	mark := w.T("_number.group")
	var b strings.Builder
	head := len(digits) % 3
	b.WriteString(digits[:head])
	for i := head; i < len(digits); i += 3 {
		if i > 0 {
			b.WriteString(mark)
		}
		b.WriteString(digits[i : i+3])
	}
	return b.String()
}

// Percent is an exact share with this many decimals, cut and never rounded up: 0.999999 is "99.99%", and only a whole 1 is "100%".
// Nought and one have no decimals, so that a row without a flaw stands out. A nil share, one that nobody could know, is "–".
func (w Words) Percent(share *big.Rat, digits int) string {
	if share == nil {
		return "–"
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	scaled := new(big.Int).Mul(share.Num(), scale)
	scaled.Mul(scaled, big.NewInt(100))
	// Div rounds towards minus infinity while the denominator is positive, which big.Rat promises.
	scaled.Div(scaled, share.Denom())
	whole, rest := new(big.Int).QuoRem(scaled, scale, new(big.Int))
	number := w.group(new(big.Int).Abs(whole).String())
	if scaled.Sign() < 0 {
		number = w.T("_number.minus") + number
	}
	if digits > 0 && !isNoughtOrOne(share) {
		decimals := rest.Abs(rest).String()
		number += w.T("_number.decimal") + strings.Repeat("0", digits-len(decimals)) + decimals
	}
	return w.T("_percent", "number", number)
}

// Decimal is a number that was written with a point and without grouping, "-1234.50", as the language writes it. What is no such number
// stays as it is.
func (w Words) Decimal(plain string) string {
	whole, fraction, pointed := strings.Cut(strings.TrimPrefix(plain, "-"), ".")
	if strings.Trim(whole+fraction, "0123456789") != "" {
		return plain
	}
	number := w.group(whole)
	if pointed {
		number += w.T("_number.decimal") + fraction
	}
	if strings.HasPrefix(plain, "-") {
		number = w.T("_number.minus") + number
	}
	return number
}

// Share is part of whole as a Percent; of nothing it is "–".
func (w Words) Share(part, whole int64, digits int) string {
	if whole == 0 {
		return w.Percent(nil, digits)
	}
	return w.Percent(big.NewRat(part, whole), digits)
}

func isNoughtOrOne(share *big.Rat) bool {
	return share.Sign() == 0 || share.IsInt() && share.Num().IsInt64() && share.Num().Int64() == 1
}
