package app

import (
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"
)

// maxBody bounds every request before any face reads it (B12). Pictures are the largest thing anybody uploads.
const maxBody = 6 << 20

// maxFile bounds a file of customers, which is read as it comes and never whole in memory.
const maxFile = 50<<20 + 1<<20 // the face that takes it says so from 50 MB on; this lets a form around it through

func bound(r *http.Request) int64 {
	if r.URL.Path == "/api/v1/customers/import" || r.URL.Path == "/console/customers/import" {
		return maxFile
	}
	return maxBody
}

// guard is what stands before every face: a panic costs one request, a body has a size, and every request leaves one line in the log.
func guard(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := &observed{ResponseWriter: w}
		defer func() {
			if fault := recover(); fault != nil {
				if fault == http.ErrAbortHandler {
					panic(fault)
				}
				log.Error("request panicked", "method", r.Method, "path", logged(r.URL.Path), "panic", fault, "stack", string(debug.Stack()))
				if seen.status == 0 {
					http.Error(seen, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
				}
			}
			if log.Enabled(r.Context(), slog.LevelDebug) || seen.status >= 500 {
				log.Info("request", "method", r.Method, "path", logged(r.URL.Path), "status", seen.status, "took", time.Since(began))
			}
		}()
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = http.MaxBytesReader(seen, r.Body, bound(r))
		}
		if !isText(r) {
			http.Error(seen, "This address is not text.", http.StatusBadRequest)
			return
		}
		next.ServeHTTP(seen, r)
	})
}

// isText reports whether an address can be written down: bytes that are no UTF-8, and NUL, name nothing we have, and PostgreSQL refuses to
// look them up at all (V1).
func isText(r *http.Request) bool {
	query, err := url.QueryUnescape(r.URL.RawQuery)
	if err != nil {
		query = r.URL.RawQuery // net/http leaves out what it cannot read
	}
	for _, s := range []string{r.URL.Path, query} {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
			return false
		}
	}
	return true
}

// logged is a path without the token a mailed link carries in its last part (B14). Queries are never logged.
func logged(path string) string {
	for _, secret := range []string{"/confirm/", "/manage/", "/unsubscribe/", "/me/", "/setup/", "/invitation/"} {
		if at := strings.Index(path, secret); at >= 0 {
			return path[:at+len(secret)] + "…"
		}
	}
	return path
}

// observed remembers the status for the log.
type observed struct {
	http.ResponseWriter
	status int
}

func (o *observed) WriteHeader(status int) {
	if o.status == 0 {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

func (o *observed) Write(b []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	return o.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (o *observed) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// knownHost refuses staff pages under a name that is not ours: a page of a stranger that rebinds its name to our address is a stranger
// still (B2). Loopback names are ours whatever the public address is, so that a first try works.
func knownHost(public *url.URL, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host := hostname(r.Host); host != public.Hostname() && host != "localhost" && host != "127.0.0.1" && host != "::1" {
			http.Error(w, "This is not the address Candor's console is reached at.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func hostname(hostport string) string {
	u := url.URL{Host: hostport}
	return strings.ToLower(u.Hostname())
}
