package playbook

import "regexp"

// money is a sum as people write it: a sign or a currency's three letters before it or after it. A percentage is none: half of the requests
// may fail without anybody being paid.
var money = regexp.MustCompile(`(?:[$€£¥₩]|\b(?:US\$|NT\$|Rp|EUR|USD|GBP|CHF|JPY|IDR|TWD|MXN|SEK|NOK|DKK|PLN|CAD|AUD)\b)[\s\x{00a0}]?\d|\d[\s\x{00a0}]?(?:[$€£¥₩元]|(?:EUR|USD|GBP|CHF|JPY|IDR|TWD|MXN|SEK|NOK|DKK|PLN|CAD|AUD|euros?|Euro|dollars?|Dollar|dólares|rupiah|美元|歐元)\b?)`)

// Sum is where a text says how much money comes back: a sentence that speaks of compensation and names a sum.
func (r Reading) Sum() (at Span, said bool) {
	for _, found := range r.Found[Compensation] {
		for _, s := range r.Sentences {
			if found.Start < s.Start || found.Start >= s.End {
				continue
			}
			if m := money.FindStringIndex(r.Text[s.Start:s.End]); m != nil {
				return Span{s.Start, s.End}, true
			}
		}
	}
	return Span{}, false
}
