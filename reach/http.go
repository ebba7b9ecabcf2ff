package reach

import (
	"strconv"
	"time"
)

// Reasons of channels that speak HTTP.
const (
	ReasonNotPublic    = "address is not public"
	ReasonNoHost       = "host is not found"
	ReasonUnreachable  = "no connection to the receiver"
	ReasonUnsafe       = "certificate is not valid"
	ReasonTooLate      = "no answer in time"
	ReasonRedirected   = "receiver points elsewhere" // where redirects lead, nobody has checked
	ReasonReceiverGone = "receiver is gone"
	ReasonNoReceiver   = "no such receiver"
	ReasonNotLetIn     = "receiver does not let us in"
)

// MostPatience is the longest Retry-After that is believed.
const MostPatience = 24 * time.Hour

// Answered reads the status of an HTTP answer. Only 410 ends an address at once: it is the one status by which somebody says so on
// purpose (Standard Webhooks, RFC 8030). All else that is no success may be a mistake made while deploying, and is tried for Patience.
func Answered(status int, retryAfter time.Duration) Result {
	r := Result{Outcome: Temporary, Code: strconv.Itoa(status), RetryAfter: min(max(retryAfter, 0), MostPatience)}
	switch {
	case status >= 200 && status < 300:
		r.Outcome, r.Reason, r.RetryAfter = Taken, ReasonAccepted, 0
	case status >= 300 && status < 400:
		r.Reason = ReasonRedirected
	case status == 401 || status == 403 || status == 407:
		r.Reason = ReasonNotLetIn
	case status == 404:
		r.Reason = ReasonNoReceiver
	case status == 410:
		r.Outcome, r.Reason = Permanent, ReasonReceiverGone
	case status == 413:
		r.Reason = ReasonTooLarge
	case status == 408 || status == 425 || status == 503:
		r.Reason = ReasonBusy
	case status == 429:
		r.Reason = ReasonRateLimited
	case status >= 500:
		r.Reason = ReasonReceiverFault
	case status >= 400:
		r.Reason = ReasonBadContent
	default:
		r.Reason = ReasonProtocol
	}
	return r
}
