package store

import (
	"context"
	"time"

	"candor/id"
	"candor/incident"
)

// Updates are what was said. A body changes only by a revision or a blackout that stays visible.
type Updates struct{ tx *Tx }

const (
	updateColumns = `id, code, incident, number, status, author, body, fields, affected, holding, automatic, next_by, next_reason, notify, at,
	revisions, blackouts`
	joinedUpdateColumns = `u.id, u.code, u.incident, u.number, u.status, u.author, u.body, u.fields, u.affected, u.holding, u.automatic, u.next_by,
	u.next_reason, u.notify, u.at, u.revisions, u.blackouts`
)

// Of are the updates of an incident, newest first.
func (u Updates) Of(ctx context.Context, i id.Incident) (_ []incident.Update, err error) {
	defer wrap(&err, "read the updates of %s", i)
	return many(ctx, u.tx, readUpdate, `SELECT `+updateColumns+` FROM updates WHERE incident = $1 ORDER BY number DESC LIMIT 2000`, i)
}

// OfMany are the updates of several incidents, by incident, newest first: one query for a feed.
func (u Updates) OfMany(ctx context.Context, incidents []id.Incident) (_ []incident.Update, err error) {
	defer wrap(&err, "read the updates of %d incidents", len(incidents))
	if len(incidents) == 0 {
		return nil, nil
	}
	list, args := in(incidents)
	return many(ctx, u.tx, readUpdate, `SELECT `+updateColumns+` FROM updates
		WHERE incident IN `+list+`
		ORDER BY incident DESC, number DESC
		LIMIT 20000`, args...)
}

// OfOpen are the updates of every public incident that is open, newest first: one query for the page.
func (u Updates) OfOpen(ctx context.Context) (_ []incident.Update, err error) {
	defer wrap(&err, "read the updates of the open incidents")
	return many(ctx, u.tx, readUpdate, `SELECT `+joinedUpdateColumns+`
		FROM incidents i JOIN updates u ON u.incident = i.id
		WHERE i.resolved_at IS NULL AND i.visibility = 'public'
		ORDER BY u.incident DESC, u.number DESC
		LIMIT 10000`)
}

// Between are the updates of the public incidents that went on in [from, until), by incident, newest first: one query for a month.
func (u Updates) Between(ctx context.Context, from, until time.Time) (_ []incident.Update, err error) {
	defer wrap(&err, "read the updates from %s", from.Format(time.DateOnly))
	return many(ctx, u.tx, readUpdate, `SELECT `+joinedUpdateColumns+`
		FROM incidents i JOIN updates u ON u.incident = i.id
		WHERE `+wentOn+` AND i.visibility = 'public'
		ORDER BY u.incident DESC, u.number DESC
		LIMIT 20000`, instant(from), instant(until))
}

// Latest is the newest update of an incident, or ErrNotFound.
func (u Updates) Latest(ctx context.Context, i id.Incident) (_ incident.Update, err error) {
	defer wrap(&err, "read the latest update of %s", i)
	return one(ctx, u.tx, readUpdate, `SELECT `+updateColumns+` FROM updates WHERE incident = $1 ORDER BY number DESC LIMIT 1`, i)
}

// ByID finds one.
func (u Updates) ByID(ctx context.Context, x id.Update) (_ incident.Update, err error) {
	defer wrap(&err, "read update %s", x)
	return one(ctx, u.tx, readUpdate, `SELECT `+updateColumns+` FROM updates WHERE id = $1`, x)
}

// ByCode finds one by its public name.
func (u Updates) ByCode(ctx context.Context, code id.Code) (_ incident.Update, err error) {
	defer wrap(&err, "read update %s", code)
	return one(ctx, u.tx, readUpdate, `SELECT `+updateColumns+` FROM updates WHERE code = $1`, code)
}

// ByKey finds the update that a repeated request has already said, or ErrNotFound.
func (u Updates) ByKey(ctx context.Context, key string) (_ incident.Update, err error) {
	defer wrap(&err, "find the update of a repeated request")
	return one(ctx, u.tx, readUpdate, `SELECT `+updateColumns+` FROM updates WHERE request_key = $1`, key)
}

// Add appends one. A key that was used before is ErrExists; an empty one is no key.
func (u Updates) Add(ctx context.Context, x incident.Update, key string) (err error) {
	defer wrap(&err, "add update %s", x.ID)
	err = exec(ctx, u.tx, `INSERT INTO updates (`+updateColumns+`, request_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		x.ID, x.Code, x.Incident, x.Number, x.Status, x.Author, asJSON(&x.Body), asJSON(&x.Fields), asJSON(&x.Affected), x.Holding, x.Automatic,
		instant(x.NextBy), x.NextReason, x.Notify, instant(x.At), asJSON(&x.Revisions), asJSON(&x.Blackouts), orNull(key))
	if err != nil {
		return err
	}
	return u.tx.Record.update(ctx, x)
}

// SaveBody keeps what a correction or a blackout made of the words.
func (u Updates) SaveBody(ctx context.Context, x incident.Update) (err error) {
	defer wrap(&err, "save the words of update %s", x.ID)
	err = execOne(ctx, u.tx, `UPDATE updates SET body = $2, fields = $3, next_reason = $4, revisions = $5, blackouts = $6 WHERE id = $1`,
		x.ID, asJSON(&x.Body), asJSON(&x.Fields), x.NextReason, asJSON(&x.Revisions), asJSON(&x.Blackouts))
	if err != nil {
		return err
	}
	return u.tx.Record.update(ctx, x)
}

func readUpdate(scan scan) (x incident.Update, err error) {
	err = scan(&x.ID, &x.Code, &x.Incident, &x.Number, &x.Status, &x.Author, asJSON(&x.Body), asJSON(&x.Fields), asJSON(&x.Affected),
		&x.Holding, &x.Automatic, (*instant)(&x.NextBy), &x.NextReason, &x.Notify, (*instant)(&x.At), asJSON(&x.Revisions), asJSON(&x.Blackouts))
	return x, err
}
