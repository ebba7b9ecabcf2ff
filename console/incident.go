package console

import (
	"context"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/monitor"
	"candor/promise"
	"candor/reach"
	"candor/store"
)

// An incidentPage is everything staff know and said about one incident.
type incidentPage struct {
	shell
	Incident  standing
	Permalink string
	Updates   []said
	Affected  []affectedNow
	Alerts    []monitor.Alert
	Promises  []owed
	Counts    []stateCount
	First     toldFirst
	HoldBy    clock
	Kept      int
	Settled   int
	Missed    int
	Overrun   time.Duration
	Covered   reach.Figures
	Written   writtenBack
	Credits   []runRow
}

func (p incidentPage) Public() bool      { return p.Incident.Visibility == incident.Public }
func (p incidentPage) Rehearsal() bool   { return p.Incident.Rehearsal() }
func (p incidentPage) Draft() bool       { return p.Incident.Draft() }
func (p incidentPage) Private() bool     { return p.Incident.Private() }
func (p incidentPage) Maintenance() bool { return p.Incident.Kind == incident.Maintenance }
func (p incidentPage) Startable() bool   { return p.Incident.Status == incident.Scheduled }
func (p incidentPage) Holdable() bool {
	return p.Incident.Open() && p.Incident.Status != incident.Scheduled
}

func (p incidentPage) Endable() bool {
	return p.Maintenance() && p.Incident.Open() && p.Incident.Status != incident.Scheduled
}

// A said is one update as the timeline shows it.
type said struct {
	incident.Update
	Tag       lang.Tag
	HTML      template.HTML
	Changes   []string
	NextBy    clock
	Late      time.Duration
	Promised  bool
	Languages string
	Blackouts []blackout
	Advice    []adviceView // what was said of it before it went out
}

type blackout struct {
	incident.Blackout
	Why string
}

type affectedNow struct {
	Mark mark
	Name string
}

type stateCount struct {
	State reach.State
	Word  string
	N     int64
}

// toldFirst answers "who told whom first" in a sentence.
type toldFirst struct{ Head, Detail string }

func firstOf(s shell, i incident.Incident) toldFirst {
	lead, known := i.ToldFirst()
	noticed := "Noticed by: " + s.DetectedWord(i.DetectedBy)
	switch {
	case !known:
		return toldFirst{"No customer’s report is noted", noticed}
	case lead >= 0:
		return toldFirst{"We did, " + s.Duration(lead) + " before", noticed}
	}
	return toldFirst{"A customer did, " + s.Duration(-lead) + " before us", noticed}
}

func codeOf(r *http.Request) id.Code {
	code, _ := id.ParseCode(r.PathValue("code"))
	return code
}

func incidentPath(c id.Code) string { return "/console/incidents/" + string(c) }

func (f *Face) showIncident(w http.ResponseWriter, r *http.Request) error {
	var p incidentPage
	s, err := f.frame(r, "Incident", "say", func(ctx context.Context, tx *store.Tx, s *shell) error {
		i, err := tx.Incidents.ByCode(ctx, codeOf(r))
		if err != nil {
			return err
		}
		s.Title = s.In(i.Title)
		p.Incident = standing{i, i.HeadlineStatus()}
		if !i.Open() && s.May("customers") {
			if p.Credits, err = f.creditsOf(ctx, tx, *s, i.ID); err != nil {
				return err
			}
		}
		return p.read(ctx, tx, *s)
	})
	if err != nil {
		return err
	}
	p.shell = s
	p.Permalink = f.public.String() + "/" + s.Company.Default().Path() + "/incidents/" + string(p.Incident.Code)
	return f.render(w, http.StatusOK, "incident", p)
}

func (p *incidentPage) read(ctx context.Context, tx *store.Tx, s shell) error {
	i := p.Incident.Incident
	updates, err := tx.Updates.Of(ctx, i.ID)
	if err != nil {
		return err
	}
	promises, err := tx.Promises.Of(ctx, i.ID)
	if err != nil {
		return err
	}
	all, err := tx.Components.All(ctx)
	if err != nil {
		return err
	}
	if p.Alerts, err = tx.Alerts.Of(ctx, i.ID); err != nil {
		return err
	}
	counts, err := tx.Announcements.CountsOfIncident(ctx, i.ID)
	if err != nil {
		return err
	}
	if s.May("customers") {
		standings, err := tx.Affected.Count(ctx, i.ID)
		if err != nil {
			return err
		}
		p.Covered = reach.Cover(slices.Values(standings)).All
		if p.Written, err = readWrittenBack(ctx, tx, s, i); err != nil {
			return err
		}
	}
	p.Updates = timeline(s, updates, promises, all)
	advice, err := keptAdvice(ctx, tx, s, i.ID)
	if err != nil {
		return err
	}
	for n := range p.Updates {
		p.Updates[n].Advice = advice[p.Updates[n].ID]
	}
	p.Affected = affectedList(s, i.Affected, all)
	p.Counts = stateCounts(s, counts)
	p.First = firstOf(s, i)
	p.Overrun = i.Overrun(s.Now)
	p.settle(s, promises)
	if len(updates) > 0 && p.Holdable() {
		d := draft{Kind: i.Kind, Status: i.Status, Override: i.Override, CannotWork: i.CannotWork, Statuses: map[id.Component]component.Status{}}
		_, wait, _ := harm(s, d, i, all)
		p.HoldBy = s.Clock(s.Now.Add(wait))
	}
	return nil
}

func (p *incidentPage) settle(s shell, promises []promise.Promise) {
	for _, one := range slices.Backward(promises) {
		o := owedOf(one, p.Incident.Incident, s.Now)
		p.Promises = append(p.Promises, o)
		p.Missed += o.Missed
		switch o.Outcome {
		case promise.Kept:
			p.Settled++
			p.Kept++
		case promise.KeptLate, promise.Overdue:
			p.Settled++
		}
	}
}

// timeline is what was said, newest first, each with the promise it kept or broke.
func timeline(s shell, updates []incident.Update, promises []promise.Promise, all []component.Component) []said {
	keptBy := map[id.Update]promise.Promise{}
	for _, p := range promises {
		if p.Kind == promise.NextUpdate && p.KeptBy != "" {
			keptBy[p.KeptBy] = p
		}
	}
	var out []said
	for _, u := range updates {
		one := said{Update: u}
		body, tag := u.Body.In(s.Words.Tag(), s.Company.Default())
		one.Tag, one.HTML = tag, template.HTML(markup.HTML(body))
		one.Languages = languages(s, u.Body)
		if p, ok := keptBy[u.ID]; ok {
			one.Promised, one.Late = true, p.Late(s.Now)
		}
		if !u.NextBy.IsZero() {
			one.NextBy = s.Clock(u.NextBy)
		}
		for _, c := range u.Affected {
			if c.Old != c.New {
				one.Changes = append(one.Changes, nameOf(s, c.Component, all)+": "+s.ComponentWord(c.Old)+" → "+s.ComponentWord(c.New))
			}
		}
		for _, b := range u.Blackouts {
			one.Blackouts = append(one.Blackouts, blackout{b, blackoutWords[b.Reason]})
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b said) int { return b.Number - a.Number })
	return out
}

// languages a text was written in, by their own names.
func languages(s shell, t lang.Text) string {
	var names []string
	for _, tag := range s.Company.Languages {
		if t[tag] != "" {
			names = append(names, tag.Name())
		}
	}
	return strings.Join(names, ", ")
}

func nameOf(s shell, c id.Component, all []component.Component) string {
	for _, one := range all {
		if one.ID == c {
			return s.In(one.Name)
		}
	}
	return string(c)
}

func affectedList(s shell, hit []incident.Affected, all []component.Component) (out []affectedNow) {
	for _, a := range hit {
		out = append(out, affectedNow{s.Mark(a.Status), nameOf(s, a.Component, all)})
	}
	return out
}

var stateWords = map[reach.State]string{
	reach.Planned: "planned", reach.Claimed: "being sent", reach.RetryAt: "retrying", reach.Accepted: "accepted", reach.Delivered: "delivered",
	reach.Acknowledged: "acknowledged", reach.Bounced: "bounced", reach.Complained: "complained", reach.Failed: "failed",
	reach.Suppressed: "not sent", reach.Poisoned: "set apart after crashes", reach.Superseded: "overtaken by a newer word",
}

func stateCounts(s shell, counts reach.Counts) (out []stateCount) {
	for _, state := range reach.States {
		if n := counts[state]; n > 0 {
			out = append(out, stateCount{state, stateWords[state], n})
		}
	}
	return out
}
