package store

import (
	"context"
	"time"

	"candor/component"
	"candor/id"
)

// Components are what can break. None is ever deleted; an archived one still names the past.
type Components struct{ tx *Tx }

const componentColumns = `id, code, is_group, group_id, name, description, position, earns, private, only_if_degraded, showcase,
	start_date, depends_on, status, since, created_at, updated_at, archived_at`

// All are the components and groups, archived ones included, by position. A page has hundreds at most.
func (c Components) All(ctx context.Context) (_ []component.Component, err error) {
	defer wrap(&err, "read the components")
	return many(ctx, c.tx, readComponent, `SELECT `+componentColumns+` FROM components ORDER BY position, id LIMIT 5000`)
}

// ByID finds one.
func (c Components) ByID(ctx context.Context, x id.Component) (_ component.Component, err error) {
	defer wrap(&err, "read component %s", x)
	return one(ctx, c.tx, readComponent, `SELECT `+componentColumns+` FROM components WHERE id = $1`, x)
}

// ByCode finds one by its public name.
func (c Components) ByCode(ctx context.Context, code id.Code) (_ component.Component, err error) {
	defer wrap(&err, "read component %s", code)
	return one(ctx, c.tx, readComponent, `SELECT `+componentColumns+` FROM components WHERE code = $1`, code)
}

// Add appends one. Its first interval is the caller's to open.
func (c Components) Add(ctx context.Context, x component.Component) (err error) {
	defer wrap(&err, "add component %s", x.ID)
	return exec(ctx, c.tx, `INSERT INTO components (`+componentColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		x.ID, x.Code, x.Group, orNull(string(x.GroupID)), asJSON(&x.Name), asJSON(&x.Description), x.Position, x.Earns, x.Private,
		x.OnlyIfDegraded, x.Showcase, instant(x.StartDate), asJSON(&x.DependsOn), x.Status, instant(x.Since), instant(x.CreatedAt),
		instant(x.UpdatedAt), instant(x.ArchivedAt))
}

// Save keeps everything about one but its status, which has a history of its own.
func (c Components) Save(ctx context.Context, x component.Component) (err error) {
	defer wrap(&err, "save component %s", x.ID)
	was, err := c.ByID(ctx, x.ID)
	if err != nil {
		return err
	}
	err = execOne(ctx, c.tx, `UPDATE components
		SET group_id = $2, name = $3, description = $4, position = $5, earns = $6, private = $7, only_if_degraded = $8, showcase = $9,
			start_date = $10, depends_on = $11, updated_at = $12, archived_at = $13
		WHERE id = $1`,
		x.ID, orNull(string(x.GroupID)), asJSON(&x.Name), asJSON(&x.Description), x.Position, x.Earns, x.Private, x.OnlyIfDegraded,
		x.Showcase, instant(x.StartDate), asJSON(&x.DependsOn), instant(x.UpdatedAt), instant(x.ArchivedAt))
	if err != nil || x.Private || !was.Private && x.GroupID == was.GroupID {
		return err
	}
	return c.tx.Record.shown(ctx, x) // what becomes public, becomes so with its past
}

// SetStatus is the status from now on; Intervals.Change keeps the history and calls it.
func (c Components) SetStatus(ctx context.Context, x id.Component, s component.Status, since, at time.Time) (err error) {
	defer wrap(&err, "set the status of component %s", x)
	return execOne(ctx, c.tx, `UPDATE components SET status = $2, since = $3, updated_at = $4 WHERE id = $1`,
		x, s, instant(since), instant(at))
}

func readComponent(scan scan) (c component.Component, err error) {
	var group *id.Component
	err = scan(&c.ID, &c.Code, &c.Group, &group, asJSON(&c.Name), asJSON(&c.Description), &c.Position, &c.Earns, &c.Private,
		&c.OnlyIfDegraded, &c.Showcase, (*instant)(&c.StartDate), asJSON(&c.DependsOn), &c.Status, (*instant)(&c.Since),
		(*instant)(&c.CreatedAt), (*instant)(&c.UpdatedAt), (*instant)(&c.ArchivedAt))
	if group != nil {
		c.GroupID = *group
	}
	return c, err
}

// orNull keeps an empty reference out of a column with a foreign key.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
