package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"candor/audience"
	"candor/id"
	"candor/money"
	"candor/reach"
	"candor/settings"
	"candor/store"
)

const (
	rationAtOnce = 1000 // customers noted in one transaction: acts and results get in between
	rationLease  = 5 * time.Minute
	rationRetry  = 5 * time.Second // a customer whose turn comes before the budget is handed out waits so long
)

// Ration hands the budget of an incident out among the customers that are known now: who fits climbs, the rest end as told and not
// confirmed. It does nothing while no incident waits for it or another node is at it. Cut short it is done again from the start, which
// changes nothing.
func (d *Desk) Ration(ctx context.Context, node string) (more bool, err error) {
	defer wrap(&err, "hand the budget out")
	var (
		to    id.Incident
		asked time.Time
		mine  bool
	)
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		to, asked, err = tx.Affected.NextRation(ctx)
		return err
	})
	if err != nil || to == "" {
		return false, err
	}
	err = d.db.Batch(ctx, func(tx *store.Tx) error {
		_, mine, err = tx.Leases.Take(ctx, "ration:"+string(to), node, now(), now().Add(rationLease))
		return err
	})
	if err != nil || !mine {
		return false, err
	}
	if err := d.ration(ctx, to, now()); err != nil {
		return false, err
	}
	return true, d.db.Batch(ctx, func(tx *store.Tx) error { return tx.Affected.RationDone(ctx, to, asked) })
}

// ration reads in one snapshot and writes beside it, so that nobody waits for a million customers to be looked at.
func (d *Desk) ration(ctx context.Context, to id.Incident, at time.Time) error {
	return d.db.Read(ctx, func(tx *store.Tx) error {
		i, err := tx.Incidents.ByID(ctx, to)
		if err != nil {
			return err
		}
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		many, err := tx.Affected.HowMany(ctx, to)
		if err != nil {
			return err
		}
		budget, _ := reach.BudgetOf(s)
		share := reach.Rationed(s.Ladder(i.Kind, i.Impact), slices.Contains(s.Channels(), audience.Voice), budget)
		beyond, within := d.noting(ctx, to, at), d.noting(ctx, to, time.Time{})
		fitsAll := share.FitsAll(reach.DearestOf(s.SMS), many)
		err = tx.Affected.Climbers(ctx, to, fitsAll, func(c reach.Climber, number audience.Address, was bool) error {
			c.Impact, c.Text = i.Impact, textPrice(s.SMS, number)
			switch carried := fitsAll || share.Take(c); {
			case carried && was:
				return within(c.Customer)
			case !carried && !was:
				return beyond(c.Customer)
			}
			return nil
		})
		if err == nil {
			err = within("")
		}
		if err == nil {
			err = beyond("")
		}
		return err
	})
}

// noting collects customers and writes them down some at a time; the empty one writes what is left.
func (d *Desk) noting(ctx context.Context, to id.Incident, at time.Time) func(id.Customer) error {
	var some []id.Customer
	return func(c id.Customer) error {
		if c != "" {
			some = append(some, c)
		}
		if len(some) == 0 || c != "" && len(some) < rationAtOnce {
			return nil
		}
		err := d.db.Batch(ctx, func(tx *store.Tx) error { return tx.Affected.Beyond(ctx, to, some, at) })
		some = some[:0]
		return err
	}
}

// textPrice is what one text to a number may cost; nothing without a number, or where none is sent.
func textPrice(s settings.SMS, number audience.Address) (price money.Amount) {
	if number == "" {
		return price
	}
	country, refused := reach.Texting(number)
	if refused != "" {
		return price
	}
	return reach.PriceOf(s, country)
}

// rationing reports whether the budget limits this incident, and whether it is still to be handed out: while customers are being counted
// nobody knows how many it has to do for.
func rationing(ctx context.Context, tx *store.Tx, s settings.Settings, all []reach.Announcement) (limited, pending bool, err error) {
	if _, limited = reach.BudgetOf(s); !limited || len(all) == 0 {
		return limited, false, nil
	}
	for _, a := range all {
		counting := a.Target.Customers && a.PlannedAt.IsZero() && !strings.HasPrefix(a.Cursor, "con_")
		pending = pending || counting
	}
	if pending {
		return true, true, nil
	}
	done, err := tx.Affected.Rationed(ctx, all[0].Incident)
	return true, !done, err
}
