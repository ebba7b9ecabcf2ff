package desk

import (
	"context"
	"encoding/csv"
	"io"

	"candor/audience"
	"candor/id"
	"candor/staff"
	"candor/store"
)

// coverageHeadings are what a list of an incident's customers says of each.
var coverageHeadings = []string{
	"id", "name", "language", "ended", "reason", "rung", "affected by", "component", "affected at", "told at", "reached at", "closed at", "call at", "customer",
}

// ExportCoverage writes how far we are with each customer of an incident, in the order of their ids. They are read a thousand at a time: one
// about whom something is decided meanwhile is written as they stood before or after. No cell becomes a formula (B6).
func (d *Desk) ExportCoverage(ctx context.Context, of id.Incident, out io.Writer) (n int, err error) {
	defer wrap(&err, "export the coverage of %s", of)
	if err := need(ctx, staff.Know); err != nil {
		return 0, err
	}
	w := csv.NewWriter(out)
	_ = w.Write(coverageHeadings) // a failed write comes again from Error
	for after := id.Customer(""); ; {
		var page []store.ListedCustomer
		err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
			page, err = tx.Affected.List(ctx, store.AffectedList{Incident: of, After: after, Limit: importChunk})
			return err
		})
		if err != nil {
			return n, err
		}
		for _, x := range page {
			after = x.Customer
			cells := []string{
				x.External, x.Name, string(x.Language), string(x.Ended), string(x.Reason), x.Channel, string(x.Why), string(x.Component),
				day(x.Since), day(x.ToldAt), day(x.ReachedAt), day(x.ClosedAt), day(x.CallAt), string(x.Customer),
			}
			for i := range cells {
				cells[i] = audience.SafeCell(cells[i])
			}
			if err := w.Write(cells); err != nil {
				return n, err
			}
			n++
		}
		if len(page) < importChunk {
			w.Flush()
			return n, w.Error()
		}
	}
}
