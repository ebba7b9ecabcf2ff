package console

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"candor/desk"
	"candor/staff"
	"candor/store"
)

// A Face is the console on one node.
type Face struct {
	db     *store.DB
	desk   *desk.Desk
	public *url.URL
	log    *slog.Logger
	pages  pages
	mux    *http.ServeMux
	places *http.ServeMux // what may be returned to after signing in: our own pages, nothing else (V40)
}

// New makes the console. publicURL is what customers open; when it is https the session's cookie is bound to it.
func New(db *store.DB, d *desk.Desk, publicURL *url.URL, log *slog.Logger) *Face {
	f := &Face{db: db, desk: d, public: publicURL, log: log, pages: parsePages(), mux: http.NewServeMux(), places: http.NewServeMux()}
	for _, r := range f.table() {
		f.mux.Handle(r.Pattern, f.serve(r.Route, r.handle))
		if strings.HasPrefix(r.Pattern, "GET ") && !r.Open && !r.part {
			f.places.Handle(r.Pattern, http.NotFoundHandler())
		}
	}
	f.mux.Handle("/console/", f.serve(staff.Route{Open: true}, f.showNowhere))
	return f
}

// Handler serves everything under /console.
func (f *Face) Handler() http.Handler { return f.mux }

// Routes is the table of who may go where, for the golden matrix of answers.
func (f *Face) Routes() []staff.Route {
	var all []staff.Route
	for _, r := range f.table() {
		all = append(all, r.Route)
	}
	return all
}

// https reports whether customers and staff reach us over TLS.
func (f *Face) https() bool { return f.public.Scheme == "https" }
