package markup

import (
	"cmp"
	"slices"
	"strings"
)

// Mark is what stands where a secret, someone's personal data or court-ordered text stood. It is always as long, whatever it hides.
const Mark = "██████"

// Blackout replaces every place where one of the spans stands by the mark: once where spans overlap or touch, so that the marks do not
// count what they hide. A customer sees that something was taken out; who decided it and why is said beside it.
func Blackout(md string, spans []string, mark string) string {
	var b strings.Builder
	end := 0
	for _, hit := range merge(find(md, spans)) {
		b.WriteString(md[end:hit.from])
		b.WriteString(mark)
		end = hit.to
	}
	b.WriteString(md[end:])
	return b.String()
}

type stretch struct{ from, to int }

func find(md string, spans []string) []stretch {
	var hits []stretch
	for _, span := range spans {
		if span == "" {
			continue
		}
		for from := 0; ; {
			at := strings.Index(md[from:], span)
			if at < 0 {
				break
			}
			hits = append(hits, stretch{from + at, from + at + len(span)})
			from += at + 1 // one byte on, because a span may overlap itself
		}
	}
	return hits
}

func merge(hits []stretch) []stretch {
	slices.SortFunc(hits, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	var merged []stretch
	for _, hit := range hits {
		if last := len(merged) - 1; last >= 0 && hit.from <= merged[last].to {
			merged[last].to = max(merged[last].to, hit.to)
			continue
		}
		merged = append(merged, hit)
	}
	return merged
}
