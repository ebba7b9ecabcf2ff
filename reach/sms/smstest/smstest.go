// Package smstest is text message providers on this machine, for tests: they speak the protocols of Twilio and of Kannel's sendsms, check
// what they are sent as the real ones do, and misbehave on demand.
package smstest

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio's signature
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A Text is one message a provider has taken.
type Text struct {
	SID, To, From, Body, Callback, Coding string
	At                                    time.Time
}

// A Provider is one gateway. Its fields may be set before it is used.
type Provider struct {
	*httptest.Server
	mu    sync.Mutex
	taken []Text
	calls []time.Time
	asked int
	// Behave answers the nth sending (from 1) in the provider's place if it returns true. It is called after the body was read.
	behave func(n int, w http.ResponseWriter, take func()) bool
	mute   bool
}

// Account and Token are the login every provider here wants.
const (
	Account = "AC0123456789abcdef0123456789abcdef"
	Token   = "a-token-that-nobody-else-has"
)

// Twilio starts a provider that speaks Twilio's API.
func Twilio(t testing.TB) *Provider { return start(t, (*Provider).twilio) }

// Kannel starts a provider that speaks sendsms.
func Kannel(t testing.TB) *Provider { return start(t, (*Provider).kannel) }

func start(t testing.TB, serve func(*Provider, http.ResponseWriter, *http.Request)) *Provider {
	p := &Provider{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(p, w, r) }))
	t.Cleanup(p.Close)
	return p
}

// Behave sets what happens to sendings; nil is normal again. take keeps the text although the answer will not say so.
func (p *Provider) Behave(f func(n int, w http.ResponseWriter, take func()) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.behave = f
}

// Mute makes questions about texts fail.
func (p *Provider) Mute(mute bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mute = mute
}

// Taken are the texts taken so far.
func (p *Provider) Taken() []Text {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.taken)
}

// Calls are when sendings came, and Asked how often somebody asked what became of one.
func (p *Provider) Calls() []time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.calls)
}

// Asked is how often somebody asked what became of a text.
func (p *Provider) Asked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

func (p *Provider) sending(w http.ResponseWriter, x Text, answer func(Text)) {
	p.mu.Lock()
	p.calls = append(p.calls, time.Now())
	n, behave := len(p.calls), p.behave
	p.mu.Unlock()
	x.At = time.Now()
	x.SID = fmt.Sprintf("SM%032d", n)
	take := func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.taken = append(p.taken, x)
	}
	if behave != nil && behave(n, w, take) {
		return
	}
	take()
	answer(x)
}

// Hang ends the connection without a word.
func Hang(w http.ResponseWriter) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		c.Close()
	}
}

func (p *Provider) twilio(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	w.Header().Set("Content-Type", "application/json")
	if user != Account || password != Token {
		refuse(w, 401, 20003, "Authenticate")
		return
	}
	if r.URL.Path != "/2010-04-01/Accounts/"+Account+"/Messages.json" {
		refuse(w, 404, 20404, "The requested resource was not found")
		return
	}
	if r.Method == http.MethodGet {
		p.list(w, r)
		return
	}
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		refuse(w, 400, 21603, "bad form")
		return
	}
	f := r.PostForm
	switch {
	case !strings.HasPrefix(f.Get("To"), "+"):
		refuse(w, 400, 21211, "Invalid 'To' Phone Number")
	case f.Get("From") == "" && f.Get("MessagingServiceSid") == "":
		refuse(w, 400, 21603, "A 'From' phone number is required")
	case f.Get("Body") == "":
		refuse(w, 400, 21602, "Message body is required")
	default:
		p.sending(w, Text{To: f.Get("To"), From: f.Get("From") + f.Get("MessagingServiceSid"), Body: f.Get("Body"), Callback: f.Get("StatusCallback")}, func(x Text) {
			w.WriteHeader(http.StatusCreated)
			json.NewEncoder(w).Encode(message(x))
		})
	}
}

func message(x Text) map[string]any {
	return map[string]any{
		"sid": x.SID, "to": x.To, "from": x.From, "body": x.Body, "status": "queued", "direction": "outbound-api",
		"date_created": x.At.UTC().Format(time.RFC1123Z), "error_code": nil,
	}
}

func (p *Provider) list(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.mute {
		refuse(w, 500, 20500, "Internal Server Error")
		return
	}
	all := []map[string]any{}
	for _, x := range p.taken {
		if x.To == r.URL.Query().Get("To") && x.At.UTC().Format(time.DateOnly) >= r.URL.Query().Get("DateSent>") {
			all = append(all, message(x))
		}
	}
	json.NewEncoder(w).Encode(map[string]any{"messages": all})
}

func refuse(w http.ResponseWriter, status, code int, words string) {
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"code": code, "message": words, "status": status})
}

// Refuse answers as Twilio refuses.
func Refuse(w http.ResponseWriter, status, code int) { refuse(w, status, code, "no") }

// kannel is smsbox's sendsms: everything in the query, and a line of text in answer.
func (p *Provider) kannel(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch {
	case r.URL.Path != "/cgi-bin/sendsms" || r.Method != http.MethodGet:
		w.WriteHeader(404)
	case q.Get("username") != Account || q.Get("password") != Token:
		w.WriteHeader(403)
		fmt.Fprint(w, "Authorization failed for sendsms")
	case q.Get("to") == "":
		w.WriteHeader(400)
		fmt.Fprint(w, "Missing receiver and/or sender")
	default:
		p.sending(w, Text{To: q.Get("to"), From: q.Get("from"), Body: q.Get("text"), Callback: q.Get("dlr-url"), Coding: q.Get("coding")}, func(Text) {
			w.WriteHeader(http.StatusAccepted)
			fmt.Fprint(w, "0: Accepted for delivery")
		})
	}
}

// Receipt is the request by which Kannel tells a text's state: the address with its escapes filled in.
func (x Text) Receipt(state int) string {
	return strings.ReplaceAll(x.Callback, "%d", strconv.Itoa(state))
}

// Sign signs a form as Twilio does.
func Sign(token, address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		mac.Write([]byte(name + form.Get(name)))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
