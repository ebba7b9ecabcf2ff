package duty

import (
	"context"
	"errors"
	"time"

	"candor/amends"
	"candor/desk"
	"candor/id"
	"candor/ledger"
	"candor/store"
)

const (
	// bookLease is how long an export is one node's: a hundred entries take some seconds. Where they take longer another node hands them over
	// beside it, under the same keys.
	bookLease = 2 * time.Minute
	// fileEvery is how often a file is made for finance: one a day is what somebody imports.
	fileEvery = 24 * time.Hour
	// atOnceExports bounds one round, so that several runs get their turn.
	atOnceExports = 8
)

// KeepBook hands what customers have redeemed to the billing system, and reads there whether it has it to the cent.
//
// What is handed over together gets a number first, in a transaction of its own. Then it is handed over outside of any; then what became of it
// is noted. A crash between any two leaves an export that is handed over again under the same keys, and each entry has been marked as tried
// before the book is asked: so the book is asked first whether it has it.
func (d *Duty) KeepBook(ctx context.Context) (more bool, err error) {
	defer wrap(&err, "keep the book")
	var open []amends.Offering
	err = d.DB.Read(ctx, func(tx *store.Tx) (err error) {
		open, err = tx.Offerings.Open(ctx)
		return err
	})
	if err != nil || len(open) == 0 { // what is closed is settled: most seconds of most days
		return false, err
	}
	if err := d.makeExports(ctx, open); err != nil {
		return false, err
	}
	var due []store.Export
	err = d.DB.Read(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.Exports.Due(ctx, now(), atOnceExports)
		return err
	})
	var faults []error
	for _, x := range due {
		if err := d.handOver(ctx, x); err != nil {
			faults = append(faults, err)
		}
	}
	return len(due) > 0 && len(faults) == 0, errors.Join(append(faults, err)...)
}

// makeExports numbers what may be booked. Files for people are made once a day; a book that answers is told at once.
func (d *Duty) makeExports(ctx context.Context, open []amends.Offering) (err error) {
	for _, o := range open {
		if err != nil {
			return err
		}
		if o.State == amends.Halted {
			continue
		}
		err = d.DB.Batch(ctx, func(tx *store.Tx) error {
			at := now()
			if d.Book.Name() == (ledger.CSV{}).Name() {
				last, err := tx.Exports.Of(ctx, o.Run, 1)
				if err != nil || len(last) == 1 && at.Sub(last[0].MadeAt) < fileEvery {
					return err
				}
			}
			_, err := desk.MakeExport(ctx, tx, o, d.Book.Name(), at)
			return err
		})
		if errors.Is(err, store.ErrExists) { // another node took the number
			err = nil
		}
	}
	return err
}

// handOver takes one export as far as it goes now.
func (d *Duty) handOver(ctx context.Context, x store.Export) error {
	if x.Book != d.Book.Name() {
		d.Log.Error("an export is for another book than this node keeps; it waits", "export", x.Number, "for", x.Book, "keeps", d.Book.Name())
		return d.DB.Batch(ctx, func(tx *store.Tx) error { return tx.Exports.Again(ctx, x.Number, now().Add(bookLease), time.Time{}) })
	}
	var entries []store.Entry
	var company string
	mine := false
	err := d.DB.Batch(ctx, func(tx *store.Tx) (err error) {
		if mine, err = tx.Exports.Claim(ctx, x, d.holder, now().Add(bookLease)); err != nil || !mine {
			return err
		}
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		company = s.Company
		entries, err = tx.Exports.Entries(ctx, x.Number)
		return err
	})
	if err != nil || !mine {
		return err
	}
	d.Failpoint("book")
	all := desk.BookEntries(x.Number, entries, company)
	open := false
	if todo := redeemedOnly(all, entries); len(todo.Entries) > 0 {
		outcomes := d.Book.Enter(ctx, todo)
		d.Failpoint("booked")
		if open, err = d.noteOutcomes(ctx, x, entries, outcomes); err != nil {
			return err
		}
	}
	if open {
		return nil
	}
	return d.compare(ctx, x, all)
}

// redeemedOnly is what of an export the book has not confirmed. A file is always whole: its lines have numbers.
func redeemedOnly(all ledger.Export, entries []store.Entry) ledger.Export {
	todo := ledger.Export{Number: all.Number}
	waiting := false
	for i, e := range entries {
		if e.State == amends.OfferRedeemed {
			waiting = true
			todo.Entries = append(todo.Entries, all.Entries[i])
		}
	}
	if waiting && len(todo.Entries) < len(all.Entries) {
		return todo
	}
	if !waiting {
		return ledger.Export{Number: all.Number}
	}
	return all
}

// noteOutcomes keeps what the book said, and reports whether anything is in doubt: then the export is handed over again soon.
func (d *Duty) noteOutcomes(ctx context.Context, x store.Export, entries []store.Entry, outcomes []ledger.Outcome) (open bool, err error) {
	at := now()
	attempts := map[id.Offer]int{}
	most := 1
	for _, e := range entries {
		attempts[e.ID] = e.Attempt
	}
	var all []store.Outcome
	refused := 0
	for _, o := range outcomes {
		n := store.Outcome{Offer: id.Offer(o.Key), Entry: o.Entry, Reason: string(o.Reason), State: amends.OfferRedeemed}
		switch o.Became {
		case ledger.Entered:
			n.State = amends.OfferBooked
		case ledger.Refused:
			n.State, n.NextAt = amends.OfferFailed, amends.Retried(attempts[n.Offer], at)
			refused++
			d.Log.Warn("the book refused a credit", "offer", o.Key, "reason", o.Reason)
		default:
			open, most = true, max(most, attempts[n.Offer])
			d.Log.Warn("nobody knows whether the book has a credit; it is asked again", "offer", o.Key, "reason", o.Reason)
		}
		all = append(all, n)
	}
	next, entered := at, at
	if open {
		next, entered = amends.AskedAgain(most, at), time.Time{}
	}
	err = d.DB.Batch(ctx, func(tx *store.Tx) error {
		if err := tx.Exports.Note(ctx, x.Number, all, at); err != nil {
			return err
		}
		if refused > 0 { // fifty that cannot be booked are a reason to look before fifty thousand
			if _, err := tx.Offerings.Turn(ctx, x.Run, amends.OnTrial, amends.Halted, amends.BookRefuses, at); err != nil {
				return err
			}
		}
		return tx.Exports.Again(ctx, x.Number, next, entered)
	})
	return open, err
}

// compare reads in the book what it has of an export, and settles what agrees to the cent. What does not stops the run.
func (d *Duty) compare(ctx context.Context, x store.Export, all ledger.Export) error {
	held, err := d.Book.Holds(ctx, all)
	if errors.Is(err, ledger.ErrCannotTell) {
		return d.DB.Batch(ctx, func(tx *store.Tx) error { return tx.Exports.Again(ctx, x.Number, time.Time{}, now()) })
	}
	if err != nil {
		d.Log.Warn("the book cannot be read; it is asked again", "export", x.Number, "error", err)
		return d.DB.Batch(ctx, func(tx *store.Tx) error { return tx.Exports.Again(ctx, x.Number, now().Add(time.Minute), now()) })
	}
	return d.DB.Batch(ctx, func(tx *store.Tx) error {
		at := now()
		entries, err := tx.Exports.Entries(ctx, x.Number)
		if err != nil {
			return err
		}
		differ, differing := map[string]bool{}, false
		for _, diff := range ledger.Compare(all, held) {
			differ[diff.Key] = true
		}
		for _, e := range entries {
			differing = differing || differ[string(e.ID)] && e.State == amends.OfferBooked
		}
		if err := tx.Exports.Settle(ctx, x.Number, differ, at); err != nil {
			return err
		}
		if !differing {
			if err := tx.Exports.Again(ctx, x.Number, time.Time{}, at); err != nil {
				return err
			}
			return desk.EndTrial(ctx, tx, x.Run, at)
		}
		d.Log.Error("the book holds other sums than it was given", "export", x.Number, "run", x.Run)
		for _, from := range []amends.OfferingState{amends.OnTrial, amends.Going} {
			if _, err := tx.Offerings.Turn(ctx, x.Run, from, amends.Halted, amends.BookDiffers, at); err != nil {
				return err
			}
		}
		return tx.Exports.Again(ctx, x.Number, at.Add(time.Hour), at)
	})
}
