package desk

import (
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strconv"
	"time"

	"candor/amends"
	"candor/audience"
	"candor/id"
	"candor/store"
)

// reckonChunk is how many customers are reckoned between one commit and the next: acts get in between, and memory does not grow.
const reckonChunk = 2000

// reckonLease keeps two nodes from doing the same work; what makes it right is the cursor.
const reckonLease = time.Minute

// Reckon goes on with the runs that are being reckoned, and reports whether there is more to do. It may be killed anywhere: customers and the
// cursor behind them are kept together.
func (d *Desk) Reckon(ctx context.Context, node string) (more bool, err error) {
	defer wrap(&err, "reckon credits")
	var all []amends.Run
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		all, err = tx.CreditRuns.In(ctx, amends.Reckoning)
		return err
	})
	for _, run := range all {
		mine := false
		err = d.db.Batch(ctx, func(tx *store.Tx) (err error) {
			_, mine, err = tx.Leases.Take(ctx, "credits:"+string(run.ID), node, now(), now().Add(reckonLease))
			return err
		})
		if err != nil {
			return false, err
		}
		if !mine {
			continue
		}
		if _, err := d.ReckonRun(ctx, run.ID, time.Now().Add(reckonLease/2)); err != nil {
			return false, err
		}
		more = true
	}
	return more, err
}

// ReckonRun reckons one run to its end, or until a time, and answers how it stands.
func (d *Desk) ReckonRun(ctx context.Context, x id.CreditRun, until time.Time) (run amends.Run, err error) {
	defer wrap(&err, "reckon %s", x)
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		run, err = found(tx.CreditRuns.ByID(ctx, x))
		return err
	})
	if err != nil {
		return run, err
	}
	earlier, err := d.earlierRuns(ctx, run)
	if err != nil {
		return run, err
	}
	reckoner, moved := run.Basis.Reckoner(), false
	for run.State == amends.Reckoning && !moved && time.Now().Before(until) {
		if run, moved, err = d.reckonChunk(ctx, run, earlier, reckoner); err != nil {
			return run, err
		}
	}
	if run.State != amends.Reckoning {
		d.wake()
	}
	return run, nil
}

// earlierRuns are those whose credits count against this one's.
func (d *Desk) earlierRuns(ctx context.Context, run amends.Run) (all []amends.Run, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all = nil
		for _, x := range run.Basis.Before {
			r, err := tx.CreditRuns.ByID(ctx, x)
			if err != nil {
				return err
			}
			all = append(all, r)
		}
		return nil
	})
	return all, err
}

// reckonChunk reckons the next customers; moved says that somebody else has gone on with the run meanwhile, or dropped it.
func (d *Desk) reckonChunk(ctx context.Context, run amends.Run, earlier []amends.Run, reckoner *amends.Reckoner) (_ amends.Run, moved bool, err error) {
	was := run.Cursor
	var chunk []audience.Customer
	had := map[id.Customer]amends.Had{}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		clear(had)
		if chunk, err = owedChunk(ctx, tx, run.Basis.Incident, was.After); err != nil || len(chunk) == 0 {
			return err
		}
		return hadBefore(ctx, tx, run, earlier, was.After, chunk[len(chunk)-1].ID, had)
	})
	if err != nil {
		return run, false, err
	}
	digest, err := resumed(run)
	if err != nil {
		return run, false, err
	}
	kept := make([]amends.Kept, len(chunk))
	for i, c := range chunk {
		k := amends.Kept{Owed: reckoner.Of(c, had[c.ID]), Facts: amends.FactsOf(c, had[c.ID])}
		if k.Text, err = k.Facts.Text(); err != nil {
			return run, false, err
		}
		note(digest, k)
		run.Totals.Add(k.Owed)
		kept[i], run.Cursor.After = k, c.ID
	}
	if run, err = passed(run, digest, len(chunk) < reckonChunk); err != nil {
		return run, false, err
	}
	err = d.db.Batch(ctx, func(tx *store.Tx) error {
		mine, err := tx.CreditRuns.Advance(ctx, run, was)
		if err != nil {
			return err
		}
		if moved = !mine; moved {
			return nil
		}
		return tx.Credits.Add(ctx, run.ID, kept)
	})
	return run, moved, err
}

func owedChunk(ctx context.Context, tx *store.Tx, i id.Incident, after id.Customer) ([]audience.Customer, error) {
	if i == "" {
		return tx.Customers.PayingChunk(ctx, after, reckonChunk)
	}
	return tx.Customers.AffectedChunk(ctx, i, after, reckonChunk)
}

// hadBefore gathers what earlier runs credited to the customers of a chunk.
func hadBefore(ctx context.Context, tx *store.Tx, run amends.Run, earlier []amends.Run, after, upTo id.Customer, had map[id.Customer]amends.Had) error {
	for _, r := range earlier {
		credits, err := tx.Credits.Between(ctx, r.ID, after, upTo)
		if err != nil {
			return err
		}
		same := r.Basis.Incident == run.Basis.Incident && r.Basis.Month == run.Basis.Month
		for _, k := range credits {
			one := had[k.Customer]
			one.Took(same, k.Period, k.Amount, k.Contract)
			had[k.Customer] = one
		}
	}
	return nil
}

// resumed is the digest of a run as far as it has come. It begins with all that is reckoned from.
func resumed(run amends.Run) (hash.Hash, error) {
	digest := sha256.New()
	if len(run.Cursor.Hash) == 0 {
		fmt.Fprintf(digest, "%s\n%s\n", run.Rule, run.Inputs)
		return digest, nil
	}
	return digest, digest.(encoding.BinaryUnmarshaler).UnmarshalBinary(run.Cursor.Hash)
}

// note adds one customer to the digest: what was known of them, and what they are owed.
func note(digest hash.Hash, k amends.Kept) {
	line := make([]byte, 0, 512)
	for _, part := range [...]string{string(k.Customer), k.Amount.Currency, k.Period, k.Terms, string(k.Why), k.Text} {
		line = append(append(line, part...), ' ')
	}
	line = strconv.AppendInt(append(strconv.AppendInt(line, k.Amount.Minor, 10), ' '), k.Contract.Minor, 10)
	digest.Write(append(line, '\n'))
}

// passed is the run after a chunk.
func passed(run amends.Run, digest hash.Hash, last bool) (_ amends.Run, err error) {
	if last {
		run.State, run.ReckonedAt, run.Digest, run.Cursor.Hash = amends.Drafted, now(), hex.EncodeToString(digest.Sum(nil)), nil
		return run, nil
	}
	marshaler, ok := digest.(encoding.BinaryMarshaler)
	if !ok {
		return run, errors.New("a digest that cannot be kept")
	}
	run.Cursor.Hash, err = marshaler.MarshalBinary()
	return run, err
}
