package playbook

import (
	"testing"

	"candor/lang"
)

func TestASumOfMoneyBackIsFoundAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tag  lang.Tag
		text string
		want bool
	}{
		{"en", "We will credit your account with $20.", true},
		{"en", "You will get a credit of 20 EUR. We are sorry.", true},
		{"en", "We will decide about credits by Friday.", false},
		{"en", "Half of the requests fail, 50 % of them at checkout.", false},
		{"en", "We will credit your account. Plans from $20 are affected.", false},
		{"de", "Sie erhalten eine Gutschrift von 15 €.", true},
		{"de", "Sie erhalten eine Gutschrift. Der Preis von 15 € bleibt.", false},
		{"es", "Le abonaremos un crédito de 20 dólares en su cuenta.", true},
		{"id", "Kami memberikan kredit sebesar Rp 50.000 ke akun Anda.", true},
		{"zh-Hant", "我們將補償您 20 美元。", true},
	} {
		r, err := Read(c.text, c.tag)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := r.Sum(); got != c.want {
			t.Errorf("%s %q: %v, signal %v", c.tag, c.text, got, r.Has(Compensation))
		}
	}
}
