// Package push shows a word on a customer's screen, through the browser they subscribed with: no app, no account, no third party that could
// read it (RFC 8030, 8291, 8292).
package push

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"candor/outward"
	"candor/reach"
)

// Channel posts to browsers' push services.
type Channel struct {
	out     *outward.Client
	key     Key
	contact string
}

// New makes a channel. contact is a mailto: or https: URL by which a push service's operator can reach us.
func New(out *outward.Client, key Key, contact string) *Channel {
	return &Channel{out, key, contact}
}

// Name is "push".
func (c *Channel) Name() string { return "push" }

// Connections is how many messages are under way at once.
func (c *Channel) Connections() int { return 32 }

// Open has nothing to open: the client keeps connections.
func (c *Channel) Open(context.Context) (reach.Session, error) { return session{c}, nil }

type session struct{ *Channel }

func (s session) Close() error { return nil }

// keep is how long a push service holds a message for a browser that is away. A day later there is a newer word, or nothing to say.
const keep = 24 * time.Hour

// What a lock screen shows; browsers cut what is longer.
const longestTitle, longestBody = 120, 240

// A note is what the service worker reads (site/assets/sw.js).
type note struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	URL   string `json:"url"`
	Topic string `json:"topic"`
}

// Send encrypts and hands over.
func (s session) Send(ctx context.Context, m reach.Message) reach.Result {
	keys, refused := reach.ParsePushKeys(m.Keys)
	endpoint, err := url.Parse(m.To)
	if refused != nil || err != nil {
		return reach.Result{Outcome: reach.Permanent, Reason: reach.ReasonBadAddress}
	}
	body, err := sealed(m, keys)
	if err != nil || m.Brief.Title == "" {
		return reach.Result{Outcome: reach.Poison, Reason: reach.ReasonInvalid}
	}
	authorization, err := s.key.vouch(endpoint, s.contact, time.Now())
	if err != nil {
		return reach.Result{Outcome: reach.Poison, Reason: reach.ReasonInvalid}
	}
	header := http.Header{
		"Authorization": {authorization}, "Content-Encoding": {"aes128gcm"}, "Content-Type": {"application/octet-stream"},
		"Ttl": {strconv.Itoa(int(keep.Seconds()))}, "Urgency": {urgency(m)},
	}
	if topic := topical(m.Brief.Topic); topic != "" {
		header.Set("Topic", topic) // what waits for a browser that is away is replaced, not piled up
	}
	return read(s.out.Post(ctx, m.To, header, body))
}

func sealed(m reach.Message, to reach.PushKeys) ([]byte, error) {
	payload, err := json.Marshal(note{cut(m.Brief.Title, longestTitle), cut(m.Brief.Body, longestBody), m.Brief.URL, m.Brief.Topic})
	if err != nil {
		return nil, err
	}
	if len(payload) > longestPayload {
		return nil, http.ErrContentLength
	}
	own, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	return encrypt(payload, to, own, salt)
}

// read judges a push service's answer, where it means something else than a webhook's: a subscription that is gone is gone for good
// (RFC 8030 §7.3), and a refusal is about our key, not about the browser.
func read(a outward.Answer) reach.Result {
	r := a.Result()
	if a.Failed != "" {
		return r
	}
	switch a.Status {
	case http.StatusNotFound:
		r.Outcome, r.Reason = reach.Permanent, reach.ReasonReceiverGone
	case http.StatusRequestEntityTooLarge:
		r.Outcome = reach.Poison
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		r.Outcome = reach.Refused
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
	default:
		if a.Status >= 400 && a.Status < 500 { // no push service answers so: whoever gave us this address is sent nothing again
			r.Outcome, r.Reason = reach.Permanent, reach.ReasonNoReceiver
		}
	}
	return r
}

func urgency(m reach.Message) string {
	if m.Brief.Urgent {
		return "high" // wakes a phone that saves its battery
	}
	return "normal"
}

// topical is a topic as the header may have it: at most 32 characters of base64url (RFC 8030 §5.4).
func topical(topic string) string {
	if len(topic) > 32 || strings.Trim(topic, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
		return ""
	}
	return topic
}

func cut(text string, most int) string {
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	return strings.TrimSpace(string(r[:most-1])) + "…"
}
