package site

import (
	"context"
	"net/http"
	"time"

	"candor/store"
)

// showPhoto serves a portrait or the logo, and no other blob: a hash that leaked from elsewhere opens nothing (V23).
func (f *Face) showPhoto(w http.ResponseWriter, r *http.Request) error {
	hash := r.PathValue("hash")
	if w, err := f.currentWorld(r.Context(), time.Now()); err != nil {
		return err
	} else if !w.shows(hash) {
		return errNoPage
	}
	x := &recipe{path: "/photos/" + hash, own: true, topics: []string{topicPeople}}
	x.load = func(ctx context.Context, tx *store.Tx, _ *world) (any, []string, error) {
		b, err := tx.Blobs.ByHash(ctx, hash)
		return b, nil, err
	}
	x.write = func(_ *world, facts any, _, _ time.Time) (document, error) {
		b := facts.(store.Blob)
		k := &kind{header: map[string][]string{"Content-Type": {b.Type}}}
		for name, value := range f.kinds.picture.header {
			k.header[name] = value
		}
		return document{kind: k, body: b.Body}, nil
	}
	return f.show(func(*http.Request) (*recipe, error) { return x, nil })(w, r)
}

// shows reports whether a picture is on the page.
func (w *world) shows(hash string) bool {
	if hash == w.settings.Logo {
		return hash != ""
	}
	for _, p := range w.people {
		if p.Photo == hash {
			return true
		}
	}
	return false
}
