package desk

import (
	"context"
	"errors"
	"io"
	"time"

	"candor/amends"
	"candor/id"
	"candor/lang"
	"candor/ledger"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// BookEntries are an export as a book takes it: the same entries in the same order each time, each with a text for the customer's bill in
// their language.
func BookEntries(number int64, all []store.Entry, company string) ledger.Export {
	x := ledger.Export{Number: number}
	for _, e := range all {
		x.Entries = append(x.Entries, ledger.Entry{
			Key: string(e.ID), Account: e.Account, Amount: e.Amount, Text: lang.For(e.Language).T("offer.bill", "company", company, "offer", string(e.ID)),
			Doubted: e.Attempt > 1,
		})
	}
	return x
}

// ExportFile writes an export as the file that finance imports; the same number is the same file.
func (d *Desk) ExportFile(ctx context.Context, number int64, out io.Writer) (err error) {
	defer wrap(&err, "write export %d", number)
	if err := need(ctx, staff.Pay); err != nil {
		return err
	}
	var x ledger.Export
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		e, err := found(tx.Exports.ByNumber(ctx, number))
		if err != nil {
			return err
		}
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		entries, err := tx.Exports.Entries(ctx, number)
		if err != nil {
			return err
		}
		x = BookEntries(number, entries, s.Company)
		return d.audit(ctx, tx, at, "download credits", string(e.Run), nil, map[string]any{"export": number})
	})
	if err != nil {
		return err
	}
	return ledger.Write(out, x)
}

// ExportNow hands over what is redeemed without waiting for the day's file.
func (d *Desk) ExportNow(ctx context.Context, run id.CreditRun, book string) (x store.Export, err error) {
	defer wrap(&err, "export %s", run)
	if err := need(ctx, staff.Pay); err != nil {
		return x, err
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		o, err := found(tx.Offerings.Of(ctx, run))
		if err != nil {
			return err
		}
		if x, err = MakeExport(ctx, tx, o, book, at); err != nil {
			return err
		}
		if x.Entries == 0 {
			return problem.New(problem.Conflict, "problem.export.nothing")
		}
		return d.audit(ctx, tx, at, "export credits", string(run), nil, map[string]any{"export": x.Number, "entries": x.Entries})
	})
	return x, err
}

// MakeExport puts what may be booked of a run into an export; zero entries if there is nothing.
func MakeExport(ctx context.Context, tx *store.Tx, o amends.Offering, book string, at time.Time) (x store.Export, err error) {
	mine, err := tx.Offerings.Lock(ctx, o.Run, o.State)
	if err != nil || !mine {
		return x, err
	}
	handed, _, err := tx.Offers.HandedOver(ctx, o.Run, amends.Trial)
	if err != nil {
		return x, err
	}
	most := o.Books(handed)
	if most > 0 && o.State == amends.Going && book == (ledger.CSV{}).Name() {
		most = mostInFile
	}
	if most == 0 {
		return x, nil
	}
	return tx.Exports.Make(ctx, book, o.Run, most, at)
}

// mostInFile is how much one file holds: more than a spreadsheet likes is no help to anybody.
const mostInFile = 50_000

// ConfirmExport notes that a file is in the books: somebody in finance has looked.
func (d *Desk) ConfirmExport(ctx context.Context, number int64) (err error) {
	defer wrap(&err, "confirm export %d", number)
	if err := need(ctx, staff.Pay); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		x, err := found(tx.Exports.ByNumber(ctx, number))
		if err != nil {
			return err
		}
		if x.EnteredAt.IsZero() || x.Book != (ledger.CSV{}).Name() {
			return problem.New(problem.Conflict, "problem.export.book")
		}
		if !x.SettledAt.IsZero() {
			return nil
		}
		if err := tx.Exports.Settle(ctx, number, nil, at); err != nil {
			return err
		}
		if err := EndTrial(ctx, tx, x.Run, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "confirm export", string(x.Run), nil, map[string]any{"export": number})
	})
}

// EndTrial opens the rest of a run once its first few stand in the book to the cent.
func EndTrial(ctx context.Context, tx *store.Tx, run id.CreditRun, at time.Time) error {
	_, settled, err := tx.Offers.HandedOver(ctx, run, amends.Trial)
	if err != nil || settled < amends.Trial {
		return err
	}
	_, err = tx.Offerings.Turn(ctx, run, amends.OnTrial, amends.Going, "", at)
	return err
}

// Reconcile is a run's money from what was approved to what the book holds.
func (d *Desk) Reconcile(ctx context.Context, run id.CreditRun) (all []amends.Reconciliation, err error) {
	defer wrap(&err, "reconcile %s", run)
	if err := need(ctx, staff.Look); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		approved, err := tx.Credits.Sums(ctx, run)
		if err != nil {
			return err
		}
		parts, err := tx.Offers.Parts(ctx, run)
		all = amends.Reconcile(approved, parts)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, problem.New(problem.NotFound, "problem.not_found")
	}
	return all, err
}

// ExportName is what an export is called on disk.
func ExportName(number int64) string { return ledger.FileName(number) }
