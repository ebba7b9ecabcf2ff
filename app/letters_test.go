package app

import (
	"context"
	"fmt"
	"html"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/desk"
	"candor/incident"
	"candor/lang"
	"candor/staff"
	"candor/store"
)

// A working house does what the clock owes, in fake time. Without a mail relay its letters go to the outbox, where they are read.
func working(t *testing.T, f func(h *house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		if err := h.duty.Start(h.ctx()); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := h.duty.Stop(context.Background()); err != nil {
				t.Error(err)
			}
		}()
		f(h)
	})
}

// later lets duty do its work.
func (h *house) later(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// outbox is every letter there is.
func (h *house) outbox() (all []store.Kept) {
	h.t.Helper()
	var after store.Kept
	for {
		var page []store.Kept
		h.read(func(ctx context.Context, tx *store.Tx) (err error) {
			if page, err = tx.Outbox.Page(ctx, after, 200); err != nil {
				return err
			}
			for n := range page { // a page lists them, it does not open them
				if page[n], err = tx.Outbox.ByDelivery(ctx, page[n].Delivery); err != nil {
					return err
				}
			}
			return nil
		})
		if all = append(all, page...); len(page) < 200 {
			return all
		}
		after = page[len(page)-1]
	}
}

func (h *house) subscribe(address, ip string, header http.Header) int {
	return h.ask(ask{method: http.MethodPost, path: "/en/subscribe", ip: ip, form: url.Values{"email": {address}}, header: header}).Code
}

var address = regexp.MustCompile(`https?://[^\s"<>)\]]+`)

// linksIn a letter, each once.
func linksIn(k store.Kept) (all []string) {
	for _, s := range address.FindAllString(k.Text+"\n"+html.UnescapeString(k.HTML), -1) {
		if s = strings.TrimRight(s, ".,;"); !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// V23: what is private reaches nobody: not by mail, not by snapshot. What pages, feeds, badges and documents show is crawled in package site.
func TestV23NothingPrivateIsMailedOrMirrored(t *testing.T) {
	const canary = "CANARY"
	var database, public string
	working(t, func(h *house) {
		secret := h.component(canary+" component", true)
		anna := h.subscriber("anna@bakery.test")
		h.subscriber("june@flowers.test", h.mail.ID)
		h.declare(incident.Private, canary+" private", h.shop)
		h.declare(incident.Rehearsal, canary+" rehearsal", h.shop)
		alert := map[string]any{"status": "firing", "labels": map[string]string{"alertname": canary + " draft", "component": "Shop"}, "fingerprint": "f"}
		if got := h.ask(ask{method: http.MethodPost, path: "/api/v1/alerts", token: h.token(staff.Owner, staff.Alert), json: map[string]any{"groupKey": "g", "alerts": []any{alert}}}); got.Code != 200 {
			h.t.Fatal(got.Code, got.Body)
		}
		// A public incident touches the private component too: it is told, the component is not.
		i, _ := h.declare(incident.Public, "The shop is down.", h.shop)
		_, err := h.desk.Post(h.as(staff.Owner), i.ID, desk.Word{Body: english("Still down."), Affected: []incident.Affected{
			{Component: h.shop.ID, Status: "major_outage"}, {Component: secret.ID, Status: "major_outage"},
		}})
		if err != nil {
			h.t.Fatal(err)
		}
		h.later(time.Minute)
		told := 0
		for _, k := range h.outbox() {
			toStaff := strings.HasSuffix(string(k.Address), "@harbour.test")
			if strings.Contains(k.Subject+k.Text+k.HTML, canary) && !toStaff {
				h.t.Errorf("%s reads %q", k.Address, k.Subject)
			}
			if !toStaff {
				told++
			}
		}
		if told < 2 {
			h.t.Errorf("%d letters to subscribers: nobody looked", told)
		}
		for _, path := range []string{"/en/manage/" + anna.manage, "/en/subscribe", "/en/confirm/" + anna.confirm, "/en/unsubscribe/" + anna.unsubscribe} {
			if got := h.get(path); got.Code != 200 || strings.Contains(got.Body.String(), canary) {
				h.t.Errorf("%s: %d, or it shows what is private", path, got.Code)
			}
		}
		database, public = h.config.Database, h.config.PublicURL

		dir := h.t.TempDir()
		files, err := Snapshot(h.ctx(), Config{Listen: "127.0.0.1:0", Database: database, PublicURL: public}, dir, slog.New(slog.DiscardHandler))
		if err != nil || files < 20 {
			h.t.Fatalf("%d files, %v", files, err)
		}
		shown := 0
		err = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(dir + "/" + name)
			if strings.Contains(string(b), canary) {
				h.t.Errorf("the snapshot's %s shows what is private", name)
			}
			if strings.Contains(string(b), "The shop is down.") {
				shown++
			}
			return err
		})
		if err != nil || shown < 5 {
			h.t.Errorf("only %d files show what is public, %v", shown, err)
		}
	})
}

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

func (h *house) states() (n map[string]int64) {
	h.read(func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = tx.Contacts.CountByState(ctx)
		return err
	})
	return n
}

// toStrangers are the letters in the outbox but those to the owners, who are told when somebody uses the form as a weapon.
func (h *house) toStrangers() (n int) {
	h.t.Helper()
	for _, l := range h.outbox() {
		if strings.HasSuffix(string(l.Address), "@bakery.test") {
			n++
		}
	}
	return n
}

// B3: our form is no weapon against a mailbox.
func TestB3ManySignUpsMakeOneMail(t *testing.T) {
	working(t, func(h *house) {
		asked, refused := 0, 0
		for n := range 1_000 {
			_, err := h.desk.Subscribe(h.ctx(), desk.Subscription{
				Address: []string{"victim@bakery.test", "VICTIM@Bakery.test", " victim@bakery.test "}[n%3], Language: lang.English, IP: fmt.Sprintf("198.%d.%d.7", 18+n/256%2, n%256),
			})
			if asked++; err != nil {
				refused++
			}
			if n == 600 {
				h.later(time.Hour)
			}
		}
		h.later(time.Minute)
		// Refused or not, no sign-up but the first made a letter; limits do not grow with their number.
		if got := h.toStrangers(); got != 1 || refused < 300 {
			h.t.Errorf("%d sign-ups (%d refused) in two hours made %d letters to one person, want 1", asked, refused, got)
		}
	})
}

func TestB3AnHourMakesAtMostThreeHundredMails(t *testing.T) {
	working(t, func(h *house) {
		accepted := 0
		for n := range 320 {
			code := h.subscribe(fmt.Sprintf("victim%d@bakery.test", n), fmt.Sprintf("198.%d.%d.7", 18+n/256, n%256), nil)
			switch code {
			case http.StatusSeeOther:
				accepted++
			case http.StatusTooManyRequests:
			default:
				h.t.Fatalf("sign-up %d: %d", n, code)
			}
		}
		h.later(time.Minute)
		if got := h.toStrangers(); got != 300 || accepted != 300 {
			h.t.Errorf("320 sign-ups in an hour made %d letters (%d accepted), want 300", got, accepted)
		}
		accepted = 0
		for n := range 20 {
			if h.subscribe(fmt.Sprintf("next%d@bakery.test", n), "203.0.113.7", nil) == http.StatusSeeOther {
				accepted++
			}
		}
		if accepted != 0 {
			h.t.Errorf("the hour's limit let %d more in", accepted)
		}
		h.later(time.Hour)
		for n := range 20 {
			if h.subscribe(fmt.Sprintf("next%d@bakery.test", n), "203.0.113.7", nil) == http.StatusSeeOther {
				accepted++
			}
		}
		if accepted != 10 {
			h.t.Errorf("one network signs up %d in an hour, want 10", accepted)
		}
	})
}

// B13: the answer to a sign-up says nothing of who is known here.
func TestB13SubscribingAnswersTheSameForEverybody(t *testing.T) {
	h := newHouse(t)
	h.subscriber("known@bakery.test")
	forms := map[string]func(string) ask{
		"the page": func(mail string) ask { return ask{path: "/en/subscribe", form: url.Values{"email": {mail}}} },
		"Statuspage's form": func(mail string) ask {
			return ask{path: "/api/v2/subscribers.json", form: url.Values{"subscriber[email]": {mail}}}
		},
		"Statuspage's JSON": func(mail string) ask {
			return ask{path: "/api/v2/subscribers", json: map[string]any{"subscriber": map[string]string{"email": mail}}}
		},
	}
	for name, form := range forms {
		var answers []string
		for n, mail := range []string{"known@bakery.test", "never@bakery.test", "never@bakery.test"} {
			a := form(mail)
			a.method, a.ip = http.MethodPost, fmt.Sprintf("203.0.%d.7", n)
			got := h.ask(a)
			if got.Code >= 400 {
				t.Fatalf("%s: %d %s", name, got.Code, got.Body)
			}
			var head strings.Builder
			if err := got.Header().Write(&head); err != nil {
				t.Fatal(err)
			}
			etag := regexp.MustCompile(`(?m)^Etag: .*$`)
			answers = append(answers, etag.ReplaceAllString(fmt.Sprint(got.Code, head.String(), strings.ReplaceAll(got.Body.String(), mail, "*****@bakery.test")), ""))
		}
		if answers[0] != answers[1] || answers[1] != answers[2] {
			t.Errorf("%s answers a known address:\n%s\nan unknown one:\n%s\nand again:\n%s", name, answers[0], answers[1], answers[2])
		}
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
