package reach

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio signs with HMAC-SHA1, against which no attack is known
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"candor/id"
)

// A TextWord is what a provider of text messages tells us, about one of ours or from a customer.
type TextWord struct {
	Delivery id.Delivery // of a receipt
	Kind     ReceiptKind
	Code     string
	Reason   string

	From, Body string // of a text that came in
	SID        string // the provider's name for the message
}

// Inbound reports whether a customer wrote.
func (w TextWord) Inbound() bool { return w.From != "" }

// TwilioSigned reports whether a form was sent by who knows the account's token: the address it was sent to, with its query, and behind it
// every field's name and value in the order of their names, under HMAC-SHA1.
func TwilioSigned(token, address string, form url.Values, signature string) bool {
	if token == "" || signature == "" {
		return false
	}
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		values := slices.Clone(form[name])
		slices.Sort(values)
		for _, v := range slices.Compact(values) {
			mac.Write([]byte(name + v))
		}
	}
	return hmac.Equal([]byte(base64.StdEncoding.EncodeToString(mac.Sum(nil))), []byte(signature))
}

// longestReply is what is kept of a customer's text: ten parts are more than phones send.
const longestReply = 1600

// ReadTwilio reads a signed form: a status callback, or a text that came in. ok is false where it says nothing of interest.
func ReadTwilio(form url.Values, delivery id.Delivery) (w TextWord, ok bool) {
	w = TextWord{Delivery: delivery, SID: bounded(form.Get("MessageSid"), 64), Code: digits(form.Get("ErrorCode"))}
	switch form.Get("MessageStatus") {
	case "sent":
		w.Kind, w.Reason = SaysTaken, ReasonAccepted
	case "delivered", "read":
		w.Kind, w.Reason = SaysDelivered, ReasonAccepted
	case "undelivered", "failed":
		w.Kind, w.Reason = failure(w.Code)
	case "":
		if form.Get("From") == "" || delivery != "" {
			return w, false
		}
		return inbound(form.Get("From"), form.Get("Body"), w.SID), true
	default:
		return w, false // queued, sending: nothing new
	}
	return w, delivery != ""
}

// failure sorts a code of a text that will not arrive: there is nobody at this number, or there was, and it did not work.
func failure(code string) (ReceiptKind, string) {
	n, _ := strconv.Atoi(code)
	known, ok := TwilioCodes[n]
	switch {
	case !ok:
		return SaysFailed, ReasonUnspecified
	case known.Outcome == Permanent:
		return SaysBounced, known.Reason
	}
	return SaysFailed, known.Reason
}

// ReadGateway reads the form of any other gateway, whose seal was checked: a status in Kannel's numbers or in the words of SMPP and its
// many cousins, or a text that came in.
func ReadGateway(form url.Values, delivery id.Delivery) (w TextWord, ok bool) {
	if delivery == "" {
		from := form.Get("from")
		return inbound(from, form.Get("text"), bounded(form.Get("id"), 64)), from != ""
	}
	w = TextWord{Delivery: delivery, SID: bounded(form.Get("id"), 64), Code: bounded(form.Get("code"), 16)}
	switch strings.ToLower(form.Get("status")) {
	case "1", "delivered", "delivrd", "deliveredtoterminal", "read", "seen":
		w.Kind, w.Reason = SaysDelivered, ReasonAccepted
	case "8", "accepted", "acceptd", "sent", "enroute":
		w.Kind, w.Reason = SaysTaken, ReasonAccepted
	case "2", "16", "failed", "undelivered", "undeliv", "rejected", "rejectd", "expired", "deleted", "error":
		w.Kind, w.Reason = SaysFailed, ReasonUnreached
	case "unknown_subscriber", "absent_number", "invalid_number":
		w.Kind, w.Reason = SaysBounced, ReasonNotAPhone
	default:
		return w, false // 4, buffered: nothing new
	}
	return w, true
}

func inbound(from, body, sid string) TextWord {
	w := TextWord{Kind: SaysReply, From: bounded(from, 40), Body: bounded(body, longestReply), SID: sid}
	switch Keyword(w.Body) {
	case Stop:
		w.Kind = SaysStop
	case Start:
		w.Kind = SaysStart
	case Help:
		w.Kind = SaysHelp
	}
	return w
}

// bounded cuts what a stranger sent to so many bytes of text without NUL, which no database takes.
func bounded(s string, most int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "")
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

func digits(s string) string {
	if len(s) > 8 || strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}
