package site

import (
	"context"
	"encoding/base64"
	"errors"
	"time"

	"candor/lang"
	"candor/record"
	"candor/store"
)

// A recordPage tells people how to check that we altered nothing, and machines where the log is.
type recordPage struct {
	shell
	Origin  string
	Entries string
	Root    string
	Key     string
	Command string
	Since   string
}

// newestHead is where the public record stands; zero before its first entry.
func newestHead(ctx context.Context, tx *store.Tx) (h record.Head, err error) {
	checkpoint, err := tx.Trees.Head(ctx, store.PublicLog, 1<<62)
	if errors.Is(err, store.ErrNotFound) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	return record.PeekHead(checkpoint)
}

// shortRoot is enough of a root for people to compare.
func shortRoot(h record.Head) string { return base64.StdEncoding.EncodeToString(h.Root[:])[:16] }

func (f *Face) recordRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, tag: tag, topics: []string{topicIncidents, topicComponents},
		load: func(ctx context.Context, tx *store.Tx, _ *world) (any, []string, error) {
			key, err := f.recordKey(ctx, tx)
			if errors.Is(err, errNoPage) { // before the first entry there is none
				err = nil
			}
			return key, nil, err
		},
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			p := f.recordPage(f.reader(w, tag, now, blind), w, facts.(string))
			return f.page("record.html", p, p.Until)
		},
	}
}

func (f *Face) recordPage(r reader, w *world, key string) recordPage {
	p := recordPage{
		shell: f.shell(r, w, "record"), Key: key, Origin: w.head.Origin,
		Command: "candor verify " + f.base(), Since: "candor verify " + f.base() + " --since checkpoint.txt",
	}
	p.Stale = r.blindness()
	p.Status = string(w.headline(r.now, r.isBlind()))
	if w.head.Size > 0 {
		p.Entries, p.Root = r.Number(w.head.Size), base64.StdEncoding.EncodeToString(w.head.Root[:])
	}
	p.titled(r.T("site.record"))
	return p
}
