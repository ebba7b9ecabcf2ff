package sms

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"candor/reach"
	"candor/reach/sms/smstest"
	"candor/settings"
)

func TestATextGoesOutTheWayTwilioWantsIt(t *testing.T) {
	t.Parallel()
	p := smstest.Twilio(t)
	s, d := open(t, company(twilioAt("eu", p)))
	m := word("Harbour: “down” & out? 100 % 網站 €")
	r := s.Send(t.Context(), m)
	if r.Outcome != reach.Taken || !strings.HasPrefix(r.ProviderID, "SM") {
		t.Fatalf("%+v", r)
	}
	got := p.Taken()
	if len(got) != 1 || got[0].Body != m.Text || got[0].To != m.To || got[0].From != "+14155550100" || !strings.Contains(got[0].Callback, string(m.Delivery)) {
		t.Errorf("%+v", got)
	}
	if d.spent[reach.ClassBulk] != 8 {
		t.Errorf("spent %d, want one part's 8", d.spent[reach.ClassBulk])
	}
}

func TestATextGoesOutTheWayKannelWantsIt(t *testing.T) {
	t.Parallel()
	p := smstest.Kannel(t)
	s, d := open(t, company(kannelAt("house", p)))
	for text, coding := range map[string]string{"a&to=+1900&text=x {secret} %41": "0", "網站中斷": "2"} {
		m := word(text)
		if r := s.Send(t.Context(), m); r.Outcome != reach.Taken || r.Code != "202" {
			t.Fatalf("%+v", r)
		}
		got := p.Taken()[len(p.Taken())-1]
		want := "https://status.example/api/v1/receipts/sms/house?delivery=" + string(m.Delivery) + "&seal=s&status=1"
		if got.Body != text || got.To != m.To || got.Coding != coding || got.From != "Harbour" || got.Receipt(1) != want {
			t.Errorf("%+v", got)
		}
	}
	if d.spent[reach.ClassBulk] != 16 {
		t.Errorf("spent %d", d.spent[reach.ClassBulk])
	}
}

func TestWhatMayNotBeTextedIsWithheld(t *testing.T) {
	t.Parallel()
	p := smstest.Twilio(t)
	s, d := open(t, company(twilioAt("eu", p)))
	for to, want := range map[string]struct {
		outcome reach.Outcome
		reason  string
	}{
		"+33612345678":   {reach.Withheld, reach.ReasonNoCountry},
		"+881612345678":  {reach.Withheld, reach.ReasonDear},
		"+870773111111":  {reach.Withheld, reach.ReasonDear},
		"+88213300001":   {reach.Withheld, reach.ReasonDear},
		"+979123456789":  {reach.Withheld, reach.ReasonDear},
		"+499001234567":  {reach.Withheld, reach.ReasonDear},
		"+19005550123":   {reach.Withheld, reach.ReasonDear},
		"+498001234567":  {reach.Withheld, reach.ReasonNoTexts},
		"+491":           {reach.Permanent, reach.ReasonNotAPhone},
		"4915123456789":  {reach.Permanent, reach.ReasonNotAPhone},
		"ann@harbour.at": {reach.Permanent, reach.ReasonNotAPhone},
	} {
		m := word("x")
		m.To = to
		if r := s.Send(t.Context(), m); r.Outcome != want.outcome || r.Reason != want.reason {
			t.Errorf("%s: %s, %s; want %s, %s", to, r.Outcome, r.Reason, want.outcome, want.reason)
		}
	}
	if len(p.Calls()) != 0 || d.spent[reach.ClassBulk] != 0 {
		t.Errorf("%d calls, spent %d", len(p.Calls()), d.spent[reach.ClassBulk])
	}
}

func TestAPurseIsNeverPassedAndCodesHaveTheirOwn(t *testing.T) {
	t.Parallel()
	p := smstest.Twilio(t)
	s, d := open(t, company(twilioAt("eu", p)))
	taken := 0
	for range 30 {
		m := word("123456")
		m.Class = reach.ClassCode
		r := s.Send(t.Context(), m)
		if r.Outcome == reach.Taken {
			taken++
		} else if r.Outcome != reach.Withheld || r.Reason != reach.ReasonPurse {
			t.Fatalf("%+v", r)
		}
	}
	if taken != 12 || d.spent[reach.ClassCode] != 96 {
		t.Errorf("%d codes for %d, want 12 for 96 of 100", taken, d.spent[reach.ClassCode])
	}
	if r := s.Send(t.Context(), word("down")); r.Outcome != reach.Taken {
		t.Errorf("customers are not told: %+v", r)
	}
}

func TestTheNextProviderIsTriedAndTheFirstComesBack(t *testing.T) {
	t.Parallel()
	down, up := smstest.Twilio(t), smstest.Kannel(t)
	down.Behave(func(_ int, w http.ResponseWriter, _ func()) bool { w.WriteHeader(503); return true })
	s, d := open(t, company(twilioAt("a", down), kannelAt("b", up)))
	for range 10 {
		if r := s.Send(t.Context(), word("down")); r.Outcome != reach.Taken {
			t.Fatalf("%+v", r)
		}
	}
	if len(up.Taken()) != 10 || len(down.Calls()) != opensAfter {
		t.Errorf("%d through the second, %d tries at the first; want 10 and %d", len(up.Taken()), len(down.Calls()), opensAfter)
	}
	if d.spent[reach.ClassBulk] != 80 {
		t.Errorf("spent %d, want 80: what was not sent is given back", d.spent[reach.ClassBulk])
	}
	down.Behave(nil)
	b := &s.(session).providers["a"].breaker
	b.mu.Lock()
	b.until = time.Now() // its rest is over
	b.mu.Unlock()
	for range 2 {
		s.Send(t.Context(), word("up"))
	}
	if len(down.Taken()) != 2 || b.failures != 0 {
		t.Errorf("%d through the first, which has %d failures: it did not close by itself", len(down.Taken()), b.failures)
	}
}

func TestOneThatRefusesConnectionsIsPassed(t *testing.T) {
	t.Parallel()
	gone, up := smstest.Twilio(t), smstest.Kannel(t)
	first := twilioAt("a", gone)
	gone.Close()
	s, _ := open(t, company(first, kannelAt("b", up)))
	if r := s.Send(t.Context(), word("down")); r.Outcome != reach.Taken {
		t.Errorf("%+v", r)
	}
}

func TestPatienceThatWasAskedForIsKept(t *testing.T) {
	t.Parallel()
	p := smstest.Twilio(t)
	p.Behave(func(_ int, w http.ResponseWriter, _ func()) bool {
		w.Header().Set("Retry-After", "600")
		smstest.Refuse(w, 429, 20429)
		return true
	})
	s, d := open(t, company(twilioAt("a", p)))
	for range 50 {
		r := s.Send(t.Context(), word("down"))
		if r.Outcome != reach.Temporary || r.RetryAfter < 590*time.Second {
			t.Fatalf("%+v", r)
		}
	}
	if n := len(p.Calls()); n != 1 {
		t.Errorf("it was asked %d times within its ten minutes", n)
	}
	if d.spent[reach.ClassBulk] != 0 {
		t.Errorf("spent %d", d.spent[reach.ClassBulk])
	}
}

func TestAProviderIsNeverGivenMoreThanItsRate(t *testing.T) {
	t.Parallel()
	p := smstest.Twilio(t)
	slow := twilioAt("a", p)
	slow.Minute = 600
	s, _ := open(t, company(slow))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if r := s.Send(t.Context(), word("down")); r.Outcome != reach.Taken {
				t.Errorf("%+v", r)
			}
		})
	}
	all.Wait()
	calls := p.Calls()
	if took := calls[len(calls)-1].Sub(calls[0]); took < 650*time.Millisecond {
		t.Errorf("8 texts in %s, at most one in 100 ms was allowed", took)
	}
}

func TestATextThatMayHaveArrivedIsAskedForFirst(t *testing.T) {
	t.Parallel()
	p, other := smstest.Twilio(t), smstest.Kannel(t)
	p.Behave(func(_ int, w http.ResponseWriter, take func()) bool { take(); smstest.Hang(w); return true })
	s, d := open(t, company(twilioAt("a", p), kannelAt("b", other)))
	if r := s.Send(t.Context(), word("cut, and taken")); r.Outcome != reach.Taken || r.ProviderID == "" {
		t.Errorf("%+v", r)
	}
	if len(p.Taken()) != 1 || len(other.Calls()) != 0 || d.spent[reach.ClassBulk] != 8 {
		t.Errorf("%d taken, %d at the other, spent %d", len(p.Taken()), len(other.Calls()), d.spent[reach.ClassBulk])
	}

	p.Mute(true) // now it took it, hung up, and answers no questions
	m := word("cut, and nobody says")
	r := s.Send(t.Context(), m)
	if r.Outcome != reach.Temporary || !reach.Doubtful(r.Reason) || len(other.Calls()) != 0 {
		t.Fatalf("%+v, %d at the other", r, len(other.Calls()))
	}
	m.InDoubt, m.Attempt = true, 2
	calls := len(p.Calls())
	if r = s.Send(t.Context(), m); r.Outcome != reach.Temporary || !reach.Doubtful(r.Reason) || r.RetryAfter <= 0 || len(p.Calls()) != calls {
		t.Errorf("within a minute it is only asked for: %+v, %d more", r, len(p.Calls())-calls)
	}
	m.Date = time.Now().Add(-61 * time.Second)
	p.Behave(nil)
	if r = s.Send(t.Context(), m); r.Outcome != reach.Taken || len(p.Calls()) != calls+1 {
		t.Errorf("after a minute of silence it is repeated once: %+v, %d more", r, len(p.Calls())-calls)
	}
}

func TestATextIsRepeatedOnceAtMost(t *testing.T) {
	t.Parallel()
	p := smstest.Kannel(t)
	s, _ := open(t, company(kannelAt("a", p)))
	if r := s.Send(t.Context(), word("a connection to use again")); r.Outcome != reach.Taken {
		t.Fatalf("%+v", r)
	}
	p.Behave(func(_ int, w http.ResponseWriter, take func()) bool { take(); smstest.Hang(w); return true })
	m := word("nobody can be asked")
	m.Date = time.Now().Add(-2 * time.Minute)
	if r := s.Send(t.Context(), m); r.Outcome != reach.Temporary || !reach.Doubtful(r.Reason) {
		t.Fatalf("%+v", r)
	}
	m.InDoubt = true
	if r := s.Send(t.Context(), m); r.Outcome != reach.Unsettled || r.Reason != reach.ReasonUnsettled {
		t.Errorf("%+v", r)
	}
	if n := len(p.Taken()); n != 1+2 {
		t.Errorf("the phone got it %d times, want one repeat: net/http must not send a GET again by itself", n-1)
	}

	careful := company(kannelAt("a", p))
	careful.InDoubt = settings.LeaveIt
	s, _ = open(t, careful)
	if r := s.Send(t.Context(), m); r.Outcome != reach.Unsettled || len(p.Taken()) != 1+2 {
		t.Errorf("%+v, %d taken: the company would rather call", r, len(p.Taken()))
	}
}

func TestRefusalsAreReadAsWhatTheyMean(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status, code int
		outcome      reach.Outcome
		reason       string
	}{
		{400, 21211, reach.Permanent, reach.ReasonNotAPhone},
		{400, 21614, reach.Permanent, reach.ReasonNoTexts},
		{400, 21610, reach.Withheld, reach.ReasonOptedOut},
		{400, 21408, reach.Refused, reach.ReasonNoCountry},
		{400, 21606, reach.Refused, reach.ReasonSenderAddress},
		{401, 20003, reach.Refused, reach.ReasonLogin},
		{400, 21617, reach.Poison, reach.ReasonTooLarge},
		{400, 99999, reach.Refused, reach.ReasonBadContent},
		{500, 20500, reach.Temporary, reach.ReasonReceiverFault},
		{410, 20410, reach.Refused, reach.ReasonReceiverGone}, // the resource is gone, not the customer
	} {
		p := smstest.Twilio(t)
		p.Behave(func(_ int, w http.ResponseWriter, _ func()) bool { smstest.Refuse(w, c.status, c.code); return true })
		s, d := open(t, company(twilioAt("a", p)))
		r := s.Send(t.Context(), word("x"))
		if r.Outcome != c.outcome || r.Reason != c.reason {
			t.Errorf("%d/%d: %s, %s; want %s, %s", c.status, c.code, r.Outcome, r.Reason, c.outcome, c.reason)
		}
		if d.spent[reach.ClassBulk] != 0 {
			t.Errorf("%d/%d cost %d", c.status, c.code, d.spent[reach.ClassBulk])
		}
	}
}

func TestNothingInsideIsSpokenTo(t *testing.T) {
	t.Parallel()
	p := smstest.Twilio(t)
	s, _ := open(t, company(twilioAt("a", p)), func(c *Config) { c.Allow = nil })
	if r := s.Send(t.Context(), word("x")); r.Outcome == reach.Taken || len(p.Calls()) != 0 {
		t.Errorf("%+v", r)
	}
	// A redirect is no way around, and nothing is sent where it points.
	elsewhere := smstest.Twilio(t)
	p.Behave(func(_ int, w http.ResponseWriter, _ func()) bool {
		w.Header().Set("Location", elsewhere.URL)
		w.WriteHeader(307)
		return true
	})
	s, _ = open(t, company(twilioAt("a", p)))
	if r := s.Send(t.Context(), word("x")); r.Outcome != reach.Refused || len(elsewhere.Calls()) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestAGatewaysBodyIsEscapedForItsKind(t *testing.T) {
	t.Parallel()
	hostile := "\"}\r\nX: y,{\"to\":\"+1900\"}</text><to>&{secret}"
	for kind, template := range map[string]string{
		"application/json": `{"to":"{to}","text":"{text}","id":"{id}"}`, "application/xml": "<m><to>{to}</to><text>{text}</text></m>",
		"application/x-www-form-urlencoded": "to={to}&text={text}",
	} {
		g := newGateway(settings.SMSProvider{Body: template, Secret: "hidden"}, nil)
		got := g.fill(template, text{Message: reach.Message{To: "+49", Text: hostile}}, bodily(kind))
		if strings.Contains(got, "hidden") || strings.Contains(got, "\r\n") || strings.Contains(got, "</text><to>") || strings.Count(got, `"to":"`) > 1 || strings.Contains(got, "\"}\r") {
			t.Errorf("%s: %s", kind, got)
		}
	}
	if got := headerly("a\r\nX: y"); got != "aX: y" {
		t.Errorf("a header became %q", got)
	}
}

func TestAProvidersNameForATextIsFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ id, body, want string }{
		{"/messages/0/id", `{"messages":[{"id":"abc-1"}]}`, "abc-1"},
		{"/a~1b/~0c", `{"a/b":{"~c":12345678901234567890}}`, "12345678901234567890"},
		{"/x", `{"x":{"y":1}}`, ""},
		{"/x", `[]`, ""},
		{"/0", `["<b>"]`, ""},
		{"/x", "no json", ""},
		{`id=(\w+)`, "OK id=77 queued", "77"},
		{`id=(\w+)`, "ERR", ""},
		{"", "OK 1", ""},
	} {
		if got := newGateway(settings.SMSProvider{ID: c.id}, nil).named([]byte(c.body)); got != c.want {
			t.Errorf("%s in %s is %q, want %q", c.id, c.body, got, c.want)
		}
	}
}
