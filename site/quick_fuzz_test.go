package site

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// recorded is a connection that only takes down what is written.
type recorded struct {
	net.Conn
	bytes.Buffer
}

func (r *recorded) Read(p []byte) (int, error) { return r.Buffer.Read(p) }

func (r *recorded) Write(p []byte) (int, error) { return r.Buffer.Write(p) }

// FuzzQuickHead: whatever a stranger sends is either left alone, or understood and answered exactly as net/http does.
func FuzzQuickHead(fz *testing.F) {
	f := quickFace(fz)
	for _, raw := range strange {
		fz.Add([]byte(raw))
	}
	fz.Add([]byte("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\nIf-None-Match: *\r\n\r\n"))
	fz.Add([]byte("HEAD /version.json HTTP/1.1\r\nhost: [::1]:80\r\nConnection: keep-alive\r\nCookie: a=b\r\n\r\nGET / "))
	fz.Fuzz(func(t *testing.T, raw []byte) {
		c := &recorded{}
		a := answerer{face: f, conn: c}
		used, err := a.answer(bytes.Clone(raw), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if used == 0 {
			if c.Len() > 0 {
				t.Fatalf("left to net/http, yet answered %q", c.String())
			}
			return
		}
		in := bufio.NewReader(bytes.NewReader(raw[:used]))
		r, err := http.ReadRequest(in)
		if err != nil {
			t.Fatalf("answered what net/http refuses: %v", err)
		}
		if r.ContentLength != 0 || r.TransferEncoding != nil || r.Close || in.Buffered() > 0 || len(r.Trailer) > 0 || r.Header.Get("Expect") != "" {
			t.Fatalf("net/http sees more than a head: %+v", r)
		}
		want := httptest.NewRecorder()
		if !f.fromShelf(want, r) {
			t.Fatalf("answered a path that net/http reads as %q", r.URL.Path)
		}
		got := readAnswer(t, bufio.NewReader(c), r.Method)
		if diff := cmp.Diff(answer{want.Result().Status, want.Header(), want.Body.String()}, got); diff != "" {
			t.Fatal(diff)
		}
		if c.Len() > 0 {
			t.Fatalf("%d bytes too many", c.Len())
		}
	})
}

func BenchmarkQuickAnswer(b *testing.B) {
	f := quickFace(b)
	out := &recorded{}
	a := answerer{face: f, conn: out}
	raw := []byte("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + strconv.Itoa(8080) + "\r\nAccept-Encoding: gzip\r\n\r\n")
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if used, err := a.answer(raw, time.Now()); used != len(raw) || err != nil {
			b.Fatal(used, err)
		}
	}
}
