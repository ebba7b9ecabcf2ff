package sink

import (
	"bufio"
	"bytes"
	"net"
	"time"
)

type session struct {
	s     *Server
	c     net.Conn
	r     *bufio.Reader
	w     *bufio.Writer
	helo  bool
	from  bool
	tried bool // RCPT was, perhaps in vain: a pipelined DATA behind it is no mistake (RFC 2920)
	rcpts []string
	defer4,
	cut bool
	n    int
	head []byte
	full []byte
}

func (x *session) reset() {
	x.from, x.tried, x.rcpts, x.defer4, x.cut = false, false, x.rcpts[:0], false, false
}

// flush sends the replies gathered so far if the client has nothing more for us.
func (x *session) flush() error {
	if x.r.Buffered() > 0 {
		return nil
	}
	return x.flushNow()
}

func (x *session) flushNow() error {
	if x.w.Buffered() == 0 {
		return nil
	}
	if x.s.cfg.RTT > 0 {
		time.Sleep(x.s.cfg.RTT)
	}
	return x.w.Flush()
}

func (x *session) say(line string) error {
	x.w.WriteString(line)
	x.w.WriteString("\r\n")
	return x.flush()
}

// bad answers what no correct sender says, and counts it.
func (x *session) bad(reply string) bool {
	x.s.protoErr.Add(1)
	return x.say(reply) == nil
}

func (s *Server) handle(c net.Conn) {
	s.conns.Add(1)
	n := s.open.Add(1)
	defer s.open.Add(-1)
	defer c.Close()
	for {
		m := s.maxOpen.Load()
		if n <= m || s.maxOpen.CompareAndSwap(m, n) {
			break
		}
	}
	x := &session{s: s, c: c, r: bufio.NewReaderSize(c, 32<<10), w: bufio.NewWriterSize(c, 2<<10)}
	if s.cfg.MaxConns > 0 && n > int64(s.cfg.MaxConns) {
		x.say("421 4.7.0 too many connections")
		return
	}
	x.say("220 sink.invalid ESMTP")
	for {
		c.SetReadDeadline(time.Now().Add(5 * time.Minute))
		line, err := x.r.ReadSlice('\n')
		if err != nil {
			return
		}
		if !x.command(bytes.TrimRight(line, "\r\n")) {
			x.flushNow()
			return
		}
	}
}
