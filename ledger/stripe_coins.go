package ledger

import (
	"strings"

	"candor/money"
)

// Stripe counts some currencies in other coins than ISO 4217: https://docs.stripe.com/currencies.
const (
	stripeWhole      = " MGA "                                 // two digits on paper, none at Stripe
	stripeHundredths = " ISK UGX "                             // none on paper, two at Stripe, and those must be nought
	stripeTenths     = " BHD IQD JOD KWD LYD OMR TND CLF UYW " // no coin finer than ten of the smallest unit
)

// stripeUnits is an amount as Stripe counts it; it is not rounded, because what is owed is owed to the coin.
func stripeUnits(a money.Amount) (units int64, ok bool) {
	const most = 99_999_999_999 // far above what Stripe takes in one, far below what overflows
	if a.Minor <= 0 || a.Minor > most {
		return 0, false
	}
	switch c := " " + a.Currency + " "; {
	case strings.Contains(stripeWhole, c):
		return a.Minor / 100, a.Minor%100 == 0
	case strings.Contains(stripeHundredths, c):
		return a.Minor * 100, true
	case strings.Contains(stripeTenths, c):
		return a.Minor, a.Minor%10 == 0
	}
	return a.Minor, true
}

func stripeAmount(units int64, currency string) money.Amount {
	a := money.Amount{Minor: units, Currency: strings.ToUpper(currency)}
	switch c := " " + a.Currency + " "; {
	case strings.Contains(stripeWhole, c):
		a.Minor *= 100
	case strings.Contains(stripeHundredths, c) && units%100 == 0:
		a.Minor /= 100
	}
	return a
}
