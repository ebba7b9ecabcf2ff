package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"candor/outward"
	"candor/reach"
	"candor/reach/webhook"
)

// verify is what a receiver does, written from the Standard Webhooks specification and not with our own code.
func verify(r *http.Request, body []byte, secret string) bool {
	at, err := strconv.ParseInt(r.Header.Get("webhook-timestamp"), 10, 64)
	if err != nil || time.Since(time.Unix(at, 0)).Abs() > 5*time.Minute {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(r.Header.Get("webhook-id") + "." + r.Header.Get("webhook-timestamp") + "." + string(body)))
	want := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for signature := range strings.FieldsSeq(r.Header.Get("webhook-signature")) {
		version, value, _ := strings.Cut(signature, ",")
		if version == "v1" && hmac.Equal([]byte(value), []byte(want)) {
			return true
		}
	}
	return false
}

type call struct {
	*http.Request
	body []byte
}

// receiver is a customer's program: it keeps what it is sent, and answers what it is told to.
func receiver(t *testing.T, status int, header http.Header) (url string, calls <-chan call) {
	t.Helper()
	all := make(chan call, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		all <- call{r, body}
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, strings.Repeat("nobody is shown this ", 10_000))
	}))
	t.Cleanup(server.Close)
	return server.URL, all
}

func session(t *testing.T, point reach.Failpoint) reach.Session {
	t.Helper()
	client := outward.New(outward.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: 2 * time.Second, Failpoint: point})
	t.Cleanup(client.Close)
	s, err := webhook.New(client).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func message(to, keys string) reach.Message {
	return reach.Message{Delivery: "dlv_01JD6ZK3V8Q0N4W2Y7T5M9RBXC", To: to, Attempt: 1, Data: []byte(`{"type":"incident.update","data":{"title":"網站 <&>"}}`), Keys: keys}
}

func TestAReceiverCanVerifyWhoSpokeAndThatNothingChanged(t *testing.T) {
	t.Parallel()
	old, fresh := webhook.MintSecret(), webhook.MintSecret()
	url, calls := receiver(t, 204, nil)
	if r := session(t, nil).Send(t.Context(), message(url+"/hook?x=1", old+" "+fresh)); r.Outcome != reach.Taken || r.Code != "204" {
		t.Fatalf("%+v", r)
	}
	got := <-calls
	for name, secret := range map[string]string{"the old secret": old, "the new one": fresh} {
		if !verify(got.Request, got.body, secret) {
			t.Errorf("%s does not verify", name)
		}
	}
	if verify(got.Request, got.body, webhook.MintSecret()) {
		t.Error("a stranger's secret verifies")
	}
	if verify(got.Request, append(got.body, ' '), old) {
		t.Error("a changed body verifies")
	}
	if !json.Valid(got.body) || !strings.HasPrefix(got.Header.Get("Content-Type"), "application/json") || got.Method != http.MethodPost || got.RequestURI != "/hook?x=1" {
		t.Errorf("%s %s %q: %s", got.Method, got.RequestURI, got.Header.Get("Content-Type"), got.body)
	}
}

// The specification's own example.
func TestASignatureIsTheSpecifications(t *testing.T) {
	t.Parallel()
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := webhook.Sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`)), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEveryAttemptHasTheSameName(t *testing.T) {
	t.Parallel()
	url, calls := receiver(t, 500, nil)
	s := session(t, nil)
	m := message(url, webhook.MintSecret())
	for m.Attempt = 1; m.Attempt <= 3; m.Attempt++ {
		s.Send(t.Context(), m)
		if name := (<-calls).Header.Get("webhook-id"); name != "dlv_01jd6zk3v8q0n4w2y7t5m9rbxc" {
			t.Errorf("attempt %d is called %q", m.Attempt, name)
		}
	}
}

func TestWhatAnAnswerMeans(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status  int
		header  http.Header
		outcome reach.Outcome
		reason  string
		wait    time.Duration
	}{
		{status: 200, outcome: reach.Taken, reason: reach.ReasonAccepted},
		{status: 202, outcome: reach.Taken, reason: reach.ReasonAccepted},
		{status: 204, outcome: reach.Taken, reason: reach.ReasonAccepted},
		{status: 301, outcome: reach.Temporary, reason: reach.ReasonRedirected},
		{status: 400, outcome: reach.Temporary, reason: reach.ReasonBadContent},
		{status: 401, outcome: reach.Temporary, reason: reach.ReasonNotLetIn},
		{status: 404, outcome: reach.Temporary, reason: reach.ReasonNoReceiver},
		{status: 410, outcome: reach.Permanent, reason: reach.ReasonReceiverGone},
		{status: 413, outcome: reach.Temporary, reason: reach.ReasonTooLarge},
		{status: 429, header: http.Header{"Retry-After": {"600"}}, outcome: reach.Temporary, reason: reach.ReasonRateLimited, wait: 10 * time.Minute},
		{status: 500, outcome: reach.Temporary, reason: reach.ReasonReceiverFault},
		{status: 502, outcome: reach.Temporary, reason: reach.ReasonReceiverFault},
		{status: 503, header: http.Header{"Retry-After": {"30"}}, outcome: reach.Temporary, reason: reach.ReasonBusy, wait: 30 * time.Second},
	} {
		url, _ := receiver(t, c.status, c.header)
		r := session(t, nil).Send(t.Context(), message(url, webhook.MintSecret()))
		if r.Outcome != c.outcome || r.Reason != c.reason || r.Code != strconv.Itoa(c.status) || r.RetryAfter != c.wait {
			t.Errorf("%d: %+v", c.status, r)
		}
		if strings.Contains(r.Reason+r.Code+r.ProviderID, "nobody is shown") {
			t.Errorf("%d: the receiver's words are kept", c.status)
		}
	}
}

func TestAnEndpointThatIsAwayIsTriedLater(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	if r := session(t, nil).Send(t.Context(), message(gone.URL, webhook.MintSecret())); r.Outcome != reach.Temporary || r.Reason != reach.ReasonUnreachable {
		t.Errorf("%+v", r)
	}
}

func TestNothingUnsignedLeaves(t *testing.T) {
	t.Parallel()
	url, calls := receiver(t, 200, nil)
	for _, keys := range []string{"", "whsec_", "whsec_AAAA", "secret", "whsec_!!!", webhook.MintSecret() + " nonsense"} {
		if r := session(t, nil).Send(t.Context(), message(url, keys)); r.Outcome != reach.Poison {
			t.Errorf("with the secret %q: %+v", keys, r)
		}
	}
	m := message(url, webhook.MintSecret())
	m.Data = nil
	if r := session(t, nil).Send(t.Context(), m); r.Outcome != reach.Poison {
		t.Errorf("without a document: %+v", r)
	}
	if len(calls) != 0 {
		t.Errorf("%d calls were made", len(calls))
	}
}

func TestTheKillPointsAreWhereAKillHurts(t *testing.T) {
	t.Parallel()
	points := make(chan string, 4)
	url, _ := receiver(t, 200, nil)
	session(t, func(p string) { points <- p }).Send(t.Context(), message(url, webhook.MintSecret()))
	if first, second := <-points, <-points; first != reach.AfterDot || second != reach.After250 {
		t.Errorf("%s, then %s", first, second)
	}
}
