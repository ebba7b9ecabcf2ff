package api

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// nowhere refuses what no route takes in the shape of every other refusal, problem+json: a program reads one kind of error.
func (a *API) nowhere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux, pattern := a.mux.Handler(r)
		if pattern != "" {
			next.ServeHTTP(w, r)
			return
		}
		said := &unsaid{header: http.Header{}, status: http.StatusOK}
		mux.ServeHTTP(said, r)
		for _, name := range []string{"Allow", "Location"} {
			if v := said.header.Get(name); v != "" {
				w.Header().Set(name, v)
			}
		}
		if said.status < http.StatusBadRequest {
			w.WriteHeader(said.status)
			return
		}
		write(w, &huma.ErrorModel{Status: said.status, Title: http.StatusText(said.status), Detail: http.StatusText(said.status)})
	})
}

// unsaid takes in what the mux would have answered.
type unsaid struct {
	header http.Header
	status int
}

func (u *unsaid) Header() http.Header         { return u.header }
func (u *unsaid) WriteHeader(status int)      { u.status = status }
func (u *unsaid) Write(b []byte) (int, error) { return len(b), nil }

func write(w http.ResponseWriter, m *huma.ErrorModel) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(m.Status)
	json.NewEncoder(w).Encode(m)
}
