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
		text, tag := u.Body.In(j.Language, lang.English)
		r, findings, err := Check(text, Context{
			Language: tag, Kind: Word{First: u.Number == 1, Status: u.Status}.Kind(), Impact: j.Impact, Incident: j.Kind, Fields: &u.Fields, NextBy: u.NextBy, Affected: j.Share, Apologies: j.Apologies,
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

// said judges what the words have to say once.
func said(s Signal) func(*assessor) (portion, Basis) {
	return func(j *assessor) (portion, Basis) { return inUpdate(j.signals, s) }
}

// warned judges what the words should not say.
func warned(r FindingRule) func(*assessor) (portion, Basis) {
	return func(j *assessor) (portion, Basis) { return inUpdate(j.findings, r) }
}

func inUpdate[K comparable](first map[K]int, k K) (portion, Basis) {
	if n, ok := first[k]; ok {
		return 1, Basis{Fact: FactSaid, Number: n}
	}
	return 0, Basis{Fact: FactUnsaid}
}

// joke counts where money or data is concerned: elsewhere it is a matter of taste.
func (j *assessor) joke() (portion, Basis) {
	fields := j.last().Fields
	if !(Context{Incident: j.Kind, Fields: &fields}).delicate() {
		return 0, Basis{Fact: FactUnsaid}
	}
	return said(Flippant)(j)
}

// explanation asks the field before the words: it is what customers are shown.
func (j *assessor) explanation() (portion, Basis) {
	if j.last().Fields.Cause.State == incident.CauseKnown {
		return 1, Basis{Fact: FactCauseKnown}
	}
	if j.Open() {
		return unknown, Basis{Fact: FactOpen}
	}
	return 0, Basis{Fact: FactCauseUnknown}
}

func (j *assessor) last() incident.Update {
	if len(j.Updates) == 0 {
		return incident.Update{}
	}
	return j.Updates[len(j.Updates)-1]
}
