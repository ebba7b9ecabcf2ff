package desk

import (
	"context"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/playbook"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// Declare opens an incident, or publishes a draft, with its first word.
func (d *Desk) Declare(ctx context.Context, in Declaration) (i incident.Incident, u incident.Update, err error) {
	defer wrap(&err, "declare an incident")
	if err := need(ctx, staff.Say); err != nil {
		return i, u, err
	}
	in.First.Read = playbook.ReadAll(in.First.Body)
	key := onceKey(ctx, "declare", in.First.Key)
	return d.saidOnce(ctx, key, func(s *saying) error {
		if err := s.open(ctx, in); err != nil {
			return err
		}
		return s.say(ctx, in.First)
	})
}

// Reach is how many people Declare or Post would reach, for "this reaches N people" before posting.
func (d *Desk) Reach(ctx context.Context, affected []id.Component) (n int64, err error) {
	defer wrap(&err, "count whom this reaches")
	if err := need(ctx, staff.Say); err != nil {
		return 0, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		n, err = tx.Contacts.CountReached(ctx, affected)
		return err
	})
	return n, err
}

// open prepares the incident of a declaration: everything but the word itself.
func (s *saying) open(ctx context.Context, in Declaration) error {
	if err := s.begin(ctx, in); err != nil {
		return err
	}
	s.first = true
	i := &s.incident
	s.pick("kind", in.Kind == "" || oneOf(in.Kind, incident.Kinds[:]))
	s.pick("detected_by", in.DetectedBy == "" || oneOf(in.DetectedBy, incident.Detections[:]))
	s.pick("impact", in.Override == "" || in.Override.Valid())
	s.pick("visibility", oneOf(in.Visibility, []incident.Visibility{"", incident.Public, incident.Private, incident.Rehearsal}))
	i.Kind = or(in.Kind, i.Kind, incident.Outage)
	i.Visibility = or(in.Visibility, incident.Public)
	if title := in.Title.Trimmed(); !title.Empty() {
		i.Title = title
	}
	i.CannotWork, i.Override = in.CannotWork, in.Override
	s.checkWindow(in.Window)
	i.Window = in.Window
	if i.Kind == incident.Maintenance && in.Window.RemindBefore == nil {
		i.Window.RemindBefore = s.settings.Remind
	}
	i.StartedAt = s.past("started_at", in.StartedAt, i.StartedAt)
	if i.Kind == incident.Maintenance && in.StartedAt.IsZero() && !in.Window.From.IsZero() {
		i.StartedAt = in.Window.From
	}
	i.DetectedAt = s.past("detected_at", in.DetectedAt, or2(i.DetectedAt, s.at))
	i.DetectedBy = or(in.DetectedBy, i.DetectedBy, incident.ByStaff)
	i.FirstReportAt = s.past("first_report_at", in.FirstReportAt, i.FirstReportAt)
	i.DeclaredAt = s.at
	if err := s.chooseAudience(ctx, in); err != nil {
		return err
	}
	return s.chooseLead(ctx, or(in.Lead, staff.Acting(ctx).Person.ID, in.First.Author))
}

// begin finds the draft to be published, or makes a new incident.
func (s *saying) begin(ctx context.Context, in Declaration) (err error) {
	if in.Draft != "" {
		s.incident, err = found(s.tx.Incidents.ByID(ctx, in.Draft))
		if err == nil && s.incident.Visibility != incident.Draft {
			err = problem.New(problem.Conflict, "problem.incident.no_draft")
		}
		return err
	}
	number, err := s.tx.Incidents.NextNumber(ctx)
	s.incident = incident.Incident{
		ID: id.New[id.Incident](s.at), Code: id.NewCode(), Number: number, StartedAt: s.at, CreatedAt: s.at,
	}
	s.isNew = true
	return err
}

func (s *saying) chooseLead(ctx context.Context, lead id.Person) error {
	if s.incident.Visibility == incident.Rehearsal {
		lead = or(staff.Acting(ctx).Person.ID, lead) // nobody else is to be reminded of a drill
	}
	s.incident.Lead = lead
	if lead == "" {
		return nil // a program on the machine itself: the word still needs an author
	}
	return s.active(ctx, "lead", lead)
}

// checkWindow refuses a maintenance that ends before it begins.
func (s *saying) checkWindow(w incident.Window) {
	if !w.From.IsZero() && !w.Until.IsZero() && !w.Until.After(w.From) {
		s.wrong.Add(problem.Field("window_until", "problem.window"))
	}
}

// past is a time that must have come already, or the default. Whoever types a minute that is not over yet means now.
func (s *saying) past(field string, t, otherwise time.Time) time.Time {
	if t.IsZero() {
		return otherwise
	}
	if t.After(s.at.Add(time.Minute)) {
		s.wrong.Add(problem.Field(field, "problem.future"))
	}
	if t.After(s.at) {
		return s.at
	}
	return t.UTC().Truncate(time.Microsecond)
}

// statusOf is what a component named without a status is doing: the worse guess where customers cannot work at all.
func (s *saying) statusOf() component.Status {
	switch {
	case s.incident.Kind == incident.Maintenance:
		return component.Maintenance
	case s.incident.CannotWork:
		return component.MajorOutage
	}
	return component.PartialOutage
}
