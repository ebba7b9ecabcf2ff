package store

import (
	"context"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/promise"
	"candor/record"
	"candor/report"
	"candor/settings"
)

// What the tables themselves write down: each of their inserts and changes comes by here, and only what everybody may see goes on.

// public is the code of an incident that everybody may see; empty for any other, and for none.
func (r Record) public(ctx context.Context, i id.Incident) (code id.Code, err error) {
	if i == "" {
		return "", nil
	}
	codes, err := many(ctx, r.tx, value[id.Code], `SELECT code FROM incidents WHERE id = $1 AND visibility = 'public' ORDER BY id LIMIT 1`, i)
	if len(codes) == 1 {
		code = codes[0]
	}
	return code, err
}

func (r Record) incident(ctx context.Context, i incident.Incident) error {
	if i.Visibility != incident.Public {
		return nil
	}
	return r.Add(ctx, record.OfIncident(i)...)
}

func (r Record) update(ctx context.Context, u incident.Update) error {
	code, err := r.public(ctx, u.Incident)
	if err != nil || code == "" {
		return err
	}
	return r.Add(ctx, append([]record.Fact{record.OfUpdate(code, u)}, record.OfRevisions(code, u)...)...)
}

func (r Record) promises(ctx context.Context, all []promise.Promise, at time.Time) error {
	codes := map[id.Incident]id.Code{}
	var facts []record.Fact
	for _, p := range all {
		if !p.Public() {
			continue
		}
		code, known := codes[p.Incident]
		if !known {
			var err error
			if code, err = r.public(ctx, p.Incident); err != nil {
				return err
			}
			codes[p.Incident] = code
		}
		if code != "" {
			facts = append(facts, record.OfPromise(code, p, at)...)
		}
	}
	return r.Add(ctx, facts...)
}

func (r Record) intervals(ctx context.Context, all ...component.Interval) error {
	var facts []record.Fact
	for _, i := range all {
		c, err := r.tx.Components.ByID(ctx, i.Component)
		if err != nil {
			return err
		}
		hidden, err := r.hidden(ctx, c)
		if err != nil {
			return err
		}
		if hidden {
			continue
		}
		code, err := r.public(ctx, i.Incident)
		if err != nil {
			return err
		}
		facts = append(facts, record.OfInterval(c.Code, code, i))
	}
	return r.Add(ctx, facts...)
}

// hidden reports whether visitors may not know of a component: what is in a private group is private.
func (r Record) hidden(ctx context.Context, c component.Component) (bool, error) {
	if c.Private || c.GroupID == "" {
		return c.Private, nil
	}
	group, err := r.tx.Components.ByID(ctx, c.GroupID)
	return group.Private, err
}

// shown writes the past of a component down that visitors may know of by now, or of those in a group.
func (r Record) shown(ctx context.Context, x component.Component) error {
	all := []component.Component{x}
	if x.Group {
		var err error
		if all, err = r.tx.Components.All(ctx); err != nil {
			return err
		}
	}
	for _, c := range all {
		if c.ID != x.ID && c.GroupID != x.ID || c.Group {
			continue
		}
		past, err := r.tx.Intervals.Of(ctx, c.ID, time.Time{})
		if err != nil {
			return err
		}
		if err := r.intervals(ctx, past...); err != nil {
			return err
		}
	}
	return nil
}

// Missed writes down that a promise fell due while it was open: nobody acts when nothing happens, so the clock does.
func (r Record) Missed(ctx context.Context, p promise.Promise, at time.Time) (err error) {
	defer wrap(&err, "write down that %s was missed", p.ID)
	if !p.Open() {
		return nil
	}
	return r.promises(ctx, []promise.Promise{p}, at.Add(time.Microsecond)) // due and nothing happened: from the very instant on it is late
}

// Covered writes down how many of an incident's customers know, as far as the page says it and no further: where it shows a share, counts
// would tell how many customers the company has.
func (r Record) Covered(ctx context.Context, i id.Incident, shown settings.Publicity, reached, affected int64, at time.Time) (err error) {
	defer wrap(&err, "write down who knows of %s", i)
	code, err := r.public(ctx, i)
	if err != nil || code == "" || affected == 0 {
		return err
	}
	switch shown {
	case settings.CoverageCounts:
		return r.Add(ctx, record.OfCoverage(code, at, map[string]int64{"reached": reached, "affected": affected}))
	case settings.CoverageShares:
		return r.Add(ctx, record.OfCoverage(code, at, map[string]int64{"permille": reached * 1000 / affected}))
	}
	return nil
}

// BlackedOut destroys what the record still held of words that were taken out of an incident, and writes down that they are gone and what
// stands there now. Words that can no longer be opened without such a leaf would be a record somebody tampered with.
func (r Record) BlackedOut(ctx context.Context, i incident.Incident, updates []incident.Update, at time.Time) (err error) {
	defer wrap(&err, "black words of %s out of the record", i.ID)
	if i.Visibility != incident.Public {
		return nil
	}
	titles := func(words string) bool {
		for _, title := range i.Title {
			if title == words {
				return true
			}
		}
		return words == string(i.Lead)
	}
	if _, err := r.Erase(ctx, string(i.Code), titles); err != nil {
		return err
	}
	var facts []record.Fact
	for _, u := range updates {
		erased, err := r.Erase(ctx, string(u.Code), record.Stands(u))
		if err != nil {
			return err
		}
		if f := record.OfBlackout(i.Code, u, at); erased || f.Says["reason"] != "" {
			facts = append(facts, f)
		}
	}
	return r.Add(ctx, facts...)
}

// comment writes down what everybody can read below an incident or a report, and the mark of what they no longer can. What was erased can be
// opened no more.
func (r Record) comment(ctx context.Context, c incident.Comment) error {
	if c.State != incident.CommentShown && c.State != incident.CommentHidden {
		return nil
	}
	below, err := r.below(ctx, c.Thread)
	if err != nil || below == "" {
		return err
	}
	if !c.ErasedAt.IsZero() {
		if _, err := r.Erase(ctx, string(c.Code), func(words string) bool { return words == string(c.DecidedBy) }); err != nil {
			return err
		}
	}
	return r.Add(ctx, record.OfComment(below, c)...)
}

// below is the code of the public incident that a conversation is about.
func (r Record) below(ctx context.Context, t incident.Thread) (id.Code, error) {
	if t.Topic == incident.OnIncident {
		return r.public(ctx, id.Incident(t.Object))
	}
	x, err := r.tx.Reports.ByID(ctx, id.Report(t.Object))
	if err != nil {
		return "", err
	}
	return r.public(ctx, x.Incident)
}

func (r Record) report(ctx context.Context, x report.Revision) error {
	whole, err := r.tx.Reports.ByID(ctx, x.Report)
	if err != nil {
		return err
	}
	code, err := r.public(ctx, whole.Incident)
	if err != nil || code == "" {
		return err
	}
	f, err := record.OfReport(code, whole.Code, x)
	if err != nil {
		return err
	}
	return r.Add(ctx, f)
}

// action writes a step of an action down that customers may read of; the step without a number is that they may from now on.
func (r Record) action(ctx context.Context, a report.Action, step report.Step) error {
	code, err := r.public(ctx, a.Incident)
	if err != nil || code == "" {
		return err
	}
	return r.Add(ctx, record.OfAction(code, a, step))
}
