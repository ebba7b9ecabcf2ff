package duty_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"candor/reach"
	"candor/reach/dry"
)

// A narrow channel takes no more than so many connections at once.
type narrow struct {
	*dry.Channel
	most    int
	mu      sync.Mutex
	refused int
	peak    int
}

var errTooMany = errors.New("421 4.7.0 too many connections")

func (n *narrow) Open(ctx context.Context) (reach.Session, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.Sessions() >= n.most {
		n.refused++
		return nil, errTooMany
	}
	s, err := n.Channel.Open(ctx)
	n.peak = max(n.peak, n.Sessions())
	return s, err
}

func (n *narrow) seen() (peak, refused int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.peak, n.refused
}

// tarpits makes the first domains slow: three letters each at every domain, of which each takes 20 ms where nobody is slow.
func tarpits(w *world, slow, domains, most int) (*narrow, reach.Announcement) {
	out := &narrow{Channel: dry.New("email"), most: most}
	for i, p := range w.subscribers(3*domains, func(i int) string { return fmt.Sprintf("d%d.example", i%domains) }) {
		out.Delay(string(p.Address), 20*time.Millisecond)
		if i%domains < slow {
			out.Delay(string(p.Address), 15*time.Second)
		}
	}
	return out, w.announce(reach.First)
}

// The nodes of these tests have ten connections (world.node).
func TestConnectionsThatSlowDomainsHoldAreReplacedAndLeaveAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		out, a := tarpits(w, 10, 50, 100)
		w.start(w.node("one", through(out)))
		start := time.Now()
		w.until(a, "everybody at the quick domains", told(120))
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("the quick domains took %s beside as many slow ones as there are connections", took)
		}
		w.until(a, "everybody", told(150))
		if peak, _ := out.seen(); peak <= 10 || peak > 20 {
			t.Errorf("%d connections at most, want spare ones, and no more than as many again", peak)
		}
		time.Sleep(15 * time.Second)
		if n := out.Sessions(); n > 10 {
			t.Errorf("%d connections when nobody is slow any more", n)
		}
	})
}

func TestWithoutSlowDomainsThereAreNoSpareConnections(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		out, a := tarpits(w, 0, 50, 100)
		w.start(w.node("one", through(out)))
		w.until(a, "everybody", told(150))
		if peak, _ := out.seen(); peak > 10 {
			t.Errorf("%d connections, the settings say 10", peak)
		}
	})
}

// A relay that has its own limit says so when a spare connection is opened. It is not away: the letters on the other connections go on.
func TestARelayThatTakesNoSpareConnectionIsNotHeldForAway(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		out, a := tarpits(w, 3, 50, 10)
		w.start(w.node("one", through(out)))
		start := time.Now()
		w.until(a, "everybody at the quick domains", told(141))
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("the quick domains took %s, because spare connections were refused", took)
		}
		if _, refused := out.seen(); refused != 1 {
			t.Errorf("%d connections were refused in the first moments, want one: then none is tried for a while", refused)
		}
		w.until(a, "everybody", told(150))
	})
}
