package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

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
		err = w.chunks(r, sink)
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

// chunks reads a body in chunked transfer coding, trailers included.
func (w *worker) chunks(r *bufio.Reader, sink io.Writer) error {
	for {
		l, err := r.ReadSlice('\n')
		if err != nil {
			return short(err)
		}
		l = bytes.TrimRight(l, "\r\n")
		if i := bytes.IndexByte(l, ';'); i >= 0 {
			l = l[:i]
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(l)), 16, 63)
		if err != nil || n < 0 {
			return fmt.Errorf("chunk size %q", l)
		}
		if n == 0 {
			return trailers(r)
		}
		if err := w.take(r, n, sink); err != nil {
			return err
		}
		if _, err := r.Discard(2); err != nil {
			return short(err)
		}
	}
}

func trailers(r *bufio.Reader) error {
	for {
		l, err := r.ReadSlice('\n')
		if err != nil {
			return short(err)
		}
		if len(bytes.TrimRight(l, "\r\n")) == 0 {
			return nil
		}
	}
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
