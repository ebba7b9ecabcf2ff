package site

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/store"
)

const endpoint = "https://push.example/send/abc123"

// browserKeys are what a browser would post.
func browserKeys(t *testing.T) string {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b := base64.RawURLEncoding
	return `{"p256dh":"` + b.EncodeToString(private.PublicKey().Bytes()) + `","auth":"` + b.EncodeToString(make([]byte, 16)) + `"}`
}

func (w *town) postJSON(path, body string) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	got := httptest.NewRecorder()
	w.face.ServeHTTP(got, r)
	return got
}

func (w *town) browser() (c audience.Contact) {
	w.write(func(ctx context.Context, tx *store.Tx) (err error) {
		c, err = tx.Contacts.ByAddress(ctx, audience.Push, endpoint)
		return err
	})
	return c
}

func TestABrowserSubscribesChangesAndEnds(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	keys := browserKeys(t)
	got := w.postJSON("/de/push", `{"endpoint":"`+endpoint+`","keys":`+keys+`,"components":["`+string(w.mailboxes.Code)+`"],"every":true}`)
	if got.Code != http.StatusCreated {
		t.Fatalf("%d: %s", got.Code, got.Body)
	}
	c := w.browser()
	if c.State() != "active" || c.Channel != audience.Push || c.Language != "de" || !c.EveryUpdate || len(c.Components) != 1 || !strings.Contains(c.Keys, "p256dh") {
		t.Errorf("%+v", c)
	}
	var answer struct{ Manage string }
	if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil || !strings.HasPrefix(answer.Manage, "/de/manage/") {
		t.Fatalf("%s", got.Body)
	}
	if page := w.get(answer.Manage); page.Code != http.StatusOK || strings.Contains(page.Body.String(), "abc123") {
		t.Errorf("the page of the subscription answers %d, or shows the endpoint", page.Code)
	}
	if again := w.postJSON("/en/push", `{"endpoint":"`+endpoint+`","keys":`+keys+`}`); again.Code != http.StatusCreated || w.browser().ID != c.ID || w.browser().Language != "en" {
		t.Errorf("asking twice: %d, %+v", again.Code, w.browser())
	}
	if got := w.postJSON("/en/push/end", `{"endpoint":"`+endpoint+`","keys":`+browserKeys(t)+`}`); got.Code != http.StatusOK || w.browser().State() != "active" {
		t.Errorf("a stranger who knows the endpoint ends it: %d", got.Code)
	}
	if got := w.postJSON("/en/push/end", `{"endpoint":"`+endpoint+`","keys":`+keys+`}`); got.Code != http.StatusOK || w.browser().State() != "unsubscribed" {
		t.Errorf("ending answers %d, and leaves %s", got.Code, w.browser().State())
	}
	if got := w.postJSON("/en/push", `{"endpoint":"`+endpoint+`","keys":`+keys+`}`); got.Code != http.StatusCreated || w.browser().State() != "active" {
		t.Errorf("coming back answers %d, and leaves %s", got.Code, w.browser().State())
	}
}

func TestWhatIsNoBrowserIsRefused(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	keys := browserKeys(t)
	for what, body := range map[string]string{
		"no JSON":                    `endpoint=` + endpoint,
		"nothing":                    `{}`,
		"an inner address":           `{"endpoint":"https://169.254.169.254/x","keys":` + keys + `}`,
		"an address without TLS":     `{"endpoint":"http://push.example/x","keys":` + keys + `}`,
		"another port":               `{"endpoint":"https://push.example:25/x","keys":` + keys + `}`,
		"no keys":                    `{"endpoint":"` + endpoint + `"}`,
		"a point beside the curve":   `{"endpoint":"` + endpoint + `","keys":{"p256dh":"` + strings.Repeat("A", 87) + `","auth":"AAAAAAAAAAAAAAAAAAAAAA"}}`,
		"a component nobody has":     `{"endpoint":"` + endpoint + `","keys":` + keys + `,"components":["zzzzzzzzzzzz"]}`,
		"more than anybody asks for": `{"endpoint":"` + endpoint + `","keys":` + keys + `,"x":"` + strings.Repeat("x", 17<<10) + `"}`,
	} {
		if got := w.postJSON("/en/push", body); got.Code/100 != 4 {
			t.Errorf("%s: %d", what, got.Code)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/en/push", strings.NewReader(`{"endpoint":"`+endpoint+`","keys":`+keys+`}`))
	r.Header.Set("Content-Type", "text/plain") // what another site's form could send without asking
	got := httptest.NewRecorder()
	w.face.ServeHTTP(got, r)
	if got.Code/100 != 4 {
		t.Errorf("another site's form: %d", got.Code)
	}
}

func TestNotificationsAreOfferedWhereTheyWork(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	if strings.Contains(w.get("/en/subscribe").Body.String(), `id="push"`) {
		t.Error("offered without a key")
	}
	w = newTown(t).settle()
	w.face.OfferPush("BKEY")
	page := w.get("/en/subscribe").Body.String()
	if !strings.Contains(page, `id="push" class="ask" hidden`) || !strings.Contains(page, `data-key="BKEY"`) || !strings.Contains(page, w.face.assets.push) {
		t.Errorf("not offered, or shown without a script:\n%s", page)
	}
	if strings.Contains(w.get("/en/").Body.String(), w.face.assets.push) {
		t.Error("the home page loads the script, too")
	}
	worker := w.get("/sw.js")
	h := worker.Header()
	if worker.Code != http.StatusOK || h.Get("Content-Type") != "text/javascript; charset=utf-8" || h.Get("Content-Security-Policy") != "default-src 'none'" || !strings.Contains(h.Get("Cache-Control"), "max-age=0") {
		t.Errorf("%d %v", worker.Code, h)
	}
	if strings.Contains(worker.Body.String(), "importScripts") || strings.Contains(worker.Body.String(), "fetch(") {
		t.Error("the worker loads something")
	}
	weight := len(page) + len(pushScript) + len(script) + len(worker.Body.Bytes())
	if css := w.get(w.face.assets.css); weight+css.Body.Len() > 60_000 || len(page) > 50_000 {
		t.Errorf("the page weighs %d, and all it loads %d", len(page), weight+css.Body.Len())
	}
}

// Whoever holds a webhook's link reads there what to verify our signatures with; whoever holds another kind of address does not.
func TestAWebhooksOwnerReadsItsSecret(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	tokens := map[string]string{}
	w.write(func(ctx context.Context, tx *store.Tx) error {
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		if err != nil {
			return err
		}
		for channel, address := range map[string]audience.Address{audience.Webhook: "https://customer.example/hook", audience.Email: "a@customer.example"} {
			c := audience.Contact{ID: id.New[id.Contact](w.now), Code: id.NewCode(), Channel: channel, Address: address, Language: "en", CreatedAt: w.now, ConfirmedAt: w.now}
			tokens[channel] = audience.Sign(secret, audience.ToManage, c.Code)
			if channel == audience.Webhook {
				tokens["secret"] = reach.HookSecret(secret, c.Code)
			}
			if err := tx.Contacts.Add(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
	if page := w.get("/en/manage/" + tokens[audience.Webhook]).Body.String(); !strings.Contains(html.UnescapeString(page), tokens["secret"]) {
		t.Errorf("the secret is not there:\n%s", page)
	}
	if page := w.get("/en/manage/" + tokens[audience.Email]).Body.String(); strings.Contains(page, "whsec_") {
		t.Error("a mail address has a secret")
	}
}
