package site

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"candor/audience"
	"candor/store"
)

func (w *town) post(path string, form url.Values) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := httptest.NewRecorder()
	w.face.ServeHTTP(got, r)
	return got
}

// subscriber asks through the form and answers the token of the mailed link.
func (w *town) subscriber(address string) (confirm string) {
	w.t.Helper()
	if got := w.post("/en/subscribe", url.Values{"email": {address}}); got.Code != http.StatusSeeOther {
		w.t.Fatalf("subscribe answers %d:\n%s", got.Code, got.Body)
	}
	return w.token(audience.ToConfirm, address)
}

func (w *town) token(p audience.Purpose, address string) (token string) {
	w.write(func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.Contacts.ByAddress(ctx, "email", audience.Address(address).Key())
		if err != nil {
			return err
		}
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		token = audience.Sign(secret, p, c.Code)
		return err
	})
	return token
}

func (w *town) contact(address string) (c audience.Contact) {
	w.write(func(ctx context.Context, tx *store.Tx) (err error) {
		c, err = tx.Contacts.ByAddress(ctx, "email", audience.Address(address).Key())
		return err
	})
	return c
}

// everything counts what reading must not change.
func (w *town) everything() string {
	var all []any
	w.write(func(ctx context.Context, tx *store.Tx) error {
		states, err := tx.Contacts.CountByState(ctx)
		if err != nil {
			return err
		}
		newest, err := tx.Changes.Newest(ctx)
		if err != nil {
			return err
		}
		incidents, err := tx.Incidents.StaffPage(ctx, store.Place{}, 1000)
		all = []any{states, newest, incidents, w.contactOrNone(ctx, tx)}
		return err
	})
	text, err := json.Marshal(all)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

func (w *town) contactOrNone(ctx context.Context, tx *store.Tx) audience.Contact {
	c, _ := tx.Contacts.ByAddress(ctx, "email", "reader@customer.example")
	return c
}

func TestALinkIsLookedAtFreelyAndActsOnlyByItsForm(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	const address = "reader@customer.example"
	confirm := w.subscriber(address)
	page := w.get("/en/confirm/" + confirm)
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), `value="`+confirm+`"`) {
		t.Fatalf("the confirm page: %d\n%s", page.Code, page.Body)
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"} {
		if got := page.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if w.contact(address).State() != "unconfirmed" {
		t.Fatal("looking confirmed it")
	}
	steps := []struct {
		path, then, state string
		form              url.Values
	}{
		{"/en/confirm", "/en/subscribe/confirmed", "active", url.Values{"token": {confirm}}},
		{"/en/confirm", "/en/subscribe/confirmed", "active", url.Values{"token": {confirm}}},
		{"/de/manage", "/de/subscribe/changed", "active", url.Values{"token": {w.token(audience.ToManage, address)}, "language": {"de"}, "component[]": {string(w.dns.Code), string(w.secret.Code)}}},
		{"/en/unsubscribe", "/en/subscribe/ended", "unsubscribed", url.Values{"token": {w.token(audience.ToUnsubscribe, address)}}},
		{"/en/unsubscribe", "/en/subscribe/ended", "unsubscribed", url.Values{"token": {w.token(audience.ToUnsubscribe, address)}}},
	}
	for _, step := range steps {
		got := w.post(step.path, step.form)
		if got.Code != http.StatusSeeOther || got.Header().Get("Location") != step.then || w.contact(address).State() != step.state {
			t.Errorf("%s: %d to %q, now %s; want %s, %s", step.path, got.Code, got.Header().Get("Location"), w.contact(address).State(), step.then, step.state)
		}
		if notice := w.get(step.then); notice.Code != http.StatusOK {
			t.Errorf("%s: %d", step.then, notice.Code)
		}
	}
	if got := w.contact(address); len(got.Components) != 1 || got.Components[0] != w.dns.ID || got.Language != "de" {
		t.Errorf("the choice became %+v; a private component must not be among it", got)
	}
}

func TestOneClickNeedsItsLineAndIsSafeToRepeat(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	const address = "reader@customer.example"
	w.post("/en/confirm", url.Values{"token": {w.subscriber(address)}})
	at := "/unsubscribe/" + w.token(audience.ToUnsubscribe, address)
	if got := w.post(at, url.Values{}); got.Code != http.StatusNotFound || w.contact(address).State() != "active" {
		t.Errorf("a stray POST: %d, now %s", got.Code, w.contact(address).State())
	}
	for range 3 {
		if got := w.post(at, url.Values{"List-Unsubscribe": {"One-Click"}}); got.Code != http.StatusOK || w.contact(address).State() != "unsubscribed" {
			t.Errorf("one click: %d, now %s", got.Code, w.contact(address).State())
		}
	}
}

func TestKnownAndUnknownAddressesGetTheSameAnswer(t *testing.T) { // B13
	t.Parallel()
	w := newTown(t).settle()
	w.post("/en/confirm", url.Values{"token": {w.subscriber("known@customer.example")}})
	for _, ask := range []func(string) *httptest.ResponseRecorder{
		func(a string) *httptest.ResponseRecorder { return w.post("/en/subscribe", url.Values{"email": {a}}) },
		func(a string) *httptest.ResponseRecorder {
			return w.post("/api/v2/subscribers.json", url.Values{"subscriber[email]": {a}})
		},
	} {
		known, other := ask("known@customer.example"), ask("other@customer.example")
		known.Header().Del("Etag")
		other.Header().Del("Etag")
		same := strings.ReplaceAll(known.Body.String(), "known@", "other@") == other.Body.String()
		if known.Code != other.Code || !same || !reflect.DeepEqual(known.Header(), other.Header()) {
			t.Errorf("known: %d %v %s\nother: %d %v %s", known.Code, known.Header(), known.Body, other.Code, other.Header(), other.Body)
		}
	}
	code := w.contact("known@customer.example").Code
	for _, id := range []string{string(code), "abcdefghijkl"} {
		if got := w.ask(http.MethodDelete, "/api/v2/subscribers/"+id+".json", nil); got.Code != http.StatusOK || got.Body.String() != "{}\n" {
			t.Errorf("DELETE of %s: %d %s", id, got.Code, got.Body)
		}
	}
	if got := w.contact("known@customer.example").State(); got != "active" {
		t.Errorf("a stranger who knew an id made it %s (V25)", got)
	}
}

func TestStatuspagesOwnFormAndJSONSubscribe(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	r := httptest.NewRequest(http.MethodPost, "/api/v2/subscribers", strings.NewReader(`{"subscriber":{"email":"json@customer.example","incident_id":"`+string(bad.i.Code)+`"}}`))
	r.Header.Set("Content-Type", "application/json")
	got := httptest.NewRecorder()
	w.face.ServeHTTP(got, r)
	var answer map[string]any
	if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil || got.Code != http.StatusCreated || answer["mode"] != "email_sms" || answer["email"] != "json@customer.example" || answer["page"] == nil {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	if c := w.contact("json@customer.example"); len(c.Components) != 4 {
		t.Errorf("following an incident follows %d components, want its 4", len(c.Components))
	}
	for form, want := range map[string]int{
		"subscriber[email]=x@customer.example&subscriber[component_id]=abcdefghijkl": http.StatusNotFound,
		"subscriber[email]=x@customer.example&subscriber[incident_id]=abcdefghijkl":  http.StatusNotFound,
		"subscriber[email]=not-an-address":                                           http.StatusUnprocessableEntity,
		"subscriber[phone_number]=5550100":                                           http.StatusUnprocessableEntity,
	} {
		values, err := url.ParseQuery(form)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.post("/api/v2/subscribers", values); got.Code != want {
			t.Errorf("%s: %d, want %d", form, got.Code, want)
		}
	}
}

func TestARefusedFormComesBackWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	got := w.post("/en/subscribe", url.Values{"email": {"no\"<address"}, "component[]": {string(w.dns.Code)}, "every": {"1"}})
	body := got.Body.String()
	if got.Code != http.StatusUnprocessableEntity || !strings.Contains(body, `value="no&#34;&lt;address"`) || strings.Count(body, " checked") != 2 || !strings.Contains(body, `aria-invalid="true"`) {
		t.Errorf("%d\n%s", got.Code, body)
	}
}
