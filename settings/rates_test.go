package settings_test

import (
	"testing"

	"candor/problem"
	"candor/settings"
)

func TestWhatARateMayBe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rates settings.Rates
		field string
	}{
		"none":             {nil, ""},
		"fourteen mails":   {settings.Rates{"email": 14}, ""},
		"not one at all":   {settings.Rates{"email": 0}, "rates.email"},
		"less than none":   {settings.Rates{"push": -1}, "rates.push"},
		"no such channel":  {settings.Rates{"pigeon": 1}, "rates"},
		"a hundredfold SI": {settings.Rates{"chat": 10_000_000}, "rates.chat"},
	} {
		s := settings.Defaults()
		s.Rates = c.rates
		var field string
		if all := problem.All(s.Validate()); len(all) > 0 {
			field = all[0].Field
		}
		if field != c.field {
			t.Errorf("%s: refused %q, want %q", name, field, c.field)
		}
	}
}
