package main

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

type conn struct {
	c    net.Conn
	r    *bufio.Reader
	used bool
}

type worker struct {
	o    *options
	next int
	conn map[string]*conn // by address
	etag map[*target]string
	buf  []byte
	r    *result
}

func (w *worker) request(due time.Time) {
	t := w.o.targets[w.next%len(w.o.targets)]
	w.next++
	limit := time.Now().Add(w.o.timeout)
	for try := 0; ; try++ {
		c, err := w.dial(t, limit)
		if err != nil {
			w.fail(t, "dial", err)
			return
		}
		reused := c.used
		c.c.SetDeadline(limit)
		w.buf = append(w.buf[:0], t.plain...)
		if tag := w.etag[t]; w.o.inm && tag != "" {
			w.buf = append(w.buf, "If-None-Match: "...)
			w.buf = append(w.buf, tag...)
			w.buf = append(w.buf, '\r', '\n')
		}
		w.buf = append(w.buf, '\r', '\n')
		_, err = c.c.Write(w.buf)
		var h head
		var first time.Time
		if err == nil {
			_, err = c.r.Peek(1)
			first = time.Now()
		}
		if err != nil && reused && try == 0 && !errors.Is(err, os.ErrDeadlineExceeded) {
			w.drop(t) // the server closed an idle connection: normal, try on a new one
			continue
		}
		if err == nil {
			c.used = true
			h, err = readHead(c.r)
		}
		if err == nil {
			err = w.body(c.r, &h)
		}
		if err != nil {
			w.fail(t, "read", err)
			return
		}
		now := time.Now()
		w.r.lat.Add(now.Sub(due))
		w.r.ttfb.Add(first.Sub(due))
		w.r.status[h.status]++
		w.r.requests++
		if h.etag != "" && h.status == 200 {
			w.etag[t] = h.etag
		}
		if h.close || !w.o.keepAlive {
			w.drop(t)
		}
		return
	}
}

func (w *worker) key(t *target) string { return strconv.FormatBool(t.tls) + t.addr }

func (w *worker) dial(t *target, limit time.Time) (*conn, error) {
	k := w.key(t)
	if c := w.conn[k]; c != nil {
		return c, nil
	}
	w.r.dials++
	d := net.Dialer{Deadline: limit}
	c, err := d.Dial("tcp", t.addr)
	if err != nil {
		return nil, err
	}
	if t.tls {
		tc := tls.Client(c, &tls.Config{InsecureSkipVerify: w.o.insecure, ServerName: strings.Split(t.host, ":")[0]})
		tc.SetDeadline(limit)
		if err := tc.Handshake(); err != nil {
			c.Close()
			return nil, err
		}
		c = tc
	}
	n := &conn{c: c, r: bufio.NewReaderSize(c, 16<<10)}
	w.conn[k] = n
	return n, nil
}

func (w *worker) drop(t *target) {
	k := w.key(t)
	if c := w.conn[k]; c != nil {
		c.c.Close()
		delete(w.conn, k)
	}
}

func (w *worker) fail(t *target, what string, err error) {
	var ne net.Error
	if errors.As(err, &ne) && ne.Timeout() {
		what += " timeout"
	} else if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		what += " cut short"
	} else if s := err.Error(); strings.Contains(s, "refused") {
		what += " refused"
	} else if strings.Contains(s, "reset") {
		what += " reset"
	} else {
		what += " other"
	}
	w.r.errs[what]++
	w.drop(t)
	if strings.HasPrefix(what, "dial") {
		time.Sleep(time.Millisecond) // do not spin on a server that is not there
	}
}
