package desk

import (
	"context"
	"slices"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/promise"
	"candor/staff"
	"candor/store"
)

// Amend changes what is known about an incident; nothing is sent.
func (d *Desk) Amend(ctx context.Context, to id.Incident, in Facts) (err error) {
	defer wrap(&err, "amend %s", to)
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		s, err := d.startSaying(ctx, tx, "", at)
		if err != nil {
			return err
		}
		if s.incident, err = found(tx.Incidents.ByID(ctx, to)); err != nil {
			return err
		}
		s.before = s.incident
		if err := s.amend(ctx, in); err != nil {
			return err
		}
		if err := s.wrong.Err(); err != nil {
			return err
		}
		return s.keepFacts(ctx)
	})
}

// act runs one act that answers nothing, and wakes whoever shows it.
func (d *Desk) act(ctx context.Context, act func(*store.Tx, time.Time) error) error {
	at := now()
	err := d.db.Write(ctx, func(tx *store.Tx) error { return act(tx, at) })
	if err == nil {
		d.wake()
	}
	return err
}

func (s *saying) amend(ctx context.Context, in Facts) error {
	i := &s.incident
	if title := in.Title.Trimmed(); !title.Empty() {
		checkLines(&s.wrong, "title", title, longestHeading)
		i.Title = title
	}
	i.StartedAt = s.past("started_at", in.StartedAt, i.StartedAt)
	i.DetectedAt = s.past("detected_at", in.DetectedAt, i.DetectedAt)
	i.FirstReportAt = s.past("first_report_at", in.FirstReportAt, i.FirstReportAt)
	s.pick("detected_by", in.DetectedBy == "" || oneOf(in.DetectedBy, incident.Detections[:]))
	i.DetectedBy = or(in.DetectedBy, i.DetectedBy)
	if !in.ReportDueAt.Equal(i.ReportDueAt) {
		s.chooseReport(Word{ReportDueAt: in.ReportDueAt})
	}
	if !in.Window.From.IsZero() || !in.Window.Until.IsZero() {
		s.checkWindow(in.Window)
		i.Window = in.Window
		if in.Window.RemindBefore == nil {
			i.Window.RemindBefore = s.before.Window.RemindBefore
		}
		if i.Status == incident.Scheduled && !in.Window.From.IsZero() {
			i.StartedAt = in.Window.From
		}
	}
	s.chooseImpact(Word{CannotWork: &in.CannotWork, Override: &in.Override})
	if in.Lead == "" || in.Lead == i.Lead {
		return nil
	}
	return s.chooseLead(ctx, in.Lead)
}

// keepFacts writes down what was amended, and moves the beginning of the outage in the components' history with it.
func (s *saying) keepFacts(ctx context.Context) error {
	i := &s.incident
	i.UpdatedAt = s.at
	if err := s.tx.Incidents.Save(ctx, *i); err != nil {
		return err
	}
	if !i.ReportDueAt.Equal(s.before.ReportDueAt) && i.Visibility != incident.Private {
		if err := s.tx.Promises.Withdraw(ctx, i.ID, promise.Report, s.at); err != nil {
			return err
		}
		s.update.Author = staff.Acting(ctx).Person.ID
		if err := s.promise(ctx, promise.Promise{Kind: promise.Report, DueAt: i.ReportDueAt}); err != nil {
			return err
		}
	}
	if err := s.moveNext(ctx); err != nil {
		return err
	}
	if err := s.moveBeginnings(ctx); err != nil {
		return err
	}
	if err := s.setMaintenanceTimers(ctx); err != nil {
		return err
	}
	if err := s.noteChange(ctx); err != nil {
		return err
	}
	return s.desk.audit(ctx, s.tx, s.at, "incident amend", string(i.ID), auditedIncident(s.before), auditedIncident(*i))
}

// moveNext promises the next word sooner where what was learned makes things worse: who turns out to be unable to work does not wait as
// long as was promised to who could. Nothing learned puts a word off: customers were told when it comes.
func (s *saying) moveNext(ctx context.Context) error {
	i, was := s.incident, s.before
	if !i.Open() || i.Status == incident.Scheduled || i.Visibility == incident.Private || i.Impact == was.Impact && i.CannotWork == was.CannotWork {
		return nil
	}
	all, err := s.tx.Promises.ToCustomers(ctx, i.ID)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(all, func(p promise.Promise) bool { return p.Kind == promise.NextUpdate && p.Open() })
	due := s.at.Add(s.interval())
	if n < 0 || !due.Before(all[n].DueAt) {
		return nil
	}
	if err := s.tx.Promises.Withdraw(ctx, i.ID, promise.NextUpdate, s.at); err != nil {
		return err
	}
	return s.promise(ctx, promise.Promise{Kind: promise.NextUpdate, DueAt: due, Update: all[n].Update, Promiser: all[n].Promiser})
}

func (s *saying) moveBeginnings(ctx context.Context) error {
	to := s.incident.StartedAt
	if !s.public() || to.Equal(s.before.StartedAt) {
		return nil
	}
	for _, a := range s.incident.Affected {
		history, err := s.tx.Intervals.Of(ctx, a.Component, time.Time{})
		if err != nil {
			return err
		}
		from, ok := beginningOf(s.incident.ID, history, to)
		if !ok {
			continue
		}
		if err := s.tx.Intervals.Shift(ctx, a.Component, from, to); err != nil {
			return err
		}
	}
	return s.tx.Changes.Add(ctx, "components", s.at)
}

// beginningOf finds where an incident began in a component's history, if that instant can be moved without touching what is recorded
// before and after.
func beginningOf(i id.Incident, history []component.Interval, to time.Time) (from time.Time, ok bool) {
	for n, in := range history {
		if in.Incident != i {
			continue
		}
		return in.From, n > 0 && history[n-1].To.Equal(in.From) && history[n-1].From.Before(to) && (in.To.IsZero() || to.Before(in.To))
	}
	return from, false
}

// SetAside makes a draft private: nothing of it becomes public. A rehearsal is set aside when it is over.
func (d *Desk) SetAside(ctx context.Context, to id.Incident) (err error) {
	defer wrap(&err, "set %s aside", to)
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		i, err := found(tx.Incidents.ByID(ctx, to))
		if err != nil {
			return err
		}
		before := auditedIncident(i)
		switch i.Visibility {
		case incident.Draft:
			i.Visibility = incident.Private
		case incident.Rehearsal:
		default:
			return problem.New(problem.Conflict, "problem.incident.no_draft")
		}
		if i.ResolvedAt.IsZero() {
			i.ResolvedAt = at
		}
		i.UpdatedAt = at
		for _, kind := range []promise.Kind{promise.NextUpdate, promise.DataAnswer, promise.Report, promise.CorrectiveAction} {
			if err := tx.Promises.Withdraw(ctx, i.ID, kind, at); err != nil {
				return err
			}
		}
		if err := tx.Timers.Cancel(ctx, string(i.ID), "set aside", at); err != nil {
			return err
		}
		if err := tx.Incidents.Save(ctx, i); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "incident set aside", string(i.ID), before, auditedIncident(i))
	})
}
