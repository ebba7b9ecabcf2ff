// Package chat says in a company's own rooms what its customers are being told: support reads it where it works, before the first customer
// asks. Slack, Teams, Discord and Mattermost take it by incoming webhook.
//
// Nothing that was written can call people together (@channel) or dress itself up as a link: each service's text is escaped its own way,
// and mentions are switched off where the service lets us.
package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"candor/letter"
	"candor/outward"
	"candor/reach"
)

// A Room is one incoming webhook. Whoever knows its URL may write there, so deliveries name a room by its Address.
type Room struct {
	Address string
	Service string // one of Services
	URL     string
}

// Services that are spoken.
const (
	Slack      = "slack"
	Teams      = "teams"
	Discord    = "discord"
	Mattermost = "mattermost"
)

var writers = map[string]func(letter.Brief) any{Slack: slack, Teams: teams, Discord: discord, Mattermost: mattermost}

// Channel writes into rooms.
type Channel struct {
	out   *outward.Client
	rooms map[string]Room
}

// New makes a channel to the company's rooms.
func New(out *outward.Client, rooms []Room) *Channel {
	c := &Channel{out: out, rooms: map[string]Room{}}
	for _, r := range rooms {
		c.rooms[r.Address] = r
	}
	return c
}

// Name is "chat".
func (c *Channel) Name() string { return "chat" }

// Connections is how many rooms are written to at once.
func (c *Channel) Connections() int { return 4 }

// Open has nothing to open.
func (c *Channel) Open(context.Context) (reach.Session, error) { return session{c}, nil }

type session struct{ *Channel }

func (s session) Close() error { return nil }

// Send writes m.Brief into the room. What was planned for a room that is not there any more has nowhere to go.
func (s session) Send(ctx context.Context, m reach.Message) reach.Result {
	room, ok := s.rooms[m.To]
	write := writers[room.Service]
	if !ok || write == nil {
		return reach.Result{Outcome: reach.Permanent, Reason: reach.ReasonReceiverGone}
	}
	body, err := encode(write(m.Brief))
	if err != nil || m.Brief.Title == "" {
		return reach.Result{Outcome: reach.Poison, Reason: reach.ReasonInvalid}
	}
	return read(s.out.Post(ctx, room.URL, http.Header{"Content-Type": {"application/json; charset=utf-8"}}, body))
}

// encode leaves < and > as they are: what they may do is each service's own matter.
func encode(message any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(message)
	return bytes.TrimSpace(b.Bytes()), err
}

// read judges an answer where it means something else than a customer's webhook's: a room that was taken away stays away until somebody
// gives a new URL.
func read(a outward.Answer) reach.Result {
	r := a.Result()
	if a.Failed != "" {
		return r
	}
	switch a.Status {
	case http.StatusNotFound:
		r.Outcome, r.Reason = reach.Permanent, reach.ReasonReceiverGone
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
		r.Outcome = reach.Poison
	case http.StatusUnauthorized, http.StatusForbidden:
		r.Outcome = reach.Refused
	}
	// Teams' older connectors answer 200 and tell in the text that it is not.
	if r.Outcome == reach.Taken && bytes.Contains(a.Body, []byte("HTTP error 429")) {
		r.Outcome, r.Reason, r.Code = reach.Temporary, reach.ReasonRateLimited, "429"
	}
	return r
}

func cut(text string, most int) string {
	r := []rune(strings.TrimSpace(text))
	if len(r) <= most {
		return string(r)
	}
	return strings.TrimSpace(string(r[:most-1])) + "…"
}

// plainly takes Markdown's meaning from a text, for services that read a kind of it.
var plainly = strings.NewReplacer("\\", "\\\\", "*", "\\*", "_", "\\_", "~", "\\~", "`", "\\`", "|", "\\|", "[", "\\[", "]", "\\]", "#", "\\#", "<", "\\<", ">", "\\>")
