package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"candor/id"
	"candor/record"
	"candor/store"
)

// AuditFindings are what a look at the private log of staff's acts found.
type AuditFindings struct {
	Lines      int64  `json:"lines"`
	Waiting    bool   `json:"waiting"` // lines of the last second have no number yet
	Erased     int    `json:"erased"`
	Heads      int    `json:"heads"` // shown in the public record, and compared
	Root       string `json:"root"`
	Line       int64  `json:"line"` // the first that differs; -1 where it is none
	ID         string `json:"id,omitempty"`
	Difference string `json:"difference,omitempty"`
}

// Tell says in plain words what was checked.
func (f AuditFindings) Tell(out io.Writer) {
	if f.Difference != "" {
		fmt.Fprintf(out, "DIFFERENT: line %d %s: %s.\n", f.Line, f.ID, f.Difference)
		return
	}
	fmt.Fprintf(out, "The audit has %d lines, root %s.\nEvery line adds up to what was signed: none was changed, removed, moved or slipped in.\n", f.Lines, f.Root)
	fmt.Fprintf(out, "It agrees with the %d heads of it that the public record shows.\n", f.Heads)
	if f.Erased > 0 {
		fmt.Fprintf(out, "Words of %d lines were blacked out, and another line says so.\n", f.Erased)
	}
	if f.Waiting {
		fmt.Fprintln(out, "Lines of the last moments wait for their number.")
	}
}

// VerifyAudit adds the audit of a database up again and compares it with what was signed, and with what the public record showed of it.
func VerifyAudit(ctx context.Context, database string) (f AuditFindings, err error) {
	db, err := store.Open(ctx, database)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.Read(ctx, func(tx *store.Tx) error {
		a := auditing{tx: tx, heads: map[int64]record.Hash{}, erased: map[int64]store.ChainedLine{}, blackened: map[string]bool{}}
		a.found.Line = -1
		err := a.check(ctx)
		f = a.found
		return err
	})
	return f, err
}

// auditing is one look; it ends with the first difference.
type auditing struct {
	tx        *store.Tx
	found     AuditFindings
	tree      *record.Tree
	heads     map[int64]record.Hash // that the public record shows, by size
	erased    map[int64]store.ChainedLine
	blackened map[string]bool // updates that words were taken out of
}

var errDiffers = errors.New("the audit differs")

func (a *auditing) differs(line int64, id, what string, args ...any) error {
	a.found.Line, a.found.ID, a.found.Difference = line, id, fmt.Sprintf(what, args...)
	return errDiffers
}

func (a *auditing) check(ctx context.Context) (err error) {
	if a.tree, err = record.Grow(0, nil); err != nil {
		return err
	}
	if a.found.Waiting, err = a.tx.Trees.Waits(ctx, store.AuditLog); err != nil {
		return err
	}
	shown, err := a.tx.Record.AuditHeads(ctx)
	if err != nil {
		return err
	}
	for _, h := range shown {
		a.heads[h.Size] = h.Root
	}
	for _, step := range []func(context.Context) error{a.lines, a.signature, a.blackouts} {
		if err := step(ctx); err != nil && !errors.Is(err, errDiffers) {
			return err
		} else if err != nil {
			return nil
		}
	}
	return nil
}

// lines adds every line up, and compares each with the hash it was given when it was numbered.
func (a *auditing) lines(ctx context.Context) error {
	var tile record.Tile
	for next := int64(0); ; {
		lines, err := a.tx.Audit.Chained(ctx, next, 1000)
		if err != nil || len(lines) == 0 {
			return err
		}
		for _, l := range lines {
			if l.Number != next {
				return a.differs(next, "", "it is missing")
			}
			if next%record.TileWidth == 0 {
				if tile, err = a.tx.Trees.Tile(ctx, store.AuditLog, 0, next/record.TileWidth); err != nil && !errors.Is(err, store.ErrNotFound) {
					return err
				}
			}
			if err := a.line(l, tile); err != nil {
				return err
			}
			next++
		}
	}
}

func (a *auditing) line(l store.ChainedLine, tile record.Tile) error {
	entry, err := l.Entry()
	if err != nil {
		return a.differs(l.Number, string(l.ID), "it was changed: %v", err)
	}
	hash := record.HashOf(entry)
	at := int(l.Number%record.TileWidth) * len(hash)
	if at+len(hash) > len(tile.Hashes) || !bytes.Equal(tile.Hashes[at:at+len(hash)], hash[:]) {
		return a.differs(l.Number, string(l.ID), "%s of %s is not what was hashed when it was written: the line was changed, or moved here", l.Act, l.Object)
	}
	if l.Erased() {
		a.erased[l.Number] = l
	} else if !l.Opens() {
		return a.differs(l.Number, string(l.ID), "what it was before or after was changed")
	}
	if l.Act == "update blackout" {
		a.blackened[l.Object] = true
	}
	a.tree.Append(hash)
	if want, shown := a.heads[a.tree.Size()]; shown {
		root, err := a.tree.Root()
		if err != nil {
			return err
		}
		if root != want {
			return a.differs(l.Number, string(l.ID), "the lines up to here are not those whose head the public record showed")
		}
		a.found.Heads++
	}
	return nil
}

// signature compares the sum with the newest head that was signed.
func (a *auditing) signature(ctx context.Context) error {
	a.found.Lines = a.tree.Size()
	size, err := a.tx.Trees.Size(ctx, store.AuditLog)
	if err != nil {
		return err
	}
	if size != a.tree.Size() {
		return a.differs(min(size, a.tree.Size()), "", "%d lines were signed, and %d are there", size, a.tree.Size())
	}
	if size == 0 {
		return nil
	}
	checkpoint, err := a.tx.Trees.Head(ctx, store.AuditLog, size)
	if err != nil {
		return err
	}
	head, err := a.open(ctx, checkpoint)
	if err != nil {
		return err
	}
	root, err := a.tree.Root()
	if err != nil {
		return err
	}
	a.found.Root = root.String()
	if root != head.Root {
		return a.differs(-1, "", "the lines do not add up to the head that was signed")
	}
	for shown := range a.heads {
		if shown > size {
			return a.differs(size, "", "the public record showed a head of %d lines, and only %d are there", shown, size)
		}
	}
	return nil
}

// open reads a head, with our own key if we drew one; one from the operator's file is not ours to read.
func (a *auditing) open(ctx context.Context, checkpoint string) (h record.Head, err error) {
	key, err := a.tx.Instance.Value(ctx, store.RecordKey)
	if err != nil {
		return h, err
	}
	if key == "" {
		h, err = record.PeekHead(checkpoint)
	} else {
		var public string
		if public, err = record.Key(key).Public(); err == nil {
			h, err = record.OpenHead(checkpoint, public)
		}
	}
	if err != nil {
		return h, a.differs(-1, "", "the signed head cannot be read: %v", err)
	}
	return h, nil
}

// blackouts looks whether every line that was emptied has one that says so.
func (a *auditing) blackouts(ctx context.Context) error {
	a.found.Erased = len(a.erased)
	said := map[string]bool{}
	for update := range a.blackened {
		u, err := a.tx.Updates.ByID(ctx, id.Update(update))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		said[update], said[string(u.Incident)] = true, true // words are taken out of the lines of both
	}
	for _, number := range slices.Sorted(maps.Keys(a.erased)) {
		if l := a.erased[number]; !said[l.Object] {
			return a.differs(number, string(l.ID), "it was emptied, and no line says that words were blacked out")
		}
	}
	return nil
}
