package duty

import (
	"slices"
	"sync"
	"time"

	"candor/id"
	"candor/reach"
)

// A job is one claimed delivery on its way through a session.
type job struct {
	reach.Delivery
	domain string
	until  time.Time     // the lease
	next   bool          // its session waits until the message before it is settled
	began  time.Time     // since when the receiver has it; zero before and after
	took   time.Duration // what the receiver needed
}

// A queue holds what the ledger has claimed, in the order of urgency, and hands it to sessions so that no domain holds them all.
type queue struct {
	mu          sync.Mutex
	changed     *sync.Cond
	connections int
	spares      spares
	running     int // sessions
	free        int // of them wait for a message
	waiting     []job
	flying      map[*job]struct{}
	lanes       map[string]*lane
	pace        pace
	closed      bool
	// The relay itself: after a failed Open nobody tries before downUntil, and then one session alone.
	failures  int
	downUntil time.Time
	downWhy   string // as the ledger says it
}

func newQueue(connections int) *queue {
	q := &queue{connections: connections, flying: map[*job]struct{}{}, lanes: map[string]*lane{}}
	q.changed = sync.NewCond(&q.mu)
	return q
}

// add takes what was claimed.
func (q *queue) add(claimed []reach.Delivery, until time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, x := range claimed {
		domain := x.Address.Domain()
		q.lane(domain).waiting++
		q.waiting = append(q.waiting, job{Delivery: x, domain: domain, until: until})
	}
	// Stable: what is equally urgent keeps the order of its claims.
	slices.SortStableFunc(q.waiting, func(a, b job) int { return int(a.Priority) - int(b.Priority) })
	q.changed.Broadcast()
}

func (q *queue) lane(domain string) *lane {
	l := q.lanes[domain]
	if l == nil {
		l = &lane{window: 1}
		q.lanes[domain] = l
	}
	return l
}

// take waits for a message that may be sent now; the session is over when it answers nil.
func (q *queue) take() *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.closed && q.running <= q.connections+q.spares.open {
		if j := q.pick(time.Now()); j != nil {
			if len(q.waiting) > 0 {
				q.changed.Signal() // one wakes the next: waking all for every message costs more than sending it
			}
			return j
		}
		q.free++
		q.changed.Wait()
		q.free--
	}
	q.running--
	return nil
}

// next is a message for a session that will be free in moments; nil if another one is free now.
func (q *queue) next() *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.free > 0 || q.closed || q.running > q.connections+q.spares.open {
		return nil
	}
	j := q.pick(time.Now())
	if j != nil {
		j.next = true
	}
	return j
}

// stands reports whether a message may still be sent: one that was taken ahead may meet a domain that rests by now.
func (q *queue) stands(j *job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	j.next = false
	return !time.Now().Before(q.lanes[j.domain].rest)
}

func (q *queue) pick(at time.Time) *job {
	held, slow := q.held(at)
	usual := len(q.flying) - min(held, q.spares.open)
	if at.Before(q.downUntil) || q.failures > 0 && len(q.flying) > held || usual >= q.connections {
		return nil
	}
	crowded := q.crowded(held)
	for i := range q.waiting {
		l := q.lanes[q.waiting[i].domain]
		if q.waiting[i].until.Sub(at) < sendTime || at.Before(l.rest) || l.inFlight >= q.share(l) {
			continue
		}
		if crowded && !l.proven() || l.slow && slow >= q.slowShare(at) {
			continue
		}
		j := q.waiting[i]
		q.waiting = slices.Delete(q.waiting, i, i+1)
		l.waiting--
		l.inFlight++
		q.flying[&j] = struct{}{}
		return &j
	}
	return nil
}

// share is how many connections a lane may hold: while others wait, an eighth is left to them.
func (q *queue) share(l *lane) int {
	if l.waiting < len(q.waiting) {
		return min(l.window, max(1, q.connections-max(1, q.connections/8)))
	}
	return l.window
}

// done ends a job that the receiver has answered.
func (q *queue) done(j *job, r reach.Result, at time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.land(j)
	q.lane(j.domain).settle(r, j.took, q.pace.slow(), q.connections, at)
	if j.took > 0 {
		q.pace.learn(j.took)
	}
	q.failures = 0
	if len(q.waiting) > 0 {
		q.changed.Signal()
	}
}

// back returns a job that was not tried.
func (q *queue) back(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.land(j)
	q.lane(j.domain).waiting++
	q.waiting = slices.Insert(q.waiting, 0, *j)
	q.changed.Broadcast()
}

func (q *queue) land(j *job) {
	delete(q.flying, j)
	q.lane(j.domain).inFlight--
}

// down notes that no connection could be opened, and why, and answers how long nobody tries. If it may have been one too many, only the
// spare ones are given up.
func (q *queue) down(at time.Time, why string) time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	if at.Before(q.downUntil) {
		return q.downUntil.Sub(at) // another session has said so
	}
	if q.spares.giveUp(at) {
		return 0
	}
	wait := min(time.Second<<min(q.failures, 5), 30*time.Second)
	q.failures++
	q.downUntil, q.downWhy = at.Add(wait), why
	return wait
}

// unreachable is why nobody tries now; empty while somebody may.
func (q *queue) unreachable(at time.Time) string {
	q.mu.Lock()
	defer q.mu.Unlock()
	if at.Before(q.downUntil) {
		return q.downWhy
	}
	return ""
}

// room is what a claim may bring, and what it should leave out.
type room struct {
	limit   int
	below   reach.Priority
	without []string
}

// full reports whether only what is more urgent is asked for.
func (r room) full() bool { return r.limit > 0 && r.below <= reach.Quiet }

// ahead is how many messages per connection are claimed before they are sent: enough that no session waits, few enough that a first word
// is never behind many.
const ahead = 2

// room answers how many rows to claim now. When the queue is full only what is more urgent than its last row is claimed.
func (q *queue) room(at time.Time, most int) room {
	q.mu.Lock()
	defer q.mu.Unlock()
	r := room{below: reach.Quiet + 1}
	if q.closed || at.Before(q.downUntil) {
		return r
	}
	held, _ := q.held(at)
	ready, crowded, late := 0, q.crowded(held), q.late(at)
	for domain, l := range q.lanes {
		// Of a slow domain one at a time is claimed ahead: more would fill the queue with what nobody can send.
		enough := l.waiting > 0 && (l.slow || late[domain])
		if at.Before(l.rest) || enough || l.waiting > 0 && l.waiting >= 2*l.window && l.inFlight >= l.window {
			if len(r.without) < most {
				r.without = append(r.without, domain)
			}
			continue
		}
		if !crowded || l.proven() {
			ready += l.waiting
		}
	}
	slices.Sort(r.without) // the same list makes the same statement
	full := ahead * q.connections
	r.limit = min(full-ready, 3*full-len(q.waiting))
	if q.failures > 0 {
		r.limit = min(r.limit, 1)
	}
	if r.limit <= 0 && len(q.waiting) > 0 && len(q.waiting) < 4*full {
		r.limit, r.below = q.connections, q.waiting[len(q.waiting)-1].Priority
	}
	if r.limit < q.connections/2 && r.below > reach.Quiet && q.failures == 0 {
		r.limit = 0 // a claim costs a transaction: not for a handful
	}
	return r
}

// expired takes out what can no longer be sent under its lease, and what waits for a domain that rests; with all, everything.
func (q *queue) expired(at time.Time, all bool) (late []job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	kept := q.waiting[:0]
	for _, j := range q.waiting {
		if all || j.until.Sub(at) < sendTime || at.Before(q.downUntil) || at.Before(q.lanes[j.domain].rest) {
			q.lanes[j.domain].waiting--
			late = append(late, j)
			continue
		}
		kept = append(kept, j)
	}
	q.waiting = kept
	q.tidy(at)
	return late
}

// pull takes out what belongs to these announcements and is not on its way.
func (q *queue) pull(paused []id.Announcement) (back []job) {
	if len(paused) == 0 {
		return nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	kept := q.waiting[:0]
	for _, j := range q.waiting {
		if slices.Contains(paused, j.Announcement) {
			q.lanes[j.domain].waiting--
			back = append(back, j)
			continue
		}
		kept = append(kept, j)
	}
	q.waiting = kept
	return back
}

// rests is until when a domain is left alone; zero if it is not.
func (q *queue) rests(domain string) time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.lane(domain).rest
}

// hopeless reports whether a domain has let nobody through for minutes.
func (q *queue) hopeless(domain string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.lanes[domain]
	return l != nil && l.hopeless()
}

// tidy forgets domains that nothing is known of that matters: there may be as many as recipients.
func (q *queue) tidy(at time.Time) {
	if len(q.lanes) < 1000 {
		return
	}
	for domain, l := range q.lanes {
		if l.inFlight == 0 && l.waiting == 0 && l.failures == 0 && !l.slow && !at.Before(l.rest) {
			delete(q.lanes, domain)
		}
	}
}

// nudge lets sessions look again: a rest is over.
func (q *queue) nudge() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.changed.Broadcast()
}

func (q *queue) resize(connections int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.connections = connections
	q.changed.Broadcast()
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.changed.Broadcast()
}

// idle reports whether nothing is claimed.
func (q *queue) idle() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.flying) == 0 && len(q.waiting) == 0
}

// inFlight counts the messages whose results are to be expected: all but those that wait for another's.
func (q *queue) inFlight() (n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for j := range q.flying {
		if !j.next {
			n++
		}
	}
	return n
}

func (q *queue) size() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.connections
}
