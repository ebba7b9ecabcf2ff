// Package email puts Candor's words into customers' inboxes: signed, stoppable with one click, told once, and honest about what became of
// each letter.
//
// A Channel composes with go-mail, signs with go-msgauth and hands over to the operator's relay through its own small SMTP client. Its
// Sessions never hold a message longer than the configured timeout, answer every Send with what the ledger shows, and report a cut after
// the last byte as temporary: the repeat carries the same Message-ID.
package email

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"candor/id"
	"candor/reach"
)

// Channel is one relay.
type Channel struct {
	config     Config
	signatures signatures
	stencils   stencils
}

// New makes a channel, or says everything that is wrong with c. Nothing is connected yet.
func New(c Config) (*Channel, error) {
	c = c.WithDefaults()
	if err := c.Validate(); err != nil {
		return nil, err
	}
	s, err := newSignatures(c.DKIM)
	if err != nil {
		return nil, err
	}
	return &Channel{config: c, signatures: s}, nil
}

// Name is "email".
func (c *Channel) Name() string { return "email" }

// FillsForms says that a form is encoded once.
func (c *Channel) FillsForms() {}

// Connections is how many sessions the relay should see at once.
func (c *Channel) Connections() int { return c.config.Connections }

// Open connects, encrypts and logs in. Its errors are *OpenError.
func (c *Channel) Open(ctx context.Context) (reach.Session, error) {
	w, err := c.dial(ctx)
	if err != nil {
		return nil, err
	}
	return &session{channel: c, wire: w}, nil
}

type session struct {
	channel *Channel
	wire    *wire
	data    []byte // of the last letter: its memory serves the next
	ahead   *ahead // nil unless one was written
	used    bool   // the connection has carried a message
	dirty   bool   // a transaction was begun and refused: RSET first
}

// ahead is a letter that was written before it may be sent.
type ahead struct {
	of      id.Delivery
	attempt int
	letter
	err error
}

// Write composes and signs m for the Send that follows.
func (s *session) Write(m reach.Message) {
	l, err := s.channel.write(m, s.data[:0])
	s.data = l.data
	s.ahead = &ahead{m.Delivery, m.Attempt, l, err}
}

// letter is m as it was written ahead, or written now.
func (s *session) letter(m reach.Message) (letter, error) {
	if a := s.ahead; a == nil || a.of != m.Delivery || a.attempt != m.Attempt {
		s.Write(m)
	}
	a := s.ahead
	s.ahead = nil
	return a.letter, a.err
}

// Send composes m, unless that was done before, and hands it over. A relay may end a connection between two messages, with 421 or without a word; that is no fault of
// the next message, so a used connection that fails before any content has left is replaced once, here.
func (s *session) Send(ctx context.Context, m reach.Message) reach.Result {
	l, err := s.letter(m)
	switch {
	case errors.Is(err, errRecipient):
		return reach.Result{Outcome: reach.Permanent, Code: "5.1.3", Reason: reach.ReasonBadAddress}
	case err != nil:
		return reach.Result{Outcome: reach.Poison, Reason: reach.ReasonInvalid}
	}
	ctx, cancel := context.WithTimeout(ctx, s.channel.config.Timeout)
	defer cancel()
	result, begun := s.transact(ctx, l)
	if !begun && result.Broken && s.used {
		if w, err := s.channel.dial(ctx); err == nil {
			s.wire.conn.Close()
			s.wire, s.used, s.dirty = w, false, false
			result, _ = s.transact(ctx, l)
		}
	}
	s.used = true
	return result
}

// transact says also whether content has begun to leave: from then on a repeat may be a duplicate.
func (s *session) transact(ctx context.Context, l letter) (result reach.Result, begun bool) {
	stop := bound(ctx, s.wire.conn, s.channel.config.Timeout)
	defer stop()
	if result, done := s.envelope(l); done {
		return result, false
	}
	return s.content(l.data), true
}

// envelope names sender and recipient; done means that the message goes no further.
func (s *session) envelope(l letter) (result reach.Result, done bool) {
	commands, result, done := s.commands(l)
	if done {
		return result, true
	}
	replies, err := s.wire.exchange(commands...)
	if s.dirty && len(replies) > 0 && replies[0].ok() {
		s.dirty = false
		replies = replies[1:]
	}
	for i, r := range replies {
		if i == 2 && r.code == 354 {
			return reach.Result{}, false
		}
		if i < 2 && r.ok() {
			s.dirty = true
			continue
		}
		return s.refused(i, r, replies), true
	}
	return lost(err), true
}

func (s *session) commands(l letter) (commands []string, result reach.Result, done bool) {
	if s.dirty {
		commands = append(commands, "RSET\r\n")
	}
	from := "MAIL FROM:<" + l.from.text + ">"
	if limit, ok := s.wire.ext["SIZE"]; ok {
		if number(limit) > 0 && l.size > number(limit) {
			return nil, reach.Result{Outcome: reach.Poison, Code: "5.3.4", Reason: reach.ReasonTooLarge}, true
		}
		from += fmt.Sprintf(" SIZE=%d", l.size)
	}
	if l.utf8 {
		if _, ok := s.wire.ext["SMTPUTF8"]; !ok {
			return nil, reach.Result{Outcome: reach.Permanent, Code: "5.6.7", Reason: reach.ReasonBadAddress}, true
		}
		from += " SMTPUTF8"
	}
	return append(commands, from+"\r\n", "RCPT TO:<"+l.to.text+">\r\n", "DATA\r\n"), reach.Result{}, false
}

// refused reads the first refusal among the replies to MAIL, RCPT and DATA.
func (s *session) refused(stage int, r reply, replies []reply) reach.Result {
	result := r.result()
	if stage != 1 && result.Outcome == reach.Permanent { // nobody has looked at the recipient: it is about us
		result.Outcome, result.Reason = reach.Refused, reach.ReasonSenderAddress
	}
	if result.Outcome == reach.Taken || r.code < 400 { // 250 to DATA, 354 to MAIL: out of step, and no telling by how much
		return reach.Result{Outcome: reach.Temporary, Code: result.Code, Reason: reach.ReasonProtocol, Broken: true}
	}
	if last := replies[len(replies)-1]; len(replies) == 3 && last.code == 354 {
		// It wants the content of a letter to nobody (RFC 2920 §3.1): give it an empty one.
		if r, err := s.wire.command("."); err != nil || r.code == 421 {
			result.Broken = true
		}
	}
	if len(replies) < 3 && pipelined(s.wire) {
		result.Broken = true // answers are missing
	}
	return result
}

func pipelined(w *wire) bool {
	_, ok := w.ext["PIPELINING"]
	return ok
}

// content sends the letter and waits for the answer that settles it.
func (s *session) content(data []byte) reach.Result {
	s.dirty = false
	n, err := s.wire.conn.Write(data)
	if n < len(data) { // the final dot has not left
		return lost(err)
	}
	s.channel.config.Failpoint.Hit(reach.AfterDot)
	r, err := s.wire.read()
	if err != nil {
		return reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonCutAfterDot, Broken: true}
	}
	if r.ok() {
		s.channel.config.Failpoint.Hit(reach.After250)
		result := r.result()
		result.ProviderID = queueID(r.text)
		return result
	}
	if r.code < 400 {
		return reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonProtocol, Broken: true}
	}
	return r.result()
}

func lost(err error) reach.Result {
	reason := reach.ReasonCutBefore
	if errors.Is(err, errProtocol) {
		reason = reach.ReasonProtocol
	}
	return reach.Result{Outcome: reach.Temporary, Reason: reason, Broken: true}
}

// Close says goodbye without waiting for an answer: everything the connection carried is settled.
func (s *session) Close() error {
	stop := bound(context.Background(), s.wire.conn, s.channel.config.Timeout)
	defer stop()
	_, _ = s.wire.conn.Write([]byte("QUIT\r\n"))
	return s.wire.conn.Close()
}

// queueID finds the relay's own name for the message ("2.0.0 Ok: queued as 4XZ1k3"), by which its log can be searched.
func queueID(text string) string {
	for _, mark := range []string{"queued as ", "id="} {
		_, after, ok := strings.Cut(text, mark)
		word, _, _ := strings.Cut(after, " ")
		word = strings.Trim(word, "<>.,;()[]")
		if ok && len(word) <= 64 && isASCII(word) && !hostile(word) {
			return word
		}
	}
	return ""
}

func number(s string) (n int) {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' || n > 1<<40 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}
