package site

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/reach"
	"candor/settings"
	"candor/store"
)

func TestNightsAreQuietOnAPageOfOnesOwnUntilItsReaderSaysOtherwise(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle().start()
	w.customer("bakery", nil, "anna@customer.example", "+4915112345001")
	w.customer("mailer", nil, "mail@customer.example")
	token := w.ownToken(audience.Email, "anna@customer.example")
	if strings.Contains(w.get("/en/me/"+w.ownToken(audience.Email, "mail@customer.example")).Body.String(), "/me/hours") {
		t.Error("somebody whom nothing rings is asked about the night")
	}
	for _, tag := range lang.All() {
		at, words := "/"+string(tag), lang.For(tag)
		for _, step := range []struct{ before, act, after string }{
			{"site.me.hours.wake", "any", "site.me.hours.sleep"}, {"site.me.hours.sleep", "quiet", "site.me.hours.wake"},
		} {
			body := w.get(at + "/me/" + token).Body.String()
			if !strings.Contains(body, words.T(step.before)) || strings.Contains(body, words.T(step.after)) {
				t.Errorf("in %s, before %s: %s", tag, step.act, body)
			}
			missingWords(t, step.act+" in "+string(tag), body)
			if got := w.post(at+"/me/hours", url.Values{"token": {token}, "act": {step.act}}); got.Code != http.StatusSeeOther {
				t.Fatalf("in %s, %s is answered %d", tag, step.act, got.Code)
			}
		}
	}
	if got := w.post("/en/me/hours", url.Values{"token": {token}, "act": {"never"}}); got.Code != http.StatusUnprocessableEntity {
		t.Errorf("an act nobody offers is answered %d", got.Code)
	}
}

func TestAMobileIsAddedWithTheCodeThatWasTextedThere(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	w.customer("bakery", nil, "anna@customer.example")
	token := w.ownToken(audience.Email, "anna@customer.example")
	if strings.Contains(w.get("/en/me/"+token).Body.String(), "/me/mobile") {
		t.Error("a mobile is asked for where no texts are sent")
	}
	w.write(func(ctx context.Context, tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.SMS.Home, s.SMS.Prices = "US", map[string]int64{"": 1}
		s.SMS.Providers = []settings.SMSProvider{{Name: "a", Kind: settings.Twilio, User: "AC1", Secret: "s", From: "+14155550100"}}
		if _, err = tx.Settings.Save(ctx, s, version); err != nil {
			return err
		}
		return tx.Changes.Add(ctx, "settings", w.now)
	})
	w.face.refresh(t.Context())
	for _, tag := range lang.All() {
		missingWords(t, "the form in "+string(tag), w.get("/"+string(tag)+"/me/"+token).Body.String())
		missingWords(t, "the code in "+string(tag), w.get("/"+string(tag)+"/me/"+token+"?sent="+string(id.New[id.Announcement](w.now))).Body.String())
	}
	got := w.post("/en/me/mobile", url.Values{"token": {token}, "mobile": {"12<b>"}})
	if body := got.Body.String(); got.Code != http.StatusUnprocessableEntity || !strings.Contains(body, `value="12&lt;b&gt;"`) || !strings.Contains(body, "mobile-error") {
		t.Errorf("no number is answered %d: %s", got.Code, body)
	}
	got = w.post("/en/me/mobile", url.Values{"token": {token}, "mobile": {"212 555 4000"}})
	to := got.Header().Get("Location")
	if got.Code != http.StatusSeeOther || !strings.Contains(to, "?sent=ann_") {
		t.Fatalf("a number is answered %d %s: %s", got.Code, to, got.Body)
	}
	sent := strings.TrimSuffix(to[strings.Index(to, "ann_"):], "#mobile")
	if body := w.get(strings.TrimSuffix(to, "#mobile")).Body.String(); !strings.Contains(body, `name="sent" value="`+sent+`"`) || !strings.Contains(body, `name="code"`) {
		t.Errorf("the code is not asked for: %s", body)
	}
	got = w.post("/en/me/mobile/code", url.Values{"token": {token}, "sent": {sent}, "code": {"no<b>"}})
	if body := got.Body.String(); got.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "code-error") || !strings.Contains(body, sent) || strings.Contains(body, "<b>\"") {
		t.Errorf("a wrong code is answered %d: %s", got.Code, body)
	}
	var code string
	w.write(func(ctx context.Context, tx *store.Tx) error {
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		code = reach.TextCode(secret, id.Announcement(sent))
		return err
	})
	if got := w.post("/en/me/mobile/code", url.Values{"token": {token}, "sent": {sent}, "code": {code}}); got.Code != http.StatusSeeOther {
		t.Errorf("the code is answered %d: %s", got.Code, got.Body)
	}
	if body := w.get("/en/me/" + token).Body.String(); !strings.Contains(body, "…00") {
		t.Errorf("the number is not among their ways: %s", body)
	}
}
