package site

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"candor/desk"
	"candor/lang"
	"candor/record"
	"candor/store"
)

// A Face serves everything that needs no sign-in.
type Face struct {
	db     *store.DB
	desk   *desk.Desk
	public *url.URL
	log    *slog.Logger

	kinds     kinds
	assets    assets
	templates *templates
	pushKey   string // empty: notifications are not offered

	recordKeys []record.Key // those of the operator's file; none: the one the installation drew
	mux        *http.ServeMux

	shelf   *shelf
	press   press
	flights singleflight.Group
	slots   chan struct{}
	zones   chan struct{}
	owners  chan struct{}
	records chan struct{}
	renders atomic.Int64

	world   atomic.Pointer[world]
	version atomic.Int64 // of the newest change this node knows of
	worldly atomic.Int64 // of the newest change that the world is made of
	visible atomic.Int64 // of the newest change a visitor can see, for version.json
	told    atomic.Pointer[toldVersion]
	seen    atomic.Int64 // when the records were last read, in microseconds
	blind   atomic.Bool

	watching atomic.Bool

	nudged chan struct{}
	wanted chan *recipe
	stop   context.CancelFunc
	done   sync.WaitGroup
}

// New makes the face. public is the only base any link is built on, whatever Host a request names (B2).
func New(db *store.DB, d *desk.Desk, public *url.URL, log *slog.Logger) *Face {
	f := &Face{
		db: db, desk: d, public: public, log: log,
		kinds:     newKinds(),
		templates: parseTemplates(),
		shelf:     newShelf(),
		slots:     make(chan struct{}, 2),
		zones:     make(chan struct{}, 1),
		owners:    make(chan struct{}, 4),
		records:   make(chan struct{}, 4),
		nudged:    make(chan struct{}, 1),
		wanted:    make(chan *recipe, 64),
	}
	f.assets = newAssets(f.kinds)
	f.mux = f.routes()
	return f
}

// base is the public URL without a slash at its end.
func (f *Face) base() string { return strings.TrimRight(f.public.String(), "/") }

// reader for whom a page is made; an empty loc is the company's zone.
func (f *Face) reader(w *world, tag lang.Tag, now, blind time.Time) reader {
	return reader{
		Words: lang.For(tag), fallback: w.languages()[0], loc: w.settings.Zoned(), now: now,
		base: f.base(), home: "/" + tag.Path() + "/", blind: blind,
	}
}

// Handler serves the public face.
func (f *Face) Handler() http.Handler { return f }

// staleLimit is how long a page that has changed is still served while its successor is being made.
const staleLimit = time.Second

// ServeHTTP looks on the shelf first.
func (f *Face) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !f.fromShelf(w, r) {
		f.mux.ServeHTTP(w, r)
	}
}

// Hot answers what lies on the shelf before next, with its logs and guards, is asked: a visitor in a stampede costs a look into a map and
// one write.
func (f *Face) Hot(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !f.fromShelf(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

func (f *Face) fromShelf(w http.ResponseWriter, r *http.Request) bool {
	if (r.Method != http.MethodGet && r.Method != http.MethodHead) || r.URL.RawQuery != "" {
		return false
	}
	e := f.ready(r.URL.Path, time.Now())
	if e == nil {
		return false
	}
	e.serve(w, r)
	return true
}

// mayServe reports whether an entry may go out as it is: fresh, or changed a moment ago with its successor ordered.
func (f *Face) mayServe(e *entry, outdated, now time.Time) bool {
	if outdated.IsZero() {
		return true
	}
	if now.Sub(outdated) > staleLimit || !f.watching.Load() {
		return false
	}
	select {
	case f.wanted <- e.recipe:
	default: // many are waiting already; this one is made when the second is over
	}
	return true
}
