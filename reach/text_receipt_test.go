package reach

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"candor/audience"
	"candor/id"
	"candor/settings"
)

// The example of Twilio's own documentation and libraries.
func TestATwilioSignatureIsTheOneTwilioMakes(t *testing.T) {
	t.Parallel()
	form := url.Values{
		"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"},
	}
	const address, signature = "https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="
	if !TwilioSigned("12345", address, form, signature) {
		t.Error("the genuine signature is refused")
	}
	for what, ok := range map[string]bool{
		"another token":   TwilioSigned("12346", address, form, signature),
		"another address": TwilioSigned("12345", strings.Replace(address, "bar=2", "bar=3", 1), form, signature),
		"no token":        TwilioSigned("", address, form, signature),
		"no signature":    TwilioSigned("12345", address, form, ""),
		"a field more":    TwilioSigned("12345", address, url.Values{"CallSid": {"CA1234567890ABCDE"}, "X": {"y"}}, signature),
	} {
		if ok {
			t.Errorf("%s passes", what)
		}
	}
}

func TestASealIsGoodForOneProviderAndOneDelivery(t *testing.T) {
	t.Parallel()
	secret := []byte("secret")
	a, b := id.New[id.Delivery](time.Now()), id.New[id.Delivery](time.Now())
	seal := SealReceipt(secret, "eu", a)
	for what, ok := range map[string]bool{
		"another delivery": GenuineReceipt(secret, "eu", b, seal), "another provider": GenuineReceipt(secret, "us", a, seal),
		"no delivery": GenuineReceipt(secret, "eu", "", seal), "no seal": GenuineReceipt(secret, "eu", a, ""), "another house": GenuineReceipt([]byte("x"), "eu", a, seal),
	} {
		if ok {
			t.Errorf("a seal is good for %s", what)
		}
	}
	if !GenuineReceipt(secret, "eu", a, seal) {
		t.Error("a seal is no good at all")
	}
}

func TestAReceiptMovesADeliveryOnlyForward(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what  string
		state State
		why   string
		kind  ReceiptKind
		next  State
		moves bool
	}{
		{"what was accepted is delivered", Accepted, "", SaysDelivered, Delivered, true},
		{"a receipt may overtake our own note", Claimed, "", SaysDelivered, Delivered, true},
		{"a text in doubt was taken after all", RetryAt, ReasonCutAfterDot, SaysTaken, Accepted, true},
		{"and one that nobody wanted to repeat", Failed, ReasonUnsettled, SaysTaken, Accepted, true},
		{"a retry after a refusal is not called off", RetryAt, ReasonBusy, SaysDelivered, "", false},
		{"what arrived after all has arrived", Failed, ReasonUnreached, SaysDelivered, Delivered, true},
		{"what has arrived cannot fail", Delivered, "", SaysFailed, "", false},
		{"nor bounce", Acknowledged, "", SaysBounced, "", false},
		{"an accepted text fails", Accepted, "", SaysFailed, Failed, true},
		{"or bounces", Accepted, "", SaysBounced, Bounced, true},
		{"what was never sent stays so", Suppressed, "unsubscribed", SaysDelivered, "", false},
		{"planned, too", Planned, "", SaysBounced, "", false},
		{"a reply moves nothing", Accepted, "", SaysReply, "", false},
		{"the same again moves nothing", Accepted, "", SaysTaken, "", false},
	} {
		next, moves := Received(Delivery{State: c.state, Reason: c.why}, c.kind)
		if moves != c.moves || moves && next != c.next {
			t.Errorf("%s: %s, %v", c.what, next, moves)
		}
	}
}

func TestGatewaysReceiptsAreReadInTheirOwnWords(t *testing.T) {
	t.Parallel()
	x := id.New[id.Delivery](time.Now())
	for status, want := range map[string]ReceiptKind{
		"1": SaysDelivered, "2": SaysFailed, "4": "", "8": SaysTaken, "16": SaysFailed, "DELIVRD": SaysDelivered, "UNDELIV": SaysFailed, "ACCEPTD": SaysTaken, "": "", "31": "",
	} {
		w, ok := ReadGateway(url.Values{"status": {status}}, x)
		if ok != (want != "") || ok && (w.Kind != want || w.Inbound()) {
			t.Errorf("%q is %q, %v; want %q", status, w.Kind, ok, want)
		}
	}
	if w, ok := ReadGateway(url.Values{"from": {"+4915123456789"}, "text": {"STOPP"}}, ""); !ok || w.Kind != SaysStop || !w.Inbound() {
		t.Errorf("%+v, %v", w, ok)
	}
	if w, ok := ReadTwilio(url.Values{"From": {"+49151"}, "Body": {"where is my shop?"}}, ""); !ok || w.Kind != SaysReply {
		t.Errorf("%+v, %v", w, ok)
	}
	if w, ok := ReadTwilio(url.Values{"MessageStatus": {"queued"}}, x); ok {
		t.Errorf("%+v", w)
	}
	if w, ok := ReadTwilio(url.Values{"MessageStatus": {"failed"}, "ErrorCode": {"30003"}}, x); !ok || w.Kind != SaysFailed || w.Reason != ReasonUnreached {
		t.Errorf("a phone that is off is no wrong number: %+v", w)
	}
}

func FuzzTextReceipts(f *testing.F) {
	f.Add("MessageStatus=delivered&MessageSid=SM1&ErrorCode=30003")
	f.Add("From=%2B4915123456789&Body=STOP%00%ff")
	f.Add("status=1&id=a&from=x&text=" + strings.Repeat("%f0%9f%94%a5", 1000))
	f.Fuzz(func(t *testing.T, query string) {
		form, _ := url.ParseQuery(query)
		for _, d := range []id.Delivery{"", "dlv_x"} {
			for _, read := range []func(url.Values, id.Delivery) (TextWord, bool){ReadTwilio, ReadGateway} {
				w, ok := read(form, d)
				if !ok {
					continue
				}
				for _, s := range []string{w.From, w.Body, w.SID, w.Code} {
					if !utf8.ValidString(s) || strings.Contains(s, "\x00") || len(s) > longestReply {
						t.Fatalf("%q came through", s)
					}
				}
				if w.Inbound() == (w.Delivery != "") {
					t.Fatalf("both a text and a receipt: %+v", w)
				}
			}
		}
	})
}

func TestOnlyNumbersThatTakeTextsAreTexted(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{"+4915123456789": "DE", "+14155550123": "US", "+886912345678": "TW", "+6281234567890": "ID", "+16135550123": "CA"} {
		if country, refused := Texting(audience.Address(number)); country != want || refused != "" {
			t.Errorf("%s is in %q, %q; want %s", number, country, refused, want)
		}
	}
}

func TestACodeIsSixDigitsOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		x := id.New[id.Announcement](time.Now())
		code := TextCode([]byte("secret"), x)
		if len(code) != 6 || strings.Trim(code, "0123456789") != "" || code != TextCode([]byte("secret"), x) {
			t.Fatalf("%q", code)
		}
		seen[code] = true
	}
	if len(seen) < 990 {
		t.Errorf("%d different codes of 1,000", len(seen))
	}
}

func TestWhatATextCostsIsKnownBefore(t *testing.T) {
	t.Parallel()
	s := settings.SMS{Home: "DE", Currency: "EUR", Prices: map[string]int64{"DE": 8}, Providers: []settings.SMSProvider{{Name: "a"}}}
	for _, c := range []struct {
		to    audience.Address
		text  string
		cents int64
		parts int
	}{
		{"+4915123456789", "down", 8, 1},
		{"+4915123456789", strings.Repeat("網", 71), 16, 2},
		{"+14155550123", "not on the list", 0, 1},
		{"+881612345678", "satellite", 0, 1},
	} {
		if cost, parts := TextCost(s, c.to, c.text); cost.Minor != c.cents || len(parts.Parts) != c.parts {
			t.Errorf("%s: %d cents, %d parts", c.text, cost.Minor, len(parts.Parts))
		}
	}
}
