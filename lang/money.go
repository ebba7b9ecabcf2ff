package lang

import "candor/money"

// Money is an amount as a bill writes it: the number of the language, all digits of the currency, and its code, which is the same everywhere.
// A symbol would not say whose dollars.
func (w Words) Money(a money.Amount) string {
	if a.Currency == "" {
		return ""
	}
	return w.Decimal(a.Plain()) + "\u00a0" + a.Currency
}
