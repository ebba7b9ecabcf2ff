package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/reach/sms/smstest"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

// texting is a house that texts through a provider on this machine.
func texting(t *testing.T, p *smstest.Provider, change ...func(*settings.SMS)) *house {
	t.Helper()
	h := newHouse(t, func(c *Config) { c.AllowNetworks = []string{"127.0.0.0/8"} })
	h.setTexts(func(s *settings.SMS) {
		*s = settings.SMS{
			Home: "US", Countries: []string{"DE"}, Currency: "USD", Prices: map[string]int64{"": 1}, TwoWay: true, Help: "+1 480 555 0100",
			Broadcast: settings.Purse{Total: 100_000, Country: 100_000}, Codes: settings.Purse{Total: 1000, Country: 1000},
			Providers: []settings.SMSProvider{{Name: "main", Kind: settings.Twilio, URL: p.URL, User: smstest.Account, Secret: smstest.Token, From: "+14805550100"}},
		}
		for _, f := range change {
			f(s)
		}
	})
	return h
}

func (h *house) setTexts(change func(*settings.SMS)) {
	h.t.Helper()
	var s settings.Settings
	var version int64
	h.read(func(ctx context.Context, tx *store.Tx) (err error) {
		s, version, err = tx.Settings.Load(ctx)
		return err
	})
	change(&s.SMS)
	if err := h.desk.SaveSettings(h.as("owner"), s, version); err != nil {
		h.t.Fatal(err)
	}
}

// work starts the node's duty for the test's time.
func (h *house) work() {
	h.t.Helper()
	if err := h.duty.Start(h.ctx()); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := h.duty.Stop(ctx); err != nil {
			h.t.Error(err)
		}
	})
}

// phone is a contact who has confirmed.
func (h *house) phone(number string, language lang.Tag) audience.Contact {
	h.t.Helper()
	at := time.Now().Add(-time.Hour).UTC().Truncate(time.Microsecond)
	c := audience.Contact{ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: audience.SMS, Address: audience.Address(number), Language: language, CreatedAt: at, ConfirmedAt: at}
	h.write(func(ctx context.Context, tx *store.Tx) error { return tx.Contacts.Add(ctx, c) })
	return c
}

// textTo waits until the provider has a text to a number that says so.
func textTo(t *testing.T, p *smstest.Provider, number, words string) smstest.Text {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		for _, x := range p.Taken() {
			if x.To == number && strings.Contains(x.Body, words) {
				return x
			}
		}
	}
	t.Fatalf("no text to %s says %q; the provider has %+v", number, words, p.Taken())
	return smstest.Text{}
}

// deliveries to a number in a state, awaited.
func (h *house) await(number string, state reach.State) reach.Delivery {
	h.t.Helper()
	var last []reach.Delivery
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		last = h.deliveriesTo(number)
		for _, d := range last {
			if d.State == state {
				return d
			}
		}
	}
	h.t.Fatalf("nothing to %s is %s: %+v", number, state, last)
	return reach.Delivery{}
}

func (h *house) deliveriesTo(number string) (all []reach.Delivery) {
	h.t.Helper()
	h.read(func(ctx context.Context, tx *store.Tx) error {
		all = nil
		latest, err := tx.Announcements.Latest(ctx, 50)
		if err != nil {
			return err
		}
		for _, a := range latest {
			page, err := tx.Deliveries.Page(ctx, a.ID, "", "", 1000)
			if err != nil {
				return err
			}
			for _, d := range page {
				if string(d.Address) == number {
					all = append(all, d)
				}
			}
		}
		return nil
	})
	return all
}

// callback knocks where the provider was told to.
func (h *house) callback(address string, form url.Values, signature string) int {
	h.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.ask(ask{method: http.MethodPost, path: u.RequestURI(), form: form, header: http.Header{"X-Twilio-Signature": {signature}}}).Code
}

func TestACustomerIsToldByTextAndTheReceiptIsKept(t *testing.T) {
	p := smstest.Twilio(t)
	h := texting(t, p)
	h.phone("+4915123456789", "de")
	h.work()
	h.declare(incident.Public, "The shop is down.", h.shop)
	x := textTo(t, p, "+4915123456789", "Harbour: Großer Ausfall. The shop is down.")
	if !strings.HasSuffix(x.Body, "STOPP beendet diese SMS.") || !strings.Contains(x.Body, "https://"+houseName+"/de/incidents/") {
		t.Errorf("it reads %q", x.Body)
	}
	d := h.await("+4915123456789", reach.Accepted)
	if d.ProviderID != x.SID {
		t.Errorf("provider id %q, want %q", d.ProviderID, x.SID)
	}

	form := url.Values{"MessageSid": {x.SID}, "MessageStatus": {"delivered"}, "To": {x.To}, "From": {x.From}, "AccountSid": {smstest.Account}}
	signed := smstest.Sign(smstest.Token, x.Callback, form)
	other := id.New[id.Delivery](time.Now())
	for what, code := range map[string]int{
		"no signature":        h.callback(x.Callback, form, ""),
		"another's signature": h.callback(x.Callback, form, smstest.Sign("guess", x.Callback, form)),
		"a changed form":      h.callback(x.Callback, url.Values{"MessageSid": {x.SID}, "MessageStatus": {"failed"}, "ErrorCode": {"30005"}}, signed),
		"another's delivery":  h.callback(strings.Replace(x.Callback, string(d.ID), string(other), 1), form, signed),
		"another provider":    h.callback(strings.Replace(x.Callback, "/main", "/other", 1), form, signed),
		"a GET":               h.get(strings.TrimPrefix(x.Callback, "https://"+houseName)).Code,
	} {
		if code != http.StatusNotFound {
			t.Errorf("%s is answered %d", what, code)
		}
	}
	if got := h.await("+4915123456789", reach.Accepted); got.State != reach.Accepted {
		t.Error("a forged receipt moved something")
	}
	h.read(func(ctx context.Context, tx *store.Tx) error {
		if got, err := tx.Receipts.Of(ctx, d.ID); err != nil || len(got) != 0 {
			t.Errorf("a forged receipt was kept: %v %v", got, err)
		}
		return nil
	})
	for range 3 {
		if code := h.callback(x.Callback, form, signed); code != http.StatusOK {
			t.Errorf("the receipt is answered %d", code)
		}
	}
	h.await("+4915123456789", reach.Delivered)
	h.read(func(ctx context.Context, tx *store.Tx) error {
		if got, err := tx.Receipts.Of(ctx, d.ID); err != nil || len(got) != 1 || got[0].Kind != reach.SaysDelivered {
			t.Errorf("receipts %+v %v, want one", got, err)
		}
		return nil
	})
}

func TestANumberThatIsGoneIsNotTextedAgain(t *testing.T) {
	p := smstest.Twilio(t)
	h := texting(t, p)
	h.phone("+14155550123", "en")
	h.work()
	h.declare(incident.Public, "The shop is down.", h.shop)
	x := textTo(t, p, "+14155550123", "The shop is down")
	h.await("+14155550123", reach.Accepted)
	form := url.Values{"MessageSid": {x.SID}, "MessageStatus": {"undelivered"}, "ErrorCode": {"30005"}}
	h.callback(x.Callback, form, smstest.Sign(smstest.Token, x.Callback, form))
	if d := h.await("+14155550123", reach.Bounced); d.Code != "30005" {
		t.Errorf("%+v", d)
	}
	h.declare(incident.Public, "Mail is down, too.", h.mail)
	if d := h.await("+14155550123", reach.Suppressed); d.Reason != string(audience.HardBounce) {
		t.Errorf("%+v", d)
	}
}

func TestWithoutAProviderTextsEndWithThatReason(t *testing.T) {
	h := newHouse(t)
	h.phone("+14155550123", "en")
	h.work()
	h.declare(incident.Public, "The shop is down.", h.shop)
	if d := h.await("+14155550123", reach.Suppressed); d.Reason != "no sms channel" || d.Attempt != 0 {
		t.Errorf("%+v", d)
	}
}

// B4: a pump asks 50,000 times for codes to 2,000 adjacent numbers, from as many networks as it likes, while customers are being told.
func TestB4APumpGetsTwentyFiveTextsAtMostAndCustomersAreTold(t *testing.T) {
	p := smstest.Twilio(t)
	const purse = 23
	requests := int64(storetest.Scaled(50_000))
	h := texting(t, p, func(s *settings.SMS) { s.Codes = settings.Purse{Total: purse, Country: purse} })
	customers := []string{}
	for n := range 40 {
		number := fmt.Sprintf("+1415555%04d", 1000+n)
		customers = append(customers, number)
		h.phone(number, "en")
	}
	h.work()
	var granted, refused atomic.Int64
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for n := int64(worker); n < requests; n += 8 {
				_, err := h.desk.SendCode(h.ctx(), desk.CodeRequest{
					Phone: fmt.Sprintf("+1212555%04d", 4000+n%2000), Language: lang.English, IP: fmt.Sprintf("203.%d.%d.9", n/250%250, n%250),
				})
				switch {
				case err == nil:
					granted.Add(1)
				case problem.Is(err, problem.TooMany):
					refused.Add(1)
				default:
					t.Error(err)
					return
				}
				if n == requests/5 {
					h.declare(incident.Public, "The shop is down.", h.shop)
				}
			}
		})
	}
	all.Wait()
	for _, number := range customers {
		textTo(t, p, number, "The shop is down")
	}
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if codes(p) >= int(min(granted.Load(), purse)) {
			break
		}
	}
	t.Logf("%d requests: %d codes granted, %d texts sent, %d refused", granted.Load()+refused.Load(), granted.Load(), codes(p), refused.Load())
	if granted.Load() == 0 || granted.Load() > 25 || granted.Load()+refused.Load() != requests {
		t.Errorf("%d codes were granted, %d refused", granted.Load(), refused.Load())
	}
	if n := codes(p); n == 0 || n > purse {
		t.Errorf("%d codes went out, the day's purse holds %d", n, purse)
	}
}
