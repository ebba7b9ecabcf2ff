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
		return d.know(ctx, tx, concerned, o.Contact.ID, reach.Ack{At: at, By: reach.ByLink})
	})
}

// know notes for each of these customers that they know, unless they said so before, and ends the climb.
func (d *Desk) know(ctx context.Context, tx *store.Tx, concerned []reach.Affected, contact id.Contact, a reach.Ack) error {
	for _, x := range concerned {
		said, err := Said(ctx, tx, x)
		if err != nil {
			return err
		}
		if x.Ended.Reached() || !said.IsZero() {
			continue
		}
		if err := tx.Acknowledgements.Add(ctx, x.Incident, x.Customer, contact, a); err != nil {
			return err
		}
		if _, err := d.Decide(ctx, tx, []reach.Affected{x}, a.At); err != nil {
			return err
		}
	}
	return nil
}

// Said is when a customer said that they know what stands now, zero if they have not: what was acknowledged before a correction was
// another word.
func Said(ctx context.Context, tx *store.Tx, x reach.Affected) (at time.Time, err error) {
	acks, err := tx.Acknowledgements.Of(ctx, x.Incident, x.Customer)
	if err != nil || len(acks) == 0 {
		return at, err
	}
	reopened, err := reopenedAt(ctx, tx, x.Incident)
	for _, a := range acks {
		if (a.By == reach.ByLink || a.By == reach.ByReply) && a.At.After(reopened) {
			at = a.At
		}
	}
	return at, err
}

// reopenedAt is when an incident's last correction, or change of what customers must do, was said; zero if there was none.
func reopenedAt(ctx context.Context, tx *store.Tx, i id.Incident) (at time.Time, err error) {
	all, err := tx.Announcements.OfIncident(ctx, i)
	for _, a := range all {
		if a.Target.Reopens {
			at = a.AsOf
		}
	}
	return at, err
}

// publicIncident is one by its code. What visitors may not know looks like what is somebody else's (V23, B9).
func publicIncident(ctx context.Context, tx *store.Tx, code id.Code) (i incident.Incident, err error) {
	i, err = tx.Incidents.ByCode(ctx, code)
	if errors.Is(err, store.ErrNotFound) || err == nil && i.Visibility != incident.Public {
		return i, wrongLink
	}
	return i, err
}
