package site

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"
	"time"
)

const (
	// headRoom is the longest request head answered here; a visitor's is under a kilobyte.
	headRoom = 4 << 10
	// firstPatience is how long a new connection may be silent, idlePatience one that has been answered, or that takes its answer slowly
	// (B12).
	firstPatience = 5 * time.Second
	idlePatience  = 60 * time.Second
	// lastPatience is how long Close lets answers on their way take.
	lastPatience = 5 * time.Second
)

// A QuickListener answers the visitors of a stampede itself and leaves everybody else to the server that accepts from it.
//
// net/http spends two thirds of its time around a page that lies ready (a reader goroutine, a parsed header map, two writes). Here a
// connection is one goroutine, one read and one write, which is less than nginx needs. The price must not be a second HTTP server with
// its own opinion of what a request is, so this one has next to none: a head that came whole, is utterly plain, has no body and names an
// entry that may be served is answered; at anything else the connection, with every byte read so far, is net/http's for the rest of its
// life. No body, no slow head and no error is ever handled here.
type QuickListener struct {
	net.Listener
	face     *Face
	begin    sync.Once
	accepted chan accepted // what Accept hands out

	end    sync.Once
	closed chan struct{} // by Close
	ended  chan struct{} // closed when every connection is answered or handed over

	mu     sync.Mutex
	open   map[net.Conn]bool
	visits sync.WaitGroup
}

type accepted struct {
	conn net.Conn
	err  error
}

// Quick stands before an http.Server: server.Serve(face.Quick(listener)). The server's Shutdown closes it, which ends idle connections,
// and waits until it has answered the others.
func (f *Face) Quick(inner net.Listener) *QuickListener {
	return &QuickListener{
		Listener: inner, face: f,
		accepted: make(chan accepted), closed: make(chan struct{}), ended: make(chan struct{}),
		open: map[net.Conn]bool{},
	}
}

// Accept waits for a connection that net/http should serve. After Close it fails, but not before every answer on its way has gone out:
// that is what Shutdown waits for.
func (l *QuickListener) Accept() (net.Conn, error) {
	l.begin.Do(func() { go l.take() })
	select {
	case a := <-l.accepted:
		return a.conn, a.err
	case <-l.ended:
		return nil, net.ErrClosed
	}
}

// Close takes no more connections, ends idle ones, and cuts off those that still have not taken their answer after lastPatience.
func (l *QuickListener) Close() (err error) {
	l.end.Do(func() {
		close(l.closed)
		err = l.Listener.Close()
		l.each(func(c net.Conn) { _ = c.SetReadDeadline(time.Unix(1, 0)) })
		time.AfterFunc(lastPatience, func() {
			l.each(func(c net.Conn) { _ = c.Close() })
		})
	})
	return err
}

func (l *QuickListener) isClosed() bool {
	select {
	case <-l.closed:
		return true
	default:
		return false
	}
}

func (l *QuickListener) each(do func(net.Conn)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		do(c)
	}
}

// take accepts. Errors go to the server, which knows which pass (too many open files) and how long to wait.
func (l *QuickListener) take() {
	for {
		conn, err := l.Listener.Accept()
		if err != nil && l.isClosed() {
			break
		}
		if err != nil {
			l.pass(accepted{err: err})
			continue
		}
		l.mu.Lock()
		l.open[conn] = true
		l.mu.Unlock()
		l.visits.Go(func() { l.visit(conn) })
	}
	l.visits.Wait()
	close(l.ended)
}

// pass hands out, unless a closed server would only drop it.
func (l *QuickListener) pass(a accepted) {
	select {
	case l.accepted <- a:
	case <-l.closed:
		if a.conn != nil {
			_ = a.conn.Close()
		}
	}
}

// visit serves one connection to its end, or until it asks for something that is not ours.
func (l *QuickListener) visit(conn net.Conn) {
	early, err := l.converse(conn)
	l.mu.Lock()
	delete(l.open, conn)
	l.mu.Unlock()
	if err != nil {
		_ = conn.Close()
		return
	}
	_ = conn.SetDeadline(time.Time{}) // net/http sets its own
	l.pass(accepted{conn: &resumed{Conn: conn, early: early}})
}

// converse answers until the connection ends (err) or asks for more, in those bytes.
func (l *QuickListener) converse(conn net.Conn) (early []byte, err error) {
	defer func() {
		if fault := recover(); fault != nil { // costs one connection, as everywhere
			l.face.log.Error("answering a visitor panicked", "panic", fault, "stack", string(debug.Stack()))
			err = net.ErrClosed
		}
	}()
	a := answerer{face: l.face, conn: conn}
	buf := make([]byte, headRoom)
	_ = conn.SetDeadline(time.Now().Add(firstPatience))
	var prolonged time.Time
	for !l.isClosed() { // asked after every SetDeadline, so that none outlives the one Close sets
		n, err := conn.Read(buf)
		if err != nil {
			return nil, err
		}
		now := time.Now()
		if now.Sub(prolonged) > time.Second { // a timer a second, not one a request
			prolonged = now
			_ = conn.SetDeadline(now.Add(idlePatience))
		}
		for early = buf[:n]; len(early) > 0; {
			used, err := a.answer(early, now)
			if used == 0 || err != nil {
				return early, err
			}
			early = early[used:]
		}
	}
	return nil, net.ErrClosed
}

// ready is the entry that answers for a path at once, from memory alone; nil if there is none.
func (f *Face) ready(path string, now time.Time) *entry {
	if e, outdated := f.shelf.find(path, now); e != nil && f.mayServe(e, outdated, now) {
		return e
	}
	if path == "/version.json" {
		return f.versionEntry()
	}
	return f.assets.byPath[path]
}

// versionEntry says which version is the newest a visitor can see. Every open page asks for it all the time.
func (f *Face) versionEntry() *entry {
	newest := f.visible.Load()
	if told := f.told.Load(); told != nil && told.version == newest {
		return told.entry
	}
	body := append(strconv.AppendInt([]byte(`{"version":`), newest, 10), '}', '\n')
	told := &toldVersion{newest, newEntry(document{kind: f.kinds.version, body: body}, time.Time{})}
	f.told.Store(told)
	return told.entry
}

type toldVersion struct {
	version int64
	entry   *entry
}

// An answerer writes answers on one connection. What it needs for each is kept for the next.
type answerer struct {
	face  *Face
	conn  net.Conn
	asked plainRequest
	head  []byte

	parts [2][]byte // head and body on their way out

	second int64
	date   []byte // of that second, with the end of the head
}

// answer writes what the request at the beginning of early asks for, and says how long the request was: 0 if it is not for us.
func (a *answerer) answer(early []byte, now time.Time) (used int, err error) {
	end := bytes.Index(early, []byte("\r\n\r\n"))
	if end < 0 || !a.asked.read(string(early[:end+2])) {
		return 0, nil
	}
	e := a.face.ready(a.asked.path, now)
	if e == nil {
		return 0, nil
	}
	v := e.pick(a.asked.encodings)
	head, body := v.head, v.body
	if e.isSame(v, a.asked.tags) {
		head, body = v.same, nil
	}
	if a.asked.headOnly {
		body = nil
	}
	if second := now.Unix(); second != a.second {
		a.second, a.date = second, now.UTC().AppendFormat(a.date[:0], http.TimeFormat+"\r\n\r\n")
	}
	a.head = append(append(a.head[:0], head...), a.date...)
	a.parts[0], a.parts[1] = a.head, body
	whole := net.Buffers(a.parts[:]) // one system call for both
	_, err = whole.WriteTo(a.conn)
	return end + 4, err
}

// A resumed connection gives net/http the bytes it would have read itself.
type resumed struct {
	net.Conn
	early []byte
}

func (c *resumed) Read(p []byte) (int, error) {
	if len(c.early) == 0 {
		return c.Conn.Read(p)
	}
	n := copy(p, c.early)
	c.early = c.early[n:]
	return n, nil
}

// CloseWrite lets net/http say goodbye before it closes, so that its last words arrive.
func (c *resumed) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}
