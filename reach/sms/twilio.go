package sms

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"candor/outward"
	"candor/reach"
	"candor/settings"
)

// twilio speaks Twilio's Messages resource, which several others offer in the same form.
type twilio struct {
	settings.SMSProvider
	client *outward.Client
}

func (p *twilio) messages() string {
	return p.Base() + "/2010-04-01/Accounts/" + url.PathEscape(p.User) + "/Messages.json"
}

func (p *twilio) header() http.Header {
	return http.Header{
		"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(p.User+":"+p.Secret))},
		"Accept":        {"application/json"},
		"Content-Type":  {"application/x-www-form-urlencoded"},
	}
}

// A message is what Twilio says of one.
type message struct {
	SID       string `json:"sid"`
	To        string `json:"to"`
	Body      string `json:"body"`
	Direction string `json:"direction"`
	Created   string `json:"date_created"`
	Code      int    `json:"code"` // of a refusal; status is a word in one form and a number in the other, and left alone
}

func (p *twilio) send(ctx context.Context, t text) reach.Result {
	form := url.Values{"To": {t.To}, "Body": {t.Text}, "StatusCallback": {t.receipt}}
	if settings.IsService(t.from) {
		form.Set("MessagingServiceSid", t.from)
	} else {
		form.Set("From", t.from)
	}
	a := p.client.Post(ctx, p.messages(), p.header(), []byte(form.Encode()))
	if a.Failed != "" {
		return unanswered(a)
	}
	var said message
	readable := json.Unmarshal(a.Body, &said) == nil
	switch {
	case a.Status == http.StatusCreated || a.Status == http.StatusOK:
		if !readable || !isSID(said.SID) {
			return reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonTooLate} // it took something; who knows what: asked for later
		}
		return reach.Result{Outcome: reach.Taken, ProviderID: said.SID, Reason: reach.ReasonAccepted}
	case readable && said.Code != 0:
		return twilioRefusal(said.Code, a)
	}
	return answered(a)
}

// find looks for a text by whom it went to, what it says and when: Twilio keeps no reference of ours.
func (p *twilio) find(ctx context.Context, t text) (r reach.Result, found, answered bool) {
	since := t.Date.Add(-2 * time.Minute).UTC() // the clocks of two companies
	query := url.Values{"To": {t.To}, "DateSent>": {since.Format(time.DateOnly)}, "PageSize": {"100"}}
	a := p.client.Call(ctx, http.MethodGet, p.messages()+"?"+query.Encode(), p.header(), nil)
	var page struct {
		Messages []message `json:"messages"`
	}
	if a.Failed != "" || a.Status != http.StatusOK || json.Unmarshal(a.Body, &page) != nil {
		return r, false, false
	}
	for _, m := range page.Messages {
		created, err := time.Parse(time.RFC1123Z, m.Created)
		if err != nil || m.To != t.To || m.Body != t.Text || m.Direction == "inbound" || created.Before(since) || !isSID(m.SID) {
			continue
		}
		return reach.Result{Outcome: reach.Taken, ProviderID: m.SID, Reason: reach.ReasonAccepted}, true, true
	}
	return r, false, true
}

func isSID(s string) bool {
	if len(s) < 2 || len(s) > 64 {
		return false
	}
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}

func twilioRefusal(code int, a outward.Answer) reach.Result {
	known, ok := reach.TwilioCodes[code]
	if !ok {
		r := answered(a)
		r.Code = strconv.Itoa(code)
		return r
	}
	r := reach.Result{Outcome: known.Outcome, Code: strconv.Itoa(code), Reason: known.Reason}
	if r.Outcome == reach.Temporary {
		r.RetryAfter = a.RetryAfter
	}
	return r
}

// unanswered is a provider that said nothing. That its address is not one we may or can speak to is the settings' fault, not the customer's.
func unanswered(a outward.Answer) reach.Result {
	r := reach.Result{Outcome: reach.Temporary, Reason: a.Failed}
	if a.Failed == reach.ReasonBadAddress || a.Failed == reach.ReasonNotPublic || a.Failed == reach.ReasonUnsafe {
		r.Outcome = reach.Refused
	}
	return r
}

// answered reads a status that has no code behind it. No status ends a number: gateways use 4xx for the operator's mistakes.
func answered(a outward.Answer) reach.Result {
	r := reach.Answered(a.Status, a.RetryAfter)
	switch {
	case a.Status == 401 || a.Status == 403:
		r.Outcome, r.Reason = reach.Refused, reach.ReasonLogin
	case a.Status == 502 || a.Status == 504 || a.Status == 408:
		r.Reason = reach.ReasonTooLate // somebody in between gave up waiting for whom it had passed the text on to
	case a.Status == 429 || a.Status >= 500:
	case r.Outcome == reach.Taken:
		r.Outcome, r.Reason = reach.Refused, reach.ReasonProtocol
	default:
		r.Outcome = reach.Refused
	}
	return r
}
