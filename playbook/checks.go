package playbook

import (
	"time"

	"candor/incident"
	"candor/lang"
	"candor/settings"
	"candor/staff"
)

// A Finding is one thing a careful colleague would say before a word goes out. It advises; nothing is ever refused for it.
type Finding struct {
	Key   string // "finding.next.late"
	Field string
	Args  []any
}

// A Word is what Findings looks at: an update as it stands in the form.
type Word struct {
	Impact     incident.Impact
	Status     incident.Status
	Earns      bool // a component customers earn with is in major outage
	Body       lang.Text
	Fields     incident.Fields
	Author     staff.Person
	NextBy     time.Time
	NextReason string
}

// Findings reads the fields of a word, now.
func Findings(s settings.Settings, w Word, now time.Time) (findings []Finding) {
	interval, _ := Interval(s.Cadence, w.Impact, w.Status, w.Earns)
	over := w.Status == incident.Resolved || w.Status == incident.Completed || w.Status == incident.Scheduled
	if !over && w.NextReason == "" && w.NextBy.After(now.Add(interval+time.Minute)) {
		findings = append(findings, Finding{Key: "finding.next.late", Field: "next_by"})
	}
	if w.Fields.Data.Harmed() && w.Fields.Data.Steps.Empty() {
		findings = append(findings, Finding{Key: "finding.data.steps", Field: "data_steps"})
	}
	if !w.Author.Reachable() {
		findings = append(findings, Finding{Key: "finding.author.unreachable", Field: "author", Args: []any{"name", w.Author.Name}})
	}
	body := w.Body.Trimmed()
	for _, tag := range s.Languages {
		if body[tag] == "" {
			findings = append(findings, Finding{Key: "finding.language", Field: "body", Args: []any{"language", tag.Name()}})
		}
	}
	return findings
}
