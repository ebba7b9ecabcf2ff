package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A page that is open tells of an update within ten seconds, and does not touch a field somebody is typing in.
func TestOpenPageNoticesAnUpdate(t *testing.T) {
	t.Parallel()
	b, busy := newTab(t), newTab(t)
	p, stop, err := start("demo", "--scenario", "none")
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	b.visit(p.Site + "/en/")
	b.takeShots("calm", 1280, 390)
	busy.visit(p.Site + "/en/subscribe")
	busy.do("type", chromedp.SendKeys(chromedp.ID("email"), "half@typ"))

	for _, word := range []string{"The harbour crane fell on the cable.", "The cable is cut in two places."} {
		body := map[string]any{"body": map[string]string{"en": word}}
		path := "/api/v1/incidents"
		if code := b.openIncident(); code != "" {
			path += "/" + code + "/updates"
		} else {
			body["title"], body["components"] = map[string]string{"en": "No mail"}, []map[string]string{{"component": "Mailboxes", "status": "major_outage"}}
		}
		p.api(t, "POST", path, body, nil)
		posted := time.Now()
		for !strings.Contains(b.text(), word) {
			if time.Since(posted) > 10*time.Second {
				t.Fatalf("ten seconds later the open page does not say %q\n%s", word, b.text())
			}
			b.do("look again", chromedp.Sleep(100*time.Millisecond))
		}
		t.Logf("noticed after %s", time.Since(posted).Round(100*time.Millisecond))
	}
	if typed := evaluate[string](busy, `document.getElementById("email").value`); typed != "half@typ" {
		t.Errorf("what was half typed became %q", typed)
	}
	for _, said := range append(b.seen.complaints(), busy.seen.complaints()...) {
		t.Errorf("the console says: %s", said)
	}
}

// openIncident is the code of the first incident the page links to, if it is open.
func (b *tab) openIncident() string {
	b.t.Helper()
	return evaluate[string](b, `(document.querySelector(".headline a[href*='/incidents/'], .updates a[href*='/incidents/']")?.pathname || "").split("/").pop()`)
}
