package money

import (
	"testing"

	"pgregory.net/rapid"
)

func TestAmountsAreReadAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		typed, currency string
		want            string // empty: refused
	}{
		{"12.50", "EUR", "12.50 EUR"},
		{"12,5", "eur", "12.50 EUR"},
		{"12", "USD", "12.00 USD"},
		{"1.234,50", "EUR", "1234.50 EUR"},
		{"1,234.50", "USD", "1234.50 USD"},
		{"1'234.50", "CHF", "1234.50 CHF"},
		{"1 234,50", "SEK", "1234.50 SEK"},
		{"1.234.567", "IDR", "1234567.00 IDR"},
		{"1.234", "EUR", "1234.00 EUR"},
		{"1,234", "JPY", "1234 JPY"},
		{"1.234", "KWD", "1.234 KWD"},
		{"0.05", "EUR", "0.05 EUR"},
		{"0", "KRW", "0 KRW"},
		{"12.5", "JPY", ""},
		{"1.23456", "EUR", ""},
		{"12.34.5", "EUR", ""},
		{"1,23,456", "USD", ""},
		{"-5", "EUR", ""},
		{"", "EUR", ""},
		{".", "EUR", ""},
		{"1e9", "EUR", ""},
		{"99999999999999999999", "EUR", ""},
		{"5", "EURO", ""},
		{"5", "XXX", ""},
		{"5", "", ""},
	} {
		a, err := Parse(c.typed, c.currency)
		if got := a.String(); got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("Parse(%q, %q) = %q, %v, want %q", c.typed, c.currency, got, err, c.want)
		}
	}
}

func TestWhatIsWrittenIsReadBackToTheCent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Amount{
			Minor:    rapid.Int64Range(0, 1<<50).Draw(t, "minor"),
			Currency: rapid.SampledFrom([]string{"JPY", "EUR", "KWD", "CLF", "IDR"}).Draw(t, "currency"),
		}
		got, err := Parse(want.Plain(), want.Currency)
		if err != nil || got != want {
			t.Fatalf("%v was read back as %v, %v", want, got, err)
		}
	})
}

func TestADebtKeepsItsSign(t *testing.T) {
	if got := (Amount{Minor: -5, Currency: "EUR"}).String(); got != "-0.05 EUR" {
		t.Errorf("got %q", got)
	}
}
