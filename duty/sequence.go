package duty

import (
	"context"
	"errors"
	"time"

	"candor/record"
	"candor/store"
)

const (
	// sequenceEvery is how long an act's facts may wait for their numbers; acts that wake us sooner than sequenceRest after the last time wait
	// for the next tick, so that a thousand acts a second cost one signature and not a thousand.
	sequenceEvery = time.Second
	sequenceRest  = 250 * time.Millisecond
	// sequenceBatch bounds one transaction.
	sequenceBatch = 1000
	// auditEvery is how often the private log's head is shown in the public one.
	auditEvery = day
)

// Sequence gives what acts wrote down its place in the public record, and the audit's lines theirs in the private one: it numbers, hashes and
// signs in batches. One node at a time does, since the lease is taken in the transaction itself.
func (d *Duty) Sequence(ctx context.Context) (more bool, err error) {
	defer wrap(&err, "sequence the record")
	at := now()
	if at.Sub(d.sequenced) < sequenceRest {
		return false, nil
	}
	if !d.filled {
		if err := d.fillRecord(ctx); err != nil {
			return false, err
		}
		d.filled = true
	}
	full := false
	for _, log := range []store.Log{store.AuditLog, store.PublicLog} {
		n, err := d.sequence(ctx, log, at)
		if err != nil {
			return false, err
		}
		full = full || n == sequenceBatch
	}
	if !full {
		d.sequenced = at
	}
	return full, nil
}

func (d *Duty) sequence(ctx context.Context, log store.Log, at time.Time) (n int, err error) {
	var waits bool
	err = d.DB.Read(ctx, func(tx *store.Tx) (err error) {
		waits, err = tx.Trees.Waits(ctx, log)
		return err
	})
	if err != nil || !waits {
		return 0, err
	}
	err = d.DB.Batch(ctx, func(tx *store.Tx) (err error) {
		// The row is locked until the transaction ends, and that is as long as the lease is held: a node that dies leaves nothing to wait for.
		_, taken, err := tx.Leases.Take(ctx, "record", d.holder, at, time.UnixMicro(1))
		if err != nil || !taken {
			return err
		}
		n, err = d.number(ctx, tx, log, at)
		return err
	})
	return n, err
}

// number appends what waits to a log and signs its new head.
func (d *Duty) number(ctx context.Context, tx *store.Tx, log store.Log, at time.Time) (n int, err error) {
	keys, err := d.recordKeys(ctx, tx)
	if err != nil {
		return 0, err
	}
	tree, err := tx.Trees.Grow(ctx, log)
	if err != nil {
		return 0, err
	}
	give := tx.Record.Number
	if log == store.AuditLog {
		give = tx.Audit.Number
	}
	entries, err := give(ctx, tree.Size(), sequenceBatch)
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	for _, e := range entries {
		tree.Append(record.HashOf(e))
	}
	if err := tx.Trees.Save(ctx, log, tree.Changed()); err != nil {
		return 0, err
	}
	root, err := tree.Root()
	if err != nil {
		return 0, err
	}
	head := record.Head{Origin: keys[0].Origin(), Size: tree.Size(), Root: root}
	if log == store.AuditLog {
		head.Origin += "/audit"
		if err := d.showAudit(ctx, tx, head, at); err != nil {
			return 0, err
		}
	}
	checkpoint, err := head.Sign(keys...)
	if err != nil {
		return 0, err
	}
	return len(entries), tx.Trees.AddHead(ctx, log, head.Size, checkpoint, at)
}

// showAudit writes the audit's head into the public record once a day: who rewrites what staff did, rewrites what others have kept.
func (d *Duty) showAudit(ctx context.Context, tx *store.Tx, h record.Head, at time.Time) error {
	last, err := tx.Record.AuditShown(ctx)
	if err != nil || at.Sub(last) < auditEvery {
		return err
	}
	return tx.Record.Add(ctx, record.OfAudit(h, at))
}

// recordKeys are those in the file the operator named, else the one this installation drew for itself.
func (d *Duty) recordKeys(ctx context.Context, tx *store.Tx) ([]record.Key, error) {
	if len(d.RecordKeys) > 0 {
		return d.RecordKeys, nil
	}
	have, err := tx.Instance.Value(ctx, store.RecordKey)
	if err != nil || have != "" {
		return []record.Key{record.Key(have)}, err
	}
	if d.PublicURL == nil {
		return nil, errors.New("the record has no key and no address to make one for")
	}
	key, err := record.NewKey(record.OriginAt(d.PublicURL))
	if err != nil {
		return nil, err
	}
	have, err = tx.Instance.Keep(ctx, store.RecordKey, string(key))
	return []record.Key{record.Key(have)}, err
}

// fillRecord writes down what was public before there was a record. It may run twice, or on two nodes: a fact is written down once.
func (d *Duty) fillRecord(ctx context.Context) error {
	var done string
	err := d.DB.Read(ctx, func(tx *store.Tx) (err error) {
		done, err = tx.Instance.Value(ctx, store.RecordFilled)
		return err
	})
	if err != nil || done != "" {
		return err
	}
	at := store.Place{}
	for more := true; more; {
		err := d.DB.Batch(ctx, func(tx *store.Tx) (err error) {
			var next store.Place
			if next, more, err = tx.Record.Fill(ctx, at); err == nil {
				at = next
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return d.DB.Batch(ctx, func(tx *store.Tx) error {
		if err := tx.Record.FillIntervals(ctx); err != nil {
			return err
		}
		_, err := tx.Instance.Keep(ctx, store.RecordFilled, record.Instant(now()))
		return err
	})
}
