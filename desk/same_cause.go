package desk

import (
	"context"
	"slices"
	"time"

	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/report"
	"candor/staff"
	"candor/store"
)

// SameCause notes that an incident has the same cause as an earlier one. Every action against that cause that was called done, verified or
// dropped is open again, with a new date, and the page says so: it did not hold. Noted twice, it changes nothing.
func (d *Desk) SameCause(ctx context.Context, about, earlier id.Incident) (reopened []report.Action, err error) {
	defer wrap(&err, "note that %s has the cause of %s", about, earlier)
	if err := need(ctx, staff.Say); err != nil {
		return nil, err
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		reopened = nil
		i, err := found(tx.Incidents.ByID(ctx, about))
		if err != nil {
			return err
		}
		before, err := found(tx.Incidents.ByID(ctx, earlier))
		if err != nil {
			return err
		}
		if !mayRepeat(i, before) {
			return problem.Field("earlier", "problem.cause.later")
		}
		added, err := tx.Actions.SameCause(ctx, about, earlier, staff.Acting(ctx).Person.ID, at)
		if err != nil || !added {
			return err
		}
		family, err := familyOf(ctx, tx, earlier)
		if err != nil {
			return err
		}
		for _, x := range family {
			more, err := d.reopenActions(ctx, tx, i, x, at)
			if err != nil {
				return err
			}
			reopened = append(reopened, more...)
		}
		if err := noteIncident(ctx, tx, i, at); err != nil {
			return err
		}
		if err := noteIncident(ctx, tx, before, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "incident same cause", string(about), nil, map[string]any{"earlier": earlier, "reopened": len(reopened)})
	})
	return reopened, err
}

// mayRepeat reports whether one incident can have brought back the cause of another: it came later, and both are of one sort of visibility, so
// that no rehearsal opens what is promised in public.
func mayRepeat(i, before incident.Incident) bool {
	return i.ID != before.ID && i.StartedAt.After(before.StartedAt) && i.Visibility == before.Visibility && i.Visibility != incident.Draft
}

// familyOf are an incident and all whose cause it had in turn.
func familyOf(ctx context.Context, tx *store.Tx, x id.Incident) (family []id.Incident, err error) {
	const most = 100
	for next := []id.Incident{x}; len(next) > 0 && len(family) < most; {
		one := next[0]
		if next = next[1:]; slices.Contains(family, one) {
			continue
		}
		family = append(family, one)
		earlier, err := tx.Actions.Earlier(ctx, one)
		if err != nil {
			return nil, err
		}
		next = append(next, earlier...)
	}
	return family, nil
}

// reopenActions opens what was done against the cause of one incident, because another has brought it back.
func (d *Desk) reopenActions(ctx context.Context, tx *store.Tx, i incident.Incident, of id.Incident, at time.Time) (reopened []report.Action, err error) {
	all, err := tx.Actions.Of(ctx, of)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if a.State == report.Open {
			continue
		}
		x, err := d.doing(ctx, tx, a.ID, at)
		if err != nil {
			return nil, err
		}
		if err := x.again(ctx, report.Action.Reopen); err != nil {
			return nil, err
		}
		if err := tx.Actions.Save(ctx, x.action); err != nil {
			return nil, err
		}
		if err := x.keep(ctx, "action reopen", report.Step{Kind: report.Reopened, Incident: i.ID}); err != nil {
			return nil, err
		}
		reopened = append(reopened, x.action)
	}
	return reopened, nil
}
