package store

import (
	"context"
	"time"

	"candor/component"
	"candor/id"
)

// Intervals are the history of every component's status; the one without an end is the present.
type Intervals struct{ tx *Tx }

const intervalColumns = `component, status, from_at, to_at, incident`

// Since are the intervals of all components that reach into the time after t, by component and age.
func (i Intervals) Since(ctx context.Context, t time.Time) (_ []component.Interval, err error) {
	defer wrap(&err, "read the intervals since %s", t.Format(time.RFC3339))
	return many(ctx, i.tx, readInterval, `SELECT `+intervalColumns+` FROM intervals
		WHERE to_at IS NULL OR to_at > $1
		ORDER BY component, from_at
		LIMIT 200000`, orEver(t))
}

// Of are the intervals of one component that reach into the time after t, by age.
func (i Intervals) Of(ctx context.Context, c id.Component, t time.Time) (_ []component.Interval, err error) {
	defer wrap(&err, "read the intervals of component %s", c)
	return many(ctx, i.tx, readInterval, `SELECT `+intervalColumns+` FROM intervals
		WHERE component = $1 AND (to_at IS NULL OR to_at > $2)
		ORDER BY from_at
		LIMIT 50000`, c, orEver(t))
}

// Begin opens the first interval of a component.
func (i Intervals) Begin(ctx context.Context, c id.Component, s component.Status, at time.Time) (err error) {
	defer wrap(&err, "begin the history of component %s", c)
	return i.add(ctx, component.Interval{Component: c, Status: s, From: at})
}

// add appends one and writes it down.
func (i Intervals) add(ctx context.Context, x component.Interval) error {
	err := exec(ctx, i.tx, `INSERT INTO intervals (component, from_at, to_at, status, incident) VALUES ($1, $2, $3, $4, $5)`,
		x.Component, instant(x.From), instant(x.To), x.Status, x.Incident)
	if err != nil {
		return err
	}
	return i.tx.Record.intervals(ctx, x)
}

// Change closes the present interval of a component at from and opens the next, and sets the component's status. from may lie in the past,
// since a company learns later when it broke, but never before the present interval: what was recorded stays. at is when this was decided.
func (i Intervals) Change(ctx context.Context, c id.Component, s component.Status, by id.Incident, from, at time.Time) (err error) {
	defer wrap(&err, "change the status of component %s", c)
	open, err := one(ctx, i.tx, readInterval, `SELECT `+intervalColumns+` FROM intervals WHERE component = $1 AND to_at IS NULL`, c)
	if err != nil {
		return err
	}
	if open.Status == s {
		return nil // whoever caused it first keeps it
	}
	if !from.After(open.From) {
		from = open.From.Add(time.Microsecond) // a clock that was set back must not erase what was recorded
	}
	err = execOne(ctx, i.tx, `UPDATE intervals SET to_at = $3 WHERE component = $1 AND from_at = $2`, c, instant(open.From), instant(from))
	if err != nil {
		return err
	}
	if err := i.add(ctx, component.Interval{Component: c, Status: s, From: from, Incident: by}); err != nil {
		return err
	}
	return i.tx.Components.SetStatus(ctx, c, s, from, at)
}

// Shift moves the instant at which an interval follows the one before it: it broke earlier, or later, than we thought.
func (i Intervals) Shift(ctx context.Context, c id.Component, from, to time.Time) (err error) {
	defer wrap(&err, "shift an interval of component %s", c)
	err = execOne(ctx, i.tx, `UPDATE intervals SET to_at = $3 WHERE component = $1 AND to_at = $2 AND from_at < $3`,
		c, instant(from), instant(to))
	if err != nil {
		return err
	}
	moved, err := many(ctx, i.tx, readInterval, `UPDATE intervals SET from_at = $3
		WHERE component = $1 AND from_at = $2 AND (to_at IS NULL OR to_at > $3)
		RETURNING `+intervalColumns, c, instant(from), instant(to))
	if err != nil {
		return err
	}
	if len(moved) == 0 {
		return ErrNotFound
	}
	return i.tx.Record.intervals(ctx, moved...)
}

// orEver makes the zero time the beginning of time: as an instant it would be NULL, which nothing is later than.
func orEver(t time.Time) instant {
	if t.IsZero() {
		return instant(time.Unix(0, 0))
	}
	return instant(t)
}

func readInterval(scan scan) (v component.Interval, err error) {
	err = scan(&v.Component, &v.Status, (*instant)(&v.From), (*instant)(&v.To), &v.Incident)
	return v, err
}
