package settings

import (
	"slices"
	"strings"
	"unicode/utf8"

	"candor/incident"
	"candor/lang"
	"candor/problem"
)

// A Purpose is what prepared words are for.
type Purpose string

const (
	FirstWords  Purpose = "first"    // an incident's first word, approved before the night it is needed
	Holding     Purpose = "holding"  // still working on it, nothing new
	Resolutions Purpose = "resolved" // it works again
	Apologies   Purpose = "apology"  // the words a person signs once it is clear what happened
)

// Purposes in the order of an incident's life.
var Purposes = [...]Purpose{FirstWords, Holding, Resolutions, Apologies}

// An Occasion is what one template is for. Only an outage is told differently by how hard it hits.
type Occasion struct {
	Purpose Purpose
	Kind    incident.Kind
	Impact  incident.Impact // of an outage; empty otherwise
}

// OccasionOf is the occasion whose words fit a kind and an impact.
func OccasionOf(p Purpose, kind incident.Kind, impact incident.Impact) Occasion {
	switch {
	case kind != incident.Outage:
		return Occasion{p, kind, ""}
	case impact == incident.ImpactCritical || impact == incident.ImpactMajor:
		return Occasion{p, kind, impact}
	}
	return Occasion{p, kind, incident.ImpactMinor}
}

// Occasions are all of a purpose, the worst first.
func Occasions(p Purpose) []Occasion {
	all := []Occasion{{p, incident.Outage, incident.ImpactCritical}, {p, incident.Outage, incident.ImpactMajor}, {p, incident.Outage, incident.ImpactMinor}}
	for _, kind := range incident.Kinds {
		if kind != incident.Outage {
			all = append(all, Occasion{p, kind, ""})
		}
	}
	return all
}

// ParseOccasion reads what Name wrote.
func ParseOccasion(name string) (Occasion, bool) {
	for _, p := range Purposes {
		for _, o := range Occasions(p) {
			if o.Name() == name {
				return o, true
			}
		}
	}
	return Occasion{}, false
}

// Name is what the template is called: "first.outage.major", "resolved.billing".
func (o Occasion) Name() string {
	name := string(o.Purpose) + "." + string(o.Kind)
	if o.Impact != "" {
		name += "." + string(o.Impact)
	}
	return name
}

// Titled reports whether the words have a title: later ones stand under the incident's.
func (o Occasion) Titled() bool { return o.Purpose == FirstWords }

// A Template is prepared words, per language, each a Wording.
type Template struct {
	Title lang.Text `json:"title,omitempty"`
	Body  lang.Text `json:"body"`
}

func (s Settings) checkTemplates() (wrong problem.List) {
	for name, template := range s.Templates {
		o, known := ParseOccasion(name)
		if !known || !o.Titled() && len(template.Title) > 0 {
			wrong.Add(problem.Field("templates", "problem.template.name"))
			continue
		}
		wrong = append(wrong, checkText("templates."+name+".title.", template.Title, longestTitle, Line)...)
		wrong = append(wrong, checkText("templates."+name+".body.", template.Body, longestBody, Lines)...)
	}
	return wrong
}

func checkText(field string, text lang.Text, longest int, check func(string, string, int) *problem.Problem) (wrong problem.List) {
	for tag, words := range text {
		if !tag.Known() {
			wrong.Add(problem.Field("templates", "problem.languages.unknown"))
			continue
		}
		if refused := check(field+string(tag), words, longest); refused != nil {
			wrong.Add(refused)
			continue
		}
		wrong.Add(checkWording(field+string(tag), words))
	}
	return wrong
}

// checkWording fills the text with the longest values there are: it must never be too long on the night it is used.
func checkWording(field, source string) *problem.Problem {
	w, wrong := ReadWording(field, source)
	if wrong != nil {
		return wrong
	}
	long := Value{Said: strings.Repeat("x", mostSaid), Number: 2}
	full := Filling{}
	for _, p := range Places {
		full[p] = long
	}
	if _, err := w.Fill(full, func(int) string { return "other" }); err != nil {
		refused := problem.All(err)[0]
		refused.Field = field
		return refused
	}
	return nil
}

// mostSaid is in bytes: thirty components with long names, after which a list ends in an ellipsis.
const mostSaid = 2000

// Said is a value made of words, cut where it is endless.
func Said(s string) Value {
	if len(s) > mostSaid {
		s = strings.ToValidUTF8(s[:mostSaid-utf8.UTFMax], "") + "…"
	}
	return Value{Said: s}
}

// Number is a value that counts, with how it is written.
func Number(n int, said string) Value { return Value{said, n} }

// Own is the company's text for an occasion in a language, if it wrote one.
func (s Settings) Own(o Occasion, tag lang.Tag) (title, body string) {
	t := s.Templates[o.Name()]
	return t.Title[tag], t.Body[tag]
}

// Edited reports whether the company has words of its own for an occasion.
func (s Settings) Edited(o Occasion) bool {
	t, has := s.Templates[o.Name()]
	return has && (!t.Title.Empty() || !t.Body.Empty())
}

// With is s with the company's words for an occasion; an empty template gives ours back.
func (s Settings) With(o Occasion, t Template) Settings {
	kept := make(map[string]Template, len(s.Templates)+1)
	for name, template := range s.Templates {
		kept[name] = template
	}
	if kept[o.Name()] = t; t.Title.Empty() && t.Body.Empty() {
		delete(kept, o.Name())
	}
	s.Templates = kept
	return s
}

// Valid reports whether p is one of ours.
func (p Purpose) Valid() bool { return slices.Contains(Purposes[:], p) }
