package e2e

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"candor/lang"
)

// pageBudget is what one page may weigh on the wire, with all it loads on a first visit.
const pageBudget = 50_000

// notWalked are routes that no link leads to, each with the reason.
var notWalked = map[string]string{
	"GET /console/setup/{token}":                        "only on an empty database: the newcomer's path looks at it",
	"GET /console/{$}":                                  "another spelling of /console",
	"GET /console/assets/{file}":                        "no page",
	"GET /assets/{file}":                                "no page",
	"GET /robots.txt":                                   "no page",
	"GET /version.json":                                 "no page",
	"GET /sw.js":                                        "no page",
	"GET /icon.svg":                                     "no page",
	"GET /photos/{hash}":                                "no page",
	"GET /console/blobs/{hash}":                         "no page",
	"GET /console/incidents/{code}/ledger.csv":          "no page",
	"GET /console/incidents/{code}/coverage.csv":        "no page",
	"GET /console/incidents/{code}/deadlines.csv":       "no page",
	"GET /console/incidents/{code}/deadlines.json":      "no page",
	"GET /console/call-in/{token}":                      "only a letter to one of us has the link: the console's tests look at it",
	"GET /console/credits/runs":                         "where a refused form was posted to; it leads to the list",
	"GET /console/credits/terms":                        "where a refused form was posted to; it leads to the list",
	"GET /console/credits/runs/{run}/credits.csv":       "no page",
	"GET /console/credits/exports/{export}/credits.csv": "no page",
	"GET /unsubscribe/{token}":                          "the one-click header's address, the same page as /en/unsubscribe/{token}",
	"GET /console/outbox/{delivery}/html":               "a mail, held against golden files by package letter",
}

func everyStop(t *testing.T, p *program) []stop {
	t.Helper()
	visitor := newWalker(t, p)
	visitor.walk(append(everyMailed(p), "/", "/history", "/promises", "/track-record", "/history.atom", "/history.rss", "/badge.svg", "/en/subscribe/asked", "/en/subscribe/changed",
		"/en/subscribe/ended", "/en/nothing-here", "/nothing-here", "/console/sign-in")...)
	for _, tag := range lang.All() {
		visitor.walk("/"+tag.Path()+"/incidents/"+p.told+"/report", "/"+tag.Path()+"/incidents/"+p.told+"/report.md")
	}
	for _, s := range visitor.stops {
		if s.pattern == "GET /en/incidents/{code}" {
			code := s.path[strings.LastIndexByte(s.path, '/')+1:]
			visitor.walk("/incidents/" + code)
			for _, tag := range lang.All() { // where the form for a number leads
				visitor.walk("/"+tag.Path()+"/incidents/"+code+"/called", "/"+tag.Path()+"/incidents/"+code+"/comments")
				visitor.walk("/"+tag.Path()+"/incidents/"+code+"/comments/asked", "/"+tag.Path()+"/incidents/"+code+"/comments/held")
			}
			break
		}
	}
	staff := newWalker(t, p)
	staff.signIn(p)
	staff.only = "/console" // the rest is the same for everybody
	staff.walk("/console", "/console/declare?rehearse=1", "/console/maintenance", "/console/incidents", "/console/settings", "/console/mine", "/console/nothing-here", "/console/incidents/"+p.told+"/report")
	return slices.Concat(visitor.stops, staff.stops)
}

// everyMailed are the links that only letters have, in every language, and what no link of a page leads to.
func everyMailed(p *program) (all []string) {
	for _, tag := range lang.All() {
		at := "/" + tag.Path()
		for _, link := range p.mailed {
			path := strings.TrimPrefix(link, p.Site)
			if rest, ok := strings.CutPrefix(path, "/console/"); ok {
				all = append(all, "/console/"+rest)
				continue
			}
			_, rest, _ := strings.Cut(path[1:], "/")
			all = append(all, at+"/"+rest)
		}
		all = append(all, at, at+"/badge.svg", at+"/subscribe/confirmed", at+"/me", at+"/redeem", at+"/effect/thanks")
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Every page there is: valid, readable by all, light, asking nobody else, without a complaint.
func TestEveryPage(t *testing.T) {
	p := worstDay(t)
	stops := everyStop(t, p)
	t.Run("every route has been met", func(t *testing.T) { everyRouteMet(t, stops) })
	t.Run("answers as it should", func(t *testing.T) { answers(t, stops) })
	t.Run("is valid HTML", func(t *testing.T) { validPages(t, stops) })
	t.Run("feeds and calendars are valid", func(t *testing.T) { validFeeds(t, stops) })
	t.Run("in the browser", func(t *testing.T) { inTheBrowser(t, p, stops) })
}

func everyRouteMet(t *testing.T, stops []stop) {
	met := map[string]bool{}
	for _, s := range stops {
		met[s.pattern] = true
	}
	for _, pattern := range everyRoute().patterns {
		if !met[pattern] && notWalked[pattern] == "" && !strings.Contains(pattern, "/api/v2/") {
			t.Errorf("no page was met at %s", pattern)
		}
	}
}

func answers(t *testing.T, stops []stop) {
	for _, s := range stops {
		want := http.StatusOK
		if strings.HasPrefix(s.path, "/console") && !s.signed && !strings.Contains(s.path, "/sign-in") && !strings.Contains(s.path, "/assets/") && !strings.Contains(s.path, "/invitation/") {
			want = http.StatusUnauthorized
		} else if s.status == http.StatusSeeOther || s.status == http.StatusMovedPermanently || s.status == http.StatusPermanentRedirect {
			continue // where it leads is looked at too
		} else if strings.Contains(s.path, "nothing-here") {
			want = http.StatusNotFound
		}
		if s.status != want {
			t.Errorf("%s: status %d, want %d", s.path, s.status, want)
		}
	}
}

func validPages(t *testing.T, stops []stop) {
	pages := map[string][]byte{}
	for _, s := range stops {
		if s.page() && !strings.HasSuffix(s.pattern, "/html") {
			pages[s.path] = s.body
		}
	}
	found := invalid(t, pages)
	for _, f := range found {
		t.Error(f)
	}
	t.Logf("html-validate: %d errors on %d pages", len(found), len(pages))
}

func validFeeds(t *testing.T, stops []stop) {
	kinds := map[string]int{}
	for _, s := range stops {
		if s.page() || s.status != http.StatusOK {
			continue
		}
		kind, _, _ := strings.Cut(s.kind, ";")
		kinds[kind]++
		for _, f := range feedFaults(s.kind, s.body) {
			t.Errorf("%s: %s", s.path, f)
		}
		if strings.Contains(kind, "xml") {
			if said := xmllint(t, s.body); said != "" {
				t.Errorf("xmllint %s: %s", s.path, said)
			}
		}
	}
	for _, kind := range []string{"application/atom+xml", "application/rss+xml", "application/feed+json", "text/calendar", "image/svg+xml"} {
		if kinds[kind] == 0 {
			t.Errorf("no document of type %s was met: %v", kind, kinds)
		}
	}
	t.Logf("checked: %v", kinds)
}

// likeGerman are pages that no browser need look at in every language: in German, with the longest words, they are looked at.
func likeGerman(pattern string) bool {
	return (strings.HasSuffix(pattern, "/report") || strings.HasSuffix(pattern, "/redeem/{token}")) &&
		!strings.HasPrefix(pattern, "GET /de/") && !strings.HasPrefix(pattern, "GET /console/")
}

// inTheBrowser looks at each page, in two tabs at once.
func inTheBrowser(t *testing.T, p *program, stops []stop) {
	browser(t)
	work := make(chan stop, len(stops))
	for _, s := range stops {
		if s.page() && !strings.HasSuffix(s.pattern, "/html") && !likeGerman(s.pattern) {
			work <- s
		}
	}
	close(work)
	var mu sync.Mutex
	var weighed []weight
	violations := 0
	t.Run("tabs", func(t *testing.T) {
		for i := range 2 {
			t.Run(fmt.Sprint(i+1), func(t *testing.T) {
				t.Parallel()
				visitor, staff := newTab(t), newTab(t)
				staff.signIn(p)
				for s := range work {
					b := visitor
					if s.signed {
						b = staff
					}
					n, v := b.inspect(t, p, s)
					mu.Lock()
					weighed = append(weighed, weight{s.path, n})
					violations += v
					mu.Unlock()
				}
			})
		}
	})
	slices.SortFunc(weighed, func(a, b weight) int { return cmp.Compare(b.bytes, a.bytes) })
	for i, w := range weighed {
		if i < 12 || w.bytes > pageBudget || w.path == "/" {
			t.Logf("%6d bytes  %s", w.bytes, w.path)
		}
	}
	t.Logf("axe: %d violations on %d pages, each in light and dark at 1280 and 360 px", violations, len(weighed))
}

type weight struct {
	path  string
	bytes int
}

// inspect opens one page as a first visit and answers what it weighs and how many violations it has.
func (b *tab) inspect(t *testing.T, p *program, s stop) (bytes, violations int) {
	t.Helper()
	b.seen.forget()
	b.visit(p.Site + s.path)
	bytes = b.seen.transferred()
	if bytes > pageBudget {
		t.Errorf("%s weighs %d bytes on the wire, budget %d", s.path, bytes, pageBudget)
	}
	if strangers := b.seen.strangers(p.Site); len(strangers) > 0 {
		t.Errorf("%s asks strangers: %q", s.path, strangers)
	}
	violations = b.readableByAll(t, s.path)
	for _, said := range b.seen.complaints() {
		if s.status != http.StatusOK && strings.Contains(said, fmt.Sprint(s.status)) {
			continue // the browser reports the 404 that was asked for
		}
		t.Errorf("%s: the console says: %s", s.path, said)
	}
	return bytes, violations
}

// signIn is the form, by hand.
func (b *tab) signIn(p *program) {
	b.t.Helper()
	b.visit(p.Console + "/sign-in")
	b.fill("mail", p.Mail)
	b.fill("password", p.Password)
	b.follow("Sign in")
	if strings.Contains(b.address(), "sign-in") {
		b.t.Fatalf("signing in as %s leads to %s\n%s", p.Mail, b.address(), b.text())
	}
}
