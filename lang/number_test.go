package lang

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAShareIsCutAndOnlyAWholeOneIsAHundred(t *testing.T) {
	t.Parallel()
	w := For(English)
	for _, row := range []struct {
		part, whole int64
		digits      int
		want        string
	}{
		{999999, 1000000, 2, "99.99%"},
		{9999999999, 10000000000, 2, "99.99%"},
		{9999999999, 10000000000, 0, "99%"},
		{1, 1, 2, "100%"},
		{7, 7, 0, "100%"},
		{0, 5, 2, "0%"},
		{1, 3, 2, "33.33%"},
		{2, 3, 2, "66.66%"},
		{1, 2, 2, "50.00%"},
		{1, 100000, 2, "0.00%"},
		{1, 2000, 2, "0.05%"},
		{4812, 4815, 1, "99.9%"},
		{12, 10, 1, "120.0%"},
		{-1, 3, 0, "−34%"},
		{3, 0, 2, "–"},
	} {
		if got := w.Share(row.part, row.whole, row.digits); got != row.want {
			t.Errorf("%d of %d with %d decimals: got %s, want %s", row.part, row.whole, row.digits, got, row.want)
		}
	}
}

func TestAShareNeverSaysMoreThanIsTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(1, math.MaxInt64).Draw(t, "whole")
		part := rapid.Int64Range(0, whole).Draw(t, "part")
		digits := rapid.IntRange(0, 6).Draw(t, "digits")
		w := For(rapid.SampledFrom(All()).Draw(t, "language"))
		exact := new(big.Rat).Mul(big.NewRat(part, whole), big.NewRat(100, 1))

		said := w.Percent(big.NewRat(part, whole), digits)
		printed, ok := new(big.Rat).SetString(strings.NewReplacer("%", "", "\u00a0", "", ",", ".").Replace(said))
		if !ok {
			t.Fatalf("%q is not a number", said)
		}
		if printed.Cmp(exact) > 0 {
			t.Fatalf("%s says more than %s", said, exact.FloatString(12))
		}
		step := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil))
		if new(big.Rat).Sub(exact, printed).Cmp(step) >= 0 {
			t.Fatalf("%s cuts more than a digit of %s", said, exact.FloatString(12))
		}
		if part < whole && strings.HasPrefix(said, "100") {
			t.Fatalf("%d of %d is said to be %s", part, whole, said)
		}
	})
}

func TestNumbersReadBackAsThemselves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		said := For(rapid.SampledFrom(All()).Draw(t, "language")).Number(n)
		back, ok := new(big.Int).SetString(strings.NewReplacer(",", "", ".", "", "−", "-").Replace(said), 10)
		if !ok || back.Cmp(big.NewInt(n)) != 0 {
			t.Fatalf("%d is written %s", n, said)
		}
	})
}

func TestADecimalNumberIsWrittenAsTheReaderDoes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tag         Tag
		plain, want string
	}{
		{"en", "1234.50", "1,234.50"},
		{"de", "1234.50", "1.234,50"},
		{"de", "-0.05", "−0,05"},
		{"es", "12", "12"},
		{"en", "3125/18", "3125/18"},
	} {
		if got := For(c.tag).Decimal(c.plain); got != c.want {
			t.Errorf("%s: %q, want %q", c.tag, got, c.want)
		}
	}
}
