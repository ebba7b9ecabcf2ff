package verify

import (
	"context"
	"errors"
	"iter"

	"candor/record"
)

// A bundle is one tile of entries, each compared with its hash in the tile beside it.
type bundle struct {
	n       int64
	entries []record.Entry
	hashes  []record.Hash
	opened  map[int64]record.Openings
	err     error
}

func widthOf(n, size int64) int { return int(min(size-n*record.TileWidth, record.TileWidth)) }

// bundles reads all of them, several at a time, and gives them in their order.
func (t Task) bundles(ctx context.Context, from Source, where string, size int64) iter.Seq[bundle] {
	return func(yield func(bundle) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		waiting := make(chan chan bundle, 2*t.Workers) // a window, so that a million entries never lie in memory at once
		go func() {
			defer close(waiting)
			for n := int64(0); n*record.TileWidth < size; n++ {
				made := make(chan bundle, 1)
				select {
				case waiting <- made:
				case <-ctx.Done():
					return
				}
				go func() { made <- readBundle(ctx, from, where, n, widthOf(n, size)) }()
			}
		}()
		for made := range waiting {
			if !yield(<-made) {
				return
			}
		}
	}
}

func readBundle(ctx context.Context, from Source, where string, n int64, width int) (b bundle) {
	b.n = n
	path, first := "record/"+record.EntriesPath(n, width), n*record.TileWidth
	raw, err := read(ctx, from, path)
	if err != nil {
		b.err = err
		return b
	}
	tile, err := read(ctx, from, "record/"+record.TilePath(0, n, width))
	if err != nil {
		b.err = err
		return b
	}
	entries, err := record.Unbundle(raw)
	if err != nil || len(entries) != width || len(tile) != width*len(record.Hash{}) {
		b.err = differs(path, first, "it should hold %d entries and holds %d", width, len(entries))
		return b
	}
	sealed := false
	for i, entry := range entries {
		number, hash := first+int64(i), record.HashOf(entry)
		if len(entry) == 0 {
			b.err = differs(where, number, "it is missing")
			return b
		}
		e, err := record.Read(entry)
		if err != nil {
			b.err = differs(where, number, "it was changed: %v", err)
			return b
		}
		if [len(hash)]byte(tile[i*len(hash):]) != hash {
			b.err = differs(where, number, "%q is not what was hashed when it was written down: the entry was changed, or moved here", e.Fact)
			return b
		}
		sealed = sealed || len(e.Seals) > 0
		b.entries, b.hashes = append(b.entries, e), append(b.hashes, hash)
	}
	if sealed {
		b.opened, b.err = openedAt(ctx, from, n)
	}
	return b
}

// read is a source's answer; what must be there and is not is a difference.
func read(ctx context.Context, from Source, path string) ([]byte, error) {
	b, err := from(ctx, path)
	if errors.Is(err, ErrAbsent) {
		return nil, differs(path, -1, "the record has no such part, although its head promises it")
	}
	return b, err
}
