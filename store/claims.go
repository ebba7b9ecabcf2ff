package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
)

// A Claim asks for deliveries to carry out.
type Claim struct {
	Channel string
	Holder  string
	Now     time.Time
	Until   time.Time // the lease
	Limit   int
	Below   reach.Priority // only priorities before this one
	Without []string       // domains in trouble, left where they are
}

// MostDomains is how many domains a claim can leave out: they travel in one statement.
const MostDomains = 40

// Claim takes what is due, the most urgent first, under a lease. Between claims a claimed row's next_at is the end of its lease, so an
// expired lease is simply due. Rows to which nothing may be sent end here, inside the claim, as suppressed. While it finds only
// such rows it goes on, up to mostEnded: an empty answer says that nothing is due, unless there is more.
func (d Deliveries) Claim(ctx context.Context, c Claim) (claimed []reach.Delivery, more bool, err error) {
	defer wrap(&err, "claim %d deliveries", c.Limit)
	for ended := 0; ended < mostEnded; {
		due, err := d.due(ctx, c)
		if err != nil || len(due) == 0 {
			return nil, false, err
		}
		if claimed, err = d.stop(ctx, c, due); err != nil || len(claimed) > 0 {
			return claimed, false, err
		}
		ended += len(due)
	}
	return nil, true, nil
}

// mostEnded is how many rows one claim ends, so that no transaction becomes long.
const mostEnded = 1000

// due takes the next rows under the lease.
func (d Deliveries) due(ctx context.Context, c Claim) (claimed []reach.Delivery, err error) {
	// One statement per priority: across priorities the rows that wait for their time would be read again and again.
	for p := reach.Urgent; p < c.Below && len(claimed) < c.Limit; p++ {
		some, err := d.claim(ctx, c, p, c.Limit-len(claimed))
		if err != nil {
			return nil, err
		}
		claimed = append(claimed, some...)
	}
	slices.SortFunc(claimed, func(a, b reach.Delivery) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), strings.Compare(string(a.ID), string(b.ID)))
	})
	return claimed, nil
}

// The sizes a claim's list of domains is filled up to, so that there are few statements to compile.
var domainSizes = [...]int{0, 4, MostDomains}

func (d Deliveries) claim(ctx context.Context, c Claim, p reach.Priority, limit int) ([]reach.Delivery, error) {
	without := c.Without[:min(len(c.Without), MostDomains)]
	size := domainSizes[slices.IndexFunc(domainSizes[:], func(n int) bool { return n >= len(without) })]
	args := []any{c.Channel, p, instant(c.Now), limit}
	exclusion := ""
	if size > 0 {
		var list strings.Builder
		for i := range size {
			list.WriteString(placeholder(i == 0, len(args)+1))
			args = append(args, without[min(i, len(without)-1)])
		}
		exclusion = ` AND domain NOT IN (` + list.String() + `)`
	}
	// The rows stay locked until the claim commits, so that no other node takes them. Two statements, because UPDATE … RETURNING keeps each
	// row twice on its way, which costs SQLite a third more. The limit is a sum because SQLite compiles a statement anew whenever a bare LIMIT
	// is bound, which cost more than claiming three rows.
	picked, err := many(ctx, d.tx, readDelivery, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE channel = $1 AND priority = $2 AND (state IN ('planned', 'claimed') OR state = 'retry_at') AND next_at <= $3`+exclusion+`
			AND announcement NOT IN (SELECT id FROM announcements WHERE paused_at IS NOT NULL)
		ORDER BY next_at, id
		LIMIT $4 + 0`+d.tx.skipLocked(), args...)
	if err != nil || len(picked) == 0 {
		return nil, err
	}
	return picked, d.take(ctx, c, picked)
}

// take puts locked rows under the lease. With more conditions than the ids PostgreSQL would go through all that is due for each statement.
func (d Deliveries) take(ctx context.Context, c Claim, picked []reach.Delivery) error {
	ids, taken := make([]id.Delivery, len(picked)), 0
	for i := range picked {
		x := &picked[i]
		ids[i] = x.ID
		x.InDoubt = x.State == reach.Claimed || reach.Doubtful(x.Reason)
		x.State, x.NextAt, x.UpdatedAt = reach.Claimed, c.Until, c.Now
		x.Attempt++
		x.Fence++
		if x.FirstTriedAt.IsZero() {
			x.FirstTriedAt = c.Now
		}
	}
	for part := range padded(d.tx, ids, 2) {
		args := []any{instant(c.Now), instant(c.Until), c.Holder}
		var list strings.Builder
		for i, x := range part {
			list.WriteString(placeholder(i == 0, len(args)+1))
			args = append(args, x)
		}
		some, err := execCount(ctx, d.tx, `UPDATE deliveries
			SET state = 'claimed', attempt = attempt + 1, fence = fence + 1, lease_holder = $3, lease_until = $2, next_at = $2,
				first_tried_at = coalesce(first_tried_at, $1), updated_at = $1
			WHERE id IN (`+list.String()+`)`, args...)
		if err != nil {
			return err
		}
		taken += some
	}
	if taken != len(picked) {
		return fmt.Errorf("%d of %d rows were claimed", taken, len(picked))
	}
	return nil
}

// stop ends what may not be sent and answers the rest.
func (d Deliveries) stop(ctx context.Context, c Claim, claimed []reach.Delivery) ([]reach.Delivery, error) {
	contacts := make([]id.Contact, 0, len(claimed))
	keys := make([]string, len(claimed))
	for i, x := range claimed {
		keys[i] = x.Address.Key()
		if x.Contact != "" {
			contacts = append(contacts, x.Contact)
		}
	}
	standing, err := d.tx.Contacts.standing(ctx, contacts)
	if err != nil {
		return nil, err
	}
	suppressed, err := d.tx.Suppressions.among(ctx, c.Channel, keys)
	if err != nil {
		return nil, err
	}
	var ended []reach.Step
	kept := claimed[:0]
	for i, x := range claimed {
		s := standing[x.Contact] // staff have none
		s.Kept, s.Asking = suppressed[keys[i]], x.Priority == reach.Urgent
		reason, stops := s.Stops()
		if !stops {
			x.Subscriber, x.Keys = s.code, s.keys
			kept = append(kept, x)
			continue
		}
		ended = append(ended, reach.Step{Delivery: x.ID, Fence: x.Fence, State: reach.Suppressed, Attempt: x.Attempt - 1, NextAt: c.Now, Reason: reason})
	}
	if _, err = d.Settle(ctx, c.Holder, c.Now, ended); err != nil {
		return nil, err
	}
	return kept, d.countAccounts(ctx, kept)
}

// Settle writes what became of claimed deliveries. A step whose lease was lost meanwhile changes nothing: the answer is how many stood.
// The audience's bounced addresses are suppressed with it. A row with a holder is claimed; to ask for the state as well would lead
// PostgreSQL through all that is due, for each statement.
func (d Deliveries) Settle(ctx context.Context, holder string, now time.Time, steps []reach.Step) (stood int, err error) {
	defer wrap(&err, "settle %d deliveries", len(steps))
	for part := range padded(d.tx, steps, 8) {
		args := []any{holder, instant(now)}
		var rows strings.Builder
		for i, s := range part {
			if i > 0 {
				rows.WriteString(", ")
			}
			rows.WriteString(settleRow(len(args)))
			args = append(args, s.Delivery, s.Fence, s.State, s.Attempt, instant(s.NextAt), s.ProviderID, s.Code, s.Reason)
		}
		n, err := execCount(ctx, d.tx, `UPDATE deliveries
			SET state = v.column3, attempt = v.column4, next_at = v.column5, provider_id = v.column6, code = v.column7, reason = v.column8,
				first_tried_at = CASE WHEN v.column4 = 0 THEN NULL ELSE first_tried_at END,
				lease_holder = '', lease_until = NULL, updated_at = $2
			FROM (VALUES `+rows.String()+`) AS v
			WHERE id = v.column1 AND fence = v.column2 AND lease_holder = $1`, args...)
		if err != nil {
			return stood, err
		}
		stood += n
	}
	return stood, d.afterFailing(ctx, now, steps)
}

// settleRow casts, because PostgreSQL takes a placeholder in VALUES for a text.
func settleRow(args int) string {
	var b strings.Builder
	b.WriteByte('(')
	for i, kind := range [...]string{"TEXT", "BIGINT", "TEXT", "BIGINT", "BIGINT", "TEXT", "TEXT", "TEXT"} {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("CAST($" + strconv.Itoa(args+i+1) + " AS " + kind + ")")
	}
	b.WriteByte(')')
	return b.String()
}

// afterFailing keeps later letters from addresses that do not exist, and has the ladder look at once at the customers behind an address
// by which nothing came through: not by a later pass.
func (d Deliveries) afterFailing(ctx context.Context, now time.Time, steps []reach.Step) error {
	for _, s := range steps {
		if !s.State.Final() || s.State == reach.Accepted || s.Reason == reach.ReasonOutbox {
			continue
		}
		x, err := d.ByID(ctx, s.Delivery)
		if err != nil {
			return err
		}
		if x.State != s.State || x.Fence != s.Fence {
			continue // a late worker's word suppresses nobody
		}
		if x.State == reach.Bounced {
			if err := d.tx.Suppressions.Add(ctx, x.Channel, x.Address.Key(), audience.HardBounce, now); err != nil {
				return err
			}
		}
		if x.Contact == "" {
			continue
		}
		a, err := d.tx.Announcements.ByID(ctx, x.Announcement)
		if err != nil {
			return err
		}
		if err := d.tx.Affected.Rouse(ctx, a.Incident, x.Contact, now); err != nil {
			return err
		}
	}
	return nil
}

// TakeOver makes what a dead holder had claimed due at once; the answer is how many.
func (d Deliveries) TakeOver(ctx context.Context, dead string, now time.Time) (n int, err error) {
	defer wrap(&err, "take over from %s", dead)
	return execCount(ctx, d.tx, `UPDATE deliveries
		SET next_at = $2, updated_at = $2
		WHERE (state IN ('planned', 'claimed') OR state = 'retry_at') AND state = 'claimed' AND lease_holder = $1`, dead, instant(now))
}
