// Package money holds what customers pay and what they are owed.
//
// An amount is a whole number of the smallest unit its currency has, so that no cent is ever lost to a fraction of binary. It is read from
// what people write in files and forms; it is never a float.
package money

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// An Amount of money. The zero Amount has no currency and means that nobody said.
type Amount struct {
	Minor    int64  `json:"minor"`    // in the currency's smallest unit: cents, yen, fils
	Currency string `json:"currency"` // ISO 4217, capital letters
}

// Parse reads "12.50", "12,5", "1'234.50" or "1.234,50" as an amount in a currency. Whether a mark groups thousands or begins the fraction
// is told by what follows it: "1.234" is a thousand euros and more, but one Kuwaiti dinar and 234 fils.
func Parse(typed, currency string) (Amount, error) {
	currency = strings.ToUpper(strings.TrimSpace(currency))
	digits, known := Digits(currency)
	if !known {
		return Amount{}, fmt.Errorf("%.16q is not a currency of ISO 4217", currency)
	}
	whole, fraction, ok := split(strings.TrimSpace(typed), digits)
	if !ok || len(fraction) > digits {
		return Amount{}, fmt.Errorf("%.32q is not an amount of %s", typed, currency)
	}
	minor, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", digits-len(fraction)), 10, 64)
	if err != nil || minor > math.MaxInt64/1000 {
		return Amount{}, fmt.Errorf("%.32q is not an amount of %s", typed, currency)
	}
	return Amount{Minor: minor, Currency: currency}, nil
}

// split finds the digits before and after the decimal mark. The last mark is the decimal one if at most `digits` digits follow it; otherwise,
// and where it occurs twice, it groups thousands, and then every group must have three.
func split(typed string, digits int) (whole, fraction string, ok bool) {
	typed = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "").Replace(typed)
	if typed == "" || strings.Trim(typed, "0123456789.,") != "" {
		return "", "", false
	}
	last := strings.LastIndexAny(typed, ".,")
	if last < 0 {
		return typed, "", true
	}
	mark := typed[last : last+1]
	whole = typed
	if strings.Count(typed, mark) == 1 && (len(typed)-last-1 <= digits || len(typed)-last-1 != 3) {
		whole, fraction = typed[:last], typed[last+1:]
	}
	groups := strings.FieldsFunc(whole, func(r rune) bool { return r == '.' || r == ',' })
	if strings.Contains(whole, ".") && strings.Contains(whole, ",") || len(groups) == 0 {
		return "", "", false
	}
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && len(g) > 3 {
			return "", "", false
		}
	}
	return strings.Join(groups, ""), fraction, true
}

// String is the amount as machines write it, "12.50 EUR"; lang writes it for people.
func (a Amount) String() string {
	if a.Currency == "" {
		return ""
	}
	return a.Plain() + " " + a.Currency
}

// Plain is the number alone, with a point and all its digits: what a file holds in a column beside its currency.
func (a Amount) Plain() string {
	digits, _ := Digits(a.Currency)
	return Decimal(big.NewInt(a.Minor), digits)
}
