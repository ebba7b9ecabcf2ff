package duty

import "time"

// Spares are connections beside those of the settings. One that waits for a slow domain is of use to nobody else for as long as that takes,
// and which domain is slow is known only once it holds one. So each of them is replaced, up to as many again, and the others go on as if the
// slow ones were not there (T13).
type spares struct {
	open  int
	last  time.Time // when as many were needed
	after time.Time // none before: the relay wants no more
}

const (
	// linger is how long a spare connection stays when it is no longer needed: a hiccup of the relay must not open and close them by the dozen.
	linger = 5 * time.Second
	// noSpares is how long none is tried after one was refused.
	noSpares = 30 * time.Second
)

// follow opens a spare connection for each that is held up, and closes them later.
func (s *spares) follow(held, most int, at time.Time) {
	want := min(held, most)
	switch {
	case at.Before(s.after):
	case want >= s.open:
		s.open, s.last = want, at
	case at.Sub(s.last) > linger:
		s.open = want
	}
}

// giveUp reports whether there were spare connections to do without.
func (s *spares) giveUp(at time.Time) bool {
	if s.open == 0 {
		return false
	}
	s.open, s.after = 0, at.Add(noSpares)
	return true
}

// hire answers how many sessions to start. It is asked again and again: how many are held up changes as time passes.
func (q *queue) hire(at time.Time) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	held, _ := q.held(at)
	before := q.spares.open
	q.spares.follow(held, q.connections, at)
	switch {
	case q.spares.open < before:
		q.changed.Broadcast() // some sessions are over
	case held > 0 && len(q.waiting) > 0:
		q.changed.Signal() // a spare one may stand by
	}
	n := max(0, q.connections+q.spares.open-q.running)
	q.running += n
	return n
}

// held counts the connections that wait for a receiver longer than usual or for one that is known to be slow; slow are the latter.
func (q *queue) held(at time.Time) (held, slow int) {
	for j := range q.flying {
		switch {
		case q.lanes[j.domain].slow:
			held++
			slow++
		case q.isLate(j, at):
			held++
		}
	}
	return held, slow
}

func (q *queue) isLate(j *job, at time.Time) bool {
	return !j.began.IsZero() && at.Sub(j.began) > q.pace.late()
}

// late are the domains that keep half of their connections waiting. A single late answer of many says nothing about the next.
func (q *queue) late(at time.Time) map[string]bool {
	waits := map[string]int{}
	for j := range q.flying {
		if q.isLate(j, at) {
			waits[j.domain]++
		}
	}
	domains := map[string]bool{}
	for domain, n := range waits {
		domains[domain] = 2*n >= q.lanes[domain].inFlight
	}
	return domains
}

// crowded reports whether half of the connections are held up and not replaced: the rest is for domains that answer quickly, and one that
// was never tried waits.
func (q *queue) crowded(held int) bool {
	return held-min(held, q.spares.open) >= max(q.connections/2, quarter(q.connections)+1)
}

// slowShare is how many connections domains known to be slow may hold together. Where there are no spare ones it is less than what makes a
// crowd: a domain that was never tried would wait until the slow ones are through.
func (q *queue) slowShare(at time.Time) int {
	if at.Before(q.spares.after) {
		return quarter(q.connections)
	}
	return max(1, q.connections/2)
}

func quarter(n int) int { return max(1, n/4) }

// begin notes that the receiver has a message from now on: neither opening a connection nor the ledger is its fault.
func (q *queue) begin(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	j.began = time.Now()
}

// answered notes that the receiver has spoken.
func (q *queue) answered(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	j.took, j.began = time.Since(j.began), time.Time{}
}
