package console

import (
	"errors"
	"net/http"
	"net/url"
	cleaned "path"
	"strings"

	"candor/lang"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// policy is the console's: nothing but our own files, no inline script or style, no foreign frame around us (V14, V15).
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// maxForm bounds what a form may carry: the largest is an incident in five languages, or a picture.
const maxForm = 6 << 20

// maxFile bounds a file of customers, with the form around it. What does not fit into maxForm waits on disk.
const maxFile = 50<<20 + 1<<20

func bound(r *http.Request) int64 {
	if r.URL.Path == "/console/customers/import" {
		return maxFile
	}
	return maxForm
}

// A handle answers one route: parse, ask or act, render.
type handle func(w http.ResponseWriter, r *http.Request) error

// serve is the only adapter: it finds out who asks, checks the right, and turns problems into a status and a page.
func (f *Face) serve(route staff.Route, h handle) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		w, done := squeeze(w, r)
		defer done()
		r.Body = http.MaxBytesReader(w, r.Body, bound(r))
		a, err := f.actor(r)
		if err == nil {
			r = r.WithContext(staff.As(r.Context(), a))
			err = f.admit(route, a) // before the form is read: no stranger makes us parse six megabytes
		}
		if err == nil && r.Method == http.MethodPost {
			// What a form carries as its key makes every act of it happen once, however often it is sent.
			if err = parseForm(r); err == nil {
				a.Request = onceKey(r)
				r = r.WithContext(staff.As(r.Context(), a))
			}
		}
		if err == nil {
			err = h(w, r)
		}
		if err != nil {
			f.fail(w, r, err)
		}
	})
}

func (f *Face) admit(route staff.Route, a staff.Actor) error {
	switch {
	case route.Open:
		return nil
	case !signedIn(a):
		return problem.New(problem.Unauthenticated, "problem.unauthenticated")
	case !a.May(route.Needs):
		return problem.New(problem.Forbidden, "problem.forbidden")
	}
	return nil
}

// fail is where every error that no form could show ends.
func (f *Face) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody is there any more
	}
	status, said := http.StatusInternalServerError, problem.List{problem.New(problem.Unavailable, "problem.internal")}
	var tooLarge *http.MaxBytesError
	switch problems := problem.All(err); {
	case len(problems) > 0:
		status, said = problems[0].Kind.Status(), problems
	case errors.Is(err, store.ErrNotFound):
		status, said = http.StatusNotFound, problem.List{problem.New(problem.NotFound, "problem.not_found")}
	case errors.As(err, &tooLarge):
		status, said = http.StatusRequestEntityTooLarge, problem.List{problem.New(problem.TooLarge, "problem.too_large")}
	default:
		f.log.ErrorContext(r.Context(), "console request failed", "method", r.Method, "route", r.Pattern, "err", err)
	}
	if status == http.StatusUnauthorized {
		f.renderSignIn(w, r, status, signInForm{To: f.place(r.URL.Path)}, said)
		return
	}
	f.renderFailure(w, r, status, said)
}

// place is path if it is one of our own pages, and the front page otherwise: a parameter is never where we send somebody (V40).
func (f *Face) place(path string) string {
	if !strings.HasPrefix(path, "/console") || cleaned.Clean(path) != path || strings.ContainsAny(path, "\\\r\n") {
		return "/console"
	}
	probe := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}, Host: f.public.Host}
	if _, pattern := f.places.Handler(probe); pattern == "" {
		return "/console"
	}
	return (&url.URL{Path: path}).EscapedPath()
}

// back sends the person on after an act: to a path made here. A form that is sent again by reloading cannot be.
func back(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// inWords are problems as sentences in the reader's language, by field.
func inWords(w lang.Words, l problem.List) map[string][]string {
	said := map[string][]string{}
	for _, p := range l {
		said[p.Field] = append(said[p.Field], w.T(p.Key, p.Args...))
	}
	return said
}
