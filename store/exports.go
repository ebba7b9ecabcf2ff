package store

import (
	"context"
	"strings"
	"time"

	"candor/amends"
	"candor/id"
	"candor/lang"
)

// Exports are what is handed to a book together, by number.
type Exports struct{ tx *Tx }

// An Export is one of them, with what became of it.
type Export struct {
	Number    int64
	Book      string
	Run       id.CreditRun
	Entries   int
	MadeAt    time.Time
	NextAt    time.Time // when it is handed over, again if need be; zero when it is done, or waits for a person
	EnteredAt time.Time
	SettledAt time.Time
}

const exportColumns = `number, book, run, entries, made_at, next_at, entered_at, settled_at`

// Make puts the next redeemed offers of a run into an export with the next number; zero entries if there is nothing. The caller has locked
// the run's offering.
func (v Exports) Make(ctx context.Context, book string, run id.CreditRun, most int, at time.Time) (x Export, err error) {
	defer wrap(&err, "make an export of %s", run)
	picked, err := many(ctx, v.tx, value[id.Offer], `SELECT id FROM offers
		WHERE run = $1 AND (state IN ('redeemed', 'failed')) AND export = 0 AND (next_at IS NULL OR next_at <= $2)
		ORDER BY id
		LIMIT $3`, run, instant(at), most)
	if err != nil || len(picked) == 0 {
		return x, err
	}
	last, err := one(ctx, v.tx, value[int64], `SELECT coalesce(max(number), 0) FROM exports`)
	if err != nil {
		return x, err
	}
	x = Export{Number: last + 1, Book: book, Run: run, Entries: len(picked), MadeAt: at, NextAt: at}
	err = exec(ctx, v.tx, `INSERT INTO exports (`+exportColumns+`, holder) VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, '')`, x.Number, book, run, len(picked), instant(at), instant(at))
	if err != nil {
		return x, err
	}
	for part := range padded(v.tx, picked, 2) {
		args := []any{x.Number}
		var list strings.Builder
		for i, o := range part {
			list.WriteString(placeholder(i == 0, len(args)+1))
			args = append(args, o)
		}
		if err := exec(ctx, v.tx, `UPDATE offers SET state = 'redeemed', reason = '', next_at = NULL, export = $1
			WHERE id IN (`+list.String()+`) AND state IN ('redeemed', 'failed') AND export = 0`, args...); err != nil {
			return x, err
		}
	}
	return x, nil
}

// Due are exports to be handed over now, in the order of their numbers.
func (v Exports) Due(ctx context.Context, now time.Time, limit int) (_ []Export, err error) {
	defer wrap(&err, "find exports to hand over")
	return many(ctx, v.tx, readExport, `SELECT `+exportColumns+` FROM exports WHERE next_at IS NOT NULL AND next_at <= $1 ORDER BY next_at, number LIMIT $2`,
		instant(now), limit)
}

// Claim takes an export to hand it over: nobody else does until then. Each of its offers has been tried once more from now on, so that who
// comes after a crash asks the book first.
func (v Exports) Claim(ctx context.Context, x Export, holder string, until time.Time) (mine bool, err error) {
	defer wrap(&err, "claim export %d", x.Number)
	n, err := execCount(ctx, v.tx, `UPDATE exports SET next_at = $3, holder = $4 WHERE number = $1 AND next_at = $2`, x.Number, instant(x.NextAt), instant(until), holder)
	if err != nil || n == 0 {
		return false, err
	}
	return true, exec(ctx, v.tx, `UPDATE offers SET attempt = attempt + 1 WHERE export = $1 AND export > 0 AND state = 'redeemed'`, x.Number)
}

// Entry is an offer with what a book needs to know of its customer.
type Entry struct {
	amends.Offer
	Account  string
	Language lang.Tag
}

// Entries are an export's offers, in the order of their ids, with what the company's own systems call their customers.
func (v Exports) Entries(ctx context.Context, number int64) (_ []Entry, err error) {
	defer wrap(&err, "read export %d", number)
	offers, err := many(ctx, v.tx, readOffer, `SELECT `+offerColumns+` FROM offers WHERE export = $1 AND export > 0 ORDER BY id LIMIT 100000`, number)
	if err != nil {
		return nil, err
	}
	all := make([]Entry, len(offers))
	customers := make([]id.Customer, len(offers))
	for i, o := range offers {
		all[i].Offer, customers[i] = o, o.Customer
	}
	type account struct {
		customer id.Customer
		external string
		language lang.Tag
	}
	accounts := map[id.Customer]account{}
	for part := range padded(v.tx, customers, 1) {
		list, args := in(part)
		found, err := many(ctx, v.tx, func(scan scan) (a account, err error) {
			err = scan(&a.customer, &a.external, &a.language)
			return a, err
		}, `SELECT id, external, language FROM customers WHERE id IN `+list+` ORDER BY id`, args...)
		if err != nil {
			return nil, err
		}
		for _, a := range found {
			accounts[a.customer] = a
		}
	}
	for i := range all {
		a := accounts[all[i].Customer]
		all[i].Account, all[i].Language = a.external, a.language
	}
	return all, nil
}

// An Outcome is what became of one entry: booked, failed, or still redeemed where nobody knows.
type Outcome struct {
	Offer  id.Offer
	State  amends.OfferState
	Entry  string // what the book calls it
	Reason string
	NextAt time.Time // when what failed is tried again
}

// Note keeps what became of an export's entries. What somebody else has noted meanwhile stays.
func (v Exports) Note(ctx context.Context, number int64, all []Outcome, at time.Time) (err error) {
	defer wrap(&err, "note what became of export %d", number)
	for _, o := range all {
		switch o.State {
		case amends.OfferBooked:
			err = exec(ctx, v.tx, `UPDATE offers SET state = 'booked', entry = $3, booked_at = $4, reason = ''
				WHERE id = $1 AND export = $2 AND export > 0 AND state = 'redeemed'`, o.Offer, number, o.Entry, instant(at))
		case amends.OfferFailed:
			err = exec(ctx, v.tx, `UPDATE offers SET state = 'failed', reason = $3, export = 0, next_at = $4
				WHERE id = $1 AND export = $2 AND export > 0 AND state = 'redeemed'`, o.Offer, number, o.Reason, instant(o.NextAt))
		default:
			err = exec(ctx, v.tx, `UPDATE offers SET reason = $3 WHERE id = $1 AND export = $2 AND export > 0 AND state = 'redeemed'`, o.Offer, number, o.Reason)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Again notes when an export is handed over or looked at again; zero for not by itself.
func (v Exports) Again(ctx context.Context, number int64, next, entered time.Time) (err error) {
	defer wrap(&err, "note when to look at export %d", number)
	return exec(ctx, v.tx, `UPDATE exports SET next_at = $2, holder = '', entered_at = coalesce(entered_at, $3) WHERE number = $1 AND settled_at IS NULL`, number, instant(next), instant(entered))
}

// Settle notes that the book holds an export's entries to the cent, but for some of them.
func (v Exports) Settle(ctx context.Context, number int64, but map[string]bool, at time.Time) (err error) {
	defer wrap(&err, "settle export %d", number)
	entries, err := v.Entries(ctx, number)
	if err != nil {
		return err
	}
	open := false
	for _, e := range entries {
		switch {
		case e.State == amends.OfferBooked && !but[string(e.ID)]:
			err = exec(ctx, v.tx, `UPDATE offers SET state = 'settled', settled_at = $3 WHERE id = $1 AND export = $2 AND export > 0 AND state = 'booked'`,
				e.ID, number, instant(at))
		case e.State != amends.OfferSettled:
			open = true
		}
		if err != nil {
			return err
		}
	}
	if open {
		return nil
	}
	return exec(ctx, v.tx, `UPDATE exports SET settled_at = $2, next_at = NULL WHERE number = $1 AND settled_at IS NULL`, number, instant(at))
}

// TakeOver makes what a dead holder was handing over due at once.
func (v Exports) TakeOver(ctx context.Context, dead string, now time.Time) (n int, err error) {
	defer wrap(&err, "take exports over from %s", dead)
	return execCount(ctx, v.tx, `UPDATE exports SET next_at = $2, holder = '' WHERE next_at IS NOT NULL AND holder = $1`, dead, instant(now))
}

// ByNumber finds one.
func (v Exports) ByNumber(ctx context.Context, number int64) (_ Export, err error) {
	defer wrap(&err, "read export %d", number)
	return one(ctx, v.tx, readExport, `SELECT `+exportColumns+` FROM exports WHERE number = $1`, number)
}

// Of are a run's exports, newest first.
func (v Exports) Of(ctx context.Context, run id.CreditRun, limit int) (_ []Export, err error) {
	defer wrap(&err, "read the exports of %s", run)
	return many(ctx, v.tx, readExport, `SELECT `+exportColumns+` FROM exports WHERE run = $1 ORDER BY number DESC LIMIT $2`, run, limit)
}

func readExport(scan scan) (x Export, err error) {
	err = scan(&x.Number, &x.Book, &x.Run, &x.Entries, (*instant)(&x.MadeAt), (*instant)(&x.NextAt), (*instant)(&x.EnteredAt), (*instant)(&x.SettledAt))
	return x, err
}
