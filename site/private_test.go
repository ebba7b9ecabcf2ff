package site

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"candor/lang"
)

// publicPaths are all addresses a stranger could come by: what the table lists, what every page links, and what they may guess.
func (w *town) publicPaths(codes ...string) []string {
	var paths []string
	add := func(path string) {
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	month := monthOf(w.now, w.zone()).String()
	for _, r := range w.face.table() {
		method, path, _ := strings.Cut(r.pattern, " ")
		if method != "GET" {
			continue
		}
		path = strings.NewReplacer("{$}", "", "{month}", month, "{notice}", "asked", "{hash}", w.dana.Photo, "{file}", "candor.css").Replace(path)
		if !strings.Contains(path, "{code}") {
			add(strings.Replace(path, "{token}", strings.Repeat("a", 34), 1))
			continue
		}
		for _, code := range codes {
			add(strings.Replace(path, "{code}", code, 1))
		}
	}
	href := regexp.MustCompile(`(?:href|src|action)="(/[^"#]*)`)
	for n := 0; n < len(paths); n++ { // paths grows while it is walked
		for _, m := range href.FindAllStringSubmatch(w.get(paths[n]).Body.String(), -1) {
			add(m[1])
		}
	}
	return paths
}

func TestNothingPrivateIsOnAnyPublicAddress(t *testing.T) { // V23
	t.Parallel()
	w := newTown(t).settle().past().whispers()
	bad := w.badDay()
	codes := []string{string(bad.i.Code)}
	for _, c := range w.everyIncident() {
		codes = append(codes, string(c.Code))
	}
	paths := w.publicPaths(codes...)
	if len(paths) < 150 {
		t.Fatalf("only %d addresses were crawled", len(paths))
	}
	shown := 0
	for _, path := range paths {
		got := w.get(path)
		if strings.Contains(got.Body.String(), "CANARY") || strings.Contains(got.Body.String(), string(w.secret.Code)) {
			t.Errorf("%s shows something private", path)
		}
		if strings.Contains(got.Body.String(), "Whitfield") {
			shown++
		}
	}
	if shown < 20 {
		t.Errorf("only %d addresses show what is public: the crawl looked at nothing", shown)
	}
	for _, hidden := range w.everyIncident() {
		if hidden.Visibility == "public" {
			continue
		}
		for _, path := range []string{"/incidents/", "/en/incidents/", "/de/incidents/"} {
			if got := w.get(path + string(hidden.Code)); got.Code != http.StatusNotFound {
				t.Errorf("a %s incident answers %d at %s", hidden.Visibility, got.Code, path)
			}
		}
	}
}

func TestADraftChangesNothingNotEvenTheVersion(t *testing.T) { // V23
	t.Parallel()
	w := newTown(t).settle().start()
	before, made := w.get("/version.json").Body.String(), w.face.renders.Load()
	w.whispers()
	w.face.refresh(t.Context())
	if got := w.get("/version.json").Body.String(); got != before {
		t.Errorf("the version went from %s to %s", before, got)
	}
	if again := w.face.renders.Load(); again != made {
		t.Errorf("%d pages were rendered again", again-made)
	}
}

func TestAPageThatIsNotPublishedShowsNothingOfTheCompany(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle().past()
	w.unpublish()
	for _, tag := range lang.All() {
		got := w.get("/" + string(tag) + "/")
		body := got.Body.String()
		if got.Code != http.StatusOK || !strings.Contains(body, "noindex") || !strings.Contains(body, lang.For(tag).T("site.private")) || strings.Contains(body, "Harbour") || strings.Contains(body, "Mailboxes") {
			t.Errorf("%s: status %d, %d bytes:\n%s", tag, got.Code, len(body), body)
		}
	}
	for _, path := range []string{"/history.atom", "/history.rss", "/en/feed.json", "/en/calendar.ics", "/badge.svg", "/icon.svg", "/api/v2/summary.json", "/api/v2/status"} {
		if got := w.get(path); got.Code != http.StatusNotFound || strings.Contains(got.Body.String(), "Harbour") {
			t.Errorf("%s: status %d", path, got.Code)
		}
	}
	preview, err := w.face.Preview(t.Context(), lang.German)
	if err != nil || !strings.Contains(string(preview), "Harbour") {
		t.Errorf("staff's preview: %v", err)
	}
}
