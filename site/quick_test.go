package site

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// quickFace has something of every sort on its shelf. What the shelf does not hold is answered with what the server understood of it.
func quickFace(t testing.TB) *Face {
	t.Helper()
	f := &Face{log: slog.New(slog.DiscardHandler), kinds: newKinds(), shelf: newShelf()}
	f.assets.byPath = map[string]*entry{
		"/assets/candor.1.css": newEntry(document{kind: f.kinds.css, body: []byte(strings.Repeat("a{}", 500))}, time.Now()),
	}
	put := func(path string, d document) {
		e := newEntry(d, time.Now())
		e.recipe = &recipe{path: path}
		f.shelf.put(path, e)
	}
	put("/", document{kind: f.kinds.page, body: []byte(strings.Repeat("<p>We are on it.</p>", 2000))})
	put("/en/history.atom", document{kind: f.kinds.atom, body: []byte("<feed/>")})
	put("/gone", document{kind: f.kinds.page, status: http.StatusGone, body: []byte("<p>Gone</p>")})
	put("/badge.svg", document{kind: f.kinds.svg, body: []byte("<svg/>")})
	return f
}

// echo answers what it was asked, so that a lost or doubled byte shows.
func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s %q %v", r.Method, r.RequestURI, body, err)
}

// serveOn serves a face on a listener and counts the connections net/http got to see.
func serveOn(t testing.TB, l net.Listener, h http.Handler) (server *http.Server, seen *atomic.Int64) {
	t.Helper()
	seen = new(atomic.Int64)
	server = &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		ConnState: func(_ net.Conn, s http.ConnState) {
			if s == http.StateNew {
				seen.Add(1)
			}
		},
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(l)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-served
	})
	return server, seen
}

func loopback(t testing.TB) net.Listener {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func visitor(t testing.TB, to net.Addr) net.Conn {
	t.Helper()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", to.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

// An answer is a response as its reader sees it. Date is only known to be there.
type answer struct {
	Status string
	Header http.Header
	Body   string
}

func readAnswer(t testing.TB, r *bufio.Reader, method string) answer {
	t.Helper()
	res, err := http.ReadResponse(r, &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := http.ParseTime(res.Header.Get("Date")); err != nil && res.StatusCode < 400 {
		t.Errorf("%s %s: %v", method, res.Status, err)
	}
	res.Header.Del("Date")
	return answer{res.Status, res.Header, string(body)}
}

// ask sends raw bytes, says that nothing more comes, and reads whatever there is to read.
func ask(t testing.TB, to net.Addr, raw string) string {
	t.Helper()
	c := visitor(t, to)
	if _, err := io.WriteString(c, raw); err != nil {
		t.Fatal(err)
	}
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func TestAQuickAnswerIsTheOneNetHTTPWouldGive(t *testing.T) {
	t.Parallel()
	f := quickFace(t)
	handler := f.Hot(http.HandlerFunc(echo))
	slow, quick := loopback(t), f.Quick(loopback(t))
	serveOn(t, slow, handler)
	_, seen := serveOn(t, quick, handler)
	ours, theirs := visitor(t, quick.Addr()), visitor(t, slow.Addr())
	ourAnswers, theirAnswers := bufio.NewReader(ours), bufio.NewReader(theirs)
	etag := func(path, encoding string) string {
		return f.ready(path, time.Now()).pick([]string{encoding}).etag[0]
	}
	for _, path := range []string{"/", "/en/history.atom", "/gone", "/badge.svg", "/version.json", "/assets/candor.1.css"} {
		for _, encoding := range []string{"", "identity", "gzip", "gzip, deflate, br", "br;q=0, gzip;q=0.5", "GZIP", "*"} {
			for _, condition := range []string{"", `"other"`, "*", etag(path, encoding), `"x", W/` + etag(path, encoding)} {
				for _, method := range []string{"GET", "HEAD"} {
					request := method + " " + path + " HTTP/1.1\r\nHost: status.example\r\nUser-Agent: test\r\n"
					if encoding != "" {
						request += "accept-encoding: " + encoding + "\r\n"
					}
					if condition != "" {
						request += "If-None-Match:" + condition + " \r\n"
					}
					for _, c := range []net.Conn{ours, theirs} {
						if _, err := io.WriteString(c, request+"\r\n"); err != nil {
							t.Fatal(err)
						}
					}
					got, want := readAnswer(t, ourAnswers, method), readAnswer(t, theirAnswers, method)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("%s\n%s", request, diff)
					}
				}
			}
		}
	}
	if n := seen.Load(); n != 0 {
		t.Errorf("net/http got to see %d connections, although all asked for was ready", n)
	}
}

// strange is what net/http alone may judge. None may be answered on the hot path, although all name a page that lies ready.
var strange = map[string]string{
	"a body announced":                  "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
	"two lengths":                       "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 3\r\n\r\nabc",
	"chunked":                           "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	"chunked and a length":              "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	"an unknown coding":                 "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
	"a space before the colon":          "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n",
	"an underscore for a dash":          "GET / HTTP/1.1\r\nHost: a\r\nContent_Length: 3\r\n\r\n",
	"a folded field":                    "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n Content-Length: 3\r\n\r\n",
	"a folded first field":              "GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n",
	"a bare LF":                         "GET / HTTP/1.1\nHost: a\n\n",
	"a bare LF between fields":          "GET / HTTP/1.1\r\nHost: a\nContent-Length: 3\r\n\r\n",
	"a bare CR":                         "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\rContent-Length: 3\r\n\r\n",
	"NUL":                               "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\x00\r\n\r\n",
	"bytes beyond ASCII":                "GET / HTTP/1.1\r\nHost: a\r\nX-A: \xff\r\n\r\n",
	"an empty name":                     "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
	"no colon":                          "GET / HTTP/1.1\r\nHost: a\r\nX-A\r\n\r\n",
	"no Host":                           "GET / HTTP/1.1\r\nX-A: b\r\n\r\n",
	"no fields":                         "GET / HTTP/1.1\r\n\r\n",
	"two Hosts":                         "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
	"an empty Host":                     "GET / HTTP/1.1\r\nHost:\r\n\r\n",
	"a Host with a user":                "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
	"a whole address":                   "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
	"a query":                           "GET /?zone=UTC HTTP/1.1\r\nHost: a\r\n\r\n",
	"an empty query":                    "GET /? HTTP/1.1\r\nHost: a\r\n\r\n",
	"a fragment":                        "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n",
	"an escape":                         "GET /%62adge.svg HTTP/1.1\r\nHost: a\r\n\r\n",
	"a path that is not there":          "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n",
	"an asterisk":                       "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
	"a lower-case method":               "get / HTTP/1.1\r\nHost: a\r\n\r\n",
	"a POST":                            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
	"two spaces":                        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
	"a tab":                             "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
	"a space after the version":         "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
	"HTTP/1.0":                          "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
	"HTTP/0.9":                          "GET /\r\n\r\n",
	"HTTP/2 without asking":             "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	"lower-case http":                   "GET / http/1.1\r\nHost: a\r\n\r\n",
	"an empty line first":               "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
	"the wish to close":                 "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
	"a named hop field":                 "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-A\r\nX-A: b\r\n\r\n",
	"an upgrade":                        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
	"an upgrade without the connection": "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\n",
	"an expectation":                    "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
	"a range":                           "GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n\r\n",
	"a trailer":                         "GET / HTTP/1.1\r\nHost: a\r\nTrailer: X-A\r\n\r\n",
	"a TLS greeting":                    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
	"many fields":                       "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X-A: b\r\n", maxFields) + "\r\n",
	"a very long head":                  "GET / HTTP/1.1\r\nHost: a\r\nX-A: " + strings.Repeat("b", 6<<10) + "\r\n\r\n",
	"half a head":                       "GET / HTTP/1.1\r\nHost: a\r\n",
	"half a line":                       "GE",
}

func TestStrangeRequestsAreNetHTTPsBusiness(t *testing.T) {
	t.Parallel()
	f := quickFace(t)
	handler := f.Hot(http.HandlerFunc(echo))
	for name, raw := range strange {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			slow, quick := loopback(t), f.Quick(loopback(t))
			serveOn(t, slow, handler)
			_, seen := serveOn(t, quick, handler)
			got, want := ask(t, quick.Addr(), raw), ask(t, slow.Addr(), raw)
			if diff := cmp.Diff(undated(want), undated(got)); diff != "" {
				t.Error(diff)
			}
			if n := seen.Load(); n != 1 {
				t.Errorf("net/http saw %d connections, want this one", n)
			}
		})
	}
}

func undated(s string) string {
	var kept []string
	for line := range strings.SplitSeq(s, "\r\n") {
		if !strings.HasPrefix(line, "Date: ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\r\n")
}

func TestAnOutdatedPageIsNotAnsweredQuicklyForLong(t *testing.T) {
	t.Parallel()
	f := quickFace(t)
	f.watching.Store(true)
	e, _ := f.shelf.find("/", time.Now())
	e.topics = []string{topicSettings}
	now := time.Now()
	f.shelf.outdate(now, topicSettings)
	if f.ready("/", now.Add(staleLimit)) == nil {
		t.Error("a page that changed a moment ago was withheld while its successor is made")
	}
	if f.ready("/", now.Add(staleLimit+time.Millisecond)) != nil {
		t.Error("a page that changed more than a second ago went out")
	}
}

func TestPipelinedRequestsAreAnsweredInOrderAcrossTheHandover(t *testing.T) {
	t.Parallel()
	f := quickFace(t)
	quick := f.Quick(loopback(t))
	_, seen := serveOn(t, quick, f.Hot(http.HandlerFunc(echo)))
	c := visitor(t, quick.Addr())
	get := func(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n" }
	raw := get("/badge.svg") + get("/version.json") + get("/") + "POST /letter HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nDear st"
	if _, err := io.WriteString(c, raw); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(c)
	got := []string{readAnswer(t, r, "GET").Body, readAnswer(t, r, "GET").Body, readAnswer(t, r, "GET").Body[:20]}
	if _, err := io.WriteString(c, "atus"+get("/badge.svg")); err != nil {
		t.Fatal(err)
	}
	got = append(got, readAnswer(t, r, "POST").Body, readAnswer(t, r, "GET").Body)
	want := []string{"<svg/>", "{\"version\":0}\n", "<p>We are on it.</p>", `POST /letter "Dear status" <nil>`, "<svg/>"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := seen.Load(); n != 1 {
		t.Errorf("net/http saw the connection %d times, want once, from the letter on", n)
	}
}

func TestAHeadThatComesByteByByteIsAnsweredAllTheSame(t *testing.T) {
	t.Parallel()
	f := quickFace(t)
	quick := f.Quick(loopback(t))
	serveOn(t, quick, f.Hot(http.HandlerFunc(echo)))
	c := visitor(t, quick.Addr())
	for _, b := range []byte("GET /badge.svg HTTP/1.1\r\nHost: a\r\n\r\n") {
		if _, err := c.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond) // makes it segments of their own; nothing depends on it
	}
	if got := readAnswer(t, bufio.NewReader(c), "GET").Body; got != "<svg/>" {
		t.Errorf("got %q", got)
	}
}

func TestAnAnswerLongerThanAnySocketHoldsArrivesWhole(t *testing.T) {
	t.Parallel()
	f := quickFace(t)
	long := bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // more than any socket holds
	e := newEntry(document{kind: f.kinds.version, body: long}, time.Now())
	f.shelf.put("/long", e)
	quick := f.Quick(loopback(t))
	_, seen := serveOn(t, quick, f.Hot(http.HandlerFunc(echo)))
	c := visitor(t, quick.Addr())
	if _, err := io.WriteString(c, "GET /long HTTP/1.1\r\nHost: a\r\n\r\nGET /badge.svg HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(c)
	if got := readAnswer(t, r, "GET").Body; got != string(long) {
		t.Errorf("%d bytes came, or others; want %d", len(got), len(long))
	}
	if got := readAnswer(t, r, "GET").Body; got != "<svg/>" || seen.Load() != 0 {
		t.Errorf("then came %.20q; net/http saw %d connections", got, seen.Load())
	}
}
