package desk

import (
	"context"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// A Past is an incident that was over before Candor kept the record, told with two words: the first and the last.
type Past struct {
	Kind        incident.Kind
	Title       lang.Text
	StartedAt   time.Time
	DeclaredAt  time.Time
	ResolvedAt  time.Time
	Affected    []incident.Affected // as bad as it was
	Author      id.Person
	First, Last lang.Text
}

// Backfill writes down what happened before Candor was here, so that the page does not begin with an unexplained silence. Nothing is sent,
// nothing is promised, and a component's recorded past is only filled where nothing but ordinary service stood.
func (d *Desk) Backfill(ctx context.Context, in Past) (i incident.Incident, err error) {
	defer wrap(&err, "backfill an incident")
	if err := need(ctx, staff.Say); err != nil {
		return i, err
	}
	at := now()
	if !in.ResolvedAt.After(in.StartedAt) || in.ResolvedAt.After(at) {
		return i, problem.Field("resolved_at", "problem.window")
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		number, err := tx.Incidents.NextNumber(ctx)
		if err != nil {
			return err
		}
		i = pastIncident(in, number, at)
		if err := tx.Incidents.Add(ctx, i); err != nil {
			return err
		}
		for _, u := range pastUpdates(in, i) {
			if err := tx.Updates.Add(ctx, u, ""); err != nil {
				return err
			}
		}
		for _, a := range in.Affected {
			if err := tx.Intervals.Insert(ctx, a.Component, a.Status, i.ID, i.StartedAt, i.ResolvedAt); err != nil {
				return err
			}
		}
		if err := tx.Changes.Add(ctx, "incident:"+string(i.ID), at); err != nil {
			return err
		}
		if err := tx.Changes.Add(ctx, "components", at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "incident backfill", string(i.ID), nil, i)
	})
	if err == nil {
		d.wake()
	}
	return i, err
}

func pastIncident(in Past, number int64, at time.Time) incident.Incident {
	instants := [...]*time.Time{&in.StartedAt, &in.DeclaredAt, &in.ResolvedAt}
	for _, t := range instants {
		*t = t.UTC().Truncate(time.Microsecond)
	}
	i := incident.Incident{
		ID: id.New[id.Incident](in.StartedAt), Code: id.NewCode(), Number: number, Kind: or(in.Kind, incident.Outage),
		Visibility: incident.Public, Title: in.Title.Trimmed(), Status: incident.Resolved, Lead: in.Author,
		StartedAt: in.StartedAt, DetectedAt: in.StartedAt, DetectedBy: incident.ByStaff, DeclaredAt: in.DeclaredAt,
		ResolvedAt: in.ResolvedAt, CreatedAt: at, UpdatedAt: in.ResolvedAt,
	}
	i.Impact = incident.ImpactOf(i.Kind, incident.ImpactNone, in.Affected, 0, false)
	for _, a := range in.Affected {
		i.Affected = append(i.Affected, incident.Affected{Component: a.Component, Status: "operational"})
	}
	return i
}

func pastUpdates(in Past, i incident.Incident) []incident.Update {
	word := func(n int, s incident.Status, body lang.Text, at time.Time) incident.Update {
		return incident.Update{
			ID: id.New[id.Update](at), Code: id.NewCode(), Incident: i.ID, Number: n, Status: s, Author: in.Author,
			Body: body.Trimmed(), Fields: incident.DefaultFields(i.Kind, time.Time{}), At: at,
		}
	}
	first := word(1, incident.Investigating, in.First, i.DeclaredAt)
	last := word(2, incident.Resolved, in.Last, i.ResolvedAt)
	for _, a := range in.Affected {
		first.Affected = append(first.Affected, incident.Change{Component: a.Component, Old: "operational", New: a.Status})
		last.Affected = append(last.Affected, incident.Change{Component: a.Component, Old: a.Status, New: "operational"})
	}
	return []incident.Update{first, last}
}

// BackfillComponent says that a component worked from an instant on, before Candor watched it. Whoever says so is in the audit.
func (d *Desk) BackfillComponent(ctx context.Context, c id.Component, from time.Time) (err error) {
	defer wrap(&err, "backfill %s", c)
	if err := need(ctx, staff.Arrange); err != nil {
		return err
	}
	at := now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Intervals.Extend(ctx, c, from.UTC().Truncate(time.Microsecond)); err != nil {
			return err
		}
		if err := tx.Changes.Add(ctx, "components", at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "component backfill", string(c), nil, map[string]time.Time{"from": from})
	})
	if err == nil {
		d.wake()
	}
	return err
}
