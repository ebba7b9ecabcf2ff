package desk

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/report"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// BeginReport begins the report of an incident that is over: what happened is written already, from the incident's own facts, and the
// company's words stand where people usually do not know how to begin. Who begins one that exists gets that one.
func (d *Desk) BeginReport(ctx context.Context, about id.Incident) (x report.Report, err error) {
	defer wrap(&err, "begin the report of %s", about)
	if err := need(ctx, staff.Say); err != nil {
		return x, err
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		i, err := found(tx.Incidents.ByID(ctx, about))
		if err != nil {
			return err
		}
		if x, err = tx.Reports.Of(ctx, about); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if !report.Reportable(i) {
			return problem.New(problem.Conflict, "problem.report.open")
		}
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		l, err := LedgerOf(ctx, tx, i)
		if err != nil {
			return err
		}
		x = report.Report{
			ID: id.New[id.Report](at), Code: id.NewCode(), Incident: about, State: report.Draft, Version: 1,
			Author: or(staff.Acting(ctx).Person.ID, i.Lead), CreatedAt: at, UpdatedAt: at,
			Account: report.Account{Words: beginning(s, i), Happened: l.Happened(), Impact: l.Impact(at)},
		}
		if err := tx.Reports.Add(ctx, x); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "report begin", string(about), nil, map[string]any{"report": x.ID})
	})
	return x, err
}

// begun are the parts that the house begins with words, by kind of incident.
var begun = [...]report.Part{report.Summary, report.Cause, report.Apology}

// beginning is what a report says before anybody has written in it, in every language the company speaks.
func beginning(s settings.Settings, i incident.Incident) map[report.Part]lang.Text {
	words := map[report.Part]lang.Text{}
	for _, p := range begun {
		words[p] = lang.Text{}
		for _, tag := range s.Languages {
			w := lang.For(tag)
			title, _ := i.Title.In(tag, s.Default())
			words[p][tag] = w.T("report.template."+string(i.Kind)+"."+string(p), "blank", BlankOf, "company", s.Company, "title", strings.TrimRight(title, ".。"),
				"from", w.Both(i.StartedAt, s.Zoned()), "duration", w.Duration(max(i.ResolvedAt.Sub(i.StartedAt), time.Minute).Truncate(time.Minute)))
		}
	}
	return words
}

// LedgerOf gathers what Candor knows of an incident.
func LedgerOf(ctx context.Context, tx *store.Tx, i incident.Incident) (l report.Ledger, err error) {
	defer wrap(&err, "gather what is known of %s", i.ID)
	l.Incident = i
	if l.Updates, err = tx.Updates.Of(ctx, i.ID); err != nil {
		return l, err
	}
	if l.Promises, err = tx.Promises.ToCustomers(ctx, i.ID); err != nil {
		return l, err
	}
	if l.Components, err = tx.Components.All(ctx); err != nil {
		return l, err
	}
	private := map[id.Component]bool{}
	for _, c := range l.Components {
		private[c.ID] = c.Private
	}
	for _, c := range l.Components { // what is in a private group is private (V23): no report tells of it
		private[c.ID] = private[c.ID] || private[c.GroupID]
	}
	for _, a := range i.Affected {
		if private[a.Component] {
			continue
		}
		history, err := tx.Intervals.Of(ctx, a.Component, i.StartedAt.Add(-time.Microsecond))
		if err != nil {
			return l, err
		}
		l.Intervals = append(l.Intervals, history...)
	}
	standings, err := tx.Affected.Count(ctx, i.ID)
	if err != nil {
		return l, err
	}
	covered := reach.Cover(slices.Values(standings))
	l.Told, l.Reached, l.Customers = covered.All.Told, covered.All.Reached, map[id.Component]int64{}
	named := int64(0)
	for c, f := range covered.ByComponent {
		if private[c] {
			c = ""
		}
		l.Customers[c] += f.Affected
		named += f.Affected
	}
	if rest := covered.All.Affected - named; rest > 0 {
		l.Customers[""] = rest
	}
	counts, err := tx.Announcements.CountsOfIncident(ctx, i.ID)
	l.Messages = counts.Told()
	return l, err
}

// WriteReport keeps what was written so far. Of a report that is published only the part for ourselves changes: the rest is corrected in the
// open.
func (d *Desk) WriteReport(ctx context.Context, x id.Report, in ReportDraft) (r report.Report, err error) {
	defer wrap(&err, "write report %s", x)
	if err := need(ctx, staff.Say); err != nil {
		return r, err
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		var wrong problem.List
		if checkDraft(&wrong, in, at); len(wrong) > 0 {
			return wrong.Err()
		}
		if r, err = theReport(ctx, tx, x, in.Version); err != nil {
			return err
		}
		r.Inside, r.UpdatedAt = in.Inside, at
		if r.State != report.Published {
			if err := d.takeReport(ctx, tx, &r, in); err != nil {
				return err
			}
		}
		if err := saveReport(ctx, tx, &r); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "report write", string(r.Incident), nil, map[string]any{"report": r.ID, "version": r.Version})
	})
	return r, err
}

// takeReport puts what was written into a report, and brings what happened up to date.
func (d *Desk) takeReport(ctx context.Context, tx *store.Tx, r *report.Report, in ReportDraft) error {
	if in.Author != "" && in.Author != r.Author {
		person, err := thePerson(ctx, tx, in.Author)
		if problem.Is(err, problem.NotFound) || err == nil && !person.Active() {
			return problem.Field("author", "problem.author")
		}
		if err != nil {
			return err
		}
		r.Author = in.Author
	}
	i, err := tx.Incidents.ByID(ctx, r.Incident)
	if err != nil {
		return err
	}
	l, err := LedgerOf(ctx, tx, i)
	if err != nil {
		return err
	}
	r.Account.Words = trimmed(in.Words)
	r.Account.Happened = r.Account.Annotate(in.Rows)
	r.Account.Happened = r.Account.Refresh(l)
	r.Account.Impact = l.Impact(r.UpdatedAt)
	return nil
}

func trimmed(words map[report.Part]lang.Text) map[report.Part]lang.Text {
	all := map[report.Part]lang.Text{}
	for _, p := range report.Parts {
		if t := words[p].Trimmed(); !t.Empty() {
			all[p] = maps.Clone(t)
		}
	}
	return all
}

// SubmitReport asks somebody to read it before it goes out; ReturnReport gives it back to its author.
func (d *Desk) SubmitReport(ctx context.Context, x id.Report, version int64) error {
	return d.moveReport(ctx, x, version, report.InReview)
}

// ReturnReport gives a report back to its author.
func (d *Desk) ReturnReport(ctx context.Context, x id.Report, version int64) error {
	return d.moveReport(ctx, x, version, report.Draft)
}

func (d *Desk) moveReport(ctx context.Context, x id.Report, version int64, to report.State) (err error) {
	defer wrap(&err, "make report %s %s", x, to)
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		r, err := theReport(ctx, tx, x, version)
		if err != nil {
			return err
		}
		was := r.State
		if !was.MayBecome(to) {
			return problem.New(problem.Conflict, "problem.report.state")
		}
		r.State, r.UpdatedAt = to, at
		if to == report.InReview {
			r.SubmittedAt = at
		}
		if err := saveReport(ctx, tx, &r); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "report "+string(to), string(r.Incident), map[string]any{"state": was}, map[string]any{"report": r.ID, "state": to})
	})
}

// theReport is a report as somebody read it; another version of it is a conflict.
func theReport(ctx context.Context, tx *store.Tx, x id.Report, version int64) (report.Report, error) {
	r, err := found(tx.Reports.ByID(ctx, x))
	if err == nil && r.Version != version {
		err = problem.New(problem.Conflict, "problem.report.changed")
	}
	return r, err
}

func saveReport(ctx context.Context, tx *store.Tx, r *report.Report) error {
	mine, err := tx.Reports.Save(ctx, *r)
	if err == nil && !mine {
		err = problem.New(problem.Conflict, "problem.report.changed")
	}
	r.Version++
	return err
}
