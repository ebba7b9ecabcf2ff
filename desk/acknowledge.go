package desk

import (
	"context"
	"errors"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/reach"
	"candor/store"
)

// Acknowledge notes that whoever holds a contact's own link knows of an incident. It counts for every account behind the contact, because
// one person is one person, and it ends the climb for each of them. Doing it again changes nothing.
func (d *Desk) Acknowledge(ctx context.Context, token string, code id.Code) (err error) {
	defer wrap(&err, "acknowledge %s", code)
	at := now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		contact, i, err := d.holder(ctx, tx, token, code)
		if err != nil {
			return err
		}
		customers, err := tx.Customers.Sharing(ctx, contact.ID)
		if err != nil {
			return err
		}
		heard := false
		for _, c := range customers {
			x, err := tx.Affected.Of(ctx, i.ID, c)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			heard = true
			if x.Ended.Reached() {
				continue // said already
			}
			if err := tx.Acknowledgements.Add(ctx, i.ID, c, contact.ID, reach.Ack{At: at, By: reach.ByLink}); err != nil {
				return err
			}
			if _, err := d.Decide(ctx, tx, []reach.Affected{x}, at); err != nil {
				return err
			}
		}
		if !heard {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		return nil
	})
	if err == nil {
		d.wake()
	}
	return err
}

// holder is whose link a token is, and the public incident it is used for. A wrong token and somebody else's incident look the same (B9).
func (d *Desk) holder(ctx context.Context, tx *store.Tx, token string, code id.Code) (c audience.Contact, i incident.Incident, err error) {
	absent := problem.New(problem.NotFound, "problem.not_found")
	secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
	if err != nil {
		return c, i, err
	}
	whose, ok := audience.Open(secret, audience.ToReach, token)
	if !ok {
		return c, i, absent
	}
	if c, err = tx.Contacts.ByCode(ctx, whose); err == nil {
		i, err = tx.Incidents.ByCode(ctx, code)
	}
	if errors.Is(err, store.ErrNotFound) || err == nil && i.Visibility != incident.Public {
		return c, i, absent
	}
	return c, i, err
}
