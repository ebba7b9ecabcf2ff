package site

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a network inside a bubble, where a minute takes no time.
type pipes struct {
	incoming chan net.Conn
	closed   chan struct{}
}

func newPipes() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.incoming:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { close(p.closed); return nil }

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial() net.Conn {
	here, there := net.Pipe()
	p.incoming <- there
	return here
}

// endsAfter waits until the other side closes.
func endsAfter(c net.Conn) time.Duration {
	began := time.Now()
	_, _ = io.Copy(io.Discard, c)
	return time.Since(began)
}

func TestSilenceEndsAConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		f := quickFace(t)
		serveOn(t, f.Quick(p), f.Hot(http.HandlerFunc(echo)))
		if d := endsAfter(p.dial()); d != firstPatience {
			t.Errorf("a connection that never asked ended after %v, want %v", d, firstPatience)
		}
		c := p.dial()
		_, _ = io.WriteString(c, "GET /badge.svg HTTP/1.1\r\nHost: a\r\n\r\n")
		readAnswer(t, bufio.NewReader(c), "GET")
		if d := endsAfter(c); d != idlePatience {
			t.Errorf("a connection that was answered ended after %v of silence, want %v", d, idlePatience)
		}
		c = p.dial()
		_, _ = io.WriteString(c, "GET / HTTP/1.1\r\n")
		if d := endsAfter(c); d != 5*time.Second {
			t.Errorf("half a head ended after %v, want net/http's 5s", d)
		}
		c = p.dial()
		_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		time.Sleep(idlePatience + time.Second)
		if n, err := io.Copy(io.Discard, c); n > 0 || err != nil {
			t.Errorf("an answer nobody took for a minute was still waiting: %d bytes, %v", n, err)
		}
	})
}

func TestShutdownEndsWithIdleConnectionsOpen(t *testing.T) {
	t.Parallel()
	f := quickFace(t)
	entered, release := make(chan struct{}), make(chan struct{})
	quick := f.Quick(loopback(t))
	server, _ := serveOn(t, quick, f.Hot(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-release
		echo(w, r)
	})))
	var idle []net.Conn
	for range 20 {
		c := visitor(t, quick.Addr())
		_, _ = io.WriteString(c, "GET /badge.svg HTTP/1.1\r\nHost: a\r\n\r\n")
		readAnswer(t, bufio.NewReader(c), "GET")
		idle = append(idle, c)
	}
	busy := visitor(t, quick.Addr())
	_, _ = io.WriteString(busy, "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
	<-entered
	stopped := make(chan error)
	go func() { stopped <- server.Shutdown(context.WithoutCancel(t.Context())) }()
	for _, c := range idle {
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Error(err)
		}
	}
	close(release)
	if got := readAnswer(t, bufio.NewReader(busy), "POST").Body; got != `POST /slow "" <nil>` {
		t.Errorf("the answer in flight became %q", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if _, err := quick.Accept(); err == nil {
		t.Error("a closed listener accepts")
	}
}

func TestShutdownWaitsForAnAnswerOnItsWayButNotForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		f := quickFace(t)
		server, _ := serveOn(t, f.Quick(p), f.Hot(http.HandlerFunc(echo)))
		taker, sleeper := p.dial(), p.dial()
		for _, c := range []net.Conn{taker, sleeper} {
			_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		}
		synctest.Wait()
		began := time.Now()
		time.AfterFunc(3*time.Second, func() {
			if n := len(readAnswer(t, bufio.NewReader(taker), "GET").Body); n != 40_000 {
				t.Errorf("the answer on its way came as %d bytes", n)
			}
		})
		if err := server.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took != lastPatience {
			t.Errorf("shutdown took %v, want %v because of one who does not read", took, lastPatience)
		}
	})
}

func TestAServerThatNeverServedCanClose(t *testing.T) {
	t.Parallel()
	quick := quickFace(t).Quick(loopback(t))
	if err := quick.Close(); err != nil {
		t.Error(err)
	}
	if err := quick.Close(); err != nil {
		t.Error("a second Close:", err)
	}
	if _, err := quick.Accept(); err == nil {
		t.Error("a closed listener accepts")
	}
}
