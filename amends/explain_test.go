package amends

import (
	"strings"
	"testing"

	"candor/lang"
)

// Every line of every reckoning is said in every language, with nothing left in braces.
func TestEveryReckoningIsSaidInEveryLanguage(t *testing.T) {
	t.Parallel()
	all := contracts(t)
	var list struct{ Cases []Case }
	listed(t, "sla-cases.json", &list)
	for _, c := range list.Cases {
		got, err := all[c.Terms].Compute(c)
		if err != nil {
			t.Fatal(c.ID, err)
		}
		for _, tag := range lang.All() {
			lines := got.Explain(lang.For(tag))
			if len(lines) < 3 {
				t.Errorf("%s: only %q", c.ID, lines)
			}
			for _, line := range lines {
				if strings.ContainsAny(line, "{}⟦") {
					t.Errorf("%s, %s: %s", c.ID, tag, line)
				}
			}
		}
	}
}
