package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// A stripeFault is an error in Stripe's own words: https://docs.stripe.com/api/errors. What anything else on the way says, a proxy's page for
// instance, is none: a refusal settles what becomes of money, and only Stripe may refuse for Stripe.
type stripeFault struct {
	Status  int    `json:"-"`
	Type    string `json:"type"`
	Code    string `json:"code"`
	Param   string `json:"param"`
	Message string `json:"message"`
	Request string `json:"-"` // what Stripe's support finds it by
}

func (f *stripeFault) Error() string {
	return fmt.Sprintf("stripe answered %d %s, code %q, param %q, request %q: %s", f.Status, f.Type, f.Code, f.Param, f.Request, f.Message)
}

// readFault is the error that an answer other than success stands for.
func readFault(answer *http.Response, body []byte) error {
	var said struct{ Error *stripeFault }
	if err := json.Unmarshal(body, &said); err != nil || said.Error == nil || answer.StatusCode < 400 {
		return fmt.Errorf("answered %d, not in the way of Stripe", answer.StatusCode)
	}
	said.Error.Status, said.Error.Request = answer.StatusCode, answer.Header.Get("Request-Id")
	return said.Error
}

// doubtful is what becomes of an entry on an error: a refusal if Stripe said so in its own words, else nobody knows.
func doubtful(key string, err error) Outcome {
	o := Outcome{Key: key, Became: Doubt, Reason: Unreachable, Detail: err.Error()}
	if reason := refusal(err); reason != "" {
		o.Reason = reason
		if reason != TooMany {
			o.Became = Refused
		}
	}
	return o
}

// refusal is why Stripe refused; empty where it did not: no answer, its own fault, or the same key under way at this moment.
func refusal(err error) Reason {
	var said *stripeFault
	if !errors.As(err, &said) {
		return ""
	}
	switch {
	case said.Status == http.StatusTooManyRequests:
		return TooMany
	case said.Status == http.StatusUnauthorized || said.Status == http.StatusForbidden:
		return NotAllowed
	case said.Status == http.StatusConflict || said.Status >= 500:
		return ""
	case said.Type == "idempotency_error":
		return Unlike
	case said.Code == "resource_missing" && (said.Param == "charge" || said.Param == "payment_intent"),
		said.Code == "charge_already_refunded", said.Code == "charge_disputed":
		return NoCharge
	case said.Code == "resource_missing" || said.Status == http.StatusNotFound:
		return NoAccount
	case said.Param == "currency":
		return NoCurrency
	case said.Status >= 400:
		return Other
	}
	return ""
}
