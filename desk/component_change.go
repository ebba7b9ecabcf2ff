package desk

import (
	"context"
	"slices"
	"time"

	"candor/component"
	"candor/id"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// AddComponent appends a component or a group.
func (d *Desk) AddComponent(ctx context.Context, in ComponentForm) (c component.Component, err error) {
	defer wrap(&err, "add a component")
	if err := need(ctx, staff.Arrange); err != nil {
		return c, err
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		all, err := componentsByID(ctx, tx)
		if err != nil {
			return err
		}
		c = component.Component{
			ID: id.New[id.Component](at), Code: id.NewCode(), Group: in.Group, Status: or(in.Status, component.Operational), Since: at, CreatedAt: at,
		}
		if in.Position == 0 {
			in.Position = lastPosition(all, in.GroupID) + 1
		}
		if err := fillComponent(&c, in, all, at); err != nil {
			return err
		}
		if err := tx.Components.Add(ctx, c); err != nil {
			return err
		}
		if !c.Group {
			if err := tx.Intervals.Begin(ctx, c.ID, c.Status, at); err != nil {
				return err
			}
		}
		return d.noteComponent(ctx, tx, at, "component add", nil, c)
	})
	return c, err
}

// ChangeComponent changes a component; Group cannot change.
func (d *Desk) ChangeComponent(ctx context.Context, x id.Component, in ComponentForm) (err error) {
	defer wrap(&err, "change component %s", x)
	if err := need(ctx, staff.Arrange); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		all, err := componentsByID(ctx, tx)
		if err != nil {
			return err
		}
		before, known := all[x]
		if !known {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		after := before
		if err := fillComponent(&after, in, all, at); err != nil {
			return err
		}
		if err := tx.Components.Save(ctx, after); err != nil {
			return err
		}
		if in.Status != "" && in.Status != before.Status && !before.Group {
			after.Status = in.Status
			if err := tx.Intervals.Change(ctx, x, in.Status, "", at, at); err != nil {
				return err
			}
		}
		return d.noteComponent(ctx, tx, at, "component change", before, after)
	})
}

// ArchiveComponent takes a component off the page; its past stays.
func (d *Desk) ArchiveComponent(ctx context.Context, x id.Component) (err error) {
	defer wrap(&err, "archive component %s", x)
	if err := need(ctx, staff.Arrange); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		all, err := componentsByID(ctx, tx)
		if err != nil {
			return err
		}
		before, known := all[x]
		if !known {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		if !before.ArchivedAt.IsZero() {
			return nil
		}
		for _, c := range all {
			if c.GroupID == x && c.ArchivedAt.IsZero() {
				return problem.New(problem.Conflict, "problem.component.occupied")
			}
		}
		if inUse, err := affectedNow(ctx, tx, x); err != nil || inUse {
			return errOr(err, problem.New(problem.Conflict, "problem.component.in_incident"))
		}
		after := before
		after.ArchivedAt, after.UpdatedAt = at, at
		if err := tx.Components.Save(ctx, after); err != nil {
			return err
		}
		return d.noteComponent(ctx, tx, at, "component archive", before, after)
	})
}

// SetStatus sets a component's status without an incident.
func (d *Desk) SetStatus(ctx context.Context, x id.Component, status component.Status) (err error) {
	defer wrap(&err, "set the status of component %s", x)
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	if !status.Valid() {
		return problem.Field("status", "problem.choice")
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		c, err := found(tx.Components.ByID(ctx, x))
		if err != nil {
			return err
		}
		if c.Group || !c.ArchivedAt.IsZero() {
			return problem.Field("status", "problem.component.unknown")
		}
		if c.Status == status {
			return nil
		}
		before := c
		if err := tx.Intervals.Change(ctx, x, status, "", at, at); err != nil {
			return err
		}
		c.Status = status
		return d.noteComponent(ctx, tx, at, "component status", before, c)
	})
}

func (d *Desk) noteComponent(ctx context.Context, tx *store.Tx, at time.Time, act string, before any, after component.Component) error {
	if err := tx.Changes.Add(ctx, "components", at); err != nil {
		return err
	}
	return d.audit(ctx, tx, at, act, string(after.ID), before, after)
}

// fillComponent takes what a person decided, or says all that is wrong with it.
func fillComponent(c *component.Component, in ComponentForm, all map[id.Component]component.Component, at time.Time) error {
	var wrong problem.List
	c.Name, c.Description = in.Name.Trimmed(), in.Description.Trimmed()
	if c.Name.Empty() {
		wrong.Add(problem.Field("name", "problem.text.empty"))
	}
	checkLines(&wrong, "name", c.Name, longestHeading)
	checkLines(&wrong, "description", c.Description, longestNote)
	if in.Status != "" && !in.Status.Valid() {
		wrong.Add(problem.Field("status", "problem.choice"))
	}
	if !mayHold(in.GroupID, c.ID, all) {
		wrong.Add(problem.Field("group_id", "problem.component.group"))
	}
	for _, other := range in.DependsOn {
		if _, known := all[other]; !known || other == c.ID {
			wrong.Add(problem.Field("depends_on", "problem.component.unknown"))
			break
		}
	}
	c.GroupID, c.Position, c.DependsOn = in.GroupID, in.Position, slices.Compact(slices.Sorted(slices.Values(in.DependsOn)))
	c.Earns, c.Private, c.OnlyIfDegraded, c.Showcase = in.Earns, in.Private, in.OnlyIfDegraded, in.Showcase
	c.StartDate, c.UpdatedAt = in.StartDate.UTC().Truncate(time.Microsecond), at
	if in.StartDate.IsZero() {
		c.StartDate = time.Time{}
	}
	return wrong.Err()
}

// mayHold reports whether a component may lie in a group: one that exists, is offered, and is not inside the component itself.
func mayHold(group, c id.Component, all map[id.Component]component.Component) bool {
	for depth := 0; group != ""; depth++ {
		g, known := all[group]
		if !known || !g.Group || g.ID == c || !g.ArchivedAt.IsZero() || depth > len(all) {
			return false
		}
		group = g.GroupID
	}
	return true
}

func lastPosition(all map[id.Component]component.Component, group id.Component) (last int) {
	for _, c := range all {
		if c.GroupID == group {
			last = max(last, c.Position)
		}
	}
	return last
}

// affectedNow reports whether customers still wait for the end of an incident that names the component.
func affectedNow(ctx context.Context, tx *store.Tx, x id.Component) (bool, error) {
	open, err := tx.Incidents.Open(ctx)
	for _, i := range open {
		for _, a := range i.Affected {
			if a.Component == x {
				return true, err
			}
		}
	}
	return false, err
}

func errOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
