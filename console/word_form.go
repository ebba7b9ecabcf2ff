package console

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/staff"
)

// A draft is what stands in the form of a word to customers: the first one, or a later one.
type draft struct {
	Kind       incident.Kind
	Rehearsal  bool
	Prefilled  string // which prepared words the text came from, "outage/major": untouched ones follow the choice
	Tab        lang.Tag
	Title      lang.Text
	Body       lang.Text
	Status     incident.Status
	Fields     incident.Fields
	Statuses   map[id.Component]component.Status
	Author     id.Person
	Next       string // "cadence", minutes, or "other"
	NextAt     time.Time
	NextReason string
	CannotWork bool
	Override   incident.Impact
	Silent     bool
	Audience   incident.Audience // of a declaration; empty leaves it as it is
	Named      string            // customers' ids, one per line, with incident.Listed
	ReportDue  time.Time
	Key        string
	Anyway     string // the contradictions somebody has read and sends all the same
}

// parseDraft reads the fields that a first word and a later one share.
func parseDraft(f *form, kind incident.Kind) draft {
	d := draft{
		Kind: kind, Rehearsal: f.checked("rehearsal"), Prefilled: f.text("prefilled"), Tab: lang.Tag(f.text("tab")),
		Title: f.texts("title"), Body: f.texts("body"), Status: incident.Status(f.text("status")),
		Statuses: map[id.Component]component.Status{}, Author: f.person("author"),
		Next: f.text("next"), NextReason: f.text("next_reason"), CannotWork: f.text("cannot_work") == "yes",
		Override: incident.Impact(f.text("impact")), Silent: f.text("quiet") == "yes", Key: f.text("key"),
		Anyway: f.text("anyway"), ReportDue: f.at("report_due_at"), NextAt: f.at("next_at"),
	}
	d.Audience, d.Named = incident.Audience(f.text("audience")), lines(f.text("named"))
	if !slices.Contains(incident.Audiences[:], d.Audience) {
		d.Audience = ""
	}
	if d.Override != "" && !d.Override.Valid() {
		d.Override = ""
	}
	for name := range f.r.PostForm {
		typed, ok := strings.CutPrefix(name, "component.")
		if !ok {
			continue
		}
		c, err := id.Parse[id.Component](typed)
		if s := component.Status(f.text(name)); err == nil && s.Valid() {
			d.Statuses[c] = s
		}
	}
	d.Fields = parseFields(f)
	return d
}

func parseFields(f *form) incident.Fields {
	data := incident.Safety{
		State: incident.SafetyState(f.text("data")), AnswerBy: f.at("data_answer_by"), Steps: f.texts("data_steps"),
	}
	for _, c := range incident.DataClasses {
		if s := incident.SafetyState(f.text("class." + string(c))); s != "" {
			if data.Classes == nil {
				data.Classes = map[incident.DataClass]incident.SafetyState{}
			}
			data.Classes[c] = s
		}
	}
	if data.State == incident.SafetyUnaffected {
		data.CheckedBy = f.person("data_checked_by")
	}
	return incident.Fields{
		Cause:     incident.Cause{State: incident.CauseState(f.text("cause")), Whose: incident.Whose(f.text("whose"))},
		WorkingOn: f.texts("working_on"),
		Estimate: incident.Estimate{
			Kind: incident.EstimateKind(f.text("estimate")), From: f.at("estimate_from"), Until: f.at("estimate_until"),
		},
		Attack: incident.Attack(f.text("attack")),
		Data:   data,
	}
}

// nextBy is when the next word was promised by hand; zero leaves it to the cadence at the instant of posting.
func (d draft) nextBy(now time.Time) time.Time {
	switch d.Next {
	case "", "cadence":
		return time.Time{}
	case "other":
		return d.NextAt
	}
	wait, err := time.ParseDuration(d.Next + "m")
	if err != nil || wait <= 0 || wait > 30*24*time.Hour {
		return time.Time{}
	}
	return now.Add(wait)
}

// affected in the order of the page's components, so that nothing depends on a map's.
func (d draft) affected(all []component.Component) []incident.Affected {
	var hit []incident.Affected
	for _, c := range all {
		if s, ok := d.Statuses[c.ID]; ok && !c.Group {
			hit = append(hit, incident.Affected{Component: c.ID, Status: s})
		}
	}
	return hit
}

// word is what the desk is asked to say. Fields left as they were offered are left to the desk, whose defaults promise an answer in time.
func (d draft) word(all []component.Component, offered incident.Fields, now time.Time) desk.Word {
	w := desk.Word{
		Status: d.Status, Body: d.Body, Fields: d.Fields, Affected: d.affected(all), Author: d.Author,
		NextBy: d.nextBy(now), NextReason: d.NextReason, Silent: d.Silent,
	}
	if d.Status == incident.Resolved { // before that its field stands ready, and promises nothing
		w.ReportDueAt = d.ReportDue
	}
	if by := offered.Data.AnswerBy; w.Fields.Data.AnswerBy.Equal(by.Truncate(time.Minute)) {
		w.Fields.Data.AnswerBy = by // untouched: without the seconds its field cannot show it would be another promise
	}
	if sameFields(w.Fields, offered) {
		w.Fields = incident.Fields{}
	}
	return w
}

func sameFields(a, b incident.Fields) bool {
	a.WorkingOn, b.WorkingOn = a.WorkingOn.Trimmed(), b.WorkingOn.Trimmed()
	a.Data.Steps, b.Data.Steps = a.Data.Steps.Trimmed(), b.Data.Steps.Trimmed()
	a.Data.AnswerBy, b.Data.AnswerBy = a.Data.AnswerBy.Truncate(time.Minute), b.Data.AnswerBy.Truncate(time.Minute)
	a.Estimate.From, b.Estimate.From = a.Estimate.From.Truncate(time.Minute), b.Estimate.From.Truncate(time.Minute)
	a.Estimate.Until, b.Estimate.Until = a.Estimate.Until.Truncate(time.Minute), b.Estimate.Until.Truncate(time.Minute)
	return reflect.DeepEqual(a, b)
}

// offeredTo begins a draft by who acts, in the language they read.
func offeredTo(a staff.Actor, kind incident.Kind) draft {
	return draft{Kind: kind, Author: a.Person.ID, Tab: a.Person.Language, Statuses: map[id.Component]component.Status{}, Next: "cadence"}
}
