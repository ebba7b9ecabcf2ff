package desk

import (
	"context"
	"slices"

	"candor/audience"
	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/promise"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// changeComponents gives the page's components the statuses this word says: for a public incident only, since a rehearsal or a private one
// must not be seen, and not before a maintenance begins.
func (s *saying) changeComponents(ctx context.Context) error {
	if !s.public() || s.incident.Status == incident.Scheduled {
		return nil
	}
	from := s.at
	if s.first && s.incident.StartedAt.Before(s.at) {
		from = s.incident.StartedAt
	}
	changed := false
	// Only what this word changes: repeating that a part is slow must not lift it out of the outage that another incident says it is in.
	for _, a := range s.update.Affected {
		status := s.standing(a.Component, a.New)
		if s.all[a.Component].Status == status {
			continue
		}
		if err := s.tx.Intervals.Change(ctx, a.Component, status, s.incident.ID, from, s.at); err != nil {
			return err
		}
		changed = true
	}
	if !changed {
		return nil
	}
	return s.tx.Changes.Add(ctx, "components", s.at)
}

// settlePromises keeps the last promise of a next word, makes the new one, and the same for the answer about data and the report.
func (s *saying) settlePromises(ctx context.Context) error {
	if s.incident.Visibility == incident.Private {
		return nil // told to nobody, promised to nobody
	}
	if err := s.tx.Promises.Keep(ctx, s.incident.ID, promise.NextUpdate, s.update.ID, s.at); err != nil {
		return err
	}
	if s.update.Automatic {
		if err := s.tx.Promises.KeptItself(ctx, s.incident.ID, s.update.ID); err != nil {
			return err
		}
	}
	if !s.update.NextBy.IsZero() {
		if err := s.promise(ctx, promise.Promise{Kind: promise.NextUpdate, DueAt: s.update.NextBy}); err != nil {
			return err
		}
	}
	if err := s.settleData(ctx); err != nil {
		return err
	}
	if err := s.promiseCredits(ctx); err != nil {
		return err
	}
	if s.incident.ReportDueAt.Equal(s.before.ReportDueAt) {
		return nil
	}
	if err := s.tx.Promises.Withdraw(ctx, s.incident.ID, promise.Report, s.at); err != nil {
		return err
	}
	return s.promise(ctx, promise.Promise{Kind: promise.Report, DueAt: s.incident.ReportDueAt})
}

// settleData: an answer keeps the promise to answer; a new time withdraws the old one, which stays late if it was.
func (s *saying) settleData(ctx context.Context) error {
	is, was := s.update.Fields.Data, s.last.Fields.Data
	if !is.Unanswered() {
		return s.tx.Promises.Keep(ctx, s.incident.ID, promise.DataAnswer, s.update.ID, s.at)
	}
	if is.AnswerBy.IsZero() || (was.Unanswered() && is.AnswerBy.Equal(was.AnswerBy)) {
		return nil
	}
	if err := s.tx.Promises.Withdraw(ctx, s.incident.ID, promise.DataAnswer, s.at); err != nil {
		return err
	}
	return s.promise(ctx, promise.Promise{Kind: promise.DataAnswer, DueAt: is.AnswerBy})
}

func (s *saying) promise(ctx context.Context, p promise.Promise) error {
	p.ID, p.Incident, p.Update, p.MadeAt = id.New[id.Promise](s.at), s.incident.ID, or(p.Update, s.update.ID), s.at
	p.Promiser = or(p.Promiser, s.update.Author, s.incident.Lead)
	if s.incident.Visibility == incident.Rehearsal {
		p.Promiser = s.incident.Lead
	}
	return s.tx.Promises.Add(ctx, p)
}

// announce appends the one row from which duty tells everybody; its audience is who exists now.
func (s *saying) announce(ctx context.Context) error {
	if !s.update.Notify {
		return nil
	}
	return s.tx.Announcements.Add(ctx, reach.Announcement{
		ID: id.New[id.Announcement](s.at), Kind: reach.OnUpdate, Incident: s.incident.ID, Update: s.update.ID,
		Target: s.target(ctx), Priority: s.priority(), AsOf: s.at,
	})
}

func (s *saying) priority() reach.Priority {
	switch {
	case s.incident.Status == incident.Scheduled:
		return reach.Quiet
	case s.first:
		return reach.First
	}
	return reach.Ordinary
}

func (s *saying) target(ctx context.Context) audience.Target {
	t := targetOf(s.incident, s.all, or(staff.Acting(ctx).Person.ID, s.update.Author, s.incident.Lead))
	t.EveryUpdate = t.Everyone && s.update.Holding
	t.Customers = t.Everyone && s.update.Travels(s.last)
	t.Reopens = t.Customers && s.update.Number > 1 && s.update.ChangesSteps(s.last)
	return t
}

// targetOf is who hears about an incident: subscribers of its components or their groups, and of everything. A rehearsal reaches only the
// person who rehearses.
func targetOf(i incident.Incident, all map[id.Component]component.Component, rehearsing id.Person) audience.Target {
	if i.Visibility == incident.Rehearsal {
		return audience.Target{Person: rehearsing}
	}
	t := audience.Target{Everyone: true}
	for _, a := range i.Affected {
		for c := a.Component; c != "" && !slices.Contains(t.Components, c); c = all[c].GroupID {
			t.Components = append(t.Components, c)
		}
	}
	return t
}

// componentsByID reads all of them, archived ones included.
func componentsByID(ctx context.Context, tx *store.Tx) (map[id.Component]component.Component, error) {
	list, err := tx.Components.All(ctx)
	all := make(map[id.Component]component.Component, len(list))
	for _, c := range list {
		all[c.ID] = c
	}
	return all, err
}
