package site

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

// customer adds one, whom what is open affects if they use it.
func (w *town) customer(name string, uses []id.Component, addresses ...audience.Address) (x audience.Customer) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *store.Tx) (err error) {
		x = audience.Customer{External: name, Name: "Bakery " + name}
		for _, c := range uses {
			x.Uses = append(x.Uses, audience.Use{Component: c})
		}
		x, err = storetest.AddCustomer(ctx, tx, x, w.now.Add(-24*time.Hour), addresses...)
		return err
	})
	return x
}

func (w *town) affects(i id.Incident, components ...id.Component) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *store.Tx) error {
		_, _, err := tx.Affected.Assess(ctx, store.Assessment{
			Incident: i, Audience: incident.ByUse, Components: components, From: w.now, AsOf: w.now, NextAt: w.now.Add(time.Hour),
		}, "", 1000)
		return err
	})
}

func (w *town) ownToken(channel string, a audience.Address) (token string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *store.Tx) (err error) {
		token, err = storetest.OwnToken(ctx, tx, channel, a)
		return err
	})
	return token
}

func TestAPageOfOnesOwnInEveryLanguageOnABadDayAndOnAGoodOne(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle().past()
	w.customer("calm", []id.Component{w.builder.ID}, "calm@customer.example")
	bad := w.badDay()
	everything := w.customer("everything", nil, "anna@customer.example", "+4915112345001")
	w.customer("second", nil, "anna@customer.example")
	w.affects(bad.i.ID, w.websites.ID, w.dns.ID)
	w.write(func(ctx context.Context, tx *store.Tx) error {
		return tx.Suppressions.Add(ctx, audience.SMS, "+4915112345001", audience.HardBounce, w.now)
	})
	secret := w.ownToken(audience.Email, "anna@customer.example")
	for _, tag := range lang.All() {
		at := "/" + string(tag)
		for name, path := range map[string]string{
			"bad day": at + "/me/" + secret, "good day": at + "/me/" + w.ownToken(audience.Email, "calm@customer.example"), "lost": at + "/me",
			"call": at + "/incidents/" + string(bad.i.Code) + "/call", "called": at + "/incidents/" + string(bad.i.Code) + "/called",
		} {
			got := w.get(path)
			if got.Code != http.StatusOK {
				t.Errorf("%s in %s: status %d", name, tag, got.Code)
			}
			body := got.Body.String()
			missingWords(t, name+" in "+string(tag), body)
			if len(body) > 20_000 {
				t.Errorf("%s in %s weighs %d bytes", name, tag, len(body))
			}
			if !strings.Contains(body, `<meta name="robots" content="noindex">`) {
				t.Errorf("%s in %s may be indexed", name, tag)
			}
			if strings.Contains(path, "/me/") && (got.Header().Get("Cache-Control") != "no-store" || got.Header().Get("Referrer-Policy") != "no-referrer") {
				t.Errorf("%s in %s: %v", name, tag, got.Header())
			}
			if asks := strings.Contains(body, "/me/acknowledge"); asks != (name == "bad day") {
				t.Errorf("%s in %s asks whether they know: %v", name, tag, asks)
			}
			for _, never := range []string{"anna@customer.example", "+4915112345001", "CANARY"} {
				if strings.Contains(body, never) {
					t.Errorf("%s in %s shows %s", name, tag, never)
				}
			}
		}
	}
	body := w.get("/en/me/" + secret).Body.String()
	var code string
	w.write(func(ctx context.Context, tx *store.Tx) error {
		s, err := tx.Instance.Secret(ctx, store.LinkSecret)
		code = reach.CallCode(s, bad.i.ID, everything.ID)
		return err
	})
	for what, want := range map[string]string{
		"whose page it is":             "Bakery everything (everything)",
		"their second account":         "Bakery second (second)",
		"what a caller will say":       code,
		"that texts come back":         "What we send there comes back.",
		"the incident's own page":      `href="/en/incidents/` + string(bad.i.Code) + `"`,
		"a number of theirs":           "&#43;49…01",
		"where to type another":        `name="phone"`,
		"the form's own token":         `name="token" value="` + secret + `"`,
		"how its address is forgotten": `data-hide-address="/en/me"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not show %s: %s", what, want)
		}
	}
}

func TestAPageOfAThousandAccountsStaysSmall(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	for n := range 1000 {
		w.customer(fmt.Sprint("shop ", n), nil, "reseller@customer.example")
	}
	for n := range 60 {
		w.customer(fmt.Sprint("way ", n), nil, "reseller@customer.example", audience.Address(fmt.Sprintf("+49151123450%02d", n)))
	}
	token := w.ownToken(audience.Email, "reseller@customer.example")
	for _, tag := range lang.All() {
		got := w.get("/" + string(tag) + "/me/" + token)
		if n := got.Body.Len(); got.Code != http.StatusOK || n > 20_000 {
			t.Errorf("in %s: status %d, %d bytes", tag, got.Code, n)
		}
	}
	if body := w.get("/en/me/" + token).Body.String(); !strings.Contains(body, "more accounts") {
		t.Error("the page does not say that there are more accounts")
	}
}

func TestARefusedNumberComesBackAsItWasTyped(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	w.customer("everything", nil, "anna@customer.example")
	w.affects(bad.i.ID)
	token := w.ownToken(audience.Email, "anna@customer.example")
	got := w.post("/en/me/call", url.Values{"token": {token}, "incident": {string(bad.i.Code)}, "phone": {"12<b>"}})
	if body := got.Body.String(); got.Code != http.StatusUnprocessableEntity || !strings.Contains(body, `value="12&lt;b&gt;"`) || !strings.Contains(body, "phone-error") {
		t.Errorf("my own page answers %d: %s", got.Code, body)
	}
	got = w.post("/en/incidents/"+string(bad.i.Code)+"/call", url.Values{"phone": {"12<b>"}, "name": {""}, "about": {"no <i>mail"}, "language": {"en"}})
	body := got.Body.String()
	for _, want := range []string{`value="12&lt;b&gt;"`, `value="no &lt;i&gt;mail"`, "phone-error", "name-error"} {
		if got.Code != http.StatusUnprocessableEntity || !strings.Contains(body, want) {
			t.Errorf("the public form answers %d without %s", got.Code, want)
		}
	}
	got = w.post("/en/incidents/"+string(bad.i.Code)+"/call", url.Values{"phone": {"+1 480 555 0142"}, "name": {"Anna"}, "language": {"en"}})
	if got.Code != http.StatusSeeOther || w.get(got.Header().Get("Location")).Code != http.StatusOK {
		t.Errorf("a number that can be called: %d %s", got.Code, got.Header().Get("Location"))
	}
}

func TestNumbersAreAskedForWhileItLasts(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	path := "/en/incidents/" + string(bad.i.Code)
	if !strings.Contains(w.get(path).Body.String(), path+"/call") {
		t.Error("the incident does not say where to leave a number")
	}
	bad.say(w.now, incident.Resolved, said("It works."), 0, incident.DefaultFields(incident.Outage, time.Time{}))
	w.face.refresh(t.Context())
	if strings.Contains(w.get(path).Body.String(), path+"/call") {
		t.Error("an incident that is over still asks for numbers")
	}
	if got := w.get(path + "/call"); got.Code != http.StatusGone {
		t.Errorf("the form of an incident that is over answers %d", got.Code)
	}
	if got := w.post(path+"/call", url.Values{"phone": {"+1 480 555 0142"}, "name": {"Anna"}, "language": {"en"}}); got.Code != http.StatusGone {
		t.Errorf("a number left when it is over: %d", got.Code)
	}
}

func TestNothingAnybodyTypedActsOnAPageOfOnesOwn(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	all := payloads(t)
	here, stories := w.poisoned(all[:min(20, len(all))])
	r := w.face.reader(here, lang.English, w.now, time.Time{})
	for n, text := range all {
		s := stories[n%len(stories)]
		s.Kind = incident.Data
		x := ownFacts{token: "token", accounts: []audience.Customer{{ID: "cus_1", Name: text, External: text}, {ID: "cus_2", Name: text}}, secret: []byte("secret")}
		x.hits = []ownHit{{story: s, affected: []reach.Affected{{Customer: "cus_1", Component: w.dns.ID}, {Customer: "cus_2"}}}}
		x.owner.Accounts = []id.Customer{"cus_1", "cus_2"}
		page := w.face.ownPage(r, here, x)
		refused := &http.Request{PostForm: url.Values{"phone": {text}}}
		page.refuse(refused, problem.Field("phone", "problem.phone", "typed", text))
		w.inspect(t, "me.html", page)
		call := w.face.callPage(r, here, s)
		call.Form.Name, call.Form.Phone, call.Form.About, call.Form.NameError, call.Form.Any = text, text, text, text, text
		w.inspect(t, "call.html", call)
	}
}
