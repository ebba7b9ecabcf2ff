package site

import (
	"strings"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/staff"
)

// An updateView is one word to customers as the page shows it.
type updateView struct {
	passage
	Anchor      string
	Href        string
	At          moment
	UTC         string
	Author      string
	Mark        *promiseMark
	Changes     []changed
	Corrections []correction
	Blackouts   []string
	Asides      []string
}

// A changed field, in one small line.
type changed struct{ Name, Now, Was string }

// A correction is shown with who, when, why, and both texts.
type correction struct {
	Line   string
	Reason string
	Pieces []piece
}

func (r reader) updates(w *world, s story) []updateView {
	views := make([]updateView, len(s.updates))
	for n, u := range s.updates {
		var before incident.Update
		if n+1 < len(s.updates) {
			before = s.updates[n+1]
		}
		views[n] = r.update(w, s, u, before)
	}
	return views
}

func (r reader) update(w *world, s story, u, before incident.Update) updateView {
	v := updateView{
		passage: r.passage(u.Body),
		Anchor:  string(u.Code),
		Href:    r.incidentPath(s.Code) + "#" + string(u.Code),
		At:      r.clock(u.At),
		UTC:     r.utc(u.At),
		Author:  r.byWhom(w.people[u.Author]),
		Mark:    r.promiseMark(s, u),
		Changes: r.changes(w, s, u, before),
	}
	for _, rev := range u.Revisions {
		v.Corrections = append(v.Corrections, r.correction(w, rev))
	}
	for _, b := range u.Blackouts {
		v.Blackouts = append(v.Blackouts, r.blackout(w, b))
	}
	if u.Automatic {
		v.Asides = append(v.Asides, r.T("site.automatic"))
	}
	if u.NextReason != "" {
		v.Asides = append(v.Asides, r.T("site.next.reason", "reason", u.NextReason))
	}
	if u.Number == 1 {
		v.Asides = append(v.Asides, r.noticed(s.Incident)...)
	}
	return v
}

// byWhom names the author; a maintenance that started or ended by itself has none.
func (r reader) byWhom(p staff.Person) string {
	if p.Name == "" {
		return r.T("site.author.none")
	}
	return p.Name
}

// changes are the fields this update set differently from the one before it.
func (r reader) changes(w *world, s story, u, before incident.Update) []changed {
	var all []changed
	add := func(name, now, was string) {
		if now != was || before.ID == "" {
			all = append(all, r.changed(name, now, was))
		}
	}
	if before.ID != "" {
		if u.Status != before.Status {
			add(r.T("site.fact.status"), r.T("status.incident."+string(u.Status)), r.T("status.incident."+string(before.Status)))
		}
		add(r.T("site.fact.cause"), r.cause(u.Fields.Cause), r.cause(before.Fields.Cause))
		if now, was := u.Fields.Data.State, before.Fields.Data.State; now != was && now != "" && was != "" {
			add(r.T("site.fact.data"), r.T("data."+string(now)), r.T("data."+string(was)))
		}
		if now, was := u.Fields.Attack, before.Fields.Attack; now != was && now != "" && was != "" {
			add(r.T("site.fact.attack"), r.T("attack."+string(now)), r.T("attack."+string(was)))
		}
		add(r.T("site.fact.repair"), r.estimate(u.Fields.Estimate), r.estimate(before.Fields.Estimate))
	}
	for _, c := range u.Affected {
		if c.Old != c.New {
			all = append(all, r.componentChange(w, c))
		}
	}
	return all
}

func (r reader) changed(name, now, was string) changed {
	return changed{Name: name, Now: now, Was: r.T("site.was", "was", was)}
}

func (r reader) componentChange(w *world, c incident.Change) changed {
	now, was := orOperational(c.New), orOperational(c.Old)
	return r.changed(r.name(w.byID[c.Component]), r.T("status.component."+string(now)), r.T("status.component."+string(was)))
}

func (r reader) name(c component.Component) string { return r.phrase(c.Name).Text }

func (r reader) correction(w *world, rev incident.Revision) correction {
	was, _ := rev.Was.In(r.Tag(), r.fallback)
	now, _ := rev.Now.In(r.Tag(), r.fallback)
	return correction{
		Line:   r.T("site.corrected", "time", r.clockText(rev.At), "name", r.who(w, rev.By)),
		Reason: rev.Reason,
		Pieces: pieces(was, now),
	}
}

func (r reader) blackout(w *world, b incident.Blackout) string {
	return strings.TrimSpace(r.T("site.blackout", "reason", r.T("site.blackout."+string(b.Reason)), "name", r.who(w, b.By),
		"time", r.clockText(b.At), "note", b.Note))
}

func (r reader) who(w *world, p id.Person) string {
	if name := w.people[p].Name; name != "" {
		return name
	}
	return r.T("site.someone")
}

// noticed tells, under the first word, who told whom first (S1's rule 1).
func (r reader) noticed(i incident.Incident) []string {
	if i.Kind == incident.Maintenance {
		return nil
	}
	var lines []string
	if !i.DetectedAt.IsZero() {
		lines = append(lines, r.T("site.noticed", "time", r.clockText(i.DetectedAt), "by", r.T("detected."+string(i.DetectedBy))))
	}
	if !i.FirstReportAt.IsZero() {
		lines = append(lines, r.T("site.reported", "time", r.clockText(i.FirstReportAt)))
	}
	return lines
}
