package desk

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"time"

	"candor/component"
	"candor/incident"
	"candor/playbook"
	"candor/problem"
	"candor/settings"
	"candor/store"
)

// Review says what a careful colleague would of a word that stands in a form, with what is measured and what the company asks of its words.
// What the caller has measured already is not measured again.
func (d *Desk) Review(ctx context.Context, tx *store.Tx, s settings.Settings, i incident.Incident, w playbook.Word, at time.Time) (_ []playbook.Finding, err error) {
	defer wrap(&err, "review a word of %s", i.ID)
	if w.Read == nil {
		w.Read = playbook.ReadAll(w.Body)
	}
	w.House = d.houses.of(s.Words)
	if needsMeasure(w) {
		if err = measure(ctx, tx, i, &w); err != nil {
			return nil, err
		}
	}
	if says(w, playbook.Apology, playbook.Apologises) {
		if w.Measured.EarlierApologies, err = tx.Advice.Apologies(ctx, i.ID, at.Add(-playbook.ApologyMemory), at); err != nil {
			return nil, err
		}
	}
	return playbook.Review(s, w, at), nil
}

// House is what the company asks of its words, ready to read with.
func (d *Desk) House(s settings.Settings) *playbook.House { return d.houses.of(s.Words) }

// needsMeasure reports whether anything depends on how many customers are hit: counting a million takes a moment.
func needsMeasure(w playbook.Word) bool {
	return w.Impact != incident.ImpactMajor && w.Impact != incident.ImpactCritical && says(w, playbook.Minimising, playbook.Flippant)
}

func says(w playbook.Word, signals ...playbook.Signal) bool {
	for _, r := range w.Read {
		if slices.ContainsFunc(signals, r.Has) {
			return true
		}
	}
	return false
}

// measure adds how many customers an incident was found to affect, of all. Before the first word nobody was, unless the caller foresaw it.
func measure(ctx context.Context, tx *store.Tx, i incident.Incident, w *playbook.Word) (err error) {
	m := &w.Measured
	if m.Customers == 0 && !w.First {
		if m.Customers, err = tx.Affected.HowMany(ctx, i.ID); err != nil {
			return err
		}
	}
	if m.Customers > 0 && m.Of == 0 {
		m.Of, err = tx.Customers.Count(ctx)
	}
	return err
}

// Parts counts the components a word leaves broken, of all that customers see.
func Parts(hit []incident.Affected, all []component.Component) (m playbook.Measured) {
	down := map[component.Status]bool{component.MajorOutage: true, component.PartialOutage: true}
	for _, c := range all {
		if c.Group || c.Private || !c.ArchivedAt.IsZero() {
			continue
		}
		m.Parts++
		if slices.ContainsFunc(hit, func(a incident.Affected) bool { return a.Component == c.ID && down[a.Status] }) {
			m.Broken++
		}
	}
	return m
}

// advise looks at the word as it will stand. Who sits in front of it is asked once more if the words contradict a field; a first word and a
// program never are.
func (s *saying) advise(ctx context.Context, in Word) (err error) {
	author, err := thePerson(ctx, s.tx, s.update.Author)
	if err != nil && !problem.Is(err, problem.NotFound) { // nobody's word is refused already, or says itself by the clock
		return err
	}
	all := make([]component.Component, 0, len(s.all))
	for _, c := range s.all {
		all = append(all, c)
	}
	w := playbook.Word{
		Incident: s.incident.Kind, Impact: s.incident.Impact, Status: s.update.Status, First: s.first, Over: !s.isNew && !s.before.Open() && !s.first,
		Earns: s.earning(), Body: s.update.Body, Read: in.Read, Fields: s.update.Fields, Author: author, Auto: s.auto,
		NextBy: s.update.NextBy, NextReason: s.update.NextReason, Measured: Parts(s.incident.Affected, all),
	}
	if w.Read == nil {
		w.Read = playbook.ReadAll(w.Body)
	}
	if err := s.checkSum(ctx, w.Read); err != nil {
		return err
	}
	s.advice = playbook.Advice{
		Update: s.update.ID, Incident: s.incident.ID, At: s.at,
		Apologises: s.public() && says(w, playbook.Apology, playbook.Apologises), Acts: s.public() && says(w, playbook.CorrectiveAct),
	}
	if s.advice.Findings, err = s.desk.Review(ctx, s.tx, s.settings, s.incident, w, s.at); err != nil {
		return err
	}
	s.advice.Confirmed = confirm(&s.wrong, s.advice.Findings, in.Ask && !s.first, in.Confirmed)
	return nil
}

// confirm asks once more, if somebody is there to be asked, and reports whether what contradicts a field was confirmed.
func confirm(wrong *problem.List, findings []playbook.Finding, ask bool, confirmed string) bool {
	want := playbook.Confirmation(findings)
	if ask && want != "" && want != confirmed {
		wrong.Add(problem.Field("anyway", "problem.contradiction"))
	}
	return want != "" && want == confirmed
}

func (s *saying) keepAdvice(ctx context.Context) error { return s.tx.Advice.Add(ctx, s.advice) }

// houses keeps what the company asks of its words ready: making its rules takes longer than reading a text with them.
type houses struct {
	mu    sync.Mutex
	words settings.Words
	house *playbook.House
}

func (k *houses) of(w settings.Words) *playbook.House {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.house == nil || !reflect.DeepEqual(k.words, w) {
		k.words, k.house = w, playbook.HouseOf(w)
	}
	return k.house
}
