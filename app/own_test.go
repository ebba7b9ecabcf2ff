package app

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

// customer adds one who uses the shop. An address that begins with + is a mobile; others may have it already.
func (h *house) customer(name string, addresses ...audience.Address) (x audience.Customer) {
	h.t.Helper()
	at := time.Now().UTC().Truncate(time.Microsecond)
	h.write(func(ctx context.Context, tx *store.Tx) (err error) {
		x, err = storetest.AddCustomer(ctx, tx, audience.Customer{External: name + "-1", Name: name, Uses: []audience.Use{{Component: h.shop.ID}}}, at, addresses...)
		return err
	})
	return x
}

// pageOf is the token of an address's own page.
func (h *house) pageOf(c audience.Contact) (token string) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *store.Tx) error {
		whole, err := tx.Contacts.ByID(ctx, c.ID)
		if err != nil {
			return err
		}
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		token = audience.Sign(secret, audience.ToReach, whole.Code)
		return err
	})
	return token
}

func (h *house) standing(i id.Incident, c id.Customer) (x reach.Affected) {
	h.t.Helper()
	h.read(func(ctx context.Context, tx *store.Tx) (err error) {
		x, err = tx.Affected.Of(ctx, i, c)
		return err
	})
	return x
}

// mailed are the paths of every link in every letter, each once.
func (h *house) mailed() (paths []string) {
	h.t.Helper()
	for _, k := range h.outbox() {
		for _, link := range linksIn(k) {
			path, _, _ := strings.Cut(strings.TrimPrefix(link, h.config.PublicURL), "#")
			if strings.HasPrefix(path, "/") && !slices.Contains(paths, path) {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

var reference = regexp.MustCompile(`(?:href|action|src)="(/[^"]*)"`)

// linkedFrom adds what the pages at these paths link to and what their forms lead to: a scanner with a browser finds that too.
func (h *house) linkedFrom(paths []string) []string {
	for _, path := range slices.Clone(paths) {
		for _, found := range reference.FindAllStringSubmatch(h.get(path).Body.String(), -1) {
			if !slices.Contains(paths, found[1]) {
				paths = append(paths, found[1])
			}
		}
	}
	return paths
}

// scan opens every path as scanners, previews and prefetching browsers do, five times.
func (h *house) scan(paths []string) {
	h.t.Helper()
	for range 5 {
		for _, path := range paths {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
				for _, header := range []http.Header{nil, {"Sec-Purpose": {"prefetch;prerender"}, "Purpose": {"prefetch"}}, {"User-Agent": {"Slackbot-LinkExpanding 1.0"}}} {
					if got := h.ask(ask{method: method, path: path, header: header}); got.Code >= 500 {
						h.t.Errorf("%s %s: %d", method, path, got.Code)
					}
				}
			}
		}
	}
}

func (h *house) press(path string, form url.Values) *httptest.ResponseRecorder {
	h.t.Helper()
	return h.ask(ask{method: http.MethodPost, path: path, form: form})
}

// B5: what opens every link in every letter to a customer, and everything behind it, changes no row; then the person presses once.
func TestB5AScannerOfCustomersLettersChangesNothing(t *testing.T) {
	working(t, func(h *house) {
		bakery := h.customer("Bakery", "anna@bakery.test", "+4915112345001")
		catering := h.customer("Catering", "anna@bakery.test")
		h.subscriber("june@flowers.test")
		i, _ := h.declare(incident.Public, "The shop is down.", h.shop)
		h.later(time.Minute)

		mailed := h.mailed()
		own := "/en/me/" + h.pageOf(bakery.Contacts[0])
		if !slices.Contains(mailed, own) {
			h.t.Fatalf("no letter leads to the customer's own page: %v", mailed)
		}
		paths := h.linkedFrom(mailed)
		if !slices.Contains(paths, "/en/me/acknowledge") || !slices.Contains(paths, "/en/incidents/"+string(i.Code)+"/call") {
			h.t.Fatalf("the scanner does not find what changes something: %v", paths)
		}
		before := h.facts()
		h.scan(paths)
		h.unchanged(before, "a scanner")

		form := url.Values{"token": {strings.TrimPrefix(own, "/en/me/")}, "incident": {string(i.Code)}}
		for range 5 {
			if got := h.press("/en/me/acknowledge", form); got.Code != http.StatusSeeOther || got.Header().Get("Location") != own {
				h.t.Fatalf("the button answers %d %s", got.Code, got.Header().Get("Location"))
			}
		}
		for _, c := range []audience.Customer{bakery, catering} {
			if x := h.standing(i.ID, c.ID); x.Ended != reach.EndAcknowledged || x.Reason != reach.WhyByLink {
				h.t.Errorf("%s stands as %+v", c.Name, x)
			}
		}
		h.read(func(ctx context.Context, tx *store.Tx) error {
			acks, err := tx.Acknowledgements.Of(ctx, i.ID, bakery.ID)
			if len(acks) != 1 {
				h.t.Errorf("pressed five times, noted %d times", len(acks))
			}
			return err
		})
		if page := h.get(own).Body.String(); !strings.Contains(page, "You said that you know") || strings.Contains(page, "/me/acknowledge") {
			h.t.Error("the page asks again")
		}
	})
}

// T6: each way to change something survives the scanners, and does what it says once however often it is asked.
func TestT6EveryButtonWorksOnceAfterTheScanners(t *testing.T) {
	working(t, func(h *house) {
		bakery := h.customer("Bakery", "anna@bakery.test", "+4915112345001")
		june := h.subscriber("june@flowers.test")
		i, _ := h.declare(incident.Public, "The shop is down.", h.shop)
		h.later(time.Minute)
		token := h.pageOf(bakery.Contacts[0])
		mobile := string(h.contact(bakery.Contacts[1]).Code)
		h.scan(h.linkedFrom(append(h.mailed(), "/en/me/"+token, "/en/me", "/unsubscribe/"+june.unsubscribe)))

		code := string(i.Code)
		for _, b := range []struct {
			path string
			form url.Values
			then string // the tables that one press changes
		}{
			{"/en/me/call", url.Values{"incident": {code}, "number": {mobile}}, "affected audit call_requests decisions limits"},
			{"/en/me/channel", url.Values{"channel": {mobile}, "act": {"stop"}}, "affected audit decisions limits suppressions"},
			{"/en/me/channel", url.Values{"channel": {mobile}, "act": {"resume"}}, "affected audit limits suppressions"},
			{"/en/me/acknowledge", url.Values{"incident": {code}}, "acknowledgements limits"}, // they still wait for the call
			{"/en/me/language", url.Values{"language": {"de"}}, "audit contacts customers limits"},
			{"/en/me", nil, ""},
		} {
			form := url.Values{"token": {token}}
			for name, values := range b.form {
				form[name] = values
			}
			before := h.facts()
			if got := h.press(b.path, form); got.Code != http.StatusSeeOther {
				h.t.Fatalf("%s %v: %d %s", b.path, b.form, got.Code, got.Body)
			}
			synctest.Wait()
			if got := h.changed(before); got != b.then {
				h.t.Errorf("%s %v changes %q, want %q", b.path, b.form, got, b.then)
			}
			before = h.facts()
			for range 4 {
				h.press(b.path, form)
			}
			synctest.Wait()
			h.unchanged(before, "a second press of "+b.path, "limits")
		}
		h.oneClick("/unsubscribe/" + june.unsubscribe)
	})
}

// changed names the tables that are not as they were.
func (h *house) changed(before map[string]string) string {
	h.t.Helper()
	var names []string
	for name, is := range h.facts() {
		if is != before[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func (h *house) contact(c audience.Contact) (whole audience.Contact) {
	h.t.Helper()
	h.read(func(ctx context.Context, tx *store.Tx) (err error) {
		whole, err = tx.Contacts.ByID(ctx, c.ID)
		return err
	})
	return whole
}

// B9: whoever has a page of their own walks a thousand neighbours in either direction, and finds nothing but one answer.
func TestB9AThousandNeighboursLookLikeNobody(t *testing.T) {
	h := newHouse(t)
	at := time.Now().UTC().Truncate(time.Microsecond)
	var neighbours []audience.Customer
	for n := range 2000 {
		neighbours = append(neighbours, h.customer(fmt.Sprint("Shop ", n), audience.Address(fmt.Sprintf("shop%d@neighbours.test", n))))
	}
	me := neighbours[1000]
	i, _ := h.declare(incident.Public, "The shop is down.", h.shop)
	h.write(func(ctx context.Context, tx *store.Tx) error {
		_, _, err := tx.Affected.Assess(ctx, store.Assessment{
			Incident: i.ID, Audience: incident.ByUse, Components: []id.Component{h.shop.ID}, From: at, AsOf: at.Add(time.Minute), NextAt: at,
		}, "", 5000)
		return err
	})
	token := h.pageOf(me.Contacts[0])
	if got := h.get("/en/me/" + token); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "Shop 1000 (Shop 1000-1)") {
		t.Fatalf("my own page: %d", got.Code)
	}
	nobody := stamped(h.get("/en/me/" + string(id.NewCode()) + token[12:]).Body.String())
	answers := map[string]int{}
	var there, absent []time.Duration
	before := h.facts()
	for _, n := range neighbours {
		if n.ID == me.ID {
			continue
		}
		theirs := string(h.contact(n.Contacts[0]).Code)
		for _, try := range []struct {
			whose *[]time.Duration
			code  string
		}{{&there, theirs}, {&absent, string(id.NewCode())}} {
			began := time.Now()
			got := h.get("/en/me/" + try.code + token[12:])
			*try.whose = append(*try.whose, time.Since(began))
			answers[fmt.Sprint("page ", got.Code, " ", stamped(got.Body.String()) == nobody)]++
		}
		for _, form := range []url.Values{
			{"token": {token}, "channel": {theirs}, "act": {"stop"}}, {"token": {theirs + token[12:]}, "channel": {theirs}, "act": {"stop"}},
		} {
			got := h.press("/en/me/channel", form)
			answers[fmt.Sprint("act ", got.Code, " ", stamped(got.Body.String()) == nobody)]++
			if got.Code == http.StatusTooManyRequests {
				break
			}
		}
	}
	h.unchanged(before, "walking the neighbours", "limits")
	delete(answers, "act 429 false") // who walks on is stopped
	want := map[string]bool{"page 404 true": true, "act 404 true": true}
	for answer, n := range answers {
		if !want[answer] {
			t.Errorf("%d times %s", n, answer)
		}
	}
	if gap := median(there) - median(absent); gap > time.Millisecond || gap < -time.Millisecond {
		t.Errorf("a neighbour answers in %v, nobody in %v", median(there), median(absent))
	}
}

var minute = regexp.MustCompile(`\d\d:\d\d`)

// stamped is a page without the time at its foot.
func stamped(body string) string { return minute.ReplaceAllString(body, "") }

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
