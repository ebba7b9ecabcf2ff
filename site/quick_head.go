package site

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
)

// A plainRequest is what the hot path understands of a request: nothing that two readers of HTTP could read differently.
type plainRequest struct {
	headOnly  bool // HEAD
	path      string
	encodings []string // Accept-Encoding
	tags      []string // If-None-Match
}

// maxFields is more than any browser sends through any proxy.
const maxFields = 50

// read takes a head in, up to and with the end of its last field. It reports false for whatever is not plain: that head is for net/http,
// to serve or to refuse.
//
// Only Transfer-Encoding and Content-Length can announce a body (RFC 9112, 6), and a name that tries to look like one of them without
// being one is no plain name; so a plain request ends where its head ends, for us as for every proxy before us. Fields that change
// neither that nor what an entry answers, which are nearly all, do not matter.
func (q *plainRequest) read(head string) bool {
	line, fields, _ := strings.Cut(head, "\r\n")
	method, line, _ := strings.Cut(line, " ")
	path, version, _ := strings.Cut(line, " ")
	*q = plainRequest{headOnly: method == "HEAD", path: path, encodings: q.encodings[:0], tags: q.tags[:0]}
	if method != "GET" && method != "HEAD" || version != "HTTP/1.1" || !isPlainPath(path) {
		return false
	}
	hosts := 0
	for n := 0; fields != ""; n++ {
		line, fields, _ = strings.Cut(fields, "\r\n")
		name, value, found := strings.Cut(line, ":")
		value = strings.Trim(value, " \t")
		if !found || n == maxFields || !isPlainName(name) || !isPlainValue(value) {
			return false
		}
		switch field := fieldOf(name); {
		case field == host && isPlainHost(value):
			hosts++
		case field == acceptEncoding:
			q.encodings = append(q.encodings, value)
		case field == ifNoneMatch:
			q.tags = append(q.tags, value)
		case field == connection && strings.EqualFold(value, "keep-alive"):
		case field != harmless:
			return false
		}
	}
	return hosts == 1
}

// A field is what a header field means to the hot path.
type field int

const (
	harmless field = iota
	host
	acceptEncoding
	ifNoneMatch
	connection
	meansMore // than can be answered here
)

func fieldOf(name string) field {
	is := func(other string) bool { return strings.EqualFold(name, other) }
	begins := func(prefix string) bool {
		return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
	}
	switch {
	case is("Host"):
		return host
	case is("Accept-Encoding"):
		return acceptEncoding
	case is("If-None-Match"):
		return ifNoneMatch
	case is("Connection"):
		return connection
	case begins("Content-"), begins("Transfer-"), begins("HTTP2-"), begins("Proxy-"),
		is("Expect"), is("Range"), is("If-Range"), is("TE"), is("Trailer"), is("Upgrade"):
		return meansMore
	}
	return harmless
}

func isLetterOrDigit(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
}

// only reports whether every byte of s is a letter, a digit or one of marks. Nothing is only nothing.
func only(s, marks string) bool {
	for i := range len(s) {
		if !isLetterOrDigit(s[i]) && strings.IndexByte(marks, s[i]) < 0 {
			return false
		}
	}
	return s != ""
}

// isPlainPath: no escapes, no query, no host before it; the addresses on the shelf need no other bytes.
func isPlainPath(s string) bool { return strings.HasPrefix(s, "/") && only(s, "/-._~") }

func isPlainName(s string) bool { return only(s, "-") }

func isPlainHost(s string) bool { return only(s, ".:-[]") }

// isPlainValue refuses control bytes, among them a lone CR or LF and NUL, and everything beyond ASCII.
func isPlainValue(s string) bool {
	for i := range len(s) {
		if (s[i] < ' ' || s[i] > '~') && s[i] != '\t' {
			return false
		}
	}
	return true
}

// writeHeads keeps what serve would say, so that there is one rule for headers.
func (e *entry) writeHeads() {
	for _, v := range []*variant{&e.plain, &e.gzip, &e.brotli} {
		if v.etag != nil {
			v.head, v.same = e.headOf(v, false), e.headOf(v, true)
		}
	}
}

// headOf is the beginning of an answer up to the value of Date, which is its last field.
func (e *entry) headOf(v *variant, known bool) []byte {
	r := &http.Request{Method: http.MethodHead, Header: http.Header{}}
	if v.encoding != nil {
		r.Header["Accept-Encoding"] = v.encoding
	}
	if known {
		r.Header["If-None-Match"] = v.etag
	}
	written := headWriter{header: http.Header{}}
	e.serve(&written, r)
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %03d %s\r\n", written.status, http.StatusText(written.status))
	_ = written.header.Write(&b)
	b.WriteString("Date: ")
	return b.Bytes()
}

// headWriter remembers what serve says.
type headWriter struct {
	header http.Header
	status int
}

func (w *headWriter) Header() http.Header         { return w.header }
func (w *headWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w *headWriter) WriteHeader(status int)      { w.status = status }
