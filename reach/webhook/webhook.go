// Package webhook tells customers' programs, in the way of Standard Webhooks: a JSON document, signed with a secret that only the two of
// us know, repeated until it is accepted, and the same name on every repeat so that it counts once.
//
// A receiver answers any 2xx within fifteen seconds. It ends the subscription with 410. Redirects are not followed, and only public
// addresses are called, unless the operator allows a network (package outward).
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"candor/outward"
	"candor/reach"
)

// Channel posts to webhooks.
type Channel struct{ out *outward.Client }

// New makes a channel that speaks through out.
func New(out *outward.Client) *Channel { return &Channel{out} }

// Name is "webhook".
func (c *Channel) Name() string { return "webhook" }

// Connections is how many receivers are spoken to at once: most of a call is waiting for somebody else's program.
func (c *Channel) Connections() int { return 32 }

// Open has nothing to open: every receiver is another host, and connections are kept by the client.
func (c *Channel) Open(context.Context) (reach.Session, error) { return session{c.out}, nil }

type session struct{ out *outward.Client }

func (s session) Close() error { return nil }

// Send posts m.Data to m.To. Its id is the delivery's on every attempt; the timestamp is of the attempt, since receivers refuse what is
// older than five minutes.
func (s session) Send(ctx context.Context, m reach.Message) reach.Result {
	keys := secrets(m.Keys)
	if len(keys) == 0 || len(m.Data) == 0 {
		return reach.Result{Outcome: reach.Poison, Reason: reach.ReasonInvalid}
	}
	name, at := strings.ToLower(string(m.Delivery)), strconv.FormatInt(time.Now().Unix(), 10)
	var signatures []string
	for _, key := range keys {
		signatures = append(signatures, Sign(key, name, at, m.Data))
	}
	answer := s.out.Post(ctx, m.To, http.Header{
		"Content-Type":      {"application/json; charset=utf-8"},
		"Webhook-Id":        {name},
		"Webhook-Timestamp": {at},
		"Webhook-Signature": {strings.Join(signatures, " ")},
	}, m.Data)
	return answer.Result()
}

// Sign is one signature of the header, made with one secret's bytes.
func Sign(key []byte, name, at string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(name + "." + at + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// MintSecret draws a receiver's secret, as both sides write it down.
func MintSecret() string {
	b := make([]byte, 32)
	rand.Read(b)
	return "whsec_" + base64.StdEncoding.EncodeToString(b)
}

// secrets are the bytes behind a receiver's secrets: one, or while it changes two, separated by a space. They have 24 to 64 bytes (Standard
// Webhooks); one that is none makes all of them useless, because a message signed by half looks like a forgery to somebody.
func secrets(text string) (keys [][]byte) {
	for word := range strings.FieldsSeq(text) {
		encoded, ok := strings.CutPrefix(word, "whsec_")
		key, err := base64.StdEncoding.DecodeString(encoded)
		if !ok || err != nil || len(key) < 24 || len(key) > 64 {
			return nil
		}
		keys = append(keys, key)
	}
	return keys
}
