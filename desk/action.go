package desk

import (
	"context"
	"strings"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/promise"
	"candor/report"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// A doing is something that becomes of one action. It lives within one transaction.
type doing struct {
	tx       *store.Tx
	desk     *Desk
	at       time.Time
	by       id.Person
	settings settings.Settings
	incident incident.Incident
	action   report.Action
	before   report.Action
}

// AddAction notes what is to be done against the cause of an incident. It becomes public with the report, or at once if that is out.
func (d *Desk) AddAction(ctx context.Context, about id.Incident, in ActionDraft) (a report.Action, err error) {
	defer wrap(&err, "add an action to %s", about)
	if err := need(ctx, staff.Say); err != nil {
		return a, err
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		i, err := found(tx.Incidents.ByID(ctx, about))
		if err != nil {
			return err
		}
		if i.Visibility == incident.Draft || i.Kind == incident.Maintenance {
			return problem.New(problem.Conflict, "problem.report.open")
		}
		x := &doing{tx: tx, desk: d, at: at, by: staff.Acting(ctx).Person.ID, incident: i}
		if x.settings, _, err = tx.Settings.Load(ctx); err != nil {
			return err
		}
		x.action = report.Action{ID: id.New[id.Action](at), Code: id.NewCode(), Incident: about, State: report.Open, CreatedAt: at}
		if err := x.choose(ctx, in); err != nil {
			return err
		}
		if err := tx.Actions.Add(ctx, x.action); err != nil {
			return err
		}
		r, err := tx.Reports.Of(ctx, about)
		if err == nil && r.State == report.Published || x.action.Internal {
			err = x.bind(ctx)
		}
		if err = notMissing(err); err != nil {
			return err
		}
		a = x.action
		return x.keep(ctx, "action add", report.Step{Kind: report.Opened})
	})
	return a, err
}

// notMissing is an error, unless it says that something is not there.
func notMissing(err error) error {
	if _, err = found(0, err); problem.Is(err, problem.NotFound) {
		return nil
	}
	return err
}

// ChangeAction changes what is to be done, by whom, or by when. A new date is a new promise; when the old one was due stays on record.
func (d *Desk) ChangeAction(ctx context.Context, x id.Action, in ActionDraft) error {
	return d.do(ctx, x, "action change", func(x *doing) (report.Step, error) {
		step := report.Step{Kind: report.Changed}
		if err := x.action.MayChange(); err != nil {
			return step, err
		}
		if err := x.choose(ctx, in); err != nil {
			return step, err
		}
		if x.action.Internal != x.before.Internal {
			return step, problem.Field("internal", "problem.action.internal")
		}
		if x.action.State != report.Open || x.action.DueAt.Equal(x.before.DueAt) && x.action.Owner == x.before.Owner {
			return step, nil
		}
		return step, x.rebind(ctx)
	})
}

// FinishAction notes that it is done. Somebody else looks later whether it works.
func (d *Desk) FinishAction(ctx context.Context, x id.Action, note lang.Text) error {
	return d.do(ctx, x, "action done", func(x *doing) (report.Step, error) {
		step := report.Step{Kind: report.Finished, Note: note}
		next, err := x.action.Finish(or(x.by, x.action.Owner), x.at, x.settings.Reports.Waiting())
		if err != nil {
			return step, err
		}
		x.action = next
		return step, x.tx.Promises.KeepOne(ctx, next.Promise, x.at)
	})
}

// VerifyAction notes that somebody other than its owner has seen it work, and what they saw. Customers read it.
func (d *Desk) VerifyAction(ctx context.Context, x id.Action, evidence lang.Text) error {
	return d.do(ctx, x, "action verify", func(x *doing) (report.Step, error) {
		step := report.Step{Kind: report.Proved, Note: evidence.Trimmed()}
		if step.Note.Empty() {
			return step, problem.Field("note", "problem.action.evidence")
		}
		next, err := x.action.Verify(x.by, x.at, step.Note)
		x.action = next
		return step, err
	})
}

// RefuteAction opens an action again that was done and does not hold.
func (d *Desk) RefuteAction(ctx context.Context, x id.Action, why lang.Text) error {
	return d.do(ctx, x, "action refute", func(x *doing) (report.Step, error) {
		step := report.Step{Kind: report.Refuted, Note: why.Trimmed()}
		if step.Note.Empty() {
			return step, problem.Field("note", "problem.text.empty")
		}
		return step, x.again(ctx, report.Action.Refute)
	})
}

// DropAction ends an action that will not be done, and says why to everybody it was promised to.
func (d *Desk) DropAction(ctx context.Context, x id.Action, why lang.Text) error {
	return d.do(ctx, x, "action drop", func(x *doing) (report.Step, error) {
		step := report.Step{Kind: report.GivenUp, Note: why.Trimmed()}
		if step.Note.Empty() {
			return step, problem.Field("note", "problem.text.empty")
		}
		next, err := x.action.Drop()
		if err != nil {
			return step, err
		}
		x.action = next
		return step, x.tx.Promises.WithdrawOne(ctx, next.Promise, x.at)
	})
}

// do is one thing that becomes of an action. That it is done, its owner may say who else says nothing for the company.
func (d *Desk) do(ctx context.Context, which id.Action, act string, f func(*doing) (report.Step, error)) (err error) {
	defer wrap(&err, "%s %s", act, which)
	if err := need(ctx, staff.Look); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		x, err := d.doing(ctx, tx, which, at)
		if err != nil {
			return err
		}
		if act != "action done" || x.by != x.action.Owner {
			if err := need(ctx, staff.Say); err != nil {
				return err
			}
		}
		step, err := f(x)
		if err != nil {
			return err
		}
		var wrong problem.List
		for _, note := range step.Note {
			checkNote(&wrong, "note", note, longestNote)
		}
		if err := wrong.Err(); err != nil {
			return err
		}
		if err := tx.Actions.Save(ctx, x.action); err != nil {
			return err
		}
		return x.keep(ctx, act, step)
	})
}

func (d *Desk) doing(ctx context.Context, tx *store.Tx, which id.Action, at time.Time) (x *doing, err error) {
	x = &doing{tx: tx, desk: d, at: at, by: staff.Acting(ctx).Person.ID}
	if x.action, err = found(tx.Actions.ByID(ctx, which)); err != nil {
		return x, err
	}
	x.before = x.action
	if x.incident, err = tx.Incidents.ByID(ctx, x.action.Incident); err != nil {
		return x, err
	}
	x.settings, _, err = tx.Settings.Load(ctx)
	return x, err
}

// choose takes what somebody wrote, all faults at once.
func (x *doing) choose(ctx context.Context, in ActionDraft) error {
	var wrong problem.List
	a := &x.action
	a.Kind, a.Internal, a.Title, a.Owner, a.Ticket = in.Kind, in.Internal, in.Title.Trimmed(), or(in.Owner, a.Owner, x.by), strings.TrimSpace(in.Ticket)
	if !oneOf(a.Kind, report.ActionKinds[:]) {
		wrong.Add(problem.Field("kind", "problem.choice"))
	}
	if a.Title.Empty() {
		wrong.Add(problem.Field("title", "problem.text.empty"))
	}
	checkLines(&wrong, "title", a.Title, longestHeading)
	if checkLine(&wrong, "ticket", a.Ticket, longestNote) && a.Ticket != "" {
		if _, ok := a.Ticketed(); !ok {
			wrong.Add(problem.Field("ticket", "problem.action.ticket"))
		}
	}
	owner, err := thePerson(ctx, x.tx, a.Owner)
	if problem.Is(err, problem.NotFound) || err == nil && !owner.Active() {
		wrong.Add(problem.Field("owner", "problem.author"))
		err = nil
	}
	if err != nil {
		return err
	}
	due := in.DueAt.UTC().Truncate(time.Microsecond)
	switch {
	case in.DueAt.IsZero() && a.DueAt.IsZero():
		due = x.due()
	case in.DueAt.IsZero():
		due = a.DueAt
	case !due.Equal(a.DueAt) && !due.After(x.at):
		wrong.Add(problem.Field("due_at", "problem.next.past"))
	}
	a.DueAt = due
	return wrong.Err()
}

// due is by when an action that begins now is to be done.
func (x *doing) due() time.Time { return x.settings.ActionDue(report.Urgent(x.incident.Impact), x.at) }

// bind makes an action a promise: to customers, if they may read of it.
func (x *doing) bind(ctx context.Context) error {
	a := &x.action
	p := promise.Promise{
		ID: id.New[id.Promise](x.at), Kind: promise.CorrectiveAction, Incident: a.Incident, Promiser: a.Owner, MadeAt: x.at, DueAt: a.DueAt,
	}
	p.Text, _ = a.Title.In(x.settings.Default(), x.settings.Default())
	if a.Internal {
		p.To = promise.Staff
	} else if a.PublishedAt.IsZero() {
		a.PublishedAt = x.at
	}
	a.Promise = p.ID
	if err := x.tx.Promises.Add(ctx, p); err != nil {
		return err
	}
	return x.tx.Actions.Save(ctx, *a)
}

// rebind withdraws the promise that binds and makes another, if one was made at all.
func (x *doing) rebind(ctx context.Context) error {
	if !x.action.Internal && x.action.PublishedAt.IsZero() {
		return nil // nobody has heard of it
	}
	if err := x.tx.Promises.WithdrawOne(ctx, x.action.Promise, x.at); err != nil {
		return err
	}
	return x.bind(ctx)
}

// again opens an action a second time, with a new date.
func (x *doing) again(ctx context.Context, way func(report.Action, time.Time) (report.Action, error)) error {
	next, err := way(x.action, x.due())
	if err != nil {
		return err
	}
	x.action = next
	return x.rebind(ctx)
}

// keep notes the step, and that the page reads differently.
func (x *doing) keep(ctx context.Context, act string, step report.Step) error {
	step.Action, step.By, step.DueAt, step.At = x.action.ID, x.by, x.action.DueAt, x.at
	if err := x.tx.Actions.Note(ctx, step); err != nil {
		return err
	}
	if x.action.Public() {
		if err := noteIncident(ctx, x.tx, x.incident, x.at); err != nil {
			return err
		}
	}
	var before any
	if x.before.ID != "" {
		before = auditedAction(x.before)
	}
	return x.desk.audit(ctx, x.tx, x.at, act, string(x.action.Incident), before, auditedAction(x.action))
}

// auditedAction is an action without the words.
func auditedAction(a report.Action) map[string]any {
	return map[string]any{
		"action": a.ID, "kind": a.Kind, "internal": a.Internal, "owner": a.Owner, "state": a.State, "due": a.DueAt, "verified_by": a.VerifiedBy,
	}
}

// promiseActions makes every action of a report that goes out a promise, with its date.
func (p *publication) promiseActions(ctx context.Context) error {
	for _, a := range p.actions {
		if a.Internal || !a.PublishedAt.IsZero() {
			continue
		}
		x := &doing{tx: p.tx, desk: p.desk, at: p.at, settings: p.settings, incident: p.incident, action: a}
		if a.State != report.Open { // done before anybody heard of it: there is nothing left to promise
			x.action.PublishedAt = p.at
			if err := p.tx.Actions.Save(ctx, x.action); err != nil {
				return err
			}
			continue
		}
		if err := x.bind(ctx); err != nil {
			return err
		}
	}
	return nil
}
