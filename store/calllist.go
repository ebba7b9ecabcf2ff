package store

import (
	"context"
	"math"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/money"
	"candor/reach"
)

// A Turn is somebody whose turn it is to be called: a customer about one incident, or a number that somebody left whom nobody knows yet.
type Turn struct {
	reach.Caller
	Incident  id.Incident
	Request   id.CallRequest // of the number; empty for a customer
	Number    audience.Address
	Name      string
	External  string
	Language  lang.Tag
	Zone      string
	Plan      string
	Charge    money.Amount // per month; Caller.Fee is what of it the order goes by
	Note      string       // what they wrote when they left the number
	Reason    reach.Why
	Holder    id.Person // of us, who has them on the telephone; empty for nobody
	HeldUntil time.Time
}

// Who is what an agent claims: a customer, whatever it is about, or a number.
func (t Turn) Who() string {
	if t.Request != "" {
		return string(t.Request)
	}
	return string(t.Customer)
}

// callLease names the claim on somebody.
func callLease(who string) string { return callPrefix + who }

const callPrefix = "call:"

// CallList is whom to call now, the most urgent first, those that are being called among them. It looks at most limit deep into each
// incident and into the numbers left: deeper than any agent works, and the order above is that of the whole list, because within one
// incident all are hit alike.
func (v Affected) CallList(ctx context.Context, now time.Time, limit int) (all []Turn, err error) {
	defer wrap(&err, "read whom to call")
	incidents, err := many(ctx, v.tx, value[id.Incident], `SELECT DISTINCT incident FROM affected
		WHERE call_at IS NOT NULL AND call_at <= $1
		ORDER BY incident
		LIMIT 1000`, instant(now))
	if err != nil {
		return nil, err
	}
	if all, err = v.numbersLeft(ctx, now, limit); err != nil {
		return nil, err
	}
	for _, i := range incidents {
		turns, err := v.turns(ctx, i, "", now, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, turns...)
	}
	slices.SortStableFunc(all, func(a, b Turn) int { return reach.Urgency(a.Caller, b.Caller) })
	return all, nil
}

// TurnsOf are the incidents about which a customer is to be called, the most urgent first.
func (v Affected) TurnsOf(ctx context.Context, c id.Customer, now time.Time) (all []Turn, err error) {
	defer wrap(&err, "read why to call %s", c)
	hit, err := v.OfCustomer(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, x := range hit {
		if x.CallAt.IsZero() || x.CallAt.After(now) {
			continue
		}
		turns, err := v.turns(ctx, x.Incident, c, now, 1)
		if err != nil {
			return nil, err
		}
		all = append(all, turns...)
	}
	slices.SortStableFunc(all, func(a, b Turn) int { return reach.Urgency(a.Caller, b.Caller) })
	return all, nil
}

// turns are the most urgent customers of one incident; only one of them if c is named. Who asked for a call comes in the order they asked.
func (v Affected) turns(ctx context.Context, i id.Incident, c id.Customer, now time.Time, limit int) ([]Turn, error) {
	about, err := v.tx.Incidents.ByID(ctx, i)
	if err != nil {
		return nil, err
	}
	last, err := v.tx.Updates.Latest(ctx, i)
	if err != nil {
		return nil, err
	}
	return many(ctx, v.tx, func(scan scan) (t Turn, err error) {
		var asked int64
		err = scan(&t.Incident, &t.Customer, &t.Reason, (*instant)(&t.Since), &t.Told, &t.Name, &t.External, &t.Language, &t.Zone, &t.Plan,
			&t.Charge.Minor, &t.Charge.Currency, &asked, &t.Holder, (*instant)(&t.HeldUntil))
		if asked != math.MaxInt64 {
			t.AskedAt = time.UnixMicro(asked).UTC()
		}
		t.Impact, t.MustAct, t.Fee = about.Impact, last.Fields.Data.MustAct(), t.Charge.Minor
		return t, err
	}, `SELECT a.incident, a.customer, a.reason, a.since_at, a.told_at IS NOT NULL, c.name, c.external, c.language, c.zone, c.plan, c.fee, c.currency,
			coalesce((SELECT min(r.at) FROM call_requests r
				WHERE r.incident = a.incident AND r.customer = a.customer AND r.done_at IS NULL), 9223372036854775807) AS asked,
			coalesce(l.holder, ''), l.until
		FROM affected a
		JOIN customers c ON c.id = a.customer
		LEFT JOIN leases l ON l.name = '`+callPrefix+`' || a.customer AND l.until > $2
		WHERE a.incident = $1 AND a.call_at IS NOT NULL AND a.call_at <= $2 AND (CAST($3 AS TEXT) = '' OR a.customer = $3)
		ORDER BY asked, c.fee DESC, a.since_at, a.customer
		LIMIT $4`, i, instant(now), c, limit)
}

// numbersLeft are the open requests of people who are no customer we know to be affected.
func (v Affected) numbersLeft(ctx context.Context, now time.Time, limit int) ([]Turn, error) {
	return many(ctx, v.tx, func(scan scan) (t Turn, err error) {
		err = scan(&t.Incident, &t.Request, &t.Name, &t.Number, &t.Language, &t.Note, (*instant)(&t.AskedAt), &t.Holder, (*instant)(&t.HeldUntil))
		t.Since, t.Reason = t.AskedAt, reach.WhyAsked
		return t, err
	}, `SELECT r.incident, r.id, r.name, r.number, r.language, r.note, r.at, coalesce(l.holder, ''), l.until
		FROM call_requests r
		LEFT JOIN leases l ON l.name = '`+callPrefix+`' || r.id AND l.until > $1
		WHERE r.done_at IS NULL AND r.call_at <= $1
			AND NOT EXISTS (SELECT 1 FROM affected a WHERE a.incident = r.incident AND a.customer = r.customer)
		ORDER BY r.at, r.id
		LIMIT $2`, instant(now), limit)
}

// Calling is how many are on the call list now.
func (v Affected) Calling(ctx context.Context, now time.Time) (_ int64, err error) {
	defer wrap(&err, "count whom to call")
	return one(ctx, v.tx, value[int64], `SELECT
		(SELECT count(*) FROM affected WHERE call_at IS NOT NULL AND call_at <= $1) +
		(SELECT count(*) FROM call_requests r WHERE r.done_at IS NULL AND r.call_at <= $1
			AND NOT EXISTS (SELECT 1 FROM affected a WHERE a.incident = r.incident AND a.customer = r.customer))`, instant(now))
}

// ClaimCall gives somebody to an agent until an instant, unless another has them.
func (v Leases) ClaimCall(ctx context.Context, who string, agent id.Person, now, until time.Time) (mine bool, err error) {
	_, mine, err = v.Take(ctx, callLease(who), string(agent), now, until)
	return mine, err
}

// ReleaseCall gives somebody back, if the agent has them.
func (v Leases) ReleaseCall(ctx context.Context, who string, agent id.Person) (err error) {
	defer wrap(&err, "give %s back to the call list", who)
	return exec(ctx, v.tx, `UPDATE leases SET until = 0 WHERE name = $1 AND holder = $2`, callLease(who), agent)
}

// HeldCall is whom an agent has, and until when; empty for nobody.
func (v Leases) HeldCall(ctx context.Context, agent id.Person, now time.Time) (who string, until time.Time, err error) {
	defer wrap(&err, "read whom %s is calling", agent)
	held, err := many(ctx, v.tx, func(scan scan) (struct{}, error) {
		return struct{}{}, scan(&who, (*instant)(&until))
	}, `SELECT substr(name, 6), until FROM leases
		WHERE holder = $1 AND until > $2 AND substr(name, 1, 5) = '`+callPrefix+`'
		ORDER BY until DESC, name
		LIMIT 1`, agent, instant(now))
	if err != nil || len(held) == 0 {
		return "", time.Time{}, err
	}
	return who, until, nil
}

// A CallNote is what one agent leaves to the next.
type CallNote struct {
	Who    string // as Turn.Who
	Person id.Person
	Note   string
	At     time.Time
}

// Leave appends a note.
func (v Calls) Leave(ctx context.Context, n CallNote) (err error) {
	defer wrap(&err, "leave a note about %s", n.Who)
	return exec(ctx, v.tx, `INSERT INTO call_notes (who, person, note, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, n.Who, n.Person, n.Note, instant(n.At))
}

// Notes are those about somebody, oldest first.
func (v Calls) Notes(ctx context.Context, who string) (_ []CallNote, err error) {
	defer wrap(&err, "read the notes about %s", who)
	return many(ctx, v.tx, readCallNote, `SELECT who, person, note, at FROM call_notes WHERE who = $1 ORDER BY at, person LIMIT 100`, who)
}

// Left are the notes an agent left since an instant: whom they gave back.
func (v Calls) Left(ctx context.Context, agent id.Person, since time.Time) (_ []CallNote, err error) {
	defer wrap(&err, "read whom %s gave back", agent)
	return many(ctx, v.tx, readCallNote, `SELECT who, person, note, at FROM call_notes WHERE person = $1 AND at >= $2 ORDER BY at, who LIMIT 1000`, agent, instant(since))
}

func readCallNote(scan scan) (n CallNote, err error) {
	err = scan(&n.Who, &n.Person, &n.Note, (*instant)(&n.At))
	return n, err
}

// Numbers are the telephones of those on a list, by Turn.Who, in their order of preference.
func (v Affected) Numbers(ctx context.Context, turns []Turn) (_ map[string][]string, err error) {
	defer wrap(&err, "read the numbers of %d to call", len(turns))
	numbers := map[string][]string{}
	var customers []audience.Customer
	seen := map[id.Customer]bool{}
	for _, t := range turns {
		switch {
		case t.Request != "":
			numbers[t.Who()] = []string{string(t.Number)}
		case !seen[t.Customer]:
			seen[t.Customer] = true
			customers = append(customers, audience.Customer{ID: t.Customer})
		}
	}
	if err := v.tx.Customers.fillContacts(ctx, customers); err != nil {
		return nil, err
	}
	for _, c := range customers {
		for _, contact := range c.Contacts {
			number := string(contact.Address)
			if contact.Address.IsPhone() && !slices.Contains(numbers[string(c.ID)], number) {
				numbers[string(c.ID)] = append(numbers[string(c.ID)], number)
			}
		}
	}
	return numbers, nil
}
