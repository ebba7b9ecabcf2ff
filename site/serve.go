package site

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"candor/lang"
	"candor/problem"
	"candor/store"
)

// show serves an address that is rendered and kept. What cannot be made anew is served as it last was, with its own age on it.
func (f *Face) show(find func(*http.Request) (*recipe, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		x, err := find(r)
		if err != nil {
			return err
		}
		if err := f.isSpoken(r); err != nil {
			return err
		}
		if zone := r.URL.Query().Get("zone"); zone != "" {
			return f.showZoned(w, r, x, zone)
		}
		e, outdated := f.shelf.find(x.path, time.Now())
		if e == nil || !outdated.IsZero() {
			fresh, err := f.render(r.Context(), x)
			if err != nil && (e == nil || !f.isAway(err)) {
				return err
			}
			if err == nil {
				e = fresh
			}
		}
		e.serve(w, r)
		return nil
	}
}

// isSpoken refuses a language that the company does not offer, although we have its words.
func (f *Face) isSpoken(r *http.Request) error {
	tag, ok := languageOf(r.URL.Path)
	if !ok {
		return nil
	}
	w, err := f.currentWorld(r.Context(), time.Now())
	if err != nil {
		return err
	}
	for _, spoken := range w.languages() {
		if spoken == tag {
			return nil
		}
	}
	return errNoPage
}

// languageOf is the language an address begins with.
func languageOf(path string) (lang.Tag, bool) {
	segment, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	tag := lang.Tag(segment)
	return tag, tag.Known()
}

// showZoned renders a page in a zone of the reader's choice: never kept, and one at a time, so that it costs the others nothing.
func (f *Face) showZoned(w http.ResponseWriter, r *http.Request, x *recipe, zone string) error {
	loc, err := parseZone(zone)
	if err != nil {
		return err
	}
	ctx, leave, err := enter(r.Context(), f.zones)
	if err != nil {
		return err
	}
	defer leave()
	now := time.Now()
	here, err := f.currentWorld(ctx, now)
	if err != nil {
		return err
	}
	facts, _, err := f.factsOf(ctx, x, here)
	if err != nil {
		return err
	}
	d, err := f.write(x, here.in(loc), facts, now)
	if err != nil {
		return err
	}
	newEntry(document{status: d.status, kind: f.kinds.form, body: d.body}, now).serve(w, r)
	return nil
}

// enter takes a place among those a page is made for at the same time, and gives up with a page's patience. Who got in leaves.
func enter(ctx context.Context, places chan struct{}) (_ context.Context, leave func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, renderPatience)
	select {
	case places <- struct{}{}:
		return ctx, func() { <-places; cancel() }, nil
	case <-ctx.Done():
		cancel()
		return nil, nil, problem.New(problem.TooMany, "problem.busy")
	}
}

// in is the same world with the company's zone changed, which is what decides how times are written.
func (w *world) in(loc *time.Location) *world {
	there := *w
	there.settings.Zone = loc.String()
	return &there
}

// adapt turns problems into their status and page, and logs what is nobody's business.
func (f *Face) adapt(serve func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := serve(w, r); err != nil && r.Context().Err() == nil {
			f.fail(w, r, err)
		}
	}
}

func isMissing(err error) bool { return errors.Is(err, store.ErrNotFound) }

// failure is what a person may know of an error.
func failure(err error) (*problem.Problem, int) {
	if isMissing(err) {
		err = errNoPage
	}
	if all := problem.All(err); len(all) > 0 {
		return all[0], all[0].Kind.Status()
	}
	return problem.New(problem.Unavailable, "problem.unavailable"), http.StatusServiceUnavailable
}

func (f *Face) fail(w http.ResponseWriter, r *http.Request, err error) {
	p, status := failure(err)
	if problem.All(err) == nil && status == http.StatusServiceUnavailable {
		f.log.Error("serve the public page", "route", r.Pattern, "err", err)
		w.Header().Set("Retry-After", "10")
	}
	now := time.Now()
	if strings.HasPrefix(r.URL.Path, "/api/") {
		newEntry(document{status: status, kind: f.kinds.problem, body: []byte(`{"error":` + strconv.Quote(http.StatusText(status)) + `}`)}, now).serve(w, r)
		return
	}
	body, err := f.templates.execute("message.html", f.failurePage(r, p, now))
	if err != nil {
		f.log.Error("render the error page", "err", err)
		http.Error(w, http.StatusText(status), status)
		return
	}
	newEntry(document{status: status, kind: f.kinds.form, body: body}, now).serve(w, r)
}

func (f *Face) showNothing(http.ResponseWriter, *http.Request) error { return errNoPage }

// redirectTo leads to a path from our own table, never to one a visitor named (V40).
func (f *Face) redirectTo(path string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		http.Redirect(w, r, path, http.StatusMovedPermanently)
		return nil
	}
}

func (f *Face) showVersion(w http.ResponseWriter, r *http.Request) error {
	f.versionEntry().serve(w, r)
	return nil
}

// ignoreGone: a visitor who left is not a fault of the page.
func ignoreGone(error) error { return nil }

func (f *Face) showRobots(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("X-Content-Type-Options", "nosniff")
	const body = "User-agent: *\nDisallow: /console/\nDisallow: /unsubscribe/\nDisallow: /*/me/\n"
	_, err := w.Write([]byte(body))
	return ignoreGone(err)
}
