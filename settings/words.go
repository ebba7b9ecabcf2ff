package settings

import (
	"slices"
	"strings"

	"candor/lang"
	"candor/problem"
)

// Words are what the company asks of its texts besides what everybody is asked.
type Words struct {
	// Glossary is what customers do not understand, and the plain word for it, per language.
	Glossary map[lang.Tag][]Term `json:"glossary,omitempty"`
	Rules    string              `json:"rules,omitempty"` // YAML; the playbook reads it
}

// A Term is a word of ours and what customers call it.
type Term struct {
	Jargon string `json:"jargon"`
	Plain  string `json:"plain"`
}

const (
	mostTerms    = 300
	longestTerm  = 100
	longestRules = 64_000
)

// check leaves what the rules say to whoever can read them.
func (w Words) check() (wrong problem.List) {
	for tag, terms := range w.Glossary {
		field := "words.glossary." + string(tag)
		if !tag.Known() {
			wrong.Add(problem.Field("words.glossary", "problem.languages.unknown"))
			continue
		}
		if len(terms) > mostTerms {
			wrong.Add(problem.Field(field, "problem.glossary.many", "most", mostTerms))
		}
		for n, t := range terms {
			wrong.Add(Line(field, t.Jargon, longestTerm))
			wrong.Add(Line(field, t.Plain, longestTerm))
			switch {
			case strings.TrimSpace(t.Jargon) == "" || strings.TrimSpace(t.Plain) == "":
				wrong.Add(problem.Field(field, "problem.glossary.line", "line", n+1, "typed", t.Jargon+t.Plain))
			case slices.ContainsFunc(terms[:n], func(o Term) bool { return o.Jargon == t.Jargon }):
				wrong.Add(problem.Field(field, "problem.glossary.twice", "typed", t.Jargon))
			}
		}
	}
	wrong.Add(Lines("words.rules", w.Rules, longestRules))
	return wrong
}

// ParseGlossary reads what a person types: one word a line, "RCA = report on the cause". A line that says less is refused with its number.
func ParseGlossary(field, typed string) (terms []Term, wrong problem.List) {
	n := 0
	for line := range strings.Lines(typed) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		jargon, plain, ok := strings.Cut(line, "=")
		t := Term{strings.TrimSpace(jargon), strings.TrimSpace(plain)}
		if !ok || t.Jargon == "" || t.Plain == "" {
			wrong.Add(problem.Field(field, "problem.glossary.line", "line", n, "typed", line))
			continue
		}
		terms = append(terms, t)
	}
	return terms, wrong
}

// GlossaryLines are terms as they are typed.
func GlossaryLines(terms []Term) string {
	var b strings.Builder
	for _, t := range terms {
		b.WriteString(t.Jargon + " = " + t.Plain + "\n")
	}
	return b.String()
}
