package app

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"candor/id"
	"candor/incident"
	"candor/staff"
	"candor/store"
)

const password = "mgkp wqzr tbnv"

// locked gives a person a password. Hashing one is slow on purpose, so only those who sign in have one.
func (h *house) locked(role staff.Role) staff.Person {
	h.t.Helper()
	hash, err := staff.HashPassword(password)
	if err != nil {
		h.t.Fatal(err)
	}
	h.write(func(ctx context.Context, tx *store.Tx) error {
		return tx.People.SetPassword(ctx, h.people[role].ID, hash)
	})
	return h.people[role]
}

func (h *house) signIn(mail, password string, more ...string) *httptest.ResponseRecorder {
	form := url.Values{"mail": {mail}, "password": {password}}
	for n := 0; n+1 < len(more); n += 2 {
		form.Set(more[n], more[n+1])
	}
	return h.ask(ask{method: http.MethodPost, path: "/console/sign-in", form: form})
}

// cookieOf is the session an answer hands out.
func cookieOf(t *testing.T, w *httptest.ResponseRecorder) *http.Cookie {
	t.Helper()
	all := w.Result().Cookies()
	if w.Code != http.StatusSeeOther || len(all) != 1 {
		t.Fatalf("status %d and %d cookies, want 303 and one", w.Code, len(all))
	}
	return all[0]
}

func (h *house) signedIn(session string) bool {
	return h.ask(ask{path: "/console/profile", session: session}).Code == http.StatusOK
}

// every address of the node with real things in its holes, by method and pattern.
func (h *house) addresses(t *testing.T) map[string]string {
	t.Helper()
	i, u := h.declare(incident.Public, "The shop is down.", h.shop)
	link := h.subscriber("anna@bakery.test")
	fill := strings.NewReplacer(
		"{$}", "", "{month}", i.StartedAt.Format("2006-01"), "{notice}", "asked", "{update}", string(u.Code), "{kind}", "outage", "{impact}", "major",
		"{code}", string(i.Code), "{file}", "none.css", "{hash}", "none", "{delivery}", string(id.New[id.Delivery](time.Now())), "{contact}", string(link.contact),
		"{component}", string(h.mail.ID), "{person}", string(h.people[staff.Agent].ID), "unsubscribe/{token}", "unsubscribe/"+link.unsubscribe,
		"confirm/{token}", "confirm/"+link.confirm, "manage/{token}", "manage/"+link.manage, "{token}", "none",
		"incidents/{id}", "incidents/"+string(i.Code), "components/{id}", "components/"+string(h.mail.ID), "{id}", "abcdefghijkl")
	all := map[string]string{}
	for _, r := range h.routes() {
		if method, path, found := strings.Cut(r.Pattern, " "); found {
			all[method+" "+path] = fill.Replace(path)
		}
	}
	return all
}

func TestV17LookingChangesNothing(t *testing.T) {
	h := newHouse(t)
	addresses := h.addresses(t)
	session, token := h.session(h.people[staff.Owner]), h.token(staff.Owner, staff.Rights[:]...)
	h.ask(ask{path: "/api/v1/people", token: token}) // when a token was last used is noted, to the minute
	before, shown := h.facts(), 0
	for pattern, path := range addresses {
		if !strings.HasPrefix(pattern, "GET ") {
			continue
		}
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
			got := h.ask(ask{method: method, path: path, session: session, token: token})
			if got.Code >= 500 {
				t.Errorf("%s %s: %d", method, path, got.Code)
			}
			if got.Code == http.StatusOK {
				shown++
			}
		}
	}
	if shown < 200 {
		t.Errorf("only %d addresses showed something: nobody looked", shown)
	}
	h.unchanged(before, "a look")
}

func TestV17NoPostFromAnotherSiteActs(t *testing.T) {
	h := newHouse(t)
	addresses := h.addresses(t)
	session := h.session(h.people[staff.Owner])
	before, posts := h.facts(), 0
	for pattern, path := range addresses {
		method, at, _ := strings.Cut(pattern, " ")
		if method == http.MethodGet || method == http.MethodOptions || strings.HasPrefix(at, "/api/") {
			continue
		}
		posts++
		for name, header := range map[string]http.Header{
			"another site":        {"Sec-Fetch-Site": {"cross-site"}},
			"a sibling":           {"Sec-Fetch-Site": {"same-site"}, "Origin": {"https://blog.harbour.test"}},
			"an older browser":    {"Origin": {"https://evil.test"}},
			"a sandboxed frame":   {"Origin": {"null"}},
			"our name, unsecured": {"Origin": {"http://" + houseName}, "Sec-Fetch-Site": {"cross-site"}},
		} {
			got := h.ask(ask{method: method, path: path, session: session, form: url.Values{"List-Unsubscribe": {"One-Click"}}, header: header})
			if got.Code != http.StatusForbidden {
				t.Errorf("%s from %s: %d, want 403", pattern, name, got.Code)
			}
		}
	}
	if posts < 50 {
		t.Errorf("only %d forms were tried", posts)
	}
	h.unchanged(before, "a post from elsewhere")

	// No cookie is a right at the API, from whatever site.
	if got := h.ask(ask{method: http.MethodPost, path: "/api/v1/components", session: session, json: map[string]any{"name": english("X")}}); got.Code != http.StatusUnauthorized {
		t.Errorf("the API took a cookie: %d", got.Code)
	}
}

func TestV20SessionsAndTokensEndWithWhatTheyStoodFor(t *testing.T) {
	h := newHouse(t)
	owner := h.locked(staff.Owner)
	post := func(path, session string, form url.Values) {
		t.Helper()
		if got := h.ask(ask{method: http.MethodPost, path: path, session: session, form: form}); got.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", path, got.Code, regexp.MustCompile(`(?s)<[^>]*class="[^"]*(?:fault|refus|error)[^>]*>.{0,200}`).FindString(got.Body.String()))
		}
	}
	mine, other := h.session(owner), h.session(owner)
	post("/console/profile/password", mine, url.Values{"current": {password}, "password": {"vbnt rzqw pkgm"}})
	if !h.signedIn(mine) || h.signedIn(other) {
		t.Error("a new password ends every session but the one that chose it")
	}

	speaker := h.people[staff.Communicator]
	theirs := h.session(speaker)
	post("/console/people/"+string(speaker.ID), mine, url.Values{
		"name": {speaker.Name}, "mail": {speaker.Mail}, "language": {"en"}, "role[]": {"viewer"},
	})
	if h.signedIn(theirs) {
		t.Error("who lost a role is still signed in")
	}

	token, theirs := h.token(staff.Agent, staff.Look), h.session(h.people[staff.Agent])
	asks := func() int { return h.ask(ask{path: "/api/v1/incidents", token: token}).Code }
	if got := asks(); got != http.StatusOK || !h.signedIn(theirs) {
		t.Fatalf("the agent is not there: %d", got)
	}
	post("/console/people/"+string(h.people[staff.Agent].ID)+"/disable", mine, nil)
	if got := asks(); got != http.StatusUnauthorized || h.signedIn(theirs) {
		t.Errorf("who has left still acts: %d", got)
	}

	post("/console/sign-out", mine, nil)
	if h.signedIn(mine) {
		t.Error("who signed out is still signed in")
	}
}

func TestB15TheCookieIsOursNewAndEnds(t *testing.T) {
	for _, c := range []struct {
		url, name string
		secure    bool
	}{{"https://" + houseName, "__Host-candor", true}, {"http://" + houseName, "candor", false}} {
		h := newHouse(t, func(config *Config) { config.PublicURL = c.url })
		owner := h.locked(staff.Owner)
		planted := staff.NewSecret()
		got := cookieOf(t, h.ask(ask{method: http.MethodPost, path: "/console/sign-in", session: planted, form: url.Values{"mail": {owner.Mail}, "password": {password}}}))
		if got.Name != c.name || got.Secure != c.secure || !got.HttpOnly || got.SameSite != http.SameSiteLaxMode || got.Path != "/" || got.Domain != "" {
			t.Errorf("%s: %s", c.url, got.Raw)
		}
		if got.Value == planted || h.signedIn(planted) || !h.signedIn(got.Value) {
			t.Errorf("%s: a session somebody brought along was taken", c.url)
		}
		now := time.Now().UTC().Truncate(time.Microsecond)
		for name, s := range map[string]staff.Session{
			"idle for 12 hours":   {CreatedAt: now.Add(-13 * time.Hour), SeenAt: now.Add(-12 * time.Hour)},
			"older than 7 days":   {CreatedAt: now.Add(-7 * 24 * time.Hour), SeenAt: now},
			"of somebody unknown": {},
		} {
			secret := staff.NewSecret()
			if s.Person = owner.ID; !s.CreatedAt.IsZero() {
				s.ID, s.Hash = id.New[id.Session](now), staff.HashSecret(secret)
				h.write(func(ctx context.Context, tx *store.Tx) error { return tx.Sessions.Add(ctx, s) })
			}
			if h.signedIn(secret) {
				t.Errorf("%s: a session %s is good", c.url, name)
			}
		}
	}
}

func TestB13AStrangerLearnsNotWhoSignsInHere(t *testing.T) {
	h := newHouse(t)
	h.locked(staff.Owner)
	asked := map[string]*httptest.ResponseRecorder{}
	for _, mail := range []string{"owner@harbour.test", "nobod@harbour.test", "agent@harbour.test"} { // right; unknown; without a password
		asked[mail] = h.signIn(mail, "wrong and wrong again")
	}
	want := strings.ReplaceAll(asked["owner@harbour.test"].Body.String(), "owner@harbour.test", "MAIL")
	for mail, got := range asked {
		if got.Code != http.StatusUnauthorized || strings.ReplaceAll(got.Body.String(), mail, "MAIL") != want || len(got.Result().Cookies()) != 0 {
			t.Errorf("%s is answered another way (%d)", mail, got.Code)
		}
	}
}

var elsewhere = []string{
	"//evil.test", `\evil.test`, `\\evil.test`, `/\evil.test`, `/\/evil.test`, "https:evil.test", "https://evil.test/console", "https:/evil.test", "///evil.test",
	"/console//evil.test", "/console/../..//evil.test", "//evil.test/console", "/console\r\nLocation: https://evil.test", "/console%0d%0aX: y", "javascript:alert(1)",
	"/console@evil.test", "/consoleevil.test", "https://" + houseName + "@evil.test", "/console/%2e%2e/%2e%2e//evil.test", "\t//evil.test", " //evil.test", "/%09/evil.test",
	"/console/sign-out", "/console/assets/x", "console", "?x=//evil.test", "/console?to=//evil.test", "/console/\x00", "/console/people\\..\\evil",
}

// ours reports whether a browser that follows location stays on this host.
func ours(location string) bool {
	if location == "" || location[0] != '/' || strings.ContainsAny(location, "\\\r\n\t\x00") {
		return false
	}
	base := &url.URL{Scheme: "https", Host: houseName}
	to, err := base.Parse(location)
	return err == nil && to.Host == houseName && !strings.HasPrefix(location, "//")
}

func TestV40ASignInLeadsOnlyToOurOwnPages(t *testing.T) {
	h := newHouse(t)
	owner := h.locked(staff.Owner)
	for _, to := range elsewhere {
		got := h.signIn(owner.Mail, password, "to", to)
		if location := got.Header().Get("Location"); got.Code != http.StatusSeeOther || location != "/console" {
			t.Errorf("%q leads to %q (%d), want the front page", to, location, got.Code)
		}
	}
	if got := h.signIn(owner.Mail, password, "to", "/console/people").Header().Get("Location"); got != "/console/people" {
		t.Errorf("one of our own pages leads to %q", got)
	}
	// A page that asks who it is sends back only to itself.
	for _, path := range []string{"/console/people?to=//evil.test", "/console/audit?to=https://evil.test&return=//evil.test"} {
		if got := h.get(path); got.Code != http.StatusUnauthorized || strings.Contains(got.Body.String(), "evil.test") {
			t.Errorf("%s: %d, and it repeats where to go", path, got.Code)
		}
	}
}

func TestV40NoAddressRedirectsElsewhere(t *testing.T) {
	h := newHouse(t)
	var paths []string
	for _, path := range elsewhere {
		if !strings.ContainsAny(path, "\r\n\t\x00 ") {
			paths = append(paths, path, "/en"+path, "/console/"+path)
		}
	}
	for _, path := range h.addresses(t) {
		paths = append(paths, path+"?to=//evil.test&return=//evil.test&next=//evil.test&url=https://evil.test&zone=//evil.test", "/"+path, path+"//", "/."+path)
	}
	redirects := 0
	for _, path := range paths {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET " + path + " HTTP/1.1\r\nHost: " + houseName + "\r\n\r\n")))
		if err != nil {
			continue // net/http does not even show it to us
		}
		r.RemoteAddr = "192.0.2.1:4000"
		w := httptest.NewRecorder()
		h.public.http.Handler.ServeHTTP(w, r.WithContext(h.ctx()))
		if location := w.Header().Get("Location"); location != "" {
			if redirects++; !ours(location) {
				t.Errorf("%s leads to %q", path, location)
			}
		}
	}
	if redirects < 10 {
		t.Errorf("only %d redirects were seen", redirects)
	}
}

func TestV30LimitsAndAuditSeeTheSameAddress(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.TrustedProxies = []string{"10.0.0.0/8"} })
	owner := h.locked(staff.Owner)
	from := func(forwarded string) http.Header { return http.Header{"X-Forwarded-For": {forwarded}} }
	got := h.ask(ask{
		method: http.MethodPost, path: "/console/sign-in", ip: "10.0.0.1", header: from("6.6.6.6, 203.0.113.7"),
		form: url.Values{"mail": {owner.Mail}, "password": {password}},
	})
	if got.Code != http.StatusSeeOther {
		t.Fatal(got.Code)
	}
	h.ask(ask{
		method: http.MethodPost, path: "/api/v1/components", ip: "10.0.0.1", header: from("6.6.6.6, 203.0.113.7"),
		token: h.token(staff.Owner, staff.Arrange), json: map[string]any{"name": english("DNS")},
	})
	var acts []string
	h.read(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Audit.Page(ctx, store.AuditLine{}, 100)
		for _, l := range all {
			if l.IP == "203.0.113.7" {
				acts = append(acts, l.Act)
			}
		}
		return err
	})
	if slices.Sort(acts); !slices.Equal(acts, []string{"component add", "sign in"}) {
		t.Errorf("from that address: %v", acts)
	}

	subscribe := func(ip, forwarded string, n int) int {
		return h.ask(ask{
			method: http.MethodPost, path: "/en/subscribe", ip: ip, header: from(forwarded),
			form: url.Values{"email": {"a" + strings.Repeat("a", n) + "@bakery.test"}},
		}).Code
	}
	for n := range 10 {
		if got := subscribe("10.0.0.1", "6.6."+string(rune('0'+n))+".6, 203.0.113.7", n); got != http.StatusSeeOther {
			t.Fatalf("subscriber %d: %d", n, got)
		}
	}
	if got := subscribe("10.0.0.1", "9.9.9.9, 203.0.113.7", 20); got != http.StatusTooManyRequests {
		t.Errorf("who writes another address in front of theirs is let in: %d", got)
	}
	if got := subscribe("10.0.0.1", "198.51.100.1", 21); got != http.StatusSeeOther {
		t.Errorf("a neighbour behind the same proxy is refused: %d", got)
	}
	if got := subscribe("203.0.113.8", "198.51.100.2", 22); got != http.StatusTooManyRequests {
		t.Errorf("who is no proxy chooses their own address: %d", got)
	}
}
