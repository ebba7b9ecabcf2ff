package playbook

import (
	"time"

	"candor/incident"
	"candor/lang"
)

// An assessor looks at one incident.
type assessor struct {
	Course
	now      time.Time
	signals  map[Signal]int      // the first update that gives it
	findings map[FindingRule]int // the first update in which it was found
}

// listen reads every update once, in the language it was written in.
func (j *assessor) listen() {
	j.signals, j.findings = map[Signal]int{}, map[FindingRule]int{}
	for _, u := range j.Updates {
		text, tag := original(u.Body, j.Languages)
		r, findings, err := Check(text, Context{
			Language: tag, Kind: kindOf(u), Impact: j.Impact, Incident: j.Kind, Fields: &u.Fields, NextBy: u.NextBy, Affected: j.Share, Apologies: j.Apologies,
		})
		if err != nil {
			continue // a language without rules says nothing for or against
		}
		for s := range r.Found {
			remember(j.signals, s, u.Number)
		}
		for _, f := range findings {
			remember(j.findings, f.Rule, u.Number)
		}
	}
}

func remember[K comparable](first map[K]int, k K, n int) {
	if _, ok := first[k]; !ok {
		first[k] = n
	}
}

// original is a text in the first of the company's languages that has it.
func original(body lang.Text, languages []lang.Tag) (string, lang.Tag) {
	for _, tag := range languages {
		if body[tag] != "" {
			return body[tag], tag
		}
	}
	for _, tag := range lang.All() {
		if body[tag] != "" {
			return body[tag], tag
		}
	}
	return "", lang.English
}

func kindOf(u incident.Update) Kind {
	switch {
	case u.Status == incident.Resolved || u.Status == incident.Completed:
		return Resolved
	case u.Number == 1:
		return Notice
	}
	return Update
}

// said judges what the words have to say once.
func said(s Signal) func(*assessor) (portion, Fact, []any) {
	return func(j *assessor) (portion, Fact, []any) {
		if n, ok := j.signals[s]; ok {
			return 1, FactSaid, []any{"number", n}
		}
		return 0, FactUnsaid, nil
	}
}

// warned judges what the words should not say.
func warned(r FindingRule) func(*assessor) (portion, Fact, []any) {
	return func(j *assessor) (portion, Fact, []any) {
		if n, ok := j.findings[r]; ok {
			return 1, FactSaid, []any{"number", n}
		}
		return 0, FactUnsaid, nil
	}
}

// joke counts where money or data is concerned: elsewhere it is a matter of taste.
func (j *assessor) joke() (portion, Fact, []any) {
	n, ok := j.signals[Flippant]
	delicate := j.Kind == incident.Billing || j.Kind == incident.Data || j.last().Fields.Data.Harmed()
	if !ok || !delicate {
		return 0, FactUnsaid, nil
	}
	return 1, FactSaid, []any{"number", n}
}

// explanation asks the field before the words: it is what customers are shown.
func (j *assessor) explanation() (portion, Fact, []any) {
	if j.last().Fields.Cause.State == incident.CauseKnown {
		return 1, FactCauseKnown, nil
	}
	if j.Open() {
		return unknown, FactOpen, nil
	}
	return 0, FactCauseUnknown, nil
}

func (j *assessor) last() incident.Update {
	if len(j.Updates) == 0 {
		return incident.Update{}
	}
	return j.Updates[len(j.Updates)-1]
}
