package e2e

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"candor/console"
	"candor/site"
	"candor/staff"
)

// A stop is one page that the program has, as somebody met it by following links.
type stop struct {
	path    string // with its query
	pattern string // of the route that answers
	kind    string // media type
	status  int
	body    []byte
	signed  bool // met after signing in
}

func (s stop) page() bool { return strings.HasPrefix(s.kind, "text/html") }

// routes know which pattern answers an address. The faces' own tables are asked, so that no page can be forgotten here.
type routes struct {
	mux      *http.ServeMux
	patterns []string
}

func everyRoute() routes {
	base := &url.URL{Scheme: "http", Host: "status.example"}
	quiet := slog.New(slog.DiscardHandler)
	r := routes{mux: http.NewServeMux()}
	for _, s := range slices.Concat(site.New(nil, nil, base, quiet).Routes(), console.New(nil, nil, base, quiet).Routes()) {
		r.add(s)
	}
	return r
}

func (r *routes) add(s staff.Route) {
	if method, _, _ := strings.Cut(s.Pattern, " "); method == "GET" {
		r.patterns = append(r.patterns, s.Pattern)
		r.mux.Handle(s.Pattern, http.NotFoundHandler())
	}
}

func (r *routes) pattern(path string) string {
	req, err := http.NewRequest("GET", "http://status.example"+path, nil)
	if err != nil {
		return ""
	}
	_, pattern := r.mux.Handler(req)
	return pattern
}

// A walker follows every link from the pages it is given. Of addresses that one route answers it looks at a few: the first incident and the
// second may look different, the thousandth does not.
type walker struct {
	t      *testing.T
	base   string
	client *http.Client
	routes routes
	seen   map[string]bool
	count  map[string]int
	queue  []string
	stops  []stop
	signed bool

	perRoute int    // how many addresses of any one route are looked at; 0: as many as differ
	only     string // stay under this path
}

func newWalker(t *testing.T, p *program) *walker {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &walker{
		t: t, base: p.Site, routes: everyRoute(), seen: map[string]bool{}, count: map[string]int{},
		client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
}

// signIn is the form, posted.
func (w *walker) signIn(p *program) {
	w.t.Helper()
	resp, err := w.client.PostForm(p.Console+"/sign-in", url.Values{"mail": {p.Mail}, "password": {p.Password}})
	if err != nil {
		w.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		w.t.Fatalf("sign in as %s: %s", p.Mail, resp.Status)
	}
	w.signed = true
}

// walk looks at every page that can be reached from these.
func (w *walker) walk(from ...string) {
	w.t.Helper()
	for _, path := range from {
		w.seen[path] = true
		w.queue = append(w.queue, path)
		w.count[w.patternOf(path)]++
	}
	for len(w.queue) > 0 {
		path := w.queue[0]
		w.queue = w.queue[1:]
		w.visit(path)
	}
}

func (w *walker) meet(address string) {
	u, err := url.Parse(address)
	if err != nil || (u.Host != "" && !strings.HasSuffix(w.base, "://"+u.Host)) || !strings.HasPrefix(u.Path, "/") {
		return
	}
	u.Scheme, u.Host, u.Fragment = "", "", ""
	path, pattern := u.String(), w.routes.pattern(u.Path)
	if w.seen[path] || w.count[pattern] >= w.most(pattern) || !strings.HasPrefix(u.Path, w.only) {
		return
	}
	w.seen[path] = true
	w.count[pattern]++
	w.queue = append(w.queue, path)
}

// most is how many addresses of a route are looked at: incidents differ, open, over, planned or drafted; others show the same with other words.
func (w *walker) most(pattern string) int {
	if w.perRoute > 0 {
		return w.perRoute
	}
	if pattern == "GET /en/incidents/{code}" || pattern == "GET /console/incidents/{code}" || pattern == "GET /console/incidents/{code}/coverage" {
		return 4
	}
	return 1
}

func (w *walker) patternOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return w.routes.pattern(path)
}

// links of a page, and those a letter spells out.
var spelled = regexp.MustCompile(`https?://[^\s"<>&]+`)

func (w *walker) visit(path string) {
	w.t.Helper()
	resp, err := w.client.Get(w.base + path)
	if err != nil {
		w.t.Fatalf("visit %s: %v", path, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatalf("visit %s: %v", path, err)
	}
	if to := resp.Header.Get("Location"); to != "" {
		w.stops = append(w.stops, stop{path: path, pattern: w.patternOf(path), status: resp.StatusCode, signed: w.signed})
		w.meet(to)
		return
	}
	u, _ := url.Parse(path)
	s := stop{
		path: path, pattern: w.patternOf(path), kind: resp.Header.Get("Content-Type"), status: resp.StatusCode, body: body, signed: w.signed,
	}
	w.stops = append(w.stops, s)
	if !s.page() || s.status != http.StatusOK {
		return
	}
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		w.t.Errorf("%s: %v", path, err)
		return
	}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if (n.Data == "a" && a.Key == "href") || (n.Data == "link" && a.Key == "href") || (n.Data == "iframe" && a.Key == "src") {
				if ref, err := u.Parse(a.Val); err == nil {
					w.meet(ref.String())
				}
			}
		}
	}
	for _, link := range spelled.FindAllString(string(body), -1) {
		w.meet(strings.TrimRight(link, ".,"))
	}
}
