package site

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"candor/record"
	"candor/store"
)

// showRecord serves the log to whoever checks it: the signed head, tiles of hashes and entries (C2SP tlog-tiles), and what of the seals can
// be opened. Everything is read as it stands in the database; only a few at a time may, so that a crawl takes nothing from the visitors.
func (f *Face) showRecord(w http.ResponseWriter, r *http.Request) error {
	ctx, leave, err := enter(r.Context(), f.records)
	if err != nil {
		return err
	}
	defer leave()
	if here, err := f.currentWorld(ctx, time.Now()); err != nil {
		return err
	} else if !here.settings.Published {
		return errNoPage
	}
	var d document
	err = f.db.Read(ctx, func(tx *store.Tx) (err error) {
		d, err = f.recordDocument(ctx, tx, r.PathValue("path"))
		return err
	})
	if err != nil {
		return err
	}
	newEntry(d, time.Now()).serve(w, r)
	return nil
}

func (f *Face) recordDocument(ctx context.Context, tx *store.Tx, path string) (d document, err error) {
	text := func(body string, err error) (document, error) {
		return document{kind: f.kinds.recordText, body: []byte(body)}, err
	}
	first, rest, _ := strings.Cut(path, "/")
	switch {
	case path == record.CheckpointPath:
		return text(tx.Trees.Head(ctx, store.PublicLog, 1<<62))
	case path == record.AuditPath:
		return text(tx.Trees.Head(ctx, store.AuditLog, 1<<62))
	case path == record.KeyPath:
		return text(f.recordKey(ctx, tx))
	case path == record.PendingPath:
		entries, err := tx.Record.Pending(ctx)
		return document{kind: f.kinds.recordNow, body: record.Bundle(entries)}, err
	case first == record.HeadsPath:
		size, err := strconv.ParseInt(rest, 10, 64)
		if err != nil || size < 1 || strconv.FormatInt(size, 10) != rest {
			return d, errNoPage
		}
		return text(tx.Trees.Head(ctx, store.PublicLog, size))
	case first == record.OpeningsPrefix:
		return f.openings(ctx, tx, rest)
	case first == record.TilePrefix:
		return f.tile(ctx, tx, rest)
	}
	return d, errNoPage
}

// SignRecord names the keys that the record's heads are signed with, if they come from the operator; call it before Start.
func (f *Face) SignRecord(keys []record.Key) { f.recordKeys = keys }

// recordKey is what heads are verified with; several lines while a key is being replaced.
func (f *Face) recordKey(ctx context.Context, tx *store.Tx) (string, error) {
	keys := f.recordKeys
	if len(keys) == 0 {
		drawn, err := tx.Instance.Value(ctx, store.RecordKey)
		if err != nil || drawn == "" {
			return "", errors.Join(err, errNoPage)
		}
		keys = []record.Key{record.Key(drawn)}
	}
	var lines strings.Builder
	for _, k := range keys {
		public, err := k.Public()
		if err != nil {
			return "", err
		}
		lines.WriteString(public + "\n")
	}
	return lines.String(), nil
}

func (f *Face) tile(ctx context.Context, tx *store.Tx, path string) (d document, err error) {
	level, number, _ := strings.Cut(path, "/")
	n, width, ok := record.ParseNumber(number)
	if !ok {
		return d, errNoPage
	}
	d.kind = f.kinds.tile
	if level == "entries" {
		d.body, err = f.entries(ctx, tx, n, width)
		return d, err
	}
	l, err := strconv.Atoi(level)
	if err != nil || l < 0 || l > 7 || strconv.Itoa(l) != level {
		return d, errNoPage
	}
	t, err := tx.Trees.Tile(ctx, store.PublicLog, l, n)
	if err != nil || t.Width() < width {
		return d, errors.Join(err, errNoPage)
	}
	d.body = t.Hashes[:width*len(record.Hash{})]
	return d, nil
}

// entries are read from the rows and from nothing that was made of them: a row somebody changed is to be seen.
func (f *Face) entries(ctx context.Context, tx *store.Tx, n int64, width int) ([]byte, error) {
	from := n * record.TileWidth
	size, err := tx.Trees.Size(ctx, store.PublicLog)
	if err != nil || from+int64(width) > size {
		return nil, errors.Join(err, errNoPage)
	}
	leaves, err := tx.Record.Entries(ctx, from, from+int64(width))
	if err != nil {
		return nil, err
	}
	entries := make([][]byte, width) // one that is missing stays empty, and so every other keeps its place
	for _, l := range leaves {
		entries[l.Number-from] = l.Entry
	}
	return record.Bundle(entries), nil
}

func (f *Face) openings(ctx context.Context, tx *store.Tx, path string) (d document, err error) {
	n, width, ok := record.ParseNumber(path)
	from := n * record.TileWidth
	size, err := tx.Trees.Size(ctx, store.PublicLog)
	if err != nil || !ok || width != record.TileWidth || from >= size {
		return d, errors.Join(err, errNoPage)
	}
	opened, err := tx.Record.Opened(ctx, from, min(from+record.TileWidth, size))
	if err != nil {
		return d, err
	}
	body, err := json.Marshal(opened)
	return document{kind: f.kinds.recordJSON, body: append(body, '\n')}, err
}

// RecordStarts are the addresses of the whole log as it stands, for a mirror, whose files verify as the page does.
func (f *Face) RecordStarts(ctx context.Context) (all []string, err error) {
	var size int64
	err = f.db.Read(ctx, func(tx *store.Tx) (err error) {
		size, err = tx.Trees.Size(ctx, store.PublicLog)
		return err
	})
	if err != nil || size == 0 {
		return nil, err
	}
	for _, path := range record.Files(size) {
		all = append(all, "/record/"+path)
	}
	return all, nil
}
