package reach

import "strings"

// A Form is a letter that many recipients share. What is a recipient's own stands in slots: words of letters, digits, hyphens and
// underscores, each as long as what takes its place, so that a channel may encode the letter once and fill it a hundred thousand times.
type Form struct {
	Text, HTML string
	Slots      []string
}

// Fill puts a recipient's own words into the slots.
func (f *Form) Fill(own []string) (text, html string) {
	pairs := make([]string, 0, 2*len(f.Slots))
	for i, slot := range f.Slots {
		if i < len(own) {
			pairs = append(pairs, slot, own[i])
		}
	}
	r := strings.NewReplacer(pairs...)
	return r.Replace(f.Text), r.Replace(f.HTML)
}
