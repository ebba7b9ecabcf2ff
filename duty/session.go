package duty

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"candor/audience"
	"candor/reach"
	"candor/store"
)

// run is one session: take a message, send it, write the next while what became of the first is made durable, send that.
func (d *deliverer) run() {
	c := connection{deliverer: d}
	defer c.close()
	saved := make(chan struct{}, 1)
	var j *job
	for {
		if j == nil {
			j = d.queue.take()
		}
		if j == nil {
			return
		}
		if !d.queue.stands(j) || !c.open() {
			d.queue.back(j)
			j = nil
			continue
		}
		if j.until.Sub(now()) < sendTime {
			// This node slept: the row may be somebody else's by now. Nothing is sent under an old lease; the ledger gives it back.
			d.queue.back(j)
			d.wake()
			j = nil
			continue
		}
		got, kept := c.send(j)
		step := d.after(j, got)
		if kept != nil {
			step.State, step.Reason, step.Attempt = reach.Suppressed, reach.ReasonOutbox, j.Attempt-1
		}
		d.report(j, got, step)
		select {
		case d.results <- result{step: step, kept: kept, domain: j.domain, wait: got.RetryAfter, saved: saved}:
		case <-d.hard.Done():
			return
		}
		d.queue.done(j, got, time.Now())
		j = c.ahead()
		select {
		case <-saved:
		case <-d.hard.Done():
			return
		}
	}
}

// after decides what becomes of a message. At a hopeless domain patience counts from the plan: who waited there behind the others, of whom
// one was tried at a time, would else be tried for three days more.
func (d *deliverer) after(j *job, r reach.Result) reach.Step {
	x := j.Delivery
	if d.queue.hopeless(j.domain) {
		x.FirstTriedAt = x.PlannedAt
	}
	return reach.After(x, r, now(), rand.Float64())
}

// report tells the operator what only they can mend.
func (d *deliverer) report(j *job, r reach.Result, s reach.Step) {
	switch {
	case r.Outcome == reach.Refused:
		d.Log.Error("mail is refused because of us, not of the recipient: check sender, signatures and reputation",
			"delivery", j.ID, "domain", j.domain, "code", r.Code, "reason", r.Reason)
	case s.State == reach.Poisoned:
		d.Log.Error("a letter is isolated after three failures of our own", "delivery", j.ID, "announcement", j.Announcement, "reason", r.Reason)
	}
}

// A connection is one session's way out, opened when it is needed.
type connection struct {
	*deliverer
	session    reach.Session
	generation int
	draft      draft
}

// A draft is a message that was written before it may be sent.
type draft struct {
	of      *job
	office  *office // whose settings it was written by
	message reach.Message
}

// ahead takes the next message, if nobody else is free to send it now, and writes it. Whatever is wrong with it is found again, and said,
// when it is sent.
func (c *connection) ahead() (j *job) {
	if j = c.queue.next(); j == nil {
		return nil
	}
	defer func() {
		if recover() != nil {
			c.draft = draft{}
		}
	}()
	ctx, cancel := c.sending()
	defer cancel()
	o := c.office.now()
	m, err := c.message(ctx, o, j.Delivery)
	if err != nil {
		return j
	}
	c.draft = draft{j, o, m}
	if w, ok := c.session.(reach.Writer); ok {
		w.Write(m)
	}
	return j
}

// letter is the message of a job, as it was written ahead or written now.
func (c *connection) letter(ctx context.Context, o *office, j *job) (reach.Message, error) {
	d := c.draft
	c.draft = draft{}
	if d.of == j && d.office == o {
		return d.message, nil
	}
	return c.message(ctx, o, j.Delivery)
}

// open reports whether there is a way out. When none can be opened nobody tries for a while.
func (c *connection) open() bool {
	o := c.office.now()
	if c.session != nil && c.generation != o.generation {
		c.close()
	}
	if !o.ready {
		c.queue.down(time.Now(), reach.ReasonSettings) // the settings name a way out that cannot be built: wait until they are mended
		return false
	}
	if c.session != nil || o.channel == nil {
		return true
	}
	ctx, cancel := c.sending()
	defer cancel()
	s, err := o.channel.Open(ctx)
	if err != nil {
		wait := c.queue.down(time.Now(), reach.WhyClosed(err))
		if wait == 0 {
			c.Log.Warn("the mail server takes no spare connection, slow domains hold the others up", "error", err)
			return false
		}
		c.Log.Error("cannot reach the mail server, everything waits", "error", err, "next try in", wait)
		c.wake()
		return false
	}
	c.session, c.generation = s, o.generation
	return true
}

func (c *connection) close() {
	if c.session != nil {
		_ = c.session.Close() // what it carried is settled
		c.session = nil
	}
}

// send writes the letter and hands it over; without a channel it answers the letter for the outbox.
func (c *connection) send(j *job) (r reach.Result, kept *store.Kept) {
	defer func() {
		if p := recover(); p != nil {
			c.Log.Error("a letter could not be written", "delivery", j.ID, "panic", fmt.Sprint(p))
			r, kept = ourFault, nil
			c.close()
		}
	}()
	o := c.office.now()
	if o.channel == nil && c.channel != audience.Email {
		return reach.Result{Outcome: reach.Withheld, Reason: reach.NoChannel(c.channel)}, nil // only letters are read in an outbox
	}
	ctx, cancel := c.sending()
	defer cancel()
	m, err := c.letter(ctx, o, j)
	if err != nil {
		c.Log.Error("a letter could not be written", "delivery", j.ID, "announcement", j.Announcement, "error", err)
		if errors.Is(err, store.ErrNotFound) || errors.Is(err, errUnwritten) {
			return ourFault, nil
		}
		return reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonOurFault}, nil // the database is away
	}
	if o.channel == nil {
		return reach.Result{Outcome: reach.Taken}, &store.Kept{Delivery: j.ID, At: now(), Sender: o.sender(), Address: j.Address, Subject: m.Subject, Text: m.Text, HTML: m.HTML}
	}
	c.queue.begin(j)
	r = c.session.Send(ctx, m)
	c.queue.answered(j)
	if r.Broken {
		c.close()
	}
	return r, nil
}

var ourFault = reach.Result{Outcome: reach.Poison, Reason: reach.ReasonOurFault}
