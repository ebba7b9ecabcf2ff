package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"candor/problem"
	"candor/staff"
)

// idempotent gives a POST with an Idempotency-Key the first answer again: a program that lost our answer asks once more and nothing is said
// twice. Only what was done is remembered; a refusal is looked at afresh.
func (a *API) idempotent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		// What answers with a secret is not kept to be answered again: of a token only the hash is ever stored.
		// A file of customers is not read into memory, and taking it in twice changes nothing.
		if key == "" || r.Method != http.MethodPost || staff.Acting(r.Context()).Token == "" || strings.HasSuffix(r.URL.Path, "/tokens") ||
			r.URL.Path == "/api/v1/customers/import" {
			next.ServeHTTP(w, r)
			return
		}
		if len(key) > 255 || !utf8.ValidString(key) {
			answer(w, problem.New(problem.Invalid, "problem.key_long"))
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			answer(w, problem.New(problem.TooLarge, "problem.body_large"))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		a.once(w, r.WithContext(context.WithValue(r.Context(), keyOf{}, key)), key, body, next)
	})
}

func (a *API) once(w http.ResponseWriter, r *http.Request, key string, body []byte, next http.Handler) {
	digest := sha256.Sum256(append([]byte(r.URL.Path+"\n"), body...))
	before, answered, err := a.desk.Begin(r.Context(), key, hex.EncodeToString(digest[:]))
	switch problems := problem.All(err); {
	case len(problems) > 0:
		answer(w, problems[0])
		return
	case err != nil:
		a.log.Error("begin a keyed request", "err", err)
		answer(w, problem.New(problem.Unavailable, "problem.unavailable"))
		return
	case answered:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Idempotency-Replayed", "true")
		w.WriteHeader(before.Status)
		io.WriteString(w, before.Body)
		return
	}
	kept := &recorded{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(kept, r)
	// The answer is kept even if the program hung up meanwhile.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 5*time.Second)
	defer cancel()
	if kept.status < 300 {
		err = a.desk.Finish(ctx, key, kept.status, kept.body.String())
	} else {
		err = a.desk.Forget(ctx, key)
	}
	if err != nil {
		a.log.Error("keep a keyed request", "err", err)
	}
}

type keyOf struct{}

// keyFrom is the request's idempotency key, for the acts that carry it themselves.
func keyFrom(ctx context.Context) string {
	key, _ := ctx.Value(keyOf{}).(string)
	return key
}

type recorded struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorded) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorded) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}
