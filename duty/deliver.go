package duty

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"candor/reach"
	"candor/store"
)

const (
	// lease is how long a claimed row is nobody else's.
	lease = 30 * time.Second
	// sendTime is what must be left of a lease before a message goes out: longer than any session may take for one.
	sendTime = 22 * time.Second
	// gather is how long results wait for one another before they are made durable together.
	gather = 2 * time.Millisecond
	// look is how often an idle node looks for what other nodes planned and what has become due.
	look = time.Second
	// restful is how much longer than a fruitless look past the rows of slow domains took the ledger does without another.
	restful = 20
	// heed is how long what was claimed may wait until it is noticed that somebody paused it.
	heed = 250 * time.Millisecond
)

// A deliverer carries out one channel's deliveries on this node: a ledger that claims and saves, and sessions that send.
type deliverer struct {
	*Duty
	channel  string
	queue    *queue
	results  chan result
	woken    chan struct{}
	office   officeBox
	letters  letters
	sessions sync.WaitGroup
	ledger   sync.WaitGroup
	due      time.Time // when to look for due rows next
	leftOut  bool      // the last claim left domains out: a result may free one of them
	barren   time.Time // none before that leaves domains out: the last one read past all their rows and found nothing
	urgent   time.Time // when to look next for what is more urgent than a full queue
	heeded   time.Time // when it was last asked what is paused
}

// A result is what a session has to report; it goes on when saved is closed or receives.
type result struct {
	step   reach.Step
	kept   *store.Kept // the letter, where there is no way out but the outbox
	domain string
	wait   time.Duration // what the receiver asked for
	saved  chan<- struct{}
}

func newDeliverer(d *Duty, channel string) *deliverer {
	return &deliverer{
		Duty: d, channel: channel, queue: newQueue(d.Connections), results: make(chan result, 256), woken: make(chan struct{}, 1),
	}
}

func (d *deliverer) start() { d.ledger.Go(d.keepLedger) }

func (d *deliverer) wait() { d.ledger.Wait() }

func (d *deliverer) wake() {
	select {
	case d.woken <- struct{}{}:
	default:
	}
}

// keepLedger is the only goroutine that writes deliveries of its channel on this node: results first, then the next claim, in one
// transaction.
func (d *deliverer) keepLedger() {
	for d.soft.Err() == nil {
		if err := d.refresh(d.soft); err != nil && d.soft.Err() == nil {
			d.Log.Error("cannot read the settings, mail waits", "error", err)
		}
		d.staff()
		results, claimNow := d.wants()
		d.turn(results, claimNow)
	}
	d.finish()
}

// wants waits until there is something to save or to claim.
func (d *deliverer) wants() (results []result, claimNow bool) {
	timer := time.NewTimer(d.pause())
	defer timer.Stop()
	select {
	case r := <-d.results:
		return d.more(r), d.leftOut || !now().Before(d.due)
	case <-d.woken:
		d.due, d.urgent, d.barren = time.Time{}, time.Time{}, time.Time{}
		return nil, true
	case <-timer.C:
		d.queue.nudge()
		return nil, !now().Before(d.due)
	case <-d.soft.Done():
		return nil, false
	}
}

// pause is how long the ledger may sleep.
func (d *deliverer) pause() time.Duration {
	if d.queue.idle() {
		return max(time.Until(d.due), time.Millisecond)
	}
	return 50 * time.Millisecond
}

// more gathers the results that come within moments, so that many share one commit.
func (d *deliverer) more(first result) []result {
	all := []result{first}
	timer := time.NewTimer(gather)
	defer timer.Stop()
	for d.queue.inFlight() > 0 {
		select {
		case r := <-d.results:
			all = append(all, r)
		case <-timer.C:
			return all
		}
	}
	return all
}

// turn is one transaction of the ledger.
func (d *deliverer) turn(results []result, claimNow bool) {
	at := now()
	var late []reach.Step
	for _, j := range d.queue.expired(at, false) {
		late = append(late, d.untouched(j, at))
	}
	for _, j := range d.heldBack() {
		late = append(late, reach.Untouched(j.Delivery, at))
	}
	space := room{}
	if claimNow && d.office.ready() && !d.skewed.Load() {
		space = d.queue.room(at, store.MostDomains)
	}
	if space.full() && at.Before(d.urgent) || len(space.without) > 0 && at.Before(d.barren) {
		space.limit = 0
	}
	if len(results) == 0 && len(late) == 0 && space.limit <= 0 {
		if d.due.Before(at) && d.queue.idle() {
			d.due = at.Add(look)
		}
		return
	}
	claimed, held, ok := d.save(results, late, store.Claim{
		Channel: d.channel, Holder: d.holder, Now: at, Until: at.Add(lease),
		Limit: space.limit, Below: space.below, Without: space.without,
	})
	if !ok {
		return
	}
	if space.limit > 0 {
		d.leftOut = len(space.without) > 0
	}
	if len(claimed) > 0 {
		d.Failpoint("claim")
		d.due = time.Time{} // a claim that left domains out may have found nothing a moment ago
		d.queue.add(claimed, at.Add(lease))
	} else if space.full() {
		d.urgent = at.Add(look) // that nothing is more urgent does not say that nothing is due
	} else if space.limit > 0 && len(space.without) > 0 {
		d.barren = now().Add(max(look, restful*now().Sub(at)))
	} else if space.limit > 0 {
		d.due = at.Add(look) // nothing is due: no need to ask again for a while
	}
	if held {
		d.due = at.Add(again)
	}
}

// save makes results durable and claims what is next, again and again until it is done: a result given up is a message sent twice.
func (d *deliverer) save(results []result, late []reach.Step, c store.Claim) (claimed []reach.Delivery, held, ok bool) {
	steps := late
	for _, r := range results {
		steps = append(steps, r.step)
	}
	for try := 0; d.hard.Err() == nil; try++ {
		stood := 0
		err := d.DB.Batch(d.hard, func(tx *store.Tx) (err error) {
			if stood, err = d.write(tx, steps, results, c.Now); err != nil {
				return err
			}
			claimed, held = nil, false
			if c.Limit > 0 {
				claimed, held, err = d.claim(tx, c)
			}
			return err
		})
		if err == nil {
			if stood < len(steps) && try == 0 {
				d.Log.Warn("results came after their lease and were refused", "results", len(steps)-stood, "holder", d.holder)
			}
			for _, r := range results {
				r.saved <- struct{}{}
			}
			return claimed, held, true
		}
		d.Log.Error("cannot save what became of deliveries, trying again", "results", len(steps), "error", err)
		c.Limit = 0 // claim again when there is a database again
		select {
		case <-d.hard.Done():
		case <-time.After(min(100*time.Millisecond<<min(try, 4), time.Second)):
		}
	}
	return nil, false, false
}

func (d *deliverer) write(tx *store.Tx, steps []reach.Step, results []result, at time.Time) (stood int, err error) {
	if len(steps) == 0 {
		return 0, nil
	}
	stood, err = tx.Deliveries.Settle(d.hard, d.holder, at, steps)
	if err != nil {
		return 0, err
	}
	if err := d.rest(tx, results, at); err != nil {
		return 0, err
	}
	for _, r := range results {
		if r.kept == nil {
			continue
		}
		if err := tx.Outbox.Add(d.hard, *r.kept); err != nil {
			return 0, err
		}
	}
	d.Failpoint("finish")
	return stood, nil
}

// untouched gives a claimed row back: at once if only time ran out, later if its domain rests, and not at all once it has waited for a
// hopeless domain for too long.
func (d *deliverer) untouched(j job, at time.Time) reach.Step {
	if d.queue.hopeless(j.domain) && !at.Before(j.PlannedAt.Add(reach.Patience)) {
		return reach.GivenUp(j.Delivery, at)
	}
	next := at
	if rest := d.queue.rests(j.domain); rest.After(next) {
		next = rest.Add(rand.N(time.Second))
	}
	step := reach.Untouched(j.Delivery, next)
	if why := d.queue.unreachable(at); why != "" {
		step.Reason = why // the ledger, and whoever waits for a test letter, must not look as if nothing were wrong
	}
	return step
}

// staff starts sessions up to what the settings allow, and spare ones.
func (d *deliverer) staff() {
	want := d.office.connections(d.Connections)
	if want != d.queue.size() {
		d.queue.resize(want)
	}
	for range d.queue.hire(now()) {
		d.sessions.Go(d.run)
	}
}

// finish lets messages in flight end, saves what became of them, and gives the rest back.
func (d *deliverer) finish() {
	d.queue.close()
	ended := make(chan struct{})
	go func() {
		d.sessions.Wait()
		close(ended)
	}()
	var late []reach.Step
	for _, j := range d.queue.expired(now(), true) {
		late = append(late, reach.Untouched(j.Delivery, now()))
	}
	for {
		if len(late) > 0 {
			d.save(nil, late, store.Claim{Now: now()})
			late = nil
		}
		select {
		case r := <-d.results:
			d.save(d.more(r), nil, store.Claim{Now: now()})
		case <-ended:
			return
		}
	}
}

// sending is the context of one Send: a deploy lets it finish, a hard end cuts it.
func (d *deliverer) sending() (context.Context, context.CancelFunc) {
	return context.WithTimeout(d.hard, sendTime)
}
