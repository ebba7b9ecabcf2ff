package desk

import (
	"context"
	"errors"
	"time"

	"candor/id"
	"candor/incident"
	"candor/reach"
	"candor/store"
)

// Acknowledge notes that whoever holds a contact's own link knows of an incident. It counts for every account behind the contact, because
// one person is one person, and it ends the climb for each of them. Doing it again changes nothing.
func (d *Desk) Acknowledge(ctx context.Context, token string, code id.Code) (err error) {
	defer wrap(&err, "acknowledge %s", code)
	return d.byOwner(ctx, token, func(tx *store.Tx, o Owner, at time.Time) error {
		i, err := publicIncident(ctx, tx, code)
		if err != nil {
			return err
		}
		concerned, err := o.concerned(ctx, tx, i.ID)
		if err != nil {
			return err
		}
		if err := tx.Deliveries.Acknowledge(ctx, i.ID, o.Contact.ID, at); err != nil {
			return err
		}
		for _, x := range concerned {
			if x.Ended.Reached() {
				continue // said already
			}
			if err := tx.Acknowledgements.Add(ctx, i.ID, x.Customer, o.Contact.ID, reach.Ack{At: at, By: reach.ByLink}); err != nil {
				return err
			}
			if _, err := d.Decide(ctx, tx, []reach.Affected{x}, at); err != nil {
				return err
			}
		}
		return nil
	})
}

// publicIncident is one by its code. What visitors may not know looks like what is somebody else's (V23, B9).
func publicIncident(ctx context.Context, tx *store.Tx, code id.Code) (i incident.Incident, err error) {
	i, err = tx.Incidents.ByCode(ctx, code)
	if errors.Is(err, store.ErrNotFound) || err == nil && i.Visibility != incident.Public {
		return i, wrongLink
	}
	return i, err
}
