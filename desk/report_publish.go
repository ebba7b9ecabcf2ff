package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/problem"
	"candor/promise"
	"candor/reach"
	"candor/report"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// A publication is one report, or its correction, on its way out. It lives within one transaction.
type publication struct {
	tx       *store.Tx
	desk     *Desk
	at       time.Time
	report   report.Report
	incident incident.Incident
	settings settings.Settings
	revision report.Revision
	actions  []report.Action
}

// PublishReport gives customers the report they were promised: on the page, in feeds, and by mail to everybody the incident affected, each in
// their language. It keeps the promise, and makes each of its actions one.
func (d *Desk) PublishReport(ctx context.Context, x id.Report, in Publishing) (v report.Revision, err error) {
	defer wrap(&err, "publish report %s", x)
	if err := need(ctx, staff.Say); err != nil {
		return v, err
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		r, err := theReport(ctx, tx, x, in.Version)
		if err != nil {
			return err
		}
		if !r.State.MayBecome(report.Published) {
			return problem.New(problem.Conflict, "problem.report.state")
		}
		p, err := d.publication(ctx, tx, r, at)
		if err != nil {
			return err
		}
		if p.settings.Reports.Second && r.Author == staff.Acting(ctx).Person.ID {
			return problem.New(problem.Forbidden, "problem.report.own")
		}
		l, err := LedgerOf(ctx, tx, p.incident)
		if err != nil {
			return err
		}
		p.report.Account.Happened = r.Account.Refresh(l)
		p.report.Account.Impact = l.Impact(at)
		if err := p.check(ctx, in); err != nil {
			return err
		}
		if by := staff.Acting(ctx).Person.ID; by != r.Author {
			p.report.Reviewer = by
		}
		p.report.State, p.report.PublishedAt = report.Published, at
		p.revision.Number = 1
		if err := p.keep(ctx, in); err != nil {
			return err
		}
		if err := p.promiseActions(ctx); err != nil {
			return err
		}
		v = p.revision
		return tx.Promises.Keep(ctx, r.Incident, promise.Report, "", at)
	})
	return v, err
}

// CorrectReport puts a published report right, in the open: what stood there stays to be read, with the reason.
func (d *Desk) CorrectReport(ctx context.Context, x id.Report, in ReportDraft, how Publishing) (v report.Revision, err error) {
	defer wrap(&err, "correct report %s", x)
	if err := need(ctx, staff.Say); err != nil {
		return v, err
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		var wrong problem.List
		checkDraft(&wrong, in, at)
		if strings.TrimSpace(how.Reason) == "" {
			wrong.Add(problem.Field("reason", "problem.text.empty"))
		}
		if checkLine(&wrong, "reason", how.Reason, longestNote); len(wrong) > 0 {
			return wrong.Err()
		}
		r, err := theReport(ctx, tx, x, in.Version)
		if err != nil {
			return err
		}
		if r.State != report.Published {
			return problem.New(problem.Conflict, "problem.report.state")
		}
		last, err := tx.Reports.Latest(ctx, x)
		if err != nil {
			return err
		}
		p, err := d.publication(ctx, tx, r, at)
		if err != nil {
			return err
		}
		p.report.Inside = in.Inside
		if err := d.takeReport(ctx, tx, &p.report, in); err != nil {
			return err
		}
		p.revision.Number, p.revision.Reason = last.Number+1, strings.TrimSpace(how.Reason)
		if err := p.check(ctx, how); err != nil {
			return err
		}
		v = p.revision
		return p.keep(ctx, how)
	})
	return v, err
}

func (d *Desk) publication(ctx context.Context, tx *store.Tx, r report.Report, at time.Time) (p *publication, err error) {
	p = &publication{tx: tx, desk: d, at: at, report: r}
	p.revision = report.Revision{Report: r.ID, At: at, By: staff.Acting(ctx).Person.ID}
	p.report.UpdatedAt = at
	if p.incident, err = tx.Incidents.ByID(ctx, r.Incident); err != nil {
		return p, err
	}
	if !report.Reportable(p.incident) {
		return p, problem.New(problem.Conflict, "problem.report.open")
	}
	if p.settings, _, err = tx.Settings.Load(ctx); err != nil {
		return p, err
	}
	p.actions, err = tx.Actions.Of(ctx, r.Incident)
	return p, err
}

// check refuses what is no report: without a summary or a cause, with a blank left, or with words that contradict a field and that nobody
// has confirmed.
func (p *publication) check(ctx context.Context, in Publishing) error {
	var wrong problem.List
	words := p.report.Account.Words
	for _, part := range report.Needed {
		if words[part].Empty() {
			wrong.Add(problem.Field("words."+string(part), "problem.report.missing"))
		}
	}
	for _, part := range report.Parts {
		for _, text := range words[part] {
			if strings.Contains(text, BlankOf) {
				wrong.Add(problem.Field("words."+string(part), "problem.report.blank", "blank", BlankOf))
				break
			}
		}
	}
	findings, err := p.desk.ReviewReport(ctx, p.tx, p.settings, p.incident, p.report.Account, p.actions)
	if err != nil {
		return err
	}
	confirm(&wrong, findings, in.Ask, in.Confirmed)
	return wrong.Err()
}

// ReviewReport says what a careful colleague would of a report: it is asked more than of an update, since by now the cause is known.
func (d *Desk) ReviewReport(ctx context.Context, tx *store.Tx, s settings.Settings, i incident.Incident, a report.Account, actions []report.Action) (all []playbook.Finding, err error) {
	defer wrap(&err, "review the report of %s", i.ID)
	last, err := tx.Updates.Latest(ctx, i.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	acts := slices.ContainsFunc(actions, func(x report.Action) bool { return !x.Internal && x.State != report.Dropped })
	for _, tag := range lang.All() {
		text := whole(a, tag)
		if text == "" {
			continue
		}
		reading, err := playbook.Read(text, tag)
		if err != nil {
			return nil, err
		}
		found := reading.Consider(playbook.Context{
			Language: tag, Kind: playbook.Report, Impact: i.Impact, Incident: i.Kind, Fields: &last.Fields, House: d.houses.of(s.Words),
		})
		all = append(all, slices.DeleteFunc(found, func(f playbook.Finding) bool { return acts && f.Rule == playbook.RuleNoAction })...)
	}
	return all, nil
}

// whole is a report's words in one language, part after part.
func whole(a report.Account, tag lang.Tag) string {
	var parts []string
	for _, p := range report.Parts {
		if text := a.In(p, tag); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "\n\n")
}

// keep writes down what goes out, and tells whom it concerns.
func (p *publication) keep(ctx context.Context, in Publishing) error {
	p.revision.Account = p.report.Account
	if err := saveReport(ctx, p.tx, &p.report); err != nil {
		return err
	}
	if err := p.tx.Reports.Publish(ctx, p.revision); err != nil {
		return err
	}
	if err := noteIncident(ctx, p.tx, p.incident, p.at); err != nil {
		return err
	}
	act := "report publish"
	if p.revision.Number > 1 {
		act = "report correct"
	}
	after := map[string]any{"report": p.report.ID, "revision": p.revision.Number, "reason": p.revision.Reason, "notify": !in.Silent}
	if err := p.desk.audit(ctx, p.tx, p.at, act, string(p.incident.ID), nil, after); err != nil {
		return err
	}
	if in.Silent {
		return nil
	}
	all, err := componentsByID(ctx, p.tx)
	if err != nil {
		return err
	}
	target := targetOf(p.incident, all, staff.Acting(ctx).Person.ID)
	target.Noted = target.Everyone
	target.Customers = target.Everyone
	return p.tx.Announcements.Add(ctx, reach.Announcement{
		ID: id.New[id.Announcement](p.at), Kind: reach.OnReport, Incident: p.incident.ID, Target: target, Priority: reach.Quiet, AsOf: p.at,
		Link: string(p.report.ID),
	})
}
