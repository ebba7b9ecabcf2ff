package store

import (
	"context"
	"fmt"
	"time"

	"candor/component"
	"candor/id"
)

// Extend makes the first interval of a component begin earlier, operational: somebody says it worked before it was watched.
func (i Intervals) Extend(ctx context.Context, c id.Component, from time.Time) (err error) {
	defer wrap(&err, "extend the history of component %s", c)
	first, err := one(ctx, i.tx, readInterval, `SELECT `+intervalColumns+` FROM intervals WHERE component = $1 ORDER BY from_at LIMIT 1`, c)
	if err != nil || !from.Before(first.From) {
		return err
	}
	return i.add(ctx, component.Interval{Component: c, Status: component.Operational, From: from, To: first.From})
}

// Insert puts a trouble of the past into a time that was recorded as ordinary service, or never recorded. Two troubles cannot lie over each
// other: the second is refused.
func (i Intervals) Insert(ctx context.Context, c id.Component, s component.Status, by id.Incident, from, to time.Time) (err error) {
	defer wrap(&err, "insert into the history of component %s", c)
	around, err := many(ctx, i.tx, readInterval, `SELECT `+intervalColumns+` FROM intervals
		WHERE component = $1 AND from_at < $3 AND (to_at IS NULL OR to_at > $2)
		ORDER BY from_at
		LIMIT 2`, c, instant(from), instant(to))
	if err != nil {
		return err
	}
	add := func(s component.Status, by id.Incident, from, to time.Time) error {
		return i.add(ctx, component.Interval{Component: c, Status: s, From: from, To: to, Incident: by})
	}
	switch {
	case len(around) == 0:
		return add(s, by, from, to)
	case len(around) > 1 || around[0].Status != component.Operational || around[0].From.After(from) || (!around[0].To.IsZero() && around[0].To.Before(to)):
		return fmt.Errorf("%s to %s is not free: %w", from.Format(time.RFC3339), to.Format(time.RFC3339), ErrExists)
	}
	was := around[0]
	if err := execOne(ctx, i.tx, `UPDATE intervals SET to_at = $3 WHERE component = $1 AND from_at = $2`, c, instant(was.From), instant(from)); err != nil {
		return err
	}
	if err := add(s, by, from, to); err != nil {
		return err
	}
	return add(was.Status, was.Incident, to, was.To)
}
