package amends

import (
	"encoding/json"
	"math/big"
	"testing"

	"candor/lang"
)

// Terms and cases are files that strangers write. Whatever is in them, there is an answer or an error, no row of a table is asked twice, and a
// credit is never negative nor more than half a unit from what was reckoned.
func FuzzCredit(f *testing.F) {
	var terms struct{ Terms []json.RawMessage }
	var cases struct{ Cases []json.RawMessage }
	listed(f, "sla-terms.json", &terms)
	listed(f, "sla-cases.json", &cases)
	for i, t := range terms.Terms {
		f.Add([]byte(t), []byte(cases.Cases[i%len(cases.Cases)]))
	}
	f.Fuzz(func(t *testing.T, contract, facts []byte) {
		var terms Terms
		if json.Unmarshal(contract, &terms) != nil {
			return
		}
		for _, found := range terms.Lint() {
			if found.In(lang.For(lang.English)) == "" {
				t.Errorf("%s says nothing", found.Rule)
			}
		}
		var c Case
		if json.Unmarshal(facts, &c) != nil {
			return
		}
		got, err := terms.Compute(c)
		if err != nil {
			return
		}
		if len(got.Explain(lang.For(lang.English))) == 0 || got.Minor.Sign() < 0 {
			t.Errorf("%s: %v", got.Amount(), got.Explain(lang.For(lang.English)))
		}
		unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(got.Digits)), nil))
		off := sub(mul(got.Exact, unit), new(big.Rat).SetInt(got.Minor))
		if off.Abs(off).Cmp(whole(1)) > 0 && len(got.Flags) == 0 {
			t.Errorf("%s became %s", got.Exact.RatString(), got.Amount())
		}
	})
}
