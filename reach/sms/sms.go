// Package sms sends text messages to customers' phones: through the provider a country is best reached by, through the next one when that
// is down, never to a number that costs a fortune, and never for more in a day than the company said.
//
// A text has no Message-ID by which a phone could drop a repeat. So when a provider hangs up after it had everything, it is asked by our
// reference before anything is sent again, and where nobody can answer for a minute, one repeat is all there is.
package sms

import (
	"context"
	"crypto/x509"
	"net/netip"
	"time"

	"candor/audience"
	"candor/id"
	"candor/letter"
	"candor/outward"
	"candor/reach"
	"candor/settings"
)

// Config is what the channel needs beside the company's settings. All three functions are asked before every text, so that limits hold
// across nodes.
type Config struct {
	Settings settings.SMS
	// Spend takes what a text costs from the purse of its class for the day, or reports that it does not fit. GiveBack returns it: nothing
	// was sent.
	Spend    func(ctx context.Context, p reach.Payment) (fits bool, err error)
	GiveBack func(ctx context.Context, p reach.Payment) error
	// Pace takes one of what a provider may be given in a minute, or says how long to wait.
	Pace func(ctx context.Context, provider string, minute int64) (wait time.Duration, err error)
	// Receipt is the address a provider sends receipts for a delivery to.
	Receipt func(provider string, d id.Delivery) string

	Allow     []netip.Prefix // networks that are not public and may be spoken to
	RootCAs   *x509.CertPool
	Timeout   time.Duration // of one provider, 0: 8 s. Two of them and a question fit into a lease
	Failpoint reach.Failpoint
}

// Channel is all providers together.
type Channel struct {
	config    Config
	providers map[string]*line
}

// A line is one provider and how it fares.
type line struct {
	settings.SMSProvider
	provider
	breaker breaker
}

// A provider speaks one gateway's language.
type provider interface {
	send(ctx context.Context, t text) reach.Result
	// find looks for a text by our reference; answered is false if the provider cannot say.
	find(ctx context.Context, t text) (r reach.Result, found, answered bool)
}

// A text is one message on its way.
type text struct {
	reach.Message
	country, from, receipt string
	parts                  letter.Segments
}

// New makes the channel of valid settings.
func New(c Config) *Channel {
	if c.Timeout == 0 {
		c.Timeout = 8 * time.Second
	}
	client := outward.New(outward.Config{Allow: c.Allow, Timeout: c.Timeout, RootCAs: c.RootCAs, Failpoint: c.Failpoint})
	channel := &Channel{config: c, providers: map[string]*line{}}
	for _, p := range c.Settings.Providers {
		l := &line{SMSProvider: p}
		switch p.Kind {
		case settings.Twilio:
			l.provider = &twilio{SMSProvider: p, client: client}
		default:
			l.provider = newGateway(p, client)
		}
		channel.providers[p.Name] = l
	}
	return channel
}

// Name is "sms".
func (c *Channel) Name() string { return audience.SMS }

// Open is ready at once: what may fail is each text's own.
func (c *Channel) Open(context.Context) (reach.Session, error) { return session{c}, nil }

type session struct{ *Channel }

func (s session) Close() error { return nil }

// Send decides whether the text may go out at all, and hands it to the first provider that takes it.
func (s session) Send(ctx context.Context, m reach.Message) reach.Result {
	t := text{Message: m, parts: letter.InSegments(m.Text)}
	country, refused := reach.Texting(audience.Address(m.To))
	if refused == "" && !s.config.Settings.Allows(country) {
		refused = reach.ReasonNoCountry
	}
	lines := s.lines(country)
	switch {
	case refused == reach.ReasonNotAPhone:
		return reach.Result{Outcome: reach.Permanent, Reason: refused}
	case refused != "":
		return reach.Result{Outcome: reach.Withheld, Reason: refused}
	case len(t.parts.Parts) == 0:
		return reach.Result{Outcome: reach.Poison, Reason: reach.ReasonInvalid}
	case len(lines) == 0:
		return reach.Result{Outcome: reach.Withheld, Reason: reach.ReasonNoProvider}
	}
	t.country = country
	if m.InDoubt {
		if r, settled := s.ask(ctx, lines, t); settled {
			return r
		}
	}
	return s.offer(ctx, lines, t)
}

func (s session) lines(country string) (all []*line) {
	for _, p := range s.config.Settings.For(country) {
		all = append(all, s.providers[p.Name])
	}
	return all
}

// doubtTime is how long a provider is given to say what became of a text.
const doubtTime = time.Minute

// ask looks for a text whose last attempt ended in doubt. It is settled when it was found, or when it is too early to give up asking, or when
// the company would rather have a person call than a text repeated.
func (s session) ask(ctx context.Context, lines []*line, t text) (r reach.Result, settled bool) {
	silent := false
	for _, l := range lines {
		r, found, answered := l.find(ctx, t)
		if found {
			return r, true
		}
		silent = silent || !answered
	}
	if !silent {
		return r, false // nobody has it
	}
	if left := doubtTime - time.Since(t.Date); left > 0 {
		return reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonCutAfterDot, RetryAfter: left}, true
	}
	if s.config.Settings.InDoubt == settings.LeaveIt {
		return reach.Result{Outcome: reach.Unsettled, Reason: reach.ReasonUnsettled}, true
	}
	return r, false
}

// offer tries one provider after the other until one has taken the text or has said something about it that no other would say
// differently. Nothing goes to a second one while the first may have taken it.
func (s session) offer(ctx context.Context, lines []*line, t text) reach.Result {
	last := reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonBusy}
	rest := time.Duration(0)
	for _, l := range lines {
		wait := l.breaker.wait(time.Now())
		if wait == 0 {
			var err error
			if wait, err = s.pace(ctx, l); err != nil {
				l.breaker.untried()
				return reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonOurFault}
			}
			if wait > 0 {
				l.breaker.untried()
				last.Reason = reach.ReasonRateLimited
			}
		}
		if wait > 0 {
			if rest == 0 || wait < rest {
				rest = wait
			}
			continue
		}
		r, done := s.give(ctx, l, t)
		if done {
			return r
		}
		last = r
	}
	last.RetryAfter = max(min(last.RetryAfter, reach.MostPatience), rest)
	return last
}

// queueTime is how long a text waits for its turn here, rather than a minute in the ledger.
const queueTime = 5 * time.Second

// pace waits until the provider may be given another text, on all nodes together, or answers how long that would take.
func (s session) pace(ctx context.Context, l *line) (wait time.Duration, err error) {
	if l.Minute <= 0 {
		return 0, nil
	}
	for until := time.Now().Add(queueTime); ; {
		wait, err = s.config.Pace(ctx, l.Name, l.Minute)
		if err != nil || wait == 0 || time.Now().Add(wait).After(until) {
			return wait, err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return wait, ctx.Err()
		}
	}
}

// give pays for a text and hands it to one provider; done means that no other should have it.
func (s session) give(ctx context.Context, l *line, t text) (r reach.Result, done bool) {
	p := s.payment(t)
	fits, err := s.config.Spend(ctx, p)
	if err != nil || !fits {
		l.breaker.untried()
		if err != nil {
			return reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonOurFault}, true
		}
		return reach.Result{Outcome: reach.Withheld, Reason: reach.ReasonPurse}, true
	}
	t.from, t.receipt = l.Sender(t.country), s.config.Receipt(l.Name, t.Delivery)
	r = l.send(ctx, t)
	l.breaker.learn(r, time.Now())
	if reach.Doubtful(r.Reason) {
		if known, found, _ := l.find(ctx, t); found {
			return known, true
		}
		if t.InDoubt { // that was the one repeat
			return reach.Result{Outcome: reach.Unsettled, Reason: reach.ReasonUnsettled}, true
		}
		return r, true // paid for, as long as nobody knows better
	}
	if r.Outcome == reach.Taken {
		return r, true
	}
	if err := s.config.GiveBack(context.WithoutCancel(ctx), p); err != nil {
		return reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonOurFault}, true
	}
	return r, r.Outcome == reach.Permanent || r.Outcome == reach.Poison || r.Outcome == reach.Withheld
}

func (s session) payment(t text) reach.Payment {
	p := reach.Payment{
		Class: t.Class, Country: t.country, At: time.Now(), Purse: s.config.Settings.Broadcast,
		Minor: s.config.Settings.Price(t.country).Minor * int64(len(t.parts.Parts)),
	}
	if t.Class == reach.ClassCode {
		p.Purse = s.config.Settings.Codes
	}
	return p
}
