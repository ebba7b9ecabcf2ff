package ledger_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"candor/ledger"
)

// answers stands where Stripe would.
func answers(t *testing.T, serve http.HandlerFunc) *ledger.Stripe {
	t.Helper()
	s := httptest.NewServer(serve)
	t.Cleanup(s.Close)
	return ledger.NewStripe("sk_test_1", s.URL+"/")
}

func TestARequestToStripeSaysWhoseItIsAndInWhichForm(t *testing.T) {
	t.Parallel()
	var got []string
	book := answers(t, func(w http.ResponseWriter, r *http.Request) {
		form, _ := io.ReadAll(r.Body)
		h := r.Header
		got = append(got, r.Method+" "+r.URL.EscapedPath(), string(form), h.Get("Authorization"), h.Get("Stripe-Version"), h.Get("Idempotency-Key"), h.Get("Content-Type"))
		_, _ = io.WriteString(w, `{"id": "cbtxn_1"}`)
	})
	x := ledger.Export{Entries: []ledger.Entry{{Key: "off_1", Account: "cus/../1?", Amount: euros(5), Text: "10 % & more"}}}
	if o := book.Enter(t.Context(), x); o[0].Entry != "cbtxn_1" {
		t.Errorf("%+v", o)
	}
	want := []string{
		"POST /v1/customers/cus%2F..%2F1%3F/balance_transactions",
		"amount=-5&currency=eur&description=10+%25+%26+more&metadata%5Bcandor%5D=off_1",
		"Bearer sk_test_1", "2026-02-25.clover", "off_1", "application/x-www-form-urlencoded",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOnlyStripesOwnWordsAreARefusal(t *testing.T) {
	t.Parallel()
	said := func(kind, code, param string) string {
		return fmt.Sprintf(`{"error": {"type": %q, "code": %q, "param": %q, "message": "because"}}`, kind, code, param)
	}
	for _, c := range []struct {
		what   string
		status int
		body   string
		became ledger.Became
		reason ledger.Reason
	}{
		{"a key without the right", 403, said("invalid_request_error", "", ""), ledger.Refused, ledger.NotAllowed},
		{"another sum under our key", 400, said("idempotency_error", "", ""), ledger.Refused, ledger.Unlike},
		{"our key under way this moment", 409, said("idempotency_error", "idempotency_key_in_use", ""), ledger.Doubt, ledger.Unreachable},
		{"a customer nobody knows", 404, said("invalid_request_error", "resource_missing", "customer"), ledger.Refused, ledger.NoAccount},
		{"a charge nobody knows", 404, said("invalid_request_error", "resource_missing", "charge"), ledger.Refused, ledger.NoCharge},
		{"refunded already", 400, said("invalid_request_error", "charge_already_refunded", ""), ledger.Refused, ledger.NoCharge},
		{"a currency the customer does not have", 400, said("invalid_request_error", "", "currency"), ledger.Refused, ledger.NoCurrency},
		{"anything else they do not like", 402, said("card_error", "", ""), ledger.Refused, ledger.Other},
		{"too fast", 429, said("invalid_request_error", "rate_limit", ""), ledger.Doubt, ledger.TooMany},
		{"their fault", 503, said("api_error", "", ""), ledger.Doubt, ledger.Unreachable},
		{"a proxy's page", 403, "<h1>Forbidden</h1>", ledger.Doubt, ledger.Unreachable},
		{"a proxy's JSON", 404, `{"message": "no route"}`, ledger.Doubt, ledger.Unreachable},
		{"a success that names nothing", 200, `{}`, ledger.Doubt, ledger.Unreachable},
		{"a success that is none", 200, "<h1>Welcome to our WLAN</h1>", ledger.Doubt, ledger.Unreachable},
		{"a success without an end", 200, `{"id": "cbtxn_1", "object": "` + strings.Repeat("x", 4<<20) + `"}`, ledger.Doubt, ledger.Unreachable},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			book := answers(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Request-Id", "req_7")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			o := book.Enter(t.Context(), export(1))[0]
			if o.Became != c.became || o.Reason != c.reason {
				t.Errorf("%+v", o)
			}
			if o.Became == ledger.Refused && (!strings.Contains(o.Detail, "req_7") || !strings.Contains(o.Detail, "because")) {
				t.Errorf("the log would say %q", o.Detail)
			}
		})
	}
}

func TestOurKeyToStripeFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("it came with %q", r.Header.Get("Authorization"))
	}))
	t.Cleanup(elsewhere.Close)
	book := answers(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	if o := book.Enter(t.Context(), export(1)); o[0].Became != ledger.Doubt {
		t.Errorf("%+v", o)
	}
	if held, err := book.Holds(t.Context(), export(1)); err == nil {
		t.Errorf("it holds %v", held)
	}
}

func TestACreditIsFoundOnALaterPage(t *testing.T) {
	t.Parallel()
	book := answers(t, func(w http.ResponseWriter, r *http.Request) {
		switch from := r.URL.Query().Get("starting_after"); from {
		case "":
			_, _ = io.WriteString(w, `{"data": [{"id": "cbtxn_3"}, {"id": "cbtxn_2"}], "has_more": true}`)
		case "cbtxn_2":
			_, _ = io.WriteString(w, `{"data": [{"id": "cbtxn_1", "amount": -100, "currency": "eur", "metadata": {"candor": "off_0000"}}]}`)
		default:
			t.Errorf("asked for what comes after %q", from)
		}
	})
	held, err := book.Holds(t.Context(), export(1))
	want := map[string]ledger.Held{"off_0000": {Key: "off_0000", Entry: "cbtxn_1", Amount: euros(100)}}
	if diff := cmp.Diff(want, held); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestARefundThatFailedIsNotHeld(t *testing.T) {
	t.Parallel()
	book := answers(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/refunds" || r.URL.Query().Get("payment_intent") != "pi_1" {
			t.Errorf("asked for %s", r.URL)
		}
		_, _ = io.WriteString(w, `{"data": [
			{"id": "re_2", "amount": 5, "currency": "eur", "status": "failed", "metadata": {"candor": "fee_1"}},
			{"id": "re_1", "amount": 5, "currency": "eur", "status": "canceled", "metadata": {"candor": "fee_1"}}]}`)
	})
	x := ledger.Export{Entries: []ledger.Entry{{Key: "fee_1", Account: "cus_1", Amount: euros(5), Charge: "pi_1"}}}
	if held, err := book.Holds(t.Context(), x); err != nil || len(held) > 0 {
		t.Errorf("%v %v", held, err)
	}
}
