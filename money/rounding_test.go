package money

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestHalfAUnitGoesWhereTheContractSays(t *testing.T) {
	for _, c := range []struct {
		exact  string
		digits int
		how    Rounding
		want   string
	}{
		{"2.425", 2, "", "2.43"},
		{"2.425", 2, HalfUp, "2.43"},
		{"-2.425", 2, HalfUp, "-2.43"},
		{"2.425", 2, HalfEven, "2.42"},
		{"2.435", 2, HalfEven, "2.44"},
		{"-2.425", 2, HalfEven, "-2.42"},
		{"2.425", 2, HalfDown, "2.42"},
		{"2.4251", 2, HalfDown, "2.43"},
		{"2.421", 2, Up, "2.43"},
		{"-2.421", 2, Up, "-2.43"},
		{"2.429", 2, Down, "2.42"},
		{"2.42", 2, Up, "2.42"},
		{"999.9", 0, HalfUp, "1000"},
		{"1.75125", 3, HalfUp, "1.751"},
		{"0.00005", 4, HalfUp, "0.0001"},
		{"-0.004", 2, HalfUp, "0.00"},
	} {
		exact, err := Exact(c.exact)
		if err != nil {
			t.Fatal(err)
		}
		if got := Decimal(c.how.Round(exact, c.digits), c.digits); got != c.want {
			t.Errorf("%s to %d digits, %q: %s, want %s", c.exact, c.digits, c.how, got, c.want)
		}
	}
}

func TestRoundingMovesNobodyByMoreThanHalfAUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		exact := big.NewRat(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "num"), rapid.Int64Range(1, 1<<20).Draw(t, "denom"))
		digits := rapid.IntRange(0, 4).Draw(t, "digits")
		how := rapid.SampledFrom([]Rounding{HalfUp, HalfEven, HalfDown, Up, Down}).Draw(t, "how")
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
		off := new(big.Rat).Sub(exact, new(big.Rat).SetFrac(how.Round(exact, digits), scale))
		off.Mul(off, new(big.Rat).SetInt(scale))
		most := big.NewRat(1, 2)
		if how == Up || how == Down {
			most = big.NewRat(1, 1)
		}
		if off.Abs(off).Cmp(most) > 0 {
			t.Fatalf("%s: moved by %s units", exact, off)
		}
	})
}

func TestOnlyPlainDecimalNumbersAreExact(t *testing.T) {
	for _, typed := range []string{"", ".", "1.", ".5", "1e9", "1/3", "0x10", "+1", "--1", "1,5", "1_000", " 1", "NaN", "00000000000000000000000000000000000000000"} {
		if got, err := Exact(typed); err == nil {
			t.Errorf("%q is read as %s", typed, got)
		}
	}
	if got, err := Exact("-12.50"); err != nil || got.RatString() != "-25/2" {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestASumBeyondCountingIsRefused(t *testing.T) {
	huge, err := Exact("99999999999999999999")
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := Of(huge, "EUR", HalfUp); ok {
		t.Errorf("got %v", got)
	}
	if got, ok := Of(big.NewRat(1, 1), "XXX", HalfUp); ok {
		t.Errorf("got %v", got)
	}
	if got, ok := Of(big.NewRat(97, 40), "EUR", HalfUp); !ok || got.String() != "2.43 EUR" {
		t.Errorf("got %v, %v", got, ok)
	}
}

func TestRoundingIsReadInSeveralWords(t *testing.T) {
	for text, want := range map[string]Rounding{"half_up": HalfUp, "floor": Down, "truncate": Down, "ceil": Up, "ceiling": Up, "bankers": HalfEven} {
		var got Rounding
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%s is read as %q, %v", text, got, err)
		}
	}
	if Rounding("sideways").Valid() == nil {
		t.Error("a way there is not is taken")
	}
}
