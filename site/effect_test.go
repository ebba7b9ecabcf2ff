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
	"candor/store"
)

func TestAMachineThatOpensTheQuestionAnswersNothing(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	anna := w.customer("everything", nil, "anna@customer.example")
	w.customer("was not drawn", nil, "ben@customer.example")
	w.write(func(ctx context.Context, tx *store.Tx) error {
		return tx.Effects.Begin(ctx, reach.Effect{Incident: bad.i.ID, At: w.now, Level: reach.LevelC, Affected: 10}, []id.Customer{anna.ID})
	})
	answers := func() (e reach.Effect) {
		t.Helper()
		w.write(func(ctx context.Context, tx *store.Tx) (err error) {
			e, err = tx.Effects.Of(ctx, bad.i.ID)
			return err
		})
		return e
	}
	token, code := w.ownToken(audience.Email, "anna@customer.example"), string(bad.i.Code)
	for _, tag := range lang.All() {
		at := "/" + tag.Path()
		got := w.get(at + "/effect/" + token + "/" + code)
		body := got.Body.String()
		missingWords(t, "the question in "+string(tag), body)
		if got.Code != http.StatusOK || strings.Count(body, `name="answer"`) != 3 || !strings.Contains(body, `<meta name="robots" content="noindex">`) ||
			got.Header().Get("Cache-Control") != "no-store" || got.Header().Get("Referrer-Policy") != "no-referrer" || strings.Contains(body, "anna@") {
			t.Errorf("in %s: %d, %v", tag, got.Code, got.Header())
		}
		if thanks := w.get(at + "/effect/thanks"); thanks.Code != http.StatusOK {
			t.Errorf("thanks in %s: %d", tag, thanks.Code)
		}
	}
	if n := answers().Answered(); n != 0 {
		t.Fatalf("looking answered %d times", n)
	}
	form := url.Values{"token": {token}, "incident": {code}, "answer": {"not_got"}}
	got := w.post("/en/effect", form)
	if got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/en/effect/thanks" {
		t.Errorf("an answer leads to %d %s", got.Code, got.Header().Get("Location"))
	}
	if e := answers(); e.Answers[reach.NotGot] != 1 || e.Answered() != 1 {
		t.Errorf("after one answer: %+v", e)
	}
	for what, link := range map[string]string{
		"not drawn":        "/en/effect/" + w.ownToken(audience.Email, "ben@customer.example") + "/" + code,
		"forged":           "/en/effect/" + strings.Repeat("a", 34) + "/" + code,
		"another incident": "/en/effect/" + token + "/" + string(id.NewCode()),
		"no incident":      "/en/effect/" + token + "/x",
	} {
		if got := w.get(link); got.Code != http.StatusNotFound {
			t.Errorf("%s: %d", what, got.Code)
		}
	}
	form.Set("answer", "of course")
	if got := w.post("/en/effect", form); got.Code < 400 || answers().Answered() != 1 {
		t.Errorf("an answer that is none: %d", got.Code)
	}
}
