package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"candor/audience"
	"candor/incident"
	"candor/reach"
	"candor/reach/sms/smstest"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

// inbound is a customer's text, as Twilio brings it.
func (h *house) inbound(from, body string) int {
	h.t.Helper()
	address := "https://" + houseName + "/api/v1/receipts/sms/main"
	form := url.Values{"MessageSid": {"SM" + fmt.Sprint(time.Now().UnixNano())}, "From": {from}, "To": {"+14805550100"}, "Body": {body}, "NumMedia": {"0"}}
	return h.callback(address, form, smstest.Sign(smstest.Token, address, form))
}

func (h *house) suppressed(channel, number string) (why audience.SuppressionReason) {
	h.t.Helper()
	h.read(func(ctx context.Context, tx *store.Tx) error {
		why, _ = tx.Suppressions.Of(ctx, channel, number)
		return nil
	})
	return why
}

func TestStopIsObeyedConfirmedOnceAndUndoneByStart(t *testing.T) {
	p := smstest.Twilio(t)
	h := texting(t, p)
	h.phone("+4915123456789", "de")
	h.phone("+14155550123", "en")
	h.work()
	for range 3 {
		if code := h.inbound("+4915123456789", "„Stopp!“ 🙏"); code != http.StatusOK {
			t.Fatalf("answered %d", code)
		}
	}
	textTo(t, p, "+4915123456789", "Diese Nummer bekommt nichts mehr von uns.")
	if h.suppressed(audience.SMS, "+4915123456789") != audience.OptedOut || h.suppressed(audience.Voice, "+4915123456789") != audience.OptedOut {
		t.Error("STOP does not end both texts and calls")
	}
	h.declare(incident.Public, "The shop is down.", h.shop)
	textTo(t, p, "+14155550123", "The shop is down")
	if d := h.await("+4915123456789", reach.Suppressed); d.Reason != string(audience.OptedOut) {
		t.Errorf("%+v", d)
	}
	h.inbound("+4915123456789", "HILFE")
	textTo(t, p, "+4915123456789", "+1 480 555 0100")
	h.inbound("+4915123456789", "start")
	textTo(t, p, "+4915123456789", "bekommt unsere SMS wieder")
	if h.suppressed(audience.SMS, "+4915123456789") != "" || h.suppressed(audience.Voice, "+4915123456789") != "" {
		t.Error("START does not lift what STOP did")
	}
	if code := h.callback("https://"+houseName+"/api/v1/receipts/sms/main", url.Values{"From": {"+14155550123"}, "Body": {"STOP"}}, "forged"); code != http.StatusNotFound {
		t.Errorf("a forged STOP is answered %d", code)
	}
	if h.suppressed(audience.SMS, "+14155550123") != "" {
		t.Error("a forged STOP silenced somebody")
	}
	n := 0
	for _, x := range p.Taken() {
		if x.To == "+4915123456789" {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d texts to who stopped, want one confirmation, one help and one welcome", n)
	}
}

func TestKannelTellsByItsSealAndByNothingElse(t *testing.T) {
	p := smstest.Kannel(t)
	h := texting(t, p, func(s *settings.SMS) {
		s.Providers = []settings.SMSProvider{{
			Name: "house", Kind: settings.Gateway, Method: "GET", User: smstest.Account, Secret: smstest.Token, From: "Harbour", Taken: "^0:",
			URL: p.URL + "/cgi-bin/sendsms?username={user}&password={secret}&to={to}&from={from}&text={text}&charset=UTF-8&coding={coding}&dlr-mask=31&dlr-url={receipt}%26status%3D%25d",
		}}
	})
	h.phone("+14155550123", "zh-Hant")
	h.work()
	h.declare(incident.Public, "The shop is down.", h.shop)
	x := textTo(t, p, "+14155550123", "Harbour：重大中斷。")
	h.await("+14155550123", reach.Accepted)
	path := strings.TrimPrefix(x.Receipt(1), "https://"+houseName)
	if code := h.get(strings.Replace(path, "seal=", "seal=x", 1)).Code; code != http.StatusNotFound {
		t.Errorf("another seal is answered %d", code)
	}
	if got := h.await("+14155550123", reach.Accepted); got.State != reach.Accepted {
		t.Error("a forged receipt moved something")
	}
	if code := h.get(path).Code; code != http.StatusNoContent {
		t.Errorf("the receipt is answered %d", code)
	}
	h.await("+14155550123", reach.Delivered)

	urls, err := h.desk.ReceiptURLs(h.ctx())
	if err != nil {
		t.Fatal(err)
	}
	in := strings.TrimPrefix(urls("house", ""), "https://"+houseName)
	if code := h.get(in + "&from=0014155550123&text=" + url.QueryEscape("取消")).Code; code != http.StatusNoContent {
		t.Errorf("a text that came in is answered %d", code)
	}
	if h.suppressed(audience.SMS, "+14155550123") != audience.OptedOut {
		t.Error("取消 is not obeyed")
	}
}

// B18: whoever knows every address, number and identifier, but no secret, moves nothing.
func TestB18AStormOfForgedTextReceiptsMovesNothing(t *testing.T) {
	p := smstest.Twilio(t)
	h := texting(t, p)
	h.phone("+14155550123", "en")
	h.work()
	h.declare(incident.Public, "The shop is down.", h.shop)
	x := textTo(t, p, "+14155550123", "The shop is down")
	before := h.await("+14155550123", reach.Accepted)
	main := "https://" + houseName + "/api/v1/receipts/sms/main"
	for n := range storetest.Scaled(2000) {
		receipt := url.Values{"MessageSid": {x.SID}, "MessageStatus": {"undelivered"}, "ErrorCode": {"30005"}}
		stop := url.Values{"MessageSid": {fmt.Sprint("SM", n)}, "From": {"+14155550123"}, "Body": {"STOP"}}
		guess := fmt.Sprintf("guess-%d", n)
		address := main + "?delivery=" + string(before.ID) + "&seal=" + guess
		for _, code := range []int{
			h.callback(x.Callback, receipt, smstest.Sign(guess, x.Callback, receipt)),
			h.callback(address, receipt, smstest.Sign(smstest.Token, x.Callback, receipt)), // another address than the one that was signed
			h.callback(main, stop, smstest.Sign(guess, main, stop)),
		} {
			if code != http.StatusNotFound {
				t.Fatalf("a forgery is answered %d", code)
			}
		}
	}
	// A seal alone is worth nothing where the provider signs, and a signature nothing where the seal is another's.
	receipt := url.Values{"MessageSid": {x.SID}, "MessageStatus": {"undelivered"}, "ErrorCode": {"30005"}}
	address := main + "?delivery=" + string(before.ID) + "&seal=guess"
	for what, code := range map[string]int{
		"a seal without a signature": h.callback(x.Callback, receipt, ""), "a signature without a seal": h.callback(address, receipt, smstest.Sign(smstest.Token, address, receipt)),
	} {
		if code != http.StatusNotFound {
			t.Errorf("%s is answered %d", what, code)
		}
	}
	if after := h.await("+14155550123", reach.Accepted); after.UpdatedAt != before.UpdatedAt {
		t.Errorf("%+v became %+v", before, after)
	}
	if why := h.suppressed(audience.SMS, "+14155550123"); why != "" {
		t.Errorf("the number is suppressed: %s", why)
	}
	h.read(func(ctx context.Context, tx *store.Tx) error {
		if kept, err := tx.Receipts.Latest(ctx, reach.Receipt{}, 10); err != nil || len(kept) != 0 {
			t.Errorf("%d receipts were kept: %v", len(kept), err)
		}
		return nil
	})
}
