package letter

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"candor/incident"
	"candor/lang"
)

// texts is every letter as a text message, and what is only one.
func texts(d Desk) map[string]string {
	all := map[string]string{}
	for kind, l := range kinds(d) {
		all[kind] = l.SMS
	}
	first := outage()
	first.Update.Number, first.Update.Status = 1, incident.Investigating
	all["first"] = d.Update(first).SMS
	all["code"], all["stopped"], all["started"], all["help"] = d.Code("123456").SMS, d.Stopped().SMS, d.Started().SMS, d.Help("+1 480 555 0100").SMS
	return all
}

func TestEveryTextReadsWellInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range lang.All() {
		d := desk(t, language)
		d.TwoWay = true
		for kind, text := range texts(d) {
			s := InSegments(text)
			golden(t, filepath.Join("testdata", kind+"."+language.Path()+".sms"), fmt.Sprintf("%s\n\n%s, %d units, %d parts\n", text, s.Encoding, s.Units, len(s.Parts)))
		}
	}
}

func TestATextSaysWhoSpeaksAndHoldsNoSecret(t *testing.T) {
	t.Parallel()
	for _, language := range lang.All() {
		for kind, text := range texts(desk(t, language)) {
			if !strings.Contains(text, "Harbour") {
				t.Errorf("%s in %s does not say who speaks: %s", kind, language, text)
			}
			for _, never := range []string{"Canary", "\n", "\r", "⟦", "{", "}", ManageSlot, UnsubscribeSlot, "<script", "**", "’", "“"} {
				if strings.Contains(text, never) {
					t.Errorf("%s in %s holds %q: %s", kind, language, never, text)
				}
			}
			for word := range strings.FieldsSeq(text) {
				if strings.Contains(word, "://") && !strings.HasPrefix(word, "https://status.example/") { // and stands alone, so that phones see it
					t.Errorf("%s in %s links elsewhere: %s", kind, language, word)
				}
			}
			if n := len(InSegments(text).Parts); n > mostParts {
				t.Errorf("%s in %s has %d parts: %s", kind, language, n, text)
			}
		}
	}
}

func TestALongTitleIsCutAndTheRestStays(t *testing.T) {
	t.Parallel()
	for _, language := range lang.All() {
		n := outage()
		n.Incident.Title = lang.Text{language: strings.Repeat("Websites, mail and telephones in the whole south are down ", 20)}
		text := desk(t, language).Update(n).SMS
		if s := InSegments(text); len(s.Parts) != mostParts || !strings.HasSuffix(text, "x1y2z3a4b5c6") || !strings.Contains(text, "...") {
			t.Errorf("in %s: %d parts: %s", language, len(s.Parts), text)
		}
		n.Incident.Title = lang.Text{language: strings.Repeat("南部網站與郵件全部中斷", 40)}
		text = desk(t, language).Update(n).SMS
		if s := InSegments(text); len(s.Parts) != mostParts || !strings.HasSuffix(text, "x1y2z3a4b5c6") || !strings.Contains(text, "南部") {
			t.Errorf("in %s: %d parts: %s", language, len(s.Parts), text)
		}
	}
}
