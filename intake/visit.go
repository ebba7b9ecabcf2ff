package intake

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// visits are the connections that are open. Each has an end: one line a minute would otherwise hold it for ever.
type visits struct {
	whole time.Duration

	mu      sync.Mutex
	live    map[*visit]struct{}
	hurried bool
}

const (
	goodbye    = 2 * time.Second // to read a last answer
	atShutdown = 2 * time.Second
)

func (v *visits) listen(l net.Listener) net.Listener { return lobby{l, v} }

// hurry gives everybody who is here a moment more.
func (v *visits) hurry() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.hurried = true
	for c := range v.live {
		c.leaveIn(atShutdown)
	}
}

type lobby struct {
	net.Listener
	visits *visits
}

// Accept notes who comes.
func (l lobby) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	v := l.visits
	c := &visit{Conn: conn, visits: v}
	c.end.Store(time.Now().Add(v.whole).UnixNano())
	v.mu.Lock()
	defer v.mu.Unlock()
	v.live[c] = struct{}{}
	if v.hurried {
		c.leaveIn(atShutdown)
	}
	return c, nil
}

// visit is one connection; no deadline of it lies behind its end.
type visit struct {
	net.Conn
	visits *visits
	end    atomic.Int64
}

func (c *visit) leaveIn(d time.Duration) {
	end := time.Now().Add(d)
	c.end.Store(min(c.end.Load(), end.UnixNano()))
	_ = c.Conn.SetDeadline(end)
}

func (c *visit) bound(t time.Time) time.Time {
	end := time.Unix(0, c.end.Load())
	if t.IsZero() || t.After(end) {
		return end
	}
	return t
}

func (c *visit) SetDeadline(t time.Time) error      { return c.Conn.SetDeadline(c.bound(t)) }
func (c *visit) SetReadDeadline(t time.Time) error  { return c.Conn.SetReadDeadline(c.bound(t)) }
func (c *visit) SetWriteDeadline(t time.Time) error { return c.Conn.SetWriteDeadline(c.bound(t)) }

func (c *visit) Close() error {
	c.visits.mu.Lock()
	delete(c.visits.live, c)
	c.visits.mu.Unlock()
	return c.Conn.Close()
}
