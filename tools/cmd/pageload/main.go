// Command pageload asks a web server on loopback for pages, closed or open
// loop, and prints one JSON line of results; see README.md.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"candor/tools/internal/hist"
	"candor/tools/internal/proc"
)

type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

type target struct {
	addr, host, path string
	tls              bool
	plain            []byte // the request, without its last CRLF
	raw              string
}

type options struct {
	targets   []*target
	inm       bool
	keepAlive bool
	timeout   time.Duration
	insecure  bool
	digest    bool
}

type result struct {
	lat      hist.H // whole response, from when it was due (open loop) or sent (closed loop)
	ttfb     hist.H
	status   map[int]uint64
	errs     map[string]uint64
	bodies   map[string]uint64
	bytes    uint64
	requests uint64
	dials    uint64
}

func main() {
	var urls, headers list
	flag.Var(&urls, "url", "page to ask for (repeat it: each connection takes them in turn)")
	flag.Var(&headers, "header", "request header, 'Name: value' (repeat)")
	conns := flag.Int("c", 64, "connections")
	dur := flag.Duration("d", 10*time.Second, "how long to measure")
	warm := flag.Duration("warmup", time.Second, "run this long before measuring")
	maxN := flag.Int64("n", 0, "stop after this many measured requests (0: by time only)")
	rate := flag.Float64("rate", 0, "open loop: requests a second in all, sent when due whatever came back (0: closed loop)")
	enc := flag.String("encoding", "gzip", "Accept-Encoding to send: gzip, br, identity, or any text")
	inm := flag.Bool("inm", false, "send If-None-Match with the last ETag each connection saw")
	noKA := flag.Bool("no-keepalive", false, "a new connection for each request")
	timeout := flag.Duration("timeout", 10*time.Second, "a request's limit, dialling included")
	insecure := flag.Bool("insecure", false, "https: do not check the certificate")
	digest := flag.Bool("digest", false, "hash the 200 bodies and report how many different ones came (costs client CPU)")
	pids := flag.String("pid", "", "the server's process ids, comma separated: report its memory and CPU")
	sseURL := flag.String("sse", "", "URL of an event stream to hold open while the pages are asked for")
	sseN := flag.Int("sse-conns", 0, "how many event streams to hold open")
	sseWait := flag.Duration("sse-settle", 2*time.Second, "how long the streams may take to open before the measurement")
	flag.Parse()

	watch, err := proc.ParsePIDs(*pids)
	check(err)
	o := &options{inm: *inm, keepAlive: !*noKA, timeout: *timeout, insecure: *insecure, digest: *digest}
	for _, u := range urls {
		t, err := parse(u, *enc, headers, o.keepAlive)
		check(err)
		o.targets = append(o.targets, t)
	}
	if len(o.targets) == 0 && *sseN == 0 {
		check(errors.New("give -url or -sse with -sse-conns"))
	}

	var streams *sse
	if *sseN > 0 {
		t, err := parse(*sseURL, "identity", append(list{"Accept: text/event-stream", "Cache-Control: no-cache"}, headers...), true)
		check(err)
		streams = openSSE(t, o, *sseN)
		deadline := time.Now().Add(*sseWait)
		for time.Now().Before(deadline) && streams.opened.Load()+streams.failed.Load() < int64(*sseN) {
			time.Sleep(10 * time.Millisecond)
		}
	}

	out := map[string]any{"tool": "pageload", "urls": []string(urls), "conns": *conns, "encoding": *enc, "inm": *inm, "keepalive": o.keepAlive}
	if len(o.targets) > 0 {
		if *warm > 0 {
			load(o, *conns, *warm, *rate, 0)
		}
		stop := proc.Watch(watch, 100*time.Millisecond)
		cpu := proc.Self()
		t0 := time.Now()
		res, unsent := load(o, *conns, *dur, *rate, *maxN)
		took := time.Since(t0).Seconds()
		cpu = proc.Self() - cpu
		srv := stop()
		report(out, res, took, *rate, unsent, cpu, srv, len(watch) > 0)
	} else {
		stop := proc.Watch(watch, 100*time.Millisecond)
		time.Sleep(*dur)
		if r := stop(); len(watch) > 0 {
			out["server"] = r
		}
	}
	if streams != nil {
		out["sse"] = streams.report()
	}
	json.NewEncoder(os.Stdout).Encode(out)
}

func report(out map[string]any, r *result, took, rate float64, unsent int64, cpu float64, srv proc.Report, watched bool) {
	ok := uint64(0)
	st := map[string]uint64{}
	for c, n := range r.status {
		st[strconv.Itoa(c)] += n
		if c < 400 {
			ok += n
		}
	}
	out["mode"] = "closed"
	if rate > 0 {
		out["mode"], out["rate_asked"], out["unsent"] = "open", rate, unsent
	}
	out["seconds"] = round(took, 3)
	out["responses"] = r.requests
	out["ok"] = ok
	out["rps"] = round(float64(r.requests)/took, 1)
	out["mb_per_s"] = round(float64(r.bytes)/took/1e6, 2)
	out["status"] = st
	out["errors"] = r.errs
	out["dials"] = r.dials
	out["latency"] = r.lat.Summarize()
	out["ttfb"] = r.ttfb.Summarize()
	out["client_cpu_s"] = round(cpu, 2)
	if len(r.bodies) > 0 {
		out["bodies"] = r.bodies
	}
	if watched {
		out["server"] = srv
		if r.requests > 0 {
			out["server_cpu_us_per_req"] = round(srv.CPUSeconds*1e6/float64(r.requests), 2)
		}
	}
}

func round(f float64, n int) float64 {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'f', n, 64), 64)
	return v
}

func parse(s, enc string, headers list, keep bool) (*target, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, err
	}
	t := &target{host: u.Host, path: u.RequestURI(), tls: u.Scheme == "https", raw: s}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q: http or https", s)
	}
	port := u.Port()
	if port == "" {
		port = map[bool]string{false: "80", true: "443"}[t.tls]
	}
	ip := net.ParseIP(u.Hostname())
	if u.Hostname() == "localhost" {
		ip = net.IPv4(127, 0, 0, 1)
	}
	if ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("%q is not on loopback: this tool loads this machine only", s)
	}
	t.addr = net.JoinHostPort(ip.String(), port)
	var b bytes.Buffer
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nUser-Agent: pageload\r\nAccept-Encoding: %s\r\n", t.path, enc)
	host := t.host
	for _, h := range headers {
		if k, v, ok := strings.Cut(h, ":"); ok && strings.EqualFold(k, "host") {
			host = strings.TrimSpace(v)
			continue
		}
		fmt.Fprintf(&b, "%s\r\n", h)
	}
	fmt.Fprintf(&b, "Host: %s\r\n", host)
	if !keep {
		b.WriteString("Connection: close\r\n")
	}
	t.plain = b.Bytes()
	return t, nil
}

// load runs the workers for d and gives their results together.
func load(o *options, conns int, d time.Duration, rate float64, maxN int64) (*result, int64) {
	var ticket, taken atomic.Int64
	start := time.Now().Add(10 * time.Millisecond)
	end := start.Add(d)
	res := make([]*result, conns)
	var wg sync.WaitGroup
	for i := range conns {
		wg.Add(1)
		go func() {
			defer wg.Done()
			w := &worker{
				o: o, next: i, conn: map[string]*conn{}, etag: map[*target]string{},
				r: result{status: map[int]uint64{}, errs: map[string]uint64{}, bodies: map[string]uint64{}},
			}
			time.Sleep(time.Until(start))
			for {
				if maxN > 0 && taken.Add(1) > maxN {
					break
				}
				due := time.Now()
				if rate > 0 {
					// a request belongs to no connection: whichever is free takes the next one due
					due = start.Add(time.Duration(float64(ticket.Add(1)-1) / rate * float64(time.Second)))
					if !due.Before(end) || time.Now().After(end) {
						break
					}
					if wait := time.Until(due); wait > 0 {
						time.Sleep(wait)
					}
				} else if !due.Before(end) {
					break
				}
				w.request(due)
			}
			for _, c := range w.conn {
				c.c.Close()
			}
			res[i] = &w.r
		}()
	}
	wg.Wait()
	all := &result{status: map[int]uint64{}, errs: map[string]uint64{}, bodies: map[string]uint64{}}
	for _, r := range res {
		all.lat.Merge(&r.lat)
		all.ttfb.Merge(&r.ttfb)
		all.bytes += r.bytes
		all.requests += r.requests
		all.dials += r.dials
		for k, n := range r.status {
			all.status[k] += n
		}
		for k, n := range r.errs {
			all.errs[k] += n
		}
		for k, n := range r.bodies {
			all.bodies[k] += n
		}
	}
	// what was due but never sent because every connection was busy
	var unsent int64
	if rate > 0 && maxN == 0 {
		var failed uint64
		for _, n := range all.errs {
			failed += n
		}
		unsent = max(0, int64(rate*d.Seconds())-int64(all.requests+failed))
	}
	return all, unsent
}

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
	r    result
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

type head struct {
	status  int
	length  int64 // -1: unknown
	chunked bool
	close   bool
	etag    string
}

func readHead(r *bufio.Reader) (h head, err error) {
	for {
		h = head{length: -1}
		l, err := r.ReadSlice('\n')
		if err != nil {
			return h, err
		}
		if len(l) < 12 || !bytes.HasPrefix(l, []byte("HTTP/1.")) {
			return h, fmt.Errorf("not a status line: %q", l)
		}
		h.close = l[7] == '0'
		if h.status, err = strconv.Atoi(string(l[9:12])); err != nil {
			return h, err
		}
		for {
			l, err := r.ReadSlice('\n')
			if err != nil {
				return h, err
			}
			l = bytes.TrimRight(l, "\r\n")
			if len(l) == 0 {
				break
			}
			i := bytes.IndexByte(l, ':')
			if i < 0 {
				return h, fmt.Errorf("not a header: %q", l)
			}
			k, v := l[:i], bytes.TrimSpace(l[i+1:])
			switch {
			case fold(k, "content-length"):
				if h.length, err = strconv.ParseInt(string(v), 10, 64); err != nil || h.length < 0 {
					return h, fmt.Errorf("content-length %q", v)
				}
			case fold(k, "transfer-encoding"):
				h.chunked = fold(v, "chunked")
			case fold(k, "connection"):
				if fold(v, "close") {
					h.close = true
				} else if fold(v, "keep-alive") {
					h.close = false
				}
			case fold(k, "etag"):
				h.etag = string(v)
			}
		}
		if h.status/100 != 1 {
			return h, nil
		}
	}
}

func fold(b []byte, s string) bool { return len(b) == len(s) && strings.EqualFold(string(b), s) }

func (w *worker) body(r *bufio.Reader, h *head) error {
	if h.status == 204 || h.status == 304 {
		return nil
	}
	var sink io.Writer
	sum := sha256.New()
	if w.o.digest && h.status == 200 {
		sink = sum
	}
	var err error
	switch {
	case h.chunked:
		for {
			l, e := r.ReadSlice('\n')
			if e != nil {
				return short(e)
			}
			l = bytes.TrimRight(l, "\r\n")
			if i := bytes.IndexByte(l, ';'); i >= 0 {
				l = l[:i]
			}
			n, e := strconv.ParseInt(string(bytes.TrimSpace(l)), 16, 63)
			if e != nil || n < 0 {
				return fmt.Errorf("chunk size %q", l)
			}
			if n == 0 {
				for { // trailers
					l, e := r.ReadSlice('\n')
					if e != nil {
						return short(e)
					}
					if len(bytes.TrimRight(l, "\r\n")) == 0 {
						break
					}
				}
				break
			}
			if err = w.take(r, n, sink); err != nil {
				return err
			}
			if _, e := r.Discard(2); e != nil {
				return short(e)
			}
		}
	case h.length >= 0:
		err = w.take(r, h.length, sink)
	default: // until the server closes
		h.close = true
		var n int64
		if sink == nil {
			sink = io.Discard
		}
		n, err = io.Copy(sink, r)
		w.r.bytes += uint64(n)
	}
	if err == nil && w.o.digest && h.status == 200 {
		w.r.bodies[hex.EncodeToString(sum.Sum(nil)[:8])]++
	}
	return err
}

func (w *worker) take(r *bufio.Reader, n int64, sink io.Writer) error {
	w.r.bytes += uint64(n)
	if sink != nil {
		_, err := io.CopyN(sink, r, n)
		return short(err)
	}
	_, err := r.Discard(int(n))
	return short(err)
}

func short(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// sse holds event streams open and measures how far apart the same event
// reaches them.
type sse struct {
	opened, failed, lost, events, bytes, comments atomic.Int64
	mu                                            sync.Mutex
	firstSeen                                     map[string]time.Time
	counts                                        map[string]int64
	skew                                          hist.H
	errs                                          map[string]int64
	n                                             int
	closing                                       atomic.Bool
	open                                          []net.Conn
}

func openSSE(t *target, o *options, n int) *sse {
	s := &sse{firstSeen: map[string]time.Time{}, counts: map[string]int64{}, errs: map[string]int64{}, n: n}
	gate := make(chan struct{}, 256) // dial at most this many at once
	for range n {
		go func() {
			gate <- struct{}{}
			w := &worker{o: o, conn: map[string]*conn{}, r: result{errs: map[string]uint64{}}}
			limit := time.Now().Add(o.timeout)
			c, err := w.dial(t, limit)
			var h head
			if err == nil {
				c.r = bufio.NewReaderSize(c.c, 4096)
				c.c.SetDeadline(limit)
				_, err = c.c.Write(append(append([]byte(nil), t.plain...), '\r', '\n'))
				if err == nil {
					h, err = readHead(c.r)
				}
				if err == nil && h.status != 200 {
					err = fmt.Errorf("status %d", h.status)
				}
			}
			<-gate
			if err != nil {
				s.failed.Add(1)
				s.mu.Lock()
				s.errs[err.Error()]++
				s.mu.Unlock()
				return
			}
			s.opened.Add(1)
			s.mu.Lock()
			s.open = append(s.open, c.c)
			s.mu.Unlock()
			c.c.SetDeadline(time.Time{})
			s.follow(c, h)
		}()
	}
	return s
}

func (s *sse) follow(c *conn, h head) {
	r := c.r
	if h.chunked {
		r = bufio.NewReaderSize(&dechunker{r: c.r}, 4096)
	}
	var id string
	var data int
	for {
		l, err := r.ReadSlice('\n')
		if err != nil {
			if !s.closing.Load() {
				s.lost.Add(1)
			}
			return
		}
		s.bytes.Add(int64(len(l)))
		l = bytes.TrimRight(l, "\r\n")
		switch {
		case len(l) == 0:
			if data > 0 {
				s.event(id)
			}
			id, data = "", 0
		case l[0] == ':':
			s.comments.Add(1)
		case bytes.HasPrefix(l, []byte("id:")):
			id = strings.TrimSpace(string(l[3:]))
		case bytes.HasPrefix(l, []byte("data")):
			data++
		}
	}
}

func (s *sse) event(id string) {
	now := time.Now()
	s.events.Add(1)
	if id == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.firstSeen[id]
	if !ok {
		s.firstSeen[id] = now
		f = now
	}
	s.counts[id]++
	s.skew.Add(now.Sub(f))
}

func (s *sse) report() map[string]any {
	s.closing.Store(true)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.open {
		c.Close()
	}
	full := 0
	for _, n := range s.counts {
		if n >= s.opened.Load() {
			full++
		}
	}
	return map[string]any{
		"asked": s.n, "opened": s.opened.Load(), "failed": s.failed.Load(), "lost": s.lost.Load(),
		"events": s.events.Load(), "comments": s.comments.Load(), "bytes": s.bytes.Load(), "event_ids": len(s.counts),
		"event_ids_on_every_stream": full, "after_first_stream": s.skew.Summarize(), "errors": s.errs,
	}
}

// dechunker undoes chunked transfer coding as data comes.
type dechunker struct {
	r    *bufio.Reader
	left int64
	tail bool
}

func (d *dechunker) Read(p []byte) (int, error) {
	for d.left == 0 {
		if d.tail {
			if _, err := d.r.Discard(2); err != nil {
				return 0, err
			}
			d.tail = false
		}
		l, err := d.r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if i := bytes.IndexByte(l, ';'); i >= 0 {
			l = l[:i]
		}
		if d.left, err = strconv.ParseInt(string(bytes.TrimSpace(l)), 16, 63); err != nil {
			return 0, err
		}
		if d.left == 0 {
			return 0, io.EOF
		}
		d.tail = true
	}
	n, err := d.r.Read(p[:min(int64(len(p)), d.left)])
	d.left -= int64(n)
	return n, err
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "pageload:", err)
		os.Exit(2)
	}
}
