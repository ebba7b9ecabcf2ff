package app

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"candor/desk"
	"candor/incident"
	"candor/staff"
)

// B2: whatever a request calls us, links lead to the address we were configured with.
func TestB2LinksLeadHomeWhateverARequestCallsUs(t *testing.T) {
	working(t, func(h *house) {
		i, _ := h.declare(incident.Public, "The shop is down.", h.shop)
		token := h.token(staff.Owner, staff.Rights[:]...)
		names := []string{"evil.test", "evil.test:443", houseName + ".evil.test", "evil.test#" + houseName, houseName + "@evil.test", "[::1]", "evil.test/" + houseName, "EVIL.test"}
		headers := []string{"X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-Host", "X-Forwarded-Server", "X-Forwarded-Proto", "X-Original-Url", "X-Rewrite-Url"}
		paths := []string{
			"/en/", "/de/incidents/" + string(i.Code), "/history.atom", "/en/feed.json", "/en/calendar.ics", "/api/v2/summary.json", "/en/subscribe", "/en", "/nowhere",
			"/en/confirm/none", "/en/?zone=UTC", "/api/v1/incidents/" + string(i.Code), "/api/v1/openapi.json", "/robots.txt", "/en/history",
		}
		asked := 0
		for _, path := range paths {
			for _, name := range names {
				variants := []ask{
					{path: path, token: token, header: http.Header{"Host": {name}}},
					{path: "http://" + strings.NewReplacer("#", "", "@", "").Replace(strings.Split(name, "/")[0]) + path, token: token},
				}
				for _, header := range headers {
					value := name
					if header == "Forwarded" {
						value = "host=" + name + ";proto=http"
					}
					variants = append(variants, ask{path: path, token: token, header: http.Header{header: {value}}})
				}
				for _, a := range variants {
					asked++
					if got := h.ask(a); holds(got, "evil.test") || holds(got, "EVIL.test") {
						h.t.Errorf("%s as %v repeats who we are said to be (%d)", a.path, a.header, got.Code)
					}
				}
			}
		}
		if asked < 1000 {
			h.t.Errorf("only %d requests", asked)
		}

		hostile := http.Header{"Host": {"evil.test"}, "X-Forwarded-Host": {"evil.test"}, "Forwarded": {"host=evil.test"}}
		if got := h.subscribe("anna@bakery.test", "198.51.100.1", hostile); got != http.StatusSeeOther {
			h.t.Fatal(got)
		}
		hostile.Set("Content-Type", "application/json")
		got := h.ask(ask{
			method: http.MethodPost, path: "/api/v1/people", token: token, header: hostile,
			json: map[string]any{"name": "Eve", "mail": "eve@harbour.test", "roles": []string{"viewer"}},
		})
		if got.Code != http.StatusCreated {
			h.t.Fatal(got.Code, got.Body)
		}
		h.subscriber("june@flowers.test")
		got = h.ask(ask{method: http.MethodPost, path: "/api/v1/incidents/" + string(i.Code) + "/updates", token: token, header: hostile, json: map[string]any{"body": english("Still down.")}})
		if got.Code != http.StatusCreated {
			h.t.Fatal(got.Code, got.Body)
		}
		h.later(time.Minute)
		kinds := map[string]bool{}
		for _, k := range h.outbox() {
			for _, link := range linksIn(k) {
				if !strings.HasPrefix(link, h.config.PublicURL+"/") && link != h.config.PublicURL {
					h.t.Errorf("%q leads to %s", k.Subject, link)
				}
				kinds[strings.Split(strings.TrimPrefix(link, h.config.PublicURL), "/")[min(2, strings.Count(strings.TrimPrefix(link, h.config.PublicURL), "/"))]] = true
			}
		}
		for _, kind := range []string{"confirm", "invitation", "manage", "unsubscribe", "incidents"} {
			if !kinds[kind] {
				h.t.Errorf("no letter with a link to %s was looked at: %v", kind, kinds)
			}
		}
	})
}

// B5: scanners and previews open every link there is. Nothing happens, and the links still work.
func TestB5ScannersChangeNothingAndLinksStillWork(t *testing.T) {
	working(t, func(h *house) {
		if got := h.subscribe("anna@bakery.test", "198.51.100.1", nil); got != http.StatusSeeOther {
			h.t.Fatal(got)
		}
		h.subscriber("june@flowers.test")
		if _, err := h.desk.AddPerson(h.as(staff.Owner), desk.PersonForm{Name: "Eve", Mail: "eve@harbour.test", Roles: []staff.Role{staff.Viewer}}); err != nil {
			h.t.Fatal(err)
		}
		h.declare(incident.Public, "The shop is down.", h.shop)
		h.later(time.Minute)
		var links []string
		for _, k := range h.outbox() {
			for _, link := range linksIn(k) {
				if path := strings.TrimPrefix(link, h.config.PublicURL); !slices.Contains(links, path) {
					links = append(links, path)
				}
			}
		}
		oneClick := ""
		for _, path := range links {
			if at := strings.Index(path, "/unsubscribe/"); at >= 0 {
				oneClick = path[at:] // as List-Unsubscribe has it, without a language
			}
		}
		links = append(links, oneClick)
		before := h.facts()
		for range 5 {
			for _, path := range links {
				for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
					for _, header := range []http.Header{nil, {"Sec-Purpose": {"prefetch;prerender"}, "Purpose": {"prefetch"}}, {"User-Agent": {"Slackbot-LinkExpanding 1.0"}}} {
						if got := h.ask(ask{method: method, path: path, header: header}); got.Code >= 500 {
							h.t.Errorf("%s %s: %d", method, path, got.Code)
						}
					}
				}
			}
		}
		h.unchanged(before, "a scanner")

		post := func(path string, form url.Values) {
			h.t.Helper()
			for range 2 {
				if got := h.ask(ask{method: http.MethodPost, path: path, form: form}); got.Code != http.StatusSeeOther {
					h.t.Errorf("%s: %d", path, got.Code)
				}
			}
		}
		used := 0
		for _, path := range links {
			segments := strings.Split(path, "/")
			switch last := segments[len(segments)-1]; {
			case strings.Contains(path, "/confirm/"):
				used++
				post("/en/confirm", url.Values{"token": {last}})
				if got := h.states()["active"]; got != 2 {
					h.t.Errorf("%d active after the confirmation, want 2", got)
				}
			case strings.Contains(path, "/manage/"):
				used++
				post("/en/manage", url.Values{"token": {last}, "language": {"de"}})
			}
		}
		if used != 2 {
			h.t.Errorf("%d of the links could be tried", used)
		}
		h.oneClick(oneClick)
	})
}

// oneClick posts as mailbox providers do (RFC 8058): no cookie, no Origin, either encoding, as often as they like.
func (h *house) oneClick(path string) {
	h.t.Helper()
	before := h.facts()
	for _, body := range []string{"", "List-Unsubscribe=Other", "token=x"} {
		h.ask(ask{method: http.MethodPost, path: path, body: body, header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}})
	}
	h.unchanged(before, "a stray post")
	multipart := "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"
	for range 5 {
		for kind, body := range map[string]string{"application/x-www-form-urlencoded": "List-Unsubscribe=One-Click", "multipart/form-data; boundary=b": multipart} {
			if got := h.ask(ask{method: http.MethodPost, path: path, body: body, header: http.Header{"Content-Type": {kind}}}); got.Code != http.StatusOK {
				h.t.Errorf("%s: %d", kind, got.Code)
			}
		}
	}
	if got := h.states()["unsubscribed"]; got != 1 {
		h.t.Errorf("%d have left, want one", got)
	}
}

// B14: a page behind a token is stored nowhere, tells no other site where it was opened, and loads nothing from one.
func TestB14PagesBehindATokenKeepIt(t *testing.T) {
	h := newHouse(t)
	link := h.subscriber("anna@bakery.test")
	setup, _, err := openHouse(t, "sqlite:"+t.TempDir()+"/empty.db").desk.SetupToken(h.ctx())
	if err != nil {
		t.Fatal(err)
	}
	invited, err := h.desk.ResetLink(staff.As(h.ctx(), staff.Actor{System: "cli"}), h.people[staff.Agent].ID)
	if err != nil {
		t.Fatal(err)
	}
	own := h.pageOf(h.customer("Bakery", "anna@bakery.test").Contacts[0])
	for _, path := range []string{
		"/de/me/" + own, "/en/me/forged", "/en/confirm/" + link.confirm, "/de/manage/" + link.manage, "/en/unsubscribe/" + link.unsubscribe, "/unsubscribe/" + link.unsubscribe,
		invited, "/console/setup/" + setup, "/en/manage/forged", "/console/invitation/" + staff.NewSecret(),
	} {
		got := h.get(path)
		head := got.Header()
		if !strings.Contains(head.Get("Cache-Control"), "no-store") {
			t.Errorf("%s may be stored: %q", path, head.Get("Cache-Control"))
		}
		if referrer := head.Get("Referrer-Policy"); referrer != "no-referrer" && (referrer != "same-origin" || !strings.HasPrefix(path, "/console/")) {
			t.Errorf("%s tells where it was: %q", path, referrer)
		}
		for _, from := range regexp.MustCompile(`(?:src|href|action)="([^"]*)"`).FindAllStringSubmatch(got.Body.String(), -1) {
			if to := from[1]; strings.Contains(to, "//") && !strings.HasPrefix(to, h.config.PublicURL) {
				t.Errorf("%s leads to %s", path, to)
			}
		}
		if !strings.Contains(head.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s has the policy %q", path, head.Get("Content-Security-Policy"))
		}
	}
}
