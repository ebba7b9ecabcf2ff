package duty_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/settings"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// T10 and T9: an outage of two hours for ten thousand customers (two thousand in make test) with dead mailboxes, wrong numbers, shared addresses, people who answer and
// people who do not, and a node that is killed fifty times. Nobody ends without an end and a reason; each rung follows in its time and
// stops with an answer; and what coverage says is what an independent count of what came through, of who answered and of our calls says.
func TestT10EverybodyEndsWithAReasonAndT9CoverageSaysWhatHappened(t *testing.T) {
	storetest.Crowd(t)
	url := storetest.SQLite(t) // PostgreSQL's sockets cannot live in a bubble
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, url, storetest.Crowded(10_000), rand.New(rand.NewPCG(seed, 1)))
		i := c.outage()
		for minute := range 120 {
			if minute%2 == 0 && minute < 100 {
				c.kill()
			}
			c.run(time.Minute)
			c.answer(i)
			if minute > 40 && minute%5 == 0 {
				c.work()
			}
		}
		c.resolve(i)
		c.run(5 * time.Minute)
		c.checkEnds(i)
		c.checkRungs()
		if c.kills < 50 || c.dead == 0 || c.wrong == 0 || len(c.acks) == 0 || c.calls == 0 {
			t.Errorf("%d kills, %d dead mailboxes, %d wrong numbers, %d answers, %d calls: a fault that was not seen proves nothing", c.kills, c.dead, c.wrong, len(c.acks), c.calls)
		}
	})
}

// A crowd is customers with tempers, and what we know of them from outside.
type crowd struct {
	*pursued
	chance *rand.Rand
	people []*person
	byAddr map[string][]*person
	byID   map[id.Customer]*person
	acks   map[id.Customer]time.Time
	spoken map[id.Customer]bool
	left   map[id.Customer]bool // a message
	looked map[string]int       // how many attempts of each channel were looked at
	gone   map[audience.Address]bool

	kills, dead, wrong, calls int
}

type person struct {
	id           id.Customer
	mail, mobile audience.Address
	answersMail  bool
	answersText  bool
	answersCall  bool
	ack          time.Time // when they are going to press the button
}

func newCrowd(t *testing.T, url string, n int, chance *rand.Rand) *crowd {
	t.Helper()
	c := &crowd{
		pursued: pursuing(t, url), chance: chance, byAddr: map[string][]*person{}, byID: map[id.Customer]*person{}, acks: map[id.Customer]time.Time{},
		spoken: map[id.Customer]bool{}, left: map[id.Customer]bool{}, looked: map[string]int{},
		gone: map[audience.Address]bool{},
	}
	for from := 0; from < n; from += 500 {
		c.do(c.db.Batch, func(ctx context.Context, tx *store.Tx) error {
			for k := from; k < min(from+500, n); k++ {
				if err := c.join(ctx, tx, k); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return c
}

func (c *crowd) often(percent int) bool { return c.chance.IntN(100) < percent }

// join adds one customer: most have a mail and a mobile, some share a mail with the one before, some have nothing.
func (c *crowd) join(ctx context.Context, tx *store.Tx, k int) error {
	at := time.Now()
	p := &person{id: id.New[id.Customer](at), answersMail: c.often(45), answersText: c.often(45), answersCall: c.often(50)}
	if c.often(95) {
		p.mail = audience.Address(fmt.Sprintf("p%d@reader.example", k))
		if len(c.people) > 0 && c.often(3) && c.people[len(c.people)-1].mail != "" {
			p.mail = c.people[len(c.people)-1].mail
		}
	}
	if c.often(80) {
		p.mobile = audience.Address(fmt.Sprintf("+49151%08d", k))
	}
	x := audience.Customer{ID: p.id, Code: id.NewCode(), External: fmt.Sprint(k), Name: fmt.Sprint("Customer ", k), Language: lang.English, Zone: "UTC", CreatedAt: at, UpdatedAt: at}
	for channel, address := range map[string]audience.Address{audience.Email: p.mail, audience.SMS: p.mobile} {
		if address == "" {
			continue
		}
		contact, err := tx.Contacts.ByAddress(ctx, channel, address.Key())
		if errors.Is(err, store.ErrNotFound) {
			contact = audience.Contact{ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: channel, Address: address, Language: lang.English, CreatedAt: at}
			err = tx.Contacts.Add(ctx, contact)
		}
		if err != nil {
			return err
		}
		x.Contacts = append(x.Contacts, contact)
	}
	c.people = append(c.people, p)
	c.byID[p.id] = p
	for _, a := range []audience.Address{p.mail, p.mobile} {
		c.byAddr[string(a)] = append(c.byAddr[string(a)], p)
	}
	switch {
	case p.mail != "" && len(c.byAddr[string(p.mail)]) == 1 && c.often(3):
		c.dead++
		c.gone[p.mail] = true
		c.mail.Script(string(p.mail), reach.Result{Outcome: reach.Permanent, Code: "5.1.1", Reason: reach.ReasonNoMailbox})
	case p.mail != "" && !c.gone[p.mail] && c.often(5):
		c.mail.Script(string(p.mail), reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonGreylisted}, reach.Result{Outcome: reach.Taken})
	}
	if p.mobile != "" && c.often(1) {
		c.wrong++
		c.text.Script(string(p.mobile), reach.Result{Outcome: reach.Permanent, Reason: reach.ReasonNoMailbox})
	}
	return tx.Customers.Add(ctx, x)
}

// kill cuts the node off in the middle of whatever it does, and starts it again.
func (c *crowd) kill() {
	c.kills++
	c.restart()
}

// answer lets people press the button some minutes after a message came.
func (c *crowd) answer(i id.Incident) {
	now := time.Now()
	for _, out := range []struct {
		name     string
		messages []reach.Message
		by       func(*person) bool
	}{
		{audience.Email, c.mail.Taken(), func(p *person) bool { return p.answersMail }},
		{audience.SMS, c.text.Taken(), func(p *person) bool { return p.answersText }},
	} {
		for _, m := range out.messages[c.looked[out.name]:] {
			for _, p := range c.byAddr[m.To] {
				if out.by(p) && p.ack.IsZero() {
					p.ack = now.Add(time.Duration(c.chance.IntN(20)) * time.Minute)
				}
			}
		}
		c.looked[out.name] = len(out.messages)
	}
	for _, p := range c.people {
		if p.ack.IsZero() || p.ack.After(now) || !c.acks[p.id].IsZero() {
			continue
		}
		channel, address := audience.Email, p.mail
		if address == "" || c.gone[address] {
			channel, address = audience.SMS, p.mobile
		}
		c.press(i, channel, address)
		for _, other := range c.byAddr[string(address)] {
			if c.acks[other.id].IsZero() {
				c.acks[other.id] = now
			}
		}
	}
}

// work lets two agents beside each other take fifty calls.
func (c *crowd) work() {
	for n := range 50 {
		agent := c.as([]staff.Person{c.ann, c.ben}[n%2])
		next, found, err := c.desk.NextCall(agent)
		if err != nil {
			c.t.Fatal(err)
		}
		if !found {
			return
		}
		p := c.byID[next.Customer]
		outcome := reach.NoAnswer
		switch {
		case p.answersCall:
			outcome, c.spoken[p.id] = reach.SpokenWith, true
		case c.often(30):
			outcome, c.left[p.id] = reach.LeftMessage, true
		}
		c.calls++
		if err := c.desk.CallOutcome(agent, desk.Called{Customer: p.id, Outcome: outcome, Key: fmt.Sprint("call ", c.calls)}); err != nil {
			c.t.Fatal(err)
		}
	}
}

// checkEnds compares what coverage says with what was seen from outside.
func (c *crowd) checkEnds(i id.Incident) {
	c.t.Helper()
	told := map[string]bool{}
	for _, m := range append(c.mail.Taken(), c.text.Taken()...) {
		told[m.To] = true
	}
	var want reach.Figures
	want.Affected = int64(len(c.people))
	for _, p := range c.people {
		reached := !c.acks[p.id].IsZero() || c.spoken[p.id]
		if reached || c.left[p.id] || told[string(p.mail)] || told[string(p.mobile)] {
			want.Told++
		}
		if reached {
			want.Reached++
		}
	}
	want.Closed = want.Affected
	c.adds(i, want)
	for _, p := range c.people {
		x, err := c.affected(i, p.id)
		if err != nil || x.Ended == "" || x.ClosedAt.IsZero() || !x.NextAt.IsZero() || !slices.Contains(reach.Whys[:], x.Reason) {
			c.t.Fatalf("a customer has no end, or no reason for it: %+v, %v", x, err)
		}
	}
}

// checkRungs holds the order of the rungs, and that an answer stops them within a second.
func (c *crowd) checkRungs() {
	c.t.Helper()
	first := time.Duration(0)
	for _, r := range settings.DefaultLadder(incident.Outage, incident.ImpactCritical).Rungs {
		if r.Channel == audience.SMS {
			first = r.After
		}
	}
	mailed := map[string]time.Time{}
	for _, a := range c.mail.Attempts() {
		if mailed[a.Message.To].IsZero() {
			mailed[a.Message.To] = a.At
		}
	}
	sent, repeats := map[string]string{}, 0
	for _, a := range c.text.Attempts() {
		switch first := sent[a.Message.To]; {
		case first == "":
			sent[a.Message.To] = a.Message.MessageID
		case first != a.Message.MessageID:
			c.t.Fatalf("two texts to %s", a.Message.To)
		default:
			repeats++ // the node was killed between sending and noting it
			continue
		}
		p := c.byAddr[a.Message.To][0]
		if at := c.acks[p.id]; !at.IsZero() && a.At.After(at.Add(time.Second)) {
			c.t.Fatalf("a text %s after an answer", a.At.Sub(at))
		}
		began := mailed[string(p.mail)]
		if p.mail == "" || c.gone[p.mail] {
			continue // nothing to wait for
		}
		// The rung counts from when the mail was planned, and ten thousand are on their way for some seconds.
		if late := a.At.Sub(began) - first; late < -10*time.Second || late > time.Minute {
			c.t.Fatalf("a text %s after the mail; the rung begins after %s", a.At.Sub(began), first)
		}
	}
	if repeats > 8*c.kills {
		c.t.Errorf("%d texts came twice after %d kills with 8 connections", repeats, c.kills)
	}
}
