package console

import (
	"compress/gzip"
	"net/http"
	"strings"
)

// A squeezed answer is compressed on its way out: the desk is used on a phone at 3 a.m., and its pages repeat themselves. Forms hold no
// secret that a stranger's page could guess at by their length: the cookie is not sent with what other sites load.
type squeezed struct {
	http.ResponseWriter
	zip     *gzip.Writer
	decided bool
}

// squeeze wraps w for a browser that takes gzip; close ends the answer.
func squeeze(w http.ResponseWriter, r *http.Request) (_ http.ResponseWriter, close func()) {
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		return w, func() {}
	}
	// A range of an answer that is compressed as it is written means nothing (RFC 9110, 14.2 lets us ignore it).
	r.Header.Del("Range")
	s := &squeezed{ResponseWriter: w}
	return s, func() {
		if s.zip != nil {
			_ = s.zip.Close() // the reader went away
		}
	}
}

// WriteHeader decides, when the type is known, whether the body is worth it.
func (s *squeezed) WriteHeader(status int) {
	if !s.decided {
		s.decided = true
		h := s.Header()
		kind := h.Get("Content-Type")
		if (strings.HasPrefix(kind, "text/") || kind == "image/svg+xml") && status != http.StatusNotModified && status != http.StatusNoContent {
			h.Set("Content-Encoding", "gzip")
			h.Add("Vary", "Accept-Encoding")
			h.Del("Content-Length")
			if tag := h.Get("ETag"); strings.HasPrefix(tag, `"`) {
				h.Set("ETag", "W/"+tag) // the same words, other bytes (RFC 9110, 8.8.1)
			}
			s.zip = gzip.NewWriter(s.ResponseWriter)
		}
	}
	s.ResponseWriter.WriteHeader(status)
}

func (s *squeezed) Write(b []byte) (int, error) {
	if !s.decided {
		s.WriteHeader(http.StatusOK)
	}
	if s.zip != nil {
		return s.zip.Write(b)
	}
	return s.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController through.
func (s *squeezed) Unwrap() http.ResponseWriter { return s.ResponseWriter }
