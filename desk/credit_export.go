package desk

import (
	"context"
	"encoding/csv"
	"io"
	"time"

	"candor/amends"
	"candor/audience"
	"candor/id"
	"candor/money"
	"candor/staff"
	"candor/store"
)

var runHeadings = []string{"id", "name", "plan", "fee", "currency", "terms", "period", "contract owes", "credit", "why", "fault", "customer"}

// ExportRun writes what a run says of each customer, in the order of their ids. They are read a thousand at a time. No cell becomes a formula
// (B6).
func (d *Desk) ExportRun(ctx context.Context, x id.CreditRun, out io.Writer) (n int, err error) {
	defer wrap(&err, "export credit run %s", x)
	if err := need(ctx, staff.Know); err != nil {
		return 0, err
	}
	if err := d.act(ctx, func(tx *store.Tx, at time.Time) error {
		if _, err := found(tx.CreditRuns.ByID(ctx, x)); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "credit run export", string(x), nil, nil)
	}); err != nil {
		return 0, err
	}
	w := csv.NewWriter(out)
	_ = w.Write(runHeadings) // a failed write comes again from Error
	for after := id.Customer(""); ; {
		var page []amends.Kept
		var people []audience.Customer
		err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
			if page, err = tx.Credits.Page(ctx, x, "", after, importChunk); err != nil || len(page) == 0 {
				return err
			}
			people, err = tx.Customers.InRun(ctx, x, after, importChunk)
			return err
		})
		if err != nil {
			return n, err
		}
		for _, k := range page {
			for len(people) > 0 && people[0].ID < k.Customer {
				people = people[1:]
			}
			var c audience.Customer
			if len(people) > 0 && people[0].ID == k.Customer {
				c = people[0]
			}
			if err := w.Write(runCells(c, k)); err != nil {
				return n, err
			}
			after, n = k.Customer, n+1
		}
		if len(page) < importChunk {
			w.Flush()
			return n, w.Error()
		}
	}
}

func runCells(c audience.Customer, k amends.Kept) []string {
	fee := money.Amount{Minor: k.Facts.Fee, Currency: k.Amount.Currency}
	cells := []string{
		c.External, c.Name, k.Facts.Plan, fee.Plain(), fee.Currency, k.Terms, k.Period, k.Contract.Plain(), k.Amount.Plain(), string(k.Why), k.Fault,
		string(k.Customer),
	}
	for i := range cells {
		cells[i] = audience.SafeCell(cells[i])
	}
	return cells
}
