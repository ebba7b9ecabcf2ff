// Package dry is a channel that reaches nobody: a drill or a rehearsal runs the same code as the real day, and no customer is woken.
//
// It keeps what it was given in memory, for the drill's report and for tests, answers as its script says, and may be used inside a
// testing/synctest bubble.
package dry

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"candor/reach"
)

// Channel records messages instead of sending them. Made by New; safe for use by many sessions.
type Channel struct {
	name    string
	mu      sync.Mutex
	tried   []Attempt
	script  map[string][]reach.Result
	delay   map[string]time.Duration
	closed  error
	open    int
	changed chan struct{} // made by whoever waits, in their own bubble
}

// Attempt is one Send and what was answered.
type Attempt struct {
	Message reach.Message
	Result  reach.Result
	At      time.Time
}

// New makes a channel that takes everything. The name is the channel it stands for, "email".
func New(name string) *Channel {
	return &Channel{name: name, script: map[string][]reach.Result{}, delay: map[string]time.Duration{}}
}

// Name is the channel it stands for.
func (c *Channel) Name() string { return c.name }

// Script makes the address answer with these results, one per attempt; the last one repeats. Without results it takes everything again.
func (c *Channel) Script(address string, results ...reach.Result) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.script[address] = slices.Clone(results)
}

// Delay makes the address take its time, as a tarpit does.
func (c *Channel) Delay(address string, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.delay[address] = d
}

// Close makes Open fail with err; nil opens it again.
func (c *Channel) Close(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = err
}

// Attempts are all Sends so far, in order.
func (c *Channel) Attempts() []Attempt {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.tried)
}

// Taken are the messages that were taken so far, in order.
func (c *Channel) Taken() []reach.Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	var taken []reach.Message
	for _, a := range c.tried {
		if a.Result.Outcome == reach.Taken {
			taken = append(taken, a.Message)
		}
	}
	return taken
}

// Sessions is how many are open.
func (c *Channel) Sessions() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

// Wait returns once n attempts were made, or with the context's error.
func (c *Channel) Wait(ctx context.Context, n int) error {
	for {
		c.mu.Lock()
		if len(c.tried) >= n {
			c.mu.Unlock()
			return nil
		}
		if c.changed == nil {
			c.changed = make(chan struct{})
		}
		changed := c.changed
		c.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Open starts a session.
func (c *Channel) Open(ctx context.Context) (reach.Session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := errors.Join(ctx.Err(), c.closed); err != nil {
		return nil, err
	}
	c.open++
	return &session{channel: c}, nil
}

type session struct {
	channel *Channel
	closed  bool
}

func (s *session) Send(ctx context.Context, m reach.Message) reach.Result {
	if !s.channel.pause(ctx, m.To) || s.closed {
		return reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonCutBefore, Broken: true}
	}
	return s.channel.answer(m)
}

func (s *session) Close() error {
	s.channel.mu.Lock()
	defer s.channel.mu.Unlock()
	if !s.closed {
		s.closed = true
		s.channel.open--
	}
	return nil
}

func (c *Channel) pause(ctx context.Context, address string) bool {
	c.mu.Lock()
	d := c.delay[address]
	c.mu.Unlock()
	if d == 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (c *Channel) answer(m reach.Message) reach.Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	result := reach.Result{Outcome: reach.Taken, ProviderID: "dry", Reason: reach.ReasonAccepted}
	if script := c.script[m.To]; len(script) > 0 {
		result = script[0]
		c.script[m.To] = script[min(1, len(script)-1):]
	}
	c.tried = append(c.tried, Attempt{Message: m, Result: result, At: time.Now()})
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
	return result
}
