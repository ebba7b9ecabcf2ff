package desk

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/playbook"
	"candor/problem"
)

// answerIn is when we promise to say whether data was harmed, unless somebody chose a time: within the half day in which a customer decides
// whether to change passwords and call the bank.
const answerIn = 4 * time.Hour

func (s *saying) chooseStatus(in Word) {
	i := &s.incident
	next := in.Status
	if next == "" {
		next = s.defaultStatus()
	}
	if !i.MayBecome(next) {
		s.wrong.Add(problem.Field("status", "problem.status"))
		return
	}
	i.Status, s.update.Status = next, next
	if next == incident.Monitoring && i.MonitoringAt.IsZero() {
		i.MonitoringAt = s.at
	}
	switch {
	case i.Open():
		i.ResolvedAt = time.Time{} // what is over is opened again by going back to work on it
	case i.ResolvedAt.IsZero():
		i.ResolvedAt = s.at
	}
}

func (s *saying) defaultStatus() incident.Status {
	i := s.incident
	switch {
	case !s.first:
		return i.Status
	case i.Kind != incident.Maintenance:
		return incident.Investigating
	case i.Window.From.After(s.at):
		return incident.Scheduled
	}
	return incident.InProgress
}

// chooseAffected decides what every component of the incident is doing after this word.
func (s *saying) chooseAffected(ctx context.Context, in Word) error {
	open, err := s.tx.Incidents.Open(ctx)
	if err != nil {
		return err
	}
	s.others = slices.DeleteFunc(open, func(o incident.Incident) bool { return o.ID == s.incident.ID || o.Status == incident.Scheduled })

	i := &s.incident
	said := s.named(in.Affected)
	named := maps.Clone(said)
	now := slices.Clone(i.Affected)
	if s.first && len(in.Affected) > 0 {
		now = nil // what the alert guessed gives way to what a person says
	}
	for n := range now {
		if status, ok := said[now[n].Component]; ok {
			now[n].Status = status
			delete(said, now[n].Component)
		} else if !s.first || in.Affected == nil {
			now[n].Status = s.unsaid(now[n])
		}
	}
	for _, c := range s.inOrder(in.Affected) {
		if status, ok := said[c]; ok {
			now = append(now, incident.Affected{Component: c, Status: status})
			delete(said, c)
		}
	}
	if s.first && i.Kind == incident.Outage && len(now) == 0 {
		now = s.everything()
	}
	i.Affected = now
	s.noteChanges(named)
	return nil
}

// everything is what an outage names when nobody has said yet what is broken: the first word must not wait for that. All of it is out when
// customers cannot work at all; else we do not know, and say so.
func (s *saying) everything() (out []incident.Affected) {
	status := component.Unknown
	if s.incident.CannotWork {
		status = component.MajorOutage
	}
	for _, c := range s.all {
		if !c.Group && !c.Private && c.ArchivedAt.IsZero() {
			out = append(out, incident.Affected{Component: c.ID, Status: status})
		}
	}
	slices.SortFunc(out, func(a, b incident.Affected) int {
		return cmp.Or(cmp.Compare(s.all[a.Component].Position, s.all[b.Component].Position), cmp.Compare(a.Component, b.Component))
	})
	return out
}

// noteChanges records what this word makes of each component; the first word names all of them.
func (s *saying) noteChanges(named map[id.Component]component.Status) {
	was := map[id.Component]component.Status{}
	for _, a := range s.before.Affected {
		was[a.Component] = a.Status
	}
	for _, a := range s.incident.Affected {
		change := incident.Change{Component: a.Component, Old: or(was[a.Component], s.all[a.Component].Status), New: a.Status}
		if s.incident.Status == incident.Scheduled {
			change.Old = s.all[a.Component].Status
			change.New = change.Old // announced, not begun
		} else if s.before.Status == incident.Scheduled {
			change.Old = s.all[a.Component].Status
		} else if _, said := named[a.Component]; said && s.standing(a.Component, a.Status) == a.Status {
			change.Old = s.all[a.Component].Status // somebody may have set it since; who names it again means it
		}
		if s.first || change.Old != change.New {
			s.update.Affected = append(s.update.Affected, change)
		}
	}
}

// named are the leaves a word names with their statuses; a group stands for what it holds.
func (s *saying) named(affected []incident.Affected) map[id.Component]component.Status {
	said := map[id.Component]component.Status{}
	for _, a := range affected {
		if a.Status == "" {
			a.Status = s.statusOf()
		}
		c, known := s.all[a.Component]
		if !known || !c.ArchivedAt.IsZero() || !a.Status.Valid() {
			s.wrong.Add(problem.Field("affected", "problem.component.unknown"))
			continue
		}
		for _, leaf := range s.leavesOf(c) {
			if status, twice := said[leaf]; !twice || !c.Group || a.Status.Worse(status) {
				said[leaf] = a.Status
			}
		}
	}
	return said
}

func (s *saying) inOrder(affected []incident.Affected) (order []id.Component) {
	for _, a := range affected {
		if c, known := s.all[a.Component]; known {
			order = append(order, s.leavesOf(c)...)
		}
	}
	return order
}

func (s *saying) leavesOf(c component.Component) (leaves []id.Component) {
	if !c.Group {
		return []id.Component{c.ID}
	}
	for _, other := range s.all {
		if other.GroupID == c.ID && other.ArchivedAt.IsZero() {
			leaves = append(leaves, s.leavesOf(other)...)
		}
	}
	slices.Sort(leaves)
	return leaves
}

// unsaid is the status of a component this word does not mention: what it was, except that the end of an incident is the end of its
// trouble, and the beginning of a maintenance the beginning of its work. Another open incident may still hold it down.
func (s *saying) unsaid(a incident.Affected) component.Status {
	i := s.incident
	switch {
	case !i.Open():
		return s.heldBy(a.Component)
	case i.Kind == incident.Maintenance && s.before.Status == incident.Scheduled && i.Status != incident.Scheduled:
		return component.Maintenance
	}
	return a.Status
}

// standing is what a component is doing once this incident says status: no better than any other open incident says.
func (s *saying) standing(c id.Component, status component.Status) component.Status {
	return component.WorstOf(status, s.heldBy(c))
}

func (s *saying) heldBy(c id.Component) component.Status {
	worst := component.Operational
	for _, o := range s.others {
		for _, a := range o.Affected {
			if a.Component == c && a.Status.Worse(worst) {
				worst = a.Status
			}
		}
	}
	return worst
}

func (s *saying) chooseImpact(in Word) {
	i := &s.incident
	if in.CannotWork != nil {
		i.CannotWork = *in.CannotWork
	}
	if in.Override != nil {
		s.pick("impact", *in.Override == "" || in.Override.Valid())
		i.Override = *in.Override
	}
	before := s.before.Impact
	if s.before.Override != "" {
		before = "" // an opinion is not history: the formula starts again from what the components say
	}
	i.Impact = impactOf(*i, before, s.all)
}

// impactOf is what everybody sees: a person's word if there is one, else the formula.
func impactOf(i incident.Incident, before incident.Impact, all map[id.Component]component.Component) incident.Impact {
	if i.Override != "" {
		return i.Override
	}
	leaves := 0
	for _, c := range all {
		if !c.Group && !c.Private && c.ArchivedAt.IsZero() {
			leaves++
		}
	}
	return incident.ImpactOf(i.Kind, before, i.Affected, leaves, i.CannotWork)
}

// chooseFields: silence repeats what was said, and at the first word it is the honest default of the kind.
func (s *saying) chooseFields(ctx context.Context, in Word) error {
	before := s.last.Fields
	if s.first {
		before = incident.DefaultFields(s.incident.Kind, s.at.Add(answerIn))
	}
	f := in.Fields.Or(before)
	if in.Fields.Data.State != "" && in.Fields.Data.AnswerBy.IsZero() && f.Data.Unanswered() {
		f.Data.AnswerBy = before.Data.AnswerBy
	}
	f.Data.Steps, f.WorkingOn = f.Data.Steps.Trimmed(), f.WorkingOn.Trimmed()
	s.pick("cause", oneOf(f.Cause.State, incident.CauseStates[:]) && oneOf(f.Cause.Whose, []incident.Whose{"", incident.Ours, incident.Suppliers}))
	s.pick("attack", oneOf(f.Attack, incident.Attacks[:]))
	s.pick("estimate", oneOf(f.Estimate.Kind, incident.EstimateKinds[:]))
	s.pick("data", oneOf(f.Data.State, incident.SafetyStates[:]))
	for class, state := range f.Data.Classes {
		s.pick("data", oneOf(class, incident.DataClasses[:]) && oneOf(state, incident.SafetyStates[:]))
	}
	if f.Data.Harmed() && f.Data.Steps.Empty() {
		s.wrong.Add(problem.Field("data_steps", "problem.data.steps"))
	}
	if by := f.Data.AnswerBy; !by.IsZero() && !by.After(s.at) && !by.Equal(before.Data.AnswerBy) {
		s.wrong.Add(problem.Field("data_answer_by", "problem.next.past"))
	}
	s.update.Fields = f
	if f.Data.State != incident.SafetyUnaffected {
		return nil
	}
	// "Not affected" names who looked (S4).
	s.update.Fields.Data.CheckedBy = or(f.Data.CheckedBy, s.update.Author)
	if s.update.Fields.Data.CheckedBy == "" {
		return nil
	}
	return s.active(ctx, "data_checked_by", s.update.Fields.Data.CheckedBy)
}

// chooseNext promises the next word: by the cadence unless a person chose a time.
func (s *saying) chooseNext(in Word) {
	i, u := s.incident, &s.update
	interval := s.interval()
	u.NextBy, u.NextReason = in.NextBy.UTC().Truncate(time.Microsecond), in.NextReason
	switch {
	case !i.Open(): // whatever the form still held: the last word promises no other
		u.NextBy, u.NextReason = time.Time{}, ""
	case !in.NextBy.IsZero() && !in.NextBy.After(s.at):
		s.wrong.Add(problem.Field("next_by", "problem.next.past"))
	case !in.NextBy.IsZero():
		// The first word is never refused for this; the playbook's findings mention it.
		if !s.first && in.NextReason == "" && in.NextBy.After(s.at.Add(interval+time.Minute)) {
			s.wrong.Add(problem.Field("next_reason", "problem.next.reason"))
		}
	case i.Status == incident.Scheduled || i.Visibility == incident.Private:
		u.NextBy = time.Time{}
	default:
		u.NextBy = s.at.Add(interval)
		if until := i.Window.Until; i.Kind == incident.Maintenance && until.After(s.at) && until.Before(u.NextBy) {
			u.NextBy = until
		}
	}
}

func (s *saying) interval() time.Duration {
	interval, _ := playbook.Interval(s.settings.Cadence, s.incident.Impact, s.incident.Status, s.earning())
	return interval
}

// earning reports whether a component customers earn with is in major outage.
func (s *saying) earning() bool {
	return playbook.Earning(s.incident.Affected, func(a incident.Affected) bool { return s.all[a.Component].Earns })
}

func (s *saying) chooseReport(in Word) {
	if in.ReportByDefault && in.ReportDueAt.IsZero() && s.incident.Status == incident.Resolved && s.before.Open() && s.incident.ReportDueAt.IsZero() {
		in.ReportDueAt = s.settings.ReportDue(s.incident, s.at)
	}
	if in.ReportDueAt.IsZero() {
		return
	}
	if !in.ReportDueAt.After(s.at) {
		s.wrong.Add(problem.Field("report_due_at", "problem.next.past"))
	}
	s.incident.ReportDueAt = in.ReportDueAt.UTC().Truncate(time.Microsecond)
}
