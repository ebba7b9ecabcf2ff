package console

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"candor/desk"
	"candor/lang"
	"candor/staff"
)

func TestV20APasswordChangeEndsEveryOtherSession(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		here := h.setUp(t)
		there := h.visitor(t)
		there.must(there.post("/console/sign-in", url.Values{"mail": {"dana@harbour.test"}, "password": {goodPassword}, "to": {"/console/people"}}))
		wantSaid(t, there.get("/console/people"), "People")
		wantSaid(t, here.must(here.post("/console/profile/password", url.Values{"current": {goodPassword}, "password": {"other calm words at four"}})), "Every other session has ended")
		if got := there.get("/console/people").status; got != http.StatusUnauthorized {
			t.Errorf("the other session is answered %d, want 401", got)
		}
		if got := here.get("/console/people").status; got != http.StatusOK {
			t.Errorf("the session that changed it is answered %d, want 200", got)
		}
	})
}

func TestV40SigningInReturnsOnlyToOurOwnPages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.setUp(t)
		for to, want := range map[string]string{
			"/console/people":                 "/console/people",
			"/console/incidents/abcdefghijkl": "/console/incidents/abcdefghijkl",
			"//evil.example/console":          "/console",
			"/\\evil.example":                 "/console",
			"/console/../../evil":             "/console",
			"https://evil.example/console":    "/console",
			"/console//evil.example":          "/console",
			"/console/sign-out":               "/console",
			"/console/outbox/x/html":          "/console",
			"/consolex":                       "/console",
			"javascript:alert(1)":             "/console",
			"/console/people\r\nX: y":         "/console",
			"":                                "/console",
		} {
			v := h.visitor(t)
			a := v.post("/console/sign-in", url.Values{"mail": {"dana@harbour.test"}, "password": {goodPassword}, "to": {to}})
			if a.to != want || a.status != http.StatusSeeOther {
				t.Errorf("to=%q leads to %d %q, want %q", to, a.status, a.to, want)
			}
		}
	})
}

func TestAPageAskedForWithoutASessionComesBackAfterSigningIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.setUp(t)
		v := h.visitor(t)
		a := v.get("/console/people?x=1")
		if a.status != http.StatusUnauthorized {
			t.Fatalf("got %d, want 401", a.status)
		}
		form := formOnPage(a)
		form.Set("mail", "dana@harbour.test")
		form.Set("password", "not the password at all")
		a = v.post("/console/sign-in", form)
		if a.status != http.StatusUnauthorized || formOnPage(a).Get("mail") != "dana@harbour.test" {
			t.Errorf("a wrong password is answered %d with mail %q", a.status, formOnPage(a).Get("mail"))
		}
		form.Set("password", goodPassword)
		if a = v.post("/console/sign-in", form); a.to != "/console/people" {
			t.Errorf("signed in, sent to %q, want /console/people", a.to)
		}
	})
}

func TestB15SigningInMakesANewSessionAndItsCookieIsBound(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.setUp(t)
		cookieOf := func() string {
			a := h.visitor(t).post("/console/sign-in", url.Values{"mail": {"dana@harbour.test"}, "password": {goodPassword}})
			return a.header.Get("Set-Cookie")
		}
		first, second := cookieOf(), cookieOf()
		if first == second {
			t.Error("two sign-ins share a session")
		}
		value := regexp.MustCompile(`=[^;]+`)
		if got, want := value.ReplaceAllString(first, "=…"), "candor=…; Path=…; HttpOnly; SameSite=…"; got != want {
			t.Errorf("cookie over http:\n got %s\nwant %s", got, want)
		}
		h.face.public = &url.URL{Scheme: "https", Host: "status.example.test"}
		if got, want := value.ReplaceAllString(cookieOf(), "=…"), "__Host-candor=…; Path=…; HttpOnly; Secure; SameSite=…"; got != want {
			t.Errorf("cookie over https:\n got %s\nwant %s", got, want)
		}
	})
}

// V21 and V22 for this face: nobody gets through a route without its right. Whoever adds a route is in this test already.
func TestV21EveryRouteAsksForItsRight(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		owner := h.setUp(t)
		people := map[staff.Role]*visitor{staff.Owner: owner}
		for _, role := range []staff.Role{staff.Communicator, staff.Agent, staff.Finance, staff.Viewer} {
			people[role] = h.join(t, role)
		}
		for _, route := range h.face.Routes() {
			method, pattern, _ := strings.Cut(route.Pattern, " ")
			if route.Open {
				continue
			}
			path := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(strings.ReplaceAll(pattern, "{$}", ""), "abcdefghijkl")
			if got := h.visitor(t).do(method, path, url.Values{}).status; got != http.StatusUnauthorized {
				t.Errorf("%s answers nobody with %d, want 401", route.Pattern, got)
			}
			for role, v := range people {
				if staff.May([]staff.Role{role}, route.Needs) {
					continue
				}
				if got := v.do(method, path, url.Values{}).status; got != http.StatusForbidden {
					t.Errorf("%s answers a %s with %d, want 403", route.Pattern, role, got)
				}
			}
		}
	})
}

// join adds somebody with a role and signs them in.
func (h *house) join(t *testing.T, role staff.Role) *visitor {
	t.Helper()
	cli := staff.As(t.Context(), staff.Actor{System: "cli"})
	mail := string(role) + "@harbour.test"
	_, err := h.desk.AddPerson(cli, desk.PersonForm{Name: "A " + string(role), Mail: mail, Password: goodPassword, Roles: []staff.Role{role}, Language: lang.English})
	if err != nil {
		t.Fatal(err)
	}
	v := h.visitor(t)
	if a := v.post("/console/sign-in", url.Values{"mail": {mail}, "password": {goodPassword}}); a.status != http.StatusSeeOther {
		t.Fatalf("%s cannot sign in: %d", role, a.status)
	}
	return v
}

func TestEveryAnswerCarriesItsHeaders(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		for _, path := range []string{"/console", "/console/nothing", "/console/people", "/console/sign-in"} {
			a := v.get(path)
			got := map[string]string{}
			for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control"} {
				got[name] = a.header.Get(name)
			}
			want := map[string]string{
				"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
			t.Errorf("the policy lets something through: %s", policy)
		}
	})
}

// The file is the one npm has as htmx.org@4.0.1; a change to it must be a decision.
func TestTheVendoredScriptIsTheOneWeTook(t *testing.T) {
	t.Parallel()
	body, err := assets.ReadFile("assets/htmx-4.0.1.min.js")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	if got, want := hex.EncodeToString(sum[:]), "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"; got != want {
		t.Errorf("got sha256 %s, want %s", got, want)
	}
}
