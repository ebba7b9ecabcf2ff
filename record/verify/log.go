package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"candor/record"
)

// A log is what one source says it recorded, added up again.
type log struct {
	head       record.Head
	checkpoint string
	roots      map[int64]record.Hash // at the sizes that were to be watched
	facts      *facts
}

func (l *log) tell(f *Findings) {
	f.Origin, f.Size, f.Root, f.Checkpoint = l.head.Origin, l.head.Size, l.head.Root.String(), l.checkpoint
	f.Pending, f.Sealed, f.Erased = len(l.facts.pending), l.facts.sealed, len(l.facts.erased)
}

// readHead reads a signed head.
func readHead(ctx context.Context, where string, from Source, keys []string) (h record.Head, checkpoint string, err error) {
	b, err := from(ctx, "record/"+record.CheckpointPath)
	if errors.Is(err, ErrAbsent) {
		return h, "", differs(where, -1, "it has no signed checkpoint")
	}
	if err != nil {
		return h, "", err
	}
	if h, err = record.OpenHead(string(b), keys...); err != nil {
		return h, "", differs(where, -1, "%v", err)
	}
	return h, string(b), nil
}

// readLog reads a whole log and compares it with its signed head. Roots are kept at the sizes to watch.
func (t Task) readLog(ctx context.Context, where string, from Source, keys []string, watch []int64) (*log, error) {
	head, checkpoint, err := readHead(ctx, where, from, keys)
	if err != nil {
		return nil, err
	}
	l := &log{head: head, checkpoint: checkpoint, roots: map[int64]record.Hash{}, facts: newFacts()}
	if err := l.readPending(ctx, from); err != nil {
		return l, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tree, err := record.Grow(0, nil)
	if err != nil {
		return l, err
	}
	upper := map[string]record.Tile{}
	for b := range t.bundles(ctx, from, where, head.Size) {
		if b.err != nil {
			return l, b.err
		}
		for i, h := range b.hashes {
			tree.Append(h)
			for _, size := range watch {
				if size == tree.Size() {
					if l.roots[size], err = tree.Root(); err != nil {
						return l, err
					}
				}
			}
			if err := l.facts.note(b.n*record.TileWidth+int64(i), b.entries[i], b.opened); err != nil {
				return l, err
			}
		}
		for _, tile := range tree.Changed() {
			if tile.Level > 0 {
				upper[record.TilePath(tile.Level, tile.N, 0)] = tile
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return l, err
	}
	return l, l.close(ctx, where, from, keys, tree, upper)
}

// close compares the sum with what was signed, and the upper tiles with what they must hold.
func (l *log) close(ctx context.Context, where string, from Source, keys []string, tree *record.Tree, upper map[string]record.Tile) error {
	root, err := tree.Root()
	if err != nil {
		return err
	}
	if root != l.head.Root {
		entry := l.bisect(ctx, from, keys)
		return differs(where, entry, "the entries do not add up to the head that was signed: they were rewritten after that")
	}
	for _, tile := range upper {
		path := "record/" + record.TilePath(tile.Level, tile.N, tile.Width())
		b, err := from(ctx, path)
		if err != nil && !errors.Is(err, ErrAbsent) {
			return err
		}
		if !bytes.Equal(b, tile.Hashes) {
			return differs(path, -1, "the tile does not hold the hashes of the entries below it")
		}
	}
	return nil
}

// bisect looks for the first signed head that the entries do not add up to. What was rewritten lies at or before it and after the last one
// that fits, whose size is the answer; -1 where a source serves no older heads.
func (l *log) bisect(ctx context.Context, from Source, keys []string) int64 {
	fits, not := int64(0), l.head.Size
	for fits+1 < not {
		middle := (fits + not) / 2
		b, err := from(ctx, fmt.Sprintf("record/%s/%d", record.HeadsPath, middle))
		if errors.Is(err, ErrAbsent) && fits == 0 { // no head is so short: the first one may be longer
			fits = middle
			continue
		}
		if err != nil {
			return -1
		}
		h, err := record.OpenHead(string(b), keys...)
		if err != nil {
			return -1
		}
		if h.Size <= fits {
			fits = middle
			continue
		}
		if root, err := l.rootAt(ctx, from, h.Size); err != nil || root != h.Root {
			not = h.Size
		} else {
			fits = middle
		}
	}
	return fits
}

// rootAt adds the first entries up once more.
func (l *log) rootAt(ctx context.Context, from Source, size int64) (h record.Hash, err error) {
	tree, err := record.Grow(0, nil)
	if err != nil {
		return h, err
	}
	for n := int64(0); n*record.TileWidth < size; n++ {
		hashes, err := from(ctx, "record/"+record.TilePath(0, n, widthOf(n, size)))
		if err != nil {
			return h, err
		}
		for ; len(hashes) >= len(h); hashes = hashes[len(h):] {
			tree.Append(record.Hash(hashes[:len(h)]))
		}
	}
	return tree.Root()
}

// grewFrom reports whether an older head is a beginning of this log.
func (l *log) grewFrom(older record.Head, whose string) error {
	switch {
	case older.Origin != l.head.Origin:
		return differs("the record", -1, "%s is of another record: %s", whose, older.Origin)
	case older.Size > l.head.Size:
		return differs("the record", l.head.Size, "%s has %d entries, the record has only %d: entries were taken away", whose, older.Size, l.head.Size)
	case l.roots[older.Size] != older.Root:
		return differs("the record", 0, "its first %d entries are not those of %s: the past was rewritten", older.Size, whose)
	}
	return nil
}

func (l *log) readPending(ctx context.Context, from Source) error {
	b, err := from(ctx, "record/"+record.PendingPath)
	if errors.Is(err, ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	entries, err := record.Unbundle(b)
	if err != nil {
		return differs("record/"+record.PendingPath, -1, "%v", err)
	}
	for _, raw := range entries {
		if e, err := record.Read(raw); err == nil {
			l.facts.pending[e.Fact] = true
		}
	}
	return nil
}

// openedAt reads what of a bundle's seals can be opened.
func openedAt(ctx context.Context, from Source, n int64) (opened map[int64]record.Openings, err error) {
	path := "record/" + record.OpeningsPath(n)
	b, err := from(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &opened); err != nil {
		return nil, differs(path, -1, "it is not in the form of openings")
	}
	return opened, nil
}
