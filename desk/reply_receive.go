package desk

import (
	"context"

	"candor/id"
	"candor/reach"
	"candor/store"
)

// keepReply puts a receipt that is a reply before staff.
func keepReply(ctx context.Context, tx *store.Tx, r reach.Receipt, was reach.Delivery, m reach.ReturnMail) error {
	about, err := aboutOf(ctx, tx, was)
	if err != nil {
		return err
	}
	x, is := reach.NewReply(r, was, about, m)
	if !is {
		return nil
	}
	return tx.Replies.Add(ctx, x)
}

// aboutOf is the incident that a letter was about: its announcement's, the one a sample was asked about, or the one whose reply it answered.
func aboutOf(ctx context.Context, tx *store.Tx, was reach.Delivery) (id.Incident, error) {
	a, err := tx.Announcements.ByID(ctx, was.Announcement)
	switch {
	case err != nil:
		return "", err
	case a.Kind == reach.OnEffect:
		return a.Target.Asked, nil
	case a.Kind == reach.OnAnswer:
		before, err := tx.Replies.AnsweredWith(ctx, a.ID)
		return before.Incident, err
	}
	return a.Incident, nil
}

// followReply notes that who answers a letter has read it: for every customer behind the contact whom the incident affects. Who answers a
// letter that a correction, or a change of what they must do, came after has not seen that: they are still owed it.
func (d *Desk) followReply(ctx context.Context, tx *store.Tx, r reach.Receipt, was reach.Delivery) error {
	a, err := tx.Announcements.ByID(ctx, was.Announcement)
	if err != nil || a.Incident == "" || !a.Kind.Bulk() || was.Contact == "" || !was.State.Left() {
		return err
	}
	reopened, err := reopenedAt(ctx, tx, a.Incident)
	if err != nil || a.AsOf.Before(reopened) {
		return err
	}
	customers, err := tx.Affected.Behind(ctx, a.Incident, was.Contact)
	if err != nil || len(customers) == 0 {
		return err
	}
	if err := tx.Deliveries.Acknowledge(ctx, a.Incident, was.Contact, r.At); err != nil {
		return err
	}
	var concerned []reach.Affected
	for _, c := range customers {
		x, err := tx.Affected.Of(ctx, a.Incident, c.ID)
		if err != nil {
			return err
		}
		concerned = append(concerned, x)
	}
	return d.know(ctx, tx, concerned, was.Contact, reach.Ack{At: r.At, By: reach.ByReply})
}
