package store

import (
	"context"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
)

// Effects are the samples asked after incidents whether they knew, and what they said. Answers are appended.
type Effects struct{ tx *Tx }

// Begin notes that a sample is asked; ErrExists if one is already.
func (v Effects) Begin(ctx context.Context, e reach.Effect, asked []id.Customer) (err error) {
	defer wrap(&err, "ask a sample of %s", e.Incident)
	if err := exec(ctx, v.tx, `INSERT INTO effects (incident, at, level, affected, asked) VALUES ($1, $2, $3, $4, $5)`,
		e.Incident, instant(e.At), e.Level, e.Affected, len(asked)); err != nil {
		return err
	}
	for part := range slices.Chunk(asked, 100) {
		var args []any
		for _, c := range part {
			args = append(args, e.Incident, c)
		}
		if err := exec(ctx, v.tx, `INSERT INTO effect_asked (incident, customer) VALUES `+rowsOf(len(part), 2), args...); err != nil {
			return err
		}
	}
	return nil
}

// Of is what came of asking about an incident; ErrNotFound if nobody was asked.
func (v Effects) Of(ctx context.Context, i id.Incident) (e reach.Effect, err error) {
	defer wrap(&err, "read what came of asking about %s", i)
	e, err = one(ctx, v.tx, func(scan scan) (e reach.Effect, err error) {
		err = scan(&e.Incident, (*instant)(&e.At), &e.Level, &e.Affected, &e.Asked, &e.Letters)
		return e, err
	}, `SELECT incident, at, level, affected, asked,
			(SELECT count(DISTINCT a.customer) FROM effect_asked a JOIN customer_contacts l ON l.customer = a.customer JOIN contacts x ON x.id = l.contact
				WHERE a.incident = effects.incident AND x.channel IN ('email', 'sms') AND x.ended_at IS NULL)
		FROM effects WHERE incident = $1`, i)
	if err != nil {
		return e, err
	}
	type counted struct {
		answer reach.Answer
		n      int64
	}
	all, err := many(ctx, v.tx, func(scan scan) (c counted, err error) {
		err = scan(&c.answer, &c.n)
		return c, err
	}, `SELECT answer, count(*) FROM effect_answers
		WHERE incident = $1 AND NOT EXISTS (SELECT 1 FROM effect_answers later
			WHERE later.incident = effect_answers.incident AND later.customer = effect_answers.customer AND later.at > effect_answers.at)
		GROUP BY answer
		ORDER BY answer`, i)
	e.Answers = map[reach.Answer]int64{}
	for _, c := range all {
		e.Answers[c.answer] = c.n
	}
	return e, err
}

// Asked are those of some customers who were asked about an incident.
func (v Effects) Asked(ctx context.Context, i id.Incident, among []id.Customer) (asked []id.Customer, err error) {
	defer wrap(&err, "read who was asked about %s", i)
	all, err := many(ctx, v.tx, value[id.Customer], `SELECT customer FROM effect_asked
		WHERE incident = $1
		ORDER BY customer
		LIMIT 1000`, i) // a sample is never larger
	for _, c := range all {
		if slices.Contains(among, c) {
			asked = append(asked, c)
		}
	}
	return asked, err
}

// Addressees are the contacts at which the sample is asked: of each the mail address they prefer, else the mobile.
func (v Effects) Addressees(ctx context.Context, i id.Incident) (all []audience.Contact, err error) {
	defer wrap(&err, "read where to ask about %s", i)
	type way struct {
		customer id.Customer
		contact  audience.Contact
	}
	ways, err := many(ctx, v.tx, func(scan scan) (w way, err error) {
		err = scan(&w.customer, &w.contact.ID, &w.contact.Channel, &w.contact.Address, &w.contact.Language)
		return w, err
	}, `SELECT a.customer, x.id, x.channel, x.address, c.language
		FROM effect_asked a
		JOIN customers c ON c.id = a.customer
		JOIN customer_contacts l ON l.customer = a.customer
		JOIN contacts x ON x.id = l.contact
		WHERE a.incident = $1 AND x.channel IN ('email', 'sms') AND x.ended_at IS NULL
		ORDER BY a.customer, x.channel, l.rank, x.id
		LIMIT 10000`, i)
	var last id.Customer
	for _, w := range ways {
		if w.customer != last {
			all, last = append(all, w.contact), w.customer
		}
	}
	return all, err
}

// Answer appends what a customer said; the same at the same instant is one.
func (v Effects) Answer(ctx context.Context, i id.Incident, c id.Customer, a reach.Answer, at time.Time) (err error) {
	defer wrap(&err, "note what %s says of %s", c, i)
	return exec(ctx, v.tx, `INSERT INTO effect_answers (incident, customer, answer, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		i, c, a, instant(at))
}
