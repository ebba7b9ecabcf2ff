package letter

import (
	"regexp"
	"strings"
	"testing"

	"candor/lang"
)

var anyLink = regexp.MustCompile(`https?://[^\s"'<>)\\]+`)

// B19: what a letter links to is the page itself, or exactly what its author wrote. There is no address between that counts who clicked, and
// so none that could be made to lead elsewhere.
func TestB19NoLinkLeadsThroughACounter(t *testing.T) {
	t.Parallel()
	const base, written = "https://status.example/", "https://harbour.example/map"
	found := 0
	for _, language := range lang.All() {
		for kind, l := range kinds(desk(t, language)) {
			for form, text := range map[string]string{"text": l.Text, "html": l.HTML, "document": string(l.Document), "brief": brief(l.Brief)} {
				for _, link := range anyLink.FindAllString(text, -1) {
					found++
					switch {
					case strings.Contains(link, "?") || strings.Contains(link, "%3A"):
						t.Errorf("%s in %s, %s: %s carries something along", kind, language, form, link)
					case strings.HasPrefix(link, base), strings.HasPrefix(link, written), strings.HasPrefix(link, "http://www.w3.org/"):
					default:
						t.Errorf("%s in %s, %s: %s is neither ours nor the author's", kind, language, form, link)
					}
				}
			}
		}
	}
	if found < 200 {
		t.Errorf("only %d links were found", found)
	}
}
