package console

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"candor/desk"
	"candor/store"
	"candor/store/storetest"
)

// A house is a console on a real database, behind a real listener.
type house struct {
	db     *store.DB
	desk   *desk.Desk
	face   *Face
	server *httptest.Server
}

func open(t *testing.T, db *store.DB) *house {
	t.Helper()
	public, err := url.Parse("http://status.example.test")
	if err != nil {
		t.Fatal(err)
	}
	h := &house{db: db, desk: desk.New(db, public, nil)}
	h.face = New(db, h.desk, public, slog.New(slog.NewTextHandler(io.Discard, nil)))
	h.server = httptest.NewServer(h.face.Handler())
	t.Cleanup(h.server.Close)
	return h
}

// A visitor is one browser.
type visitor struct {
	t      *testing.T
	h      *house
	client *http.Client
}

func (h *house) visitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// An answer is a response read whole.
type answer struct {
	status int
	to     string
	body   string
	header http.Header
}

func (v *visitor) get(path string) answer {
	v.t.Helper()
	return v.do(http.MethodGet, path, nil)
}

func (v *visitor) post(path string, form url.Values) answer {
	v.t.Helper()
	return v.do(http.MethodPost, path, form)
}

func (v *visitor) do(method, path string, form url.Values) answer {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.h.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header.Get("Location"), string(body), response.Header}
}

// must follows one redirect after an act, and fails on anything else.
func (v *visitor) must(a answer) answer {
	v.t.Helper()
	if a.status != http.StatusSeeOther {
		v.t.Fatalf("got %d, want a redirect:\n%s", a.status, visible(a.body))
	}
	return v.get(a.to)
}

const goodPassword = "four calm words at three"

func (h *house) setUp(t *testing.T) *visitor {
	t.Helper()
	token, needed, err := h.desk.SetupToken(t.Context())
	if err != nil || !needed {
		t.Fatalf("set-up link: needed %v, %v", needed, err)
	}
	v := h.visitor(t)
	v.must(v.post("/console/setup/"+token, url.Values{
		"company": {"Harbour"}, "name": {"Dana Whitfield"}, "title": {"Head of network operations"}, "mail": {"dana@harbour.test"},
		"password": {goodPassword}, "zone": {"America/Phoenix"},
	}))
	return v
}

var (
	tags   = regexp.MustCompile(`(?s)<(svg|style|script).*?</(svg|style|script)>|<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
)

// visible is what a page says.
func visible(html string) string {
	return spaces.ReplaceAllString(tags.ReplaceAllString(html, " "), " ")
}

func wantSaid(t *testing.T, a answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(visible(a.body), w) && !strings.Contains(a.body, w) {
			t.Errorf("page does not say %q:\n%s", w, visible(a.body))
		}
	}
}

func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(t, open(t, db)) })
}

func (h *house) read(t *testing.T, f func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := h.db.Read(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}
