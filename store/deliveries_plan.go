package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"candor/id"
	"candor/reach"
)

// Plan appends deliveries of one announcement, all of one channel, cycle, climb, priority and instant. An address that has one already in this cycle keeps it, so planning may be repeated from
// any point; the answer is how many are new.
func (d Deliveries) Plan(ctx context.Context, all []reach.Delivery) (added int, err error) {
	if len(all) == 0 {
		return 0, nil
	}
	defer wrap(&err, "plan %d deliveries of %s", len(all), all[0].Announcement)
	first := all[0]
	for part := range parts(d.tx, all, 6) {
		args := []any{first.Announcement, first.Channel, first.Cycle, first.Priority, instant(first.PlannedAt), first.Climb}
		var rows strings.Builder
		for i, x := range part {
			if i > 0 {
				rows.WriteString(", ")
			}
			n := len(args)
			fmt.Fprintf(&rows, "($%d, $1, $2, $%d, $%d, $%d, $%d, $%d, $3, $6, $4, 'planned', 0, 0, '', $5, $5, $5, '', '', '')", n+1, n+2, n+3, n+4, n+5, n+6)
			args = append(args, x.ID, x.Address, x.Address.Key(), x.Address.Domain(), x.Contact, x.Language)
		}
		n, err := execCount(ctx, d.tx, `INSERT INTO deliveries (id, announcement, channel, address, address_key, domain, contact, language,
				cycle, climb, priority, state, attempt, fence, lease_holder, next_at, planned_at, updated_at, provider_id, code, reason)
			VALUES `+rows.String()+`
			ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return added, err
		}
		added += n
	}
	return added, nil
}

// An AffectedRange is an incident's customers after one and up to another.
type AffectedRange struct {
	Incident    id.Incident
	After, UpTo id.Customer
	Since       time.Time // only those noted at this instant; zero: all
}

// PlanAffected appends the deliveries of an announcement by which its word is carried to an incident's customers first: to each of a range
// at the contact they prefer on each of some channels. A contact that several share has one. The rows are made where they are kept: to
// take a million contacts out of the database and put them back in took as long as everything else.
//
// So the ids are made there, too: an instant and chance from here, then the end of the contact's own id. Should one be taken, which is as
// unlikely as with any other, nothing is planned (ErrExists), and the next try draws again.
func (d Deliveries) PlanAffected(ctx context.Context, a reach.Announcement, r AffectedRange, channels []string, at time.Time) (added int, err error) {
	defer wrap(&err, "plan deliveries of %s", a.ID)
	if len(channels) == 0 {
		return 0, nil
	}
	args := []any{id.Head[id.Delivery](at), a.ID, a.Priority, instant(at), r.Incident, r.After, r.UpTo, instant(r.Since), id.TailAt}
	var list strings.Builder
	for i, x := range channels {
		list.WriteString(placeholder(i == 0, len(args)+1))
		args = append(args, x)
	}
	// Who prefers a contact to all others prefers it on its channel: of most it need not be asked whether there is one before it.
	return execCount(ctx, d.tx, `INSERT INTO deliveries (id, announcement, channel, address, address_key, domain, contact, language,
			cycle, climb, priority, state, attempt, fence, lease_holder, next_at, planned_at, updated_at, provider_id, code, reason)
		SELECT CAST($1 AS TEXT) || substr(x.id, CAST($9 AS INTEGER)), $2, x.channel, x.address, x.address_key, x.domain, x.id, x.language,
			0, 1, CAST($3 AS BIGINT), 'planned', 0, 0, '', CAST($4 AS BIGINT), CAST($4 AS BIGINT), CAST($4 AS BIGINT), '', '', ''
		FROM affected a
		JOIN customer_contacts l ON l.customer = a.customer
		JOIN contacts x ON x.id = l.contact
		WHERE a.incident = $5 AND a.customer > $6 AND a.customer <= $7 AND (CAST($8 AS BIGINT) IS NULL OR a.since_at = $8)
			AND l.by_channel IN (`+list.String()+`) AND (l.rank = 0 OR NOT EXISTS (SELECT 1 FROM customer_contacts b
				WHERE b.customer = l.customer AND b.by_channel = l.by_channel AND (b.rank < l.rank OR b.rank = l.rank AND b.contact < l.contact)))
		ON CONFLICT (contact, announcement, channel, cycle) WHERE contact <> '' DO NOTHING`, args...)
}
