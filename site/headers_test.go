package site

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryRouteHasItsHeaders holds, in one golden table, the status and every header of every route.
func TestEveryRouteHasItsHeaders(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle().past()
	bad := w.badDay()
	var out strings.Builder
	for _, r := range w.face.table() {
		method, pattern, found := strings.Cut(r.pattern, " ")
		if !found {
			method, pattern = http.MethodGet, "/nowhere"
		}
		if otherTongue.MatchString(pattern) {
			continue // the same as /en/, by construction
		}
		path := strings.NewReplacer("{$}", "", "{month}", monthOf(w.now, w.zone()).String(), "{notice}", "asked", "{hash}", w.dana.Photo,
			"{file}", strings.TrimPrefix(w.face.assets.css, "/assets/"), "{code}", string(bad.i.Code), "{token}", "token", "{id}", "abcdefghijkl").Replace(pattern)
		got := w.ask(method, path, http.Header{"Accept-Encoding": {"gzip"}})
		fmt.Fprintf(&out, "%s %s: %d\n", method, pattern, got.Code)
		h := got.Header()
		var lines []string
		for name := range h {
			value := strings.Join(h[name], " | ")
			if name == "Content-Length" || name == "Etag" {
				value = "…"
			}
			lines = append(lines, "\t"+name+": "+value+"\n")
		}
		slices.Sort(lines)
		out.WriteString(strings.Join(lines, ""))
	}
	golden(t, "headers.txt", out.String())
}

var otherTongue = regexp.MustCompile(`^/(de|es|id|zh-Hant)(/|$)`)

func TestTheTableOfRoutesIsWhole(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	var lines []string
	for _, r := range w.face.Routes() {
		if !r.Open {
			t.Errorf("%s is not open", r.Pattern)
		}
		lines = append(lines, r.Pattern+"\n")
	}
	golden(t, "routes.txt", strings.Join(lines, ""))
}

// TestHostileHostsNeverReachALink holds B2: whatever a request names as its host, links carry the configured one.
func TestHostileHostsNeverReachALink(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle().past()
	bad := w.badDay()
	paths := w.publicPaths(string(bad.i.Code))
	for _, path := range paths {
		r, err := http.NewRequest(http.MethodGet, "http://evil.example"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "evil.example"
		r.Header = http.Header{"X-Forwarded-Host": {"evil.example"}, "X-Forwarded-Proto": {"gopher"}, "Forwarded": {"host=evil.example"}}
		got := httptest.NewRecorder()
		w.face.ServeHTTP(got, r)
		if strings.Contains(got.Body.String(), "evil.example") || strings.Contains(fmt.Sprint(got.Header()), "evil.example") {
			t.Errorf("%s carries the host of the request", path)
		}
	}
	if len(paths) < 100 {
		t.Errorf("only %d addresses", len(paths))
	}
}

func TestSecurityHeadersForbidWhatAPageDoesNotNeed(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	w.badDay()
	body := w.get("/en/").Body.String()
	for _, forbidden := range []string{" style=", "<style", "javascript:", " onclick", " onload", "<script>", "http://"} {
		if strings.Contains(body, forbidden) {
			t.Errorf("the home page holds %q, which its policy blocks", forbidden)
		}
	}
	for _, outside := range regexp.MustCompile(`(?:src|href)="(https?://[^"]+)"`).FindAllStringSubmatch(body, -1) {
		if !strings.HasPrefix(outside[1], publicURL) && outside[1] != "https://harbour.example/" {
			t.Errorf("the home page points to %s", outside[1])
		}
	}
}
