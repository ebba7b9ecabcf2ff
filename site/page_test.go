package site

import (
	"net/http"
	"strings"
	"testing"

	"candor/lang"
)

func TestEveryPageInEveryLanguageOnABadDayAndInAnEmptyTown(t *testing.T) {
	t.Parallel()
	full := newTown(t).settle().past()
	bad := full.badDay()
	empty := newTown(t)
	empty.publish()
	for _, tag := range lang.All() {
		at := "/" + string(tag) + "/"
		for _, path := range []string{
			at, at + "history", at + "history/" + monthOf(full.now, full.zone()).String(), at + "uptime", at + "promises", at + "reports", at + "track-record", at + "subscribe",
			at + "subscribe/asked", at + "history.atom", at + "history.rss", at + "feed.json", at + "calendar.ics", at + "badge.svg",
		} {
			for name, town := range map[string]*town{"full": full, "empty": empty} {
				got := town.get(path)
				if got.Code != http.StatusOK {
					t.Errorf("%s, %s: status %d", name, path, got.Code)
				}
				missingWords(t, name+" "+path, got.Body.String())
			}
		}
		got := full.get(at + "incidents/" + string(bad.i.Code))
		if got.Code != http.StatusOK {
			t.Errorf("%s incident: status %d", tag, got.Code)
		}
		missingWords(t, string(tag)+" incident", got.Body.String())
		missingWords(t, string(tag)+" nowhere", full.get(at+"nowhere").Body.String())
	}
}

// missingWords finds a key without words, a placeholder without a value, and what html/template refused to write.
func missingWords(t *testing.T, where, body string) {
	t.Helper()
	for _, bad := range []string{"⟦", "ZgotmplZ", "<no value>", "{time}", "{name}", "{n}", "{duration}", "%!"} {
		if strings.Contains(body, bad) {
			at := strings.Index(body, bad)
			t.Errorf("%s holds %q: …%s…", where, bad, body[max(0, at-80):min(len(body), at+80)])
		}
	}
}
