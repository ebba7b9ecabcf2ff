package site

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"candor/amends"
	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/money"
	"candor/store"
)

// owes offers each customer a sum, signed by Dana, and answers the tokens of the letters.
func (w *town) owes(i id.Incident, p amends.Policy, ends time.Time, minors map[id.Customer]int64) map[id.Customer]string {
	w.t.Helper()
	run, tokens := id.New[id.CreditRun](w.now), map[id.Customer]string{}
	w.write(func(ctx context.Context, tx *store.Tx) error {
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		if err != nil {
			return err
		}
		if err := tx.CreditRuns.Add(ctx, amends.Run{ID: run, State: amends.Offered, Rule: amends.ByGoodwill, Basis: amends.Basis{Incident: i, Month: "2012-09"}, MadeBy: w.dana.ID, MadeAt: w.now}); err != nil {
			return err
		}
		o := amends.Offering{
			Run: run, Incident: i, Policy: p, Signer: w.dana.ID, State: amends.Going, BeganBy: w.dana.ID, BeganAt: w.now, MadeAt: w.now, ExpiresAt: ends,
			Words: lang.Text{"en": "Your sites were down. That was **our** fault.", "es": "Sus sitios estuvieron caídos. Fue culpa nuestra."},
		}
		if err := tx.Offerings.Begin(ctx, o); err != nil {
			return err
		}
		for c, minor := range minors {
			k := amends.Kept{Text: "{}"}
			k.Customer, k.Amount, k.Contract, k.Why = c, money.Amount{Minor: minor, Currency: "USD"}, money.Amount{Minor: 165, Currency: "USD"}, amends.IsGoodwill
			if err := tx.Credits.Add(ctx, run, []amends.Kept{k}); err != nil {
				return err
			}
			offer := o.Make(secret, c, k.Amount, "", w.now)
			if _, err := tx.Offers.Make(ctx, []amends.Offer{offer}); err != nil {
				return err
			}
			tokens[c] = audience.RedeemToken(secret, offer.ID, c)
		}
		return nil
	})
	return tokens
}

// offersOf are what a customer is offered, as it stands.
func (w *town) offersOf(c id.Customer) (all []amends.Offer) {
	w.t.Helper()
	if err := w.db.Read(w.t.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.Offers.OfCustomer(w.t.Context(), c)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// GoDaddy 2012: a month of each of three sites beside the contract's five percent, redeemed by 19 September, 11:59 pm Pacific.
func TestACustomerRedeemsAMonthOfEachSite(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	vega := w.customer("vega", nil, "vega@customer.example")
	ends := time.Date(w.now.Year()+1, 9, 20, 6, 59, 0, 0, time.UTC)
	token := w.owes(bad.i.ID, amends.UsualPolicy(), ends, map[id.Customer]int64{vega.ID: 3297})[vega.ID]
	for _, tag := range lang.All() {
		page := w.get("/" + tag.Path() + "/redeem/" + token)
		if body := page.Body.String(); page.Code != http.StatusOK || !strings.Contains(body, lang.For(tag).Money(money.Amount{Minor: 3297, Currency: "USD"})) || !strings.Contains(body, w.dana.Name) {
			t.Errorf("%s: %d\n%s", tag, page.Code, body)
		}
		if page.Header().Get("Cache-Control") != noStore || page.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s is kept or told: %v", tag, page.Header())
		}
	}
	said := w.get("/es/redeem/" + token).Body.String()
	for _, want := range []string{"Le debemos 32,97\u00a0USD.", "Fue culpa nuestra", "1,65\u00a0USD", "31,32\u00a0USD", "Canjear mi crédito", "No. Conserva todos sus derechos"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if got := w.offersOf(vega.ID)[0]; got.State != amends.OfferOpen {
		t.Fatalf("looking redeemed it: %s", got.State)
	}
	for range 2 {
		if got := w.post("/es/redeem", url.Values{"token": {token}}); got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/es/redeem/"+token {
			t.Fatalf("redeem: %d %s", got.Code, got.Body)
		}
		if said := w.get("/es/redeem/" + token).Body.String(); !strings.Contains(said, "Lo canjeó el") || strings.Contains(said, "Canjear mi crédito") {
			t.Errorf("afterwards it says\n%s", said)
		}
	}
}

// B9: with a link that is theirs nobody comes to what is somebody else's: whatever is tried, the answer is that of a link that never was.
func TestB9NobodysLinkOpensAnothersOffer(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	owed := map[id.Customer]int64{}
	var all []id.Customer
	for n := range 20 {
		c := w.customer(fmt.Sprint("b9-", n), nil, audience.Address(fmt.Sprintf("b9-%d@customer.example", n)))
		owed[c.ID], all = 100+int64(n), append(all, c.ID)
	}
	tokens := w.owes(bad.i.ID, amends.UsualPolicy(), w.now.Add(1000*time.Hour), owed)
	never := w.get("/en/redeem/" + strings.Repeat("A", 22))
	if never.Code != http.StatusNotFound {
		t.Fatalf("a link that never was: %d", never.Code)
	}
	mine, offer := tokens[all[0]], w.offersOf(all[1])[0]
	tries := []string{string(offer.ID), string(all[1]), offer.Hash, mine[:21], mine + "A", mine[:21] + "!", "", strings.ToLower(mine)}
	for n := range 300 { // neighbours of a link that works
		b := []byte(mine)
		b[n%22] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[(n*7)%64]
		if string(b) != mine {
			tries = append(tries, string(b))
		}
	}
	for _, try := range tries {
		if slices.Contains([]string{mine}, try) || try == "" {
			continue
		}
		got := w.get("/en/redeem/" + url.PathEscape(try))
		if got.Code != http.StatusNotFound || got.Body.String() != never.Body.String() {
			t.Fatalf("%q: %d, another answer than to a link that never was", try, got.Code)
		}
		for _, path := range []string{"/en/redeem", "/en/redeem/objection"} {
			if got := w.post(path, url.Values{"token": {try}, "kind": {"sum"}, "words": {"x"}}); got.Code != http.StatusNotFound {
				t.Fatalf("POST %s with %q: %d", path, try, got.Code)
			}
		}
	}
	for _, c := range all {
		if got := w.offersOf(c)[0]; got.State != amends.OfferOpen {
			t.Errorf("somebody redeemed what is %s's", c)
		}
	}
}

// B10: five hundred at once, and it is redeemed once.
func TestB10AnOfferIsRedeemedOnceHoweverManyAsk(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	c := w.customer("b10", nil, "b10@customer.example")
	token := w.owes(bad.i.ID, amends.UsualPolicy(), w.now.Add(1000*time.Hour), map[id.Customer]int64{c.ID: 1099})[c.ID]
	var granted, asked atomic.Int64
	var all sync.WaitGroup
	gate := make(chan struct{}, 50)
	for range 500 {
		gate <- struct{}{}
		all.Go(func() {
			defer func() { <-gate }()
			first, err := w.face.desk.Redeem(t.Context(), token)
			if err != nil {
				t.Error(err)
			}
			if asked.Add(1); first {
				granted.Add(1)
			}
		})
	}
	all.Wait()
	if granted.Load() != 1 || asked.Load() != 500 {
		t.Errorf("%d grants of %d askings", granted.Load(), asked.Load())
	}
}

func TestWhoSaysThatASumIsWrongIsToldWhenSomebodyAnswers(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	c := w.customer("object", nil, "object@customer.example")
	token := w.owes(bad.i.ID, amends.UsualPolicy(), w.now.Add(1000*time.Hour), map[id.Customer]int64{c.ID: 1099})[c.ID]
	form := url.Values{"token": {token}, "kind": {"missing"}, "words": {" "}}
	if got := w.post("/en/redeem/objection", form); got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.Body.String(), "Tell us what is not right") {
		t.Fatalf("nothing was said: %d", got.Code)
	}
	form.Set("words", "My shop <b>was</b> down too")
	if got := w.post("/en/redeem/objection", form); got.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	said := w.get("/en/redeem/" + token).Body.String()
	if !strings.Contains(said, "One of us answers by") || !strings.Contains(said, "My shop &lt;b&gt;was&lt;/b&gt; down too") {
		t.Errorf("it does not come back:\n%s", said)
	}
}
