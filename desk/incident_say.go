package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/problem"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// saying is one word being said: what it is said about, and what is wrong with it so far. It lives within one transaction.
type saying struct {
	tx       *store.Tx
	desk     *Desk
	at       time.Time
	key      string
	settings settings.Settings
	all      map[id.Component]component.Component
	others   []incident.Incident // open public incidents besides this one
	incident incident.Incident
	before   incident.Incident // as it was
	last     incident.Update   // what was said before; zero at the first word
	first    bool
	isNew    bool
	holding  bool
	itself   bool // the holding update nobody wrote; the lead's name stands under it
	auto     bool // a maintenance that begins or ends by itself: nobody's name stands under it
	wrong    problem.List
	update   incident.Update
	listed   []id.Customer // whom the declaration is about
	advice   playbook.Advice
}

// saidOnce runs one act of saying, exactly once for a key: who presses twice, or repeats a request whose answer was lost, gets the answer of
// the first time.
func (d *Desk) saidOnce(ctx context.Context, key string, act func(*saying) error) (i incident.Incident, u incident.Update, err error) {
	at := now()
	err = d.insist(ctx, func(tx *store.Tx) error {
		if i, u, err = saidBefore(ctx, tx, key); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		s, err := d.startSaying(ctx, tx, key, at)
		if err != nil {
			return err
		}
		if err := act(s); err != nil {
			return err
		}
		i, u = s.incident, s.update
		return nil
	})
	if err == nil {
		d.wake()
	}
	return i, u, err
}

// insist runs an act that may safely be run again: where the answer of the database was lost, and where PostgreSQL reports two acts that drew
// the same number as a duplicate instead of a conflict.
func (d *Desk) insist(ctx context.Context, act func(*store.Tx) error) (err error) {
	for range 10 {
		err = d.db.Write(ctx, act)
		if !errors.Is(err, store.ErrInDoubt) && !errors.Is(err, store.ErrExists) {
			return err
		}
	}
	return err
}

func saidBefore(ctx context.Context, tx *store.Tx, key string) (i incident.Incident, u incident.Update, err error) {
	if u, err = tx.Updates.ByKey(ctx, key); err != nil {
		return i, u, err
	}
	i, err = tx.Incidents.ByID(ctx, u.Incident)
	return i, u, err
}

// onceKey is unique per actor and act. Without a key from anybody it is random, which still tells us after a lost commit whether we said it.
func onceKey(ctx context.Context, act, key string) string {
	actor := staff.Acting(ctx)
	key = or(key, actor.Request)
	if key == "" {
		return string(id.NewCode() + id.NewCode())
	}
	sum := sha256.Sum256([]byte(actor.Key() + "\x00" + act + "\x00" + key))
	return hex.EncodeToString(sum[:])
}

func (d *Desk) startSaying(ctx context.Context, tx *store.Tx, key string, at time.Time) (*saying, error) {
	s := &saying{tx: tx, desk: d, at: at, key: key, all: map[id.Component]component.Component{}}
	var err error
	if s.settings, _, err = tx.Settings.Load(ctx); err != nil {
		return nil, err
	}
	all, err := tx.Components.All(ctx)
	for _, c := range all {
		s.all[c.ID] = c
	}
	return s, err
}

// about loads the incident an update is for.
func (s *saying) about(ctx context.Context, to id.Incident) (err error) {
	if s.incident, err = found(s.tx.Incidents.ByID(ctx, to)); err != nil {
		return err
	}
	if s.incident.Visibility == incident.Draft {
		return problem.New(problem.Conflict, "problem.incident.draft")
	}
	s.before = s.incident
	s.last, err = s.tx.Updates.Latest(ctx, to)
	if errors.Is(err, store.ErrNotFound) { // a draft that was set aside: it never had a word
		return problem.New(problem.Conflict, "problem.incident.set_aside")
	}
	return err
}

// say appends the word and does everything that follows from it. All faults are answered at once.
func (s *saying) say(ctx context.Context, in Word) error {
	if err := s.choose(ctx, in); err != nil {
		return err
	}
	return s.keep(ctx)
}

// choose decides what the word says, and keeps nothing.
func (s *saying) choose(ctx context.Context, in Word) error {
	u := &s.update
	*u = incident.Update{
		ID: id.New[id.Update](s.at), Code: id.NewCode(), Incident: s.incident.ID, Number: s.last.Number + 1, Author: in.Author,
		Holding: s.holding, Automatic: s.itself, Notify: !in.Silent && s.incident.Visibility != incident.Private, At: s.at,
	}
	if err := s.checkAuthor(ctx); err != nil {
		return err
	}
	s.chooseStatus(in)
	if err := s.chooseAffected(ctx, in); err != nil {
		return err
	}
	s.chooseImpact(in)
	if err := s.chooseFields(ctx, in); err != nil {
		return err
	}
	s.checkTexts(in)
	s.chooseNext(in)
	s.chooseReport(in)
	if err := s.advise(ctx, in); err != nil {
		return err
	}
	return s.wrong.Err()
}

// keep writes it all down, in the order the foreign keys need.
func (s *saying) keep(ctx context.Context) error {
	s.incident.UpdatedAt = s.at
	save := s.tx.Incidents.Save
	if s.isNew {
		save = s.tx.Incidents.Add
	}
	if err := save(ctx, s.incident); err != nil {
		return err
	}
	if _, err := s.tx.Affected.Name(ctx, s.incident.ID, s.listed); err != nil {
		return err
	}
	if err := s.tx.Updates.Add(ctx, s.update, s.key); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{
		s.keepAdvice, s.changeComponents, s.settlePromises, s.setMaintenanceTimers, s.noteChange, s.auditIt, s.announce,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *saying) public() bool { return s.incident.Visibility == incident.Public }

func (s *saying) checkAuthor(ctx context.Context) error {
	if s.auto {
		return nil
	}
	s.update.Author = or(s.update.Author, staff.Acting(ctx).Person.ID)
	if s.update.Author == "" {
		s.wrong.Add(problem.Field("author", "problem.author"))
		return nil
	}
	return s.active(ctx, "author", s.update.Author)
}

// active notes a problem unless the person is one of us and still here: "The Building Office" signs nothing (S0).
func (s *saying) active(ctx context.Context, field string, p id.Person) error {
	person, err := thePerson(ctx, s.tx, p)
	if problem.Is(err, problem.NotFound) || (err == nil && !person.Active()) {
		s.wrong.Add(problem.Field(field, "problem.author"))
		return nil
	}
	return err
}

func (s *saying) noteChange(ctx context.Context) error {
	if !s.public() {
		return nil
	}
	return s.tx.Changes.Add(ctx, "incident:"+string(s.incident.ID), s.at)
}

// auditIt leaves the words out: they stand in the update, and must be gone from everywhere once they are blacked out.
func (s *saying) auditIt(ctx context.Context) error {
	act := "update post"
	if s.first {
		act = "incident declare"
	}
	var before any
	if !s.isNew {
		before = auditedIncident(s.before)
	}
	after := struct {
		auditedFacts
		Update id.Update
		Number int
		Author id.Person
		NextBy time.Time
		Silent bool
	}{auditedIncident(s.incident), s.update.ID, s.update.Number, s.update.Author, s.update.NextBy, !s.update.Notify}
	return s.desk.audit(ctx, s.tx, s.at, act, string(s.incident.ID), before, after)
}

// auditedFacts is an incident without the words customers read.
type auditedFacts struct {
	Kind                                                       incident.Kind
	Visibility                                                 incident.Visibility
	Status                                                     incident.Status
	Impact, Override                                           incident.Impact
	CannotWork                                                 bool
	Affected                                                   []incident.Affected
	Lead                                                       id.Person
	StartedAt, DetectedAt, FirstReportAt, ResolvedAt, ReportBy time.Time
	DetectedBy                                                 incident.Detection
	Window                                                     incident.Window
}

func auditedIncident(i incident.Incident) auditedFacts {
	return auditedFacts{
		i.Kind, i.Visibility, i.Status, i.Impact, i.Override, i.CannotWork, i.Affected, i.Lead,
		i.StartedAt, i.DetectedAt, i.FirstReportAt, i.ResolvedAt, i.ReportDueAt, i.DetectedBy, i.Window,
	}
}

// found turns what is not there into what a person may read.
func found[T any](v T, err error) (T, error) {
	if errors.Is(err, store.ErrNotFound) {
		return v, problem.New(problem.NotFound, "problem.not_found")
	}
	return v, err
}

func oneOf[T comparable](v T, all []T) bool { return slices.Contains(all, v) }

// or is the first that is not the zero value.
func or[T comparable](all ...T) (zero T) {
	for _, v := range all {
		if v != zero {
			return v
		}
	}
	return zero
}

// or2 is or for times, whose zero value is asked for by a method.
func or2(t, otherwise time.Time) time.Time {
	if t.IsZero() {
		return otherwise
	}
	return t
}

// pick notes that a choice is not among those offered.
func (s *saying) pick(field string, ok bool) {
	if !ok {
		s.wrong.Add(problem.Field(field, "problem.choice"))
	}
}

// inAllLanguages is a catalogue text in every language the company speaks.
func (s *saying) inAllLanguages(key string) lang.Text {
	text := lang.Text{}
	for _, tag := range s.settings.Languages {
		text[tag] = lang.For(tag).T(key)
	}
	return text
}
