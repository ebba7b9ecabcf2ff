package duty

import (
	"time"

	"candor/reach"
)

// A lane is one receiving domain as this node sees it. What a relay or a receiver does to one domain must not slow down the others: a
// tarpit would otherwise hold every connection (F17).
type lane struct {
	inFlight int
	waiting  int
	window   int  // how many messages at once; doubles with quick answers, as TCP's slow start does
	slow     bool // at its last answer
	failures int  // in a row, of the kind that says "leave us alone"
	rest     time.Time
}

const (
	// restFirst doubles with each failure up to restLongest.
	restFirst   = 2 * time.Second
	restLongest = 5 * time.Minute
	// neverSlow and alwaysSlow bound what counts as slow; in between it is eight times the usual answer.
	neverSlow  = 2 * time.Second
	alwaysSlow = 15 * time.Second
	// neverLate is an answer that holds nobody up, however quick they usually are.
	neverLate = 100 * time.Millisecond
)

// proven reports whether the domain answers quickly, so that it may use most connections.
func (l *lane) proven() bool { return l.window > 1 }

// hopeless reports whether so many answers in a row were unwelcome that it rests for as long as a domain does. One letter is tried for
// all that wait for it, which may be never tried themselves.
func (l *lane) hopeless() bool { return restFirst<<min(l.failures, 10) > restLongest }

// settle learns from an answer.
func (l *lane) settle(r reach.Result, took, slow time.Duration, connections int, now time.Time) {
	l.slow = took > slow
	if unwelcome(r) {
		l.window = 1
		l.rest = now.Add(max(min(restFirst<<min(l.failures, 10), restLongest), r.RetryAfter))
		l.failures++
		return
	}
	if l.slow {
		l.window = 1
		return
	}
	l.failures = 0
	l.window = min(2*l.window, connections)
}

// unwelcome reports whether more of the same would be worse: the receiver is overwhelmed, or refuses us whoever we write to. A greylist or
// a full mailbox is about one recipient, and an unknown mailbox about that mailbox.
func unwelcome(r reach.Result) bool {
	switch r.Outcome {
	case reach.Refused:
		return true
	case reach.Temporary:
		switch r.Reason {
		case reach.ReasonBusy, reach.ReasonRateLimited, reach.ReasonCutBefore, reach.ReasonCutAfterDot, reach.ReasonProtocol:
			return true
		}
	}
	return false
}

// pace knows what an answer usually takes: a relay that needs five seconds for everybody is slow for nobody.
type pace struct{ usual time.Duration }

func (p *pace) learn(took time.Duration) {
	if p.usual == 0 {
		p.usual = 50 * time.Millisecond
	}
	// A median that walks: one tarpit in ten does not move it, as it would an average.
	if took > p.usual {
		p.usual += p.usual / 20
	} else {
		p.usual -= p.usual / 20
	}
	p.usual = min(max(p.usual, time.Millisecond), time.Minute)
}

func (p *pace) slow() time.Duration { return min(max(8*p.usual, neverSlow), alwaysSlow) }

// late is when an answer takes so long that its connection is replaced meanwhile. Unlike slow it costs the domain nothing.
func (p *pace) late() time.Duration {
	if p.usual == 0 {
		return neverSlow // nobody has answered yet
	}
	return max(8*p.usual, neverLate)
}
