package playbook

import (
	"slices"
	"strings"
	"time"

	"candor/incident"
	"candor/lang"
	"candor/settings"
	"candor/staff"
)

// A Word is what a careful colleague looks at: an update as it stands in the form.
type Word struct {
	Incident   incident.Kind
	Impact     incident.Impact
	Status     incident.Status
	First      bool // the first word
	Over       bool // the incident was over before this word
	Earns      bool // a component customers earn with is in major outage
	Body       lang.Text
	Read       map[lang.Tag]Reading // of Body, where somebody has read it already
	Fields     incident.Fields
	Author     staff.Person
	Auto       bool // nobody's name stands under it
	NextBy     time.Time
	NextReason string
	Measured   Measured
	House      *House
}

// Measured is what is known besides what anybody says.
type Measured struct {
	Customers, Of    int64 // affected customers, of all
	Broken, Parts    int   // components customers cannot use, of all
	EarlierApologies int   // of the last 90 days, with no new corrective action since
}

// Share is how much of everything is hit, 0 to 1: of the customers where they are known, else of the components.
func (m Measured) Share() float64 {
	share := 0.0
	if m.Of > 0 {
		share = float64(m.Customers) / float64(m.Of)
	}
	if m.Parts > 0 {
		share = max(share, float64(m.Broken)/float64(m.Parts))
	}
	return share
}

// Kind is what sort of text the word is.
func (w Word) Kind() Kind {
	switch {
	case w.First:
		return Notice
	case w.ends():
		return Resolved
	}
	return Update
}

func (w Word) ends() bool {
	return w.Status == incident.Resolved || w.Status == incident.Completed
}

// Review says what a careful colleague would before a word goes out: the fields first, then the text in each language. Nothing is refused
// for it. Findings of the language chosen come before those of the others.
func Review(s settings.Settings, w Word, now time.Time) []Finding {
	findings := w.fields(s, now)
	readings := w.Read
	if readings == nil {
		readings = ReadAll(w.Body)
	}
	for _, tag := range lang.All() {
		if r, ok := readings[tag]; ok {
			findings = append(findings, r.Consider(w.context())...)
		}
	}
	return findings
}

func (w Word) context() Context {
	c := Context{
		Kind: w.Kind(), Impact: w.Impact, Incident: w.Incident, Fields: &w.Fields, NextBy: w.NextBy, Affected: w.Measured.Share(),
		Apologies: w.Measured.EarlierApologies, House: w.House,
	}
	c.Undemanding = w.Incident == incident.Maintenance || w.Over && w.ends()
	return c
}

// fields reads what stands beside the text.
func (w Word) fields(s settings.Settings, now time.Time) (findings []Finding) {
	say := func(rule FindingRule, level Level, field string, args ...string) {
		findings = append(findings, Finding{Rule: rule, Level: level, Field: field, Source: sources[rule], Args: args})
	}
	interval, _ := Interval(s.Cadence, w.Impact, w.Status, w.Earns)
	promises := !w.ends() && w.Status != incident.Scheduled && !w.NextBy.IsZero()
	switch {
	case promises && !w.NextBy.After(now):
		say(RuleNextPast, Warn, "next_by")
	case promises && w.NextReason == "" && w.NextBy.After(now.Add(interval+time.Minute)):
		say(RuleNextLate, Warn, "next_by")
	}
	if w.Fields.Data.Harmed() && w.Fields.Data.Steps.Empty() {
		say(RuleNoSteps, Warn, "data_steps")
	}
	if !w.Auto && !w.Author.Reachable() {
		say(RuleUnreachable, Warn, "author", "name", w.Author.Name)
	}
	body := w.Body.Trimmed()
	if body.Empty() {
		return findings
	}
	var missing []string
	for _, tag := range s.Languages {
		if body[tag] == "" {
			missing = append(missing, tag.Name())
		}
	}
	if len(missing) > 0 {
		say(RuleNoLanguage, Hint, "body", "language", strings.Join(missing, ", "))
	}
	return findings
}

// Asks are the findings that cost one extra click: words that contradict a field.
func Asks(findings []Finding) (asks []Finding) {
	return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return f.Level != Ask })
}
