package letter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"candor/lang"
)

func TestEveryBriefAndDocumentInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range lang.All() {
		for kind, l := range kinds(desk(t, language)) {
			if l.Document == nil {
				continue // of one person's letters there is no short form
			}
			name := filepath.Join("testdata", kind+"."+language.Path())
			var pretty bytes.Buffer
			if err := json.Indent(&pretty, l.Document, "", "  "); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			golden(t, name+".json", pretty.String()+"\n")
			golden(t, name+".brief", brief(l.Brief))
			for _, never := range []string{"Canary", "⟦", "{time}", "{title}"} {
				if strings.Contains(brief(l.Brief), never) || strings.Contains(pretty.String(), never) {
					t.Errorf("%s holds %q", name, never)
				}
			}
		}
	}
}

func brief(b Brief) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s\n\n%s\n\n", b.Title, b.Body)
	for _, f := range b.Facts {
		fmt.Fprintf(&s, "%s: %s\n", f.Name, f.Value)
	}
	fmt.Fprintf(&s, "\n%s\n%s: %s\ntopic %s, urgent %v\n", b.By, b.More, b.URL, b.Topic, b.Urgent)
	return s.String()
}

func TestALongBodyIsCutWhereItHurtsLeast(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"short enough":       "short enough",
		"one two three four": "one two…",
		"網站與郵件都無法使用我們正在處理": "網站與郵件都無法使用…",
	} {
		got := shortened(text, 12)
		if text == "網站與郵件都無法使用我們正在處理" {
			got = shortened(text, 11)
		}
		if got != want || !utf8.ValidString(got) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
