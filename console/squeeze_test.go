package console

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestWhatIsWorthItIsSqueezed(t *testing.T) {
	const words = "What we owe, by the clock. "
	answer := func(accept, kind string) *http.Response {
		r, rec := httptest.NewRequest("GET", "/console", nil), httptest.NewRecorder()
		r.Header.Set("Accept-Encoding", accept)
		w, done := squeeze(rec, r)
		w.Header().Set("Content-Type", kind)
		w.Header().Set("ETag", `"x"`)
		io.WriteString(w, strings.Repeat(words, 100))
		done()
		return rec.Result()
	}
	for _, c := range []struct{ name, accept, kind, encoding, tag string }{
		{"a page, for a browser", "gzip, deflate, br", "text/html; charset=utf-8", "gzip", `W/"x"`},
		{"a page, for a program that takes nothing", "", "text/html; charset=utf-8", "", `"x"`},
		{"a photo is small already", "gzip", "image/jpeg", "", `"x"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := answer(c.accept, c.kind)
			if got.Header.Get("Content-Encoding") != c.encoding || got.Header.Get("ETag") != c.tag {
				t.Errorf("Content-Encoding %q, ETag %q", got.Header.Get("Content-Encoding"), got.Header.Get("ETag"))
			}
			body := io.Reader(got.Body)
			if c.encoding != "" {
				z, err := gzip.NewReader(got.Body)
				if err != nil {
					t.Fatal(err)
				}
				body = z
			}
			if b, err := io.ReadAll(body); err != nil || string(b) != strings.Repeat(words, 100) {
				t.Errorf("reads %q, %v", b, err)
			}
		})
	}
}
