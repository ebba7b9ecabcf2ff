package desk

import (
	"context"
	"slices"
	"time"

	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/promise"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// RecordFact notes what happened to the legal clocks of an incident: that an event of a regime happened, that a notice was sent, that one is
// not required or has another deadline, or that something was recorded by mistake. What is due follows from it at once, is reminded of like
// every promise, and is seen by staff alone.
func (d *Desk) RecordFact(ctx context.Context, about id.Incident, f promise.Fact) (err error) {
	defer wrap(&err, "record %s about %s", f.Event, about)
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		i, err := found(tx.Incidents.ByID(ctx, about))
		if err != nil {
			return err
		}
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		f := ofOneKind(f, staff.Acting(ctx).Person.ID, at)
		if err := checkFact(s, f, at); err != nil {
			return err
		}
		fact := store.PromiseFact{Fact: f, ID: id.New[id.PromiseFact](at), Incident: i.ID}
		if fact.RecordedAt, err = afterAll(ctx, tx, i.ID, at); err != nil {
			return err
		}
		if err := tx.PromiseFacts.Add(ctx, fact); err != nil {
			return err
		}
		if err := followClocks(ctx, tx, s, i, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "legal fact", string(i.ID), nil, f)
	})
}

// afterAll is at, or just after what was recorded last: what comes later corrects what came before, so no two may share an instant.
func afterAll(ctx context.Context, tx *store.Tx, about id.Incident, at time.Time) (time.Time, error) {
	recorded, err := tx.PromiseFacts.Of(ctx, about)
	if n := len(recorded); n > 0 && !at.After(recorded[n-1].RecordedAt) {
		at = recorded[n-1].RecordedAt.Add(time.Microsecond)
	}
	return at, err
}

// ofOneKind leaves the clock or the regime out, whichever the event is not about, so that a retraction finds what it takes back.
func ofOneKind(f promise.Fact, by id.Person, at time.Time) promise.Fact {
	what := f.Event
	if what == promise.Retracted {
		what = f.Takes
	}
	switch what {
	case promise.Submitted, promise.NotRequired, promise.Moved:
		f.Regime = ""
	default:
		f.Clock = ""
	}
	if f.Event != promise.Retracted {
		f.Takes = ""
	}
	f.By, f.At, f.DueAt = by, or2(f.At, at).UTC().Truncate(time.Microsecond), f.DueAt.UTC().Truncate(time.Microsecond)
	return f
}

// checkFact refuses what counts for nothing, all of it at once.
func checkFact(s settings.Settings, f promise.Fact, at time.Time) error {
	clocks, err := s.LegalClocks()
	if err != nil {
		return err
	}
	wrong := problem.All(f.Validate(at))
	if f.Clock != "" && !slices.ContainsFunc(clocks, func(c promise.Clock) bool {
		return c.ID == f.Clock || f.Event != promise.Moved && c.Instead == f.Clock
	}) {
		wrong.Add(problem.Field("clock", "problem.choice"))
	}
	if f.Regime != "" && !slices.ContainsFunc(clocks, func(c promise.Clock) bool { return c.Family == f.Regime }) {
		wrong.Add(problem.Field("regime", "problem.choice"))
	}
	return wrong.Err()
}

// followClocks makes the promises of an incident what its deadlines are.
func followClocks(ctx context.Context, tx *store.Tx, s settings.Settings, i incident.Incident, at time.Time) error {
	deadlines, _, err := Deadlines(ctx, tx, s, i.ID)
	if err != nil {
		return err
	}
	all, err := tx.Promises.Of(ctx, i.ID)
	if err != nil {
		return err
	}
	open := slices.DeleteFunc(all, func(p promise.Promise) bool { return p.Kind != promise.LegalNotice || !p.Open() })
	changes := promise.Follow(open, deadlines)
	for _, p := range changes.Keep {
		if err := tx.Promises.KeepOne(ctx, p.ID, p.KeptAt); err != nil {
			return err
		}
	}
	for _, p := range changes.Withdraw {
		if err := tx.Promises.WithdrawOne(ctx, p.ID, at); err != nil {
			return err
		}
	}
	for _, due := range changes.Make {
		if err := tx.Promises.Add(ctx, due.Promise(id.New[id.Promise](at), i.ID, or(i.Lead, staff.Acting(ctx).Person.ID), at)); err != nil {
			return err
		}
	}
	return nil
}

// Deadlines are the legal clocks applied to what was recorded about an incident, and the record.
func Deadlines(ctx context.Context, tx *store.Tx, s settings.Settings, about id.Incident) (all []promise.Deadline, recorded []store.PromiseFact, err error) {
	if recorded, err = tx.PromiseFacts.Of(ctx, about); err != nil {
		return nil, nil, err
	}
	clocks, err := s.LegalClocks()
	if err != nil {
		return nil, nil, err
	}
	places, err := s.LegalPlaces()
	facts := make([]promise.Fact, len(recorded))
	for n, f := range recorded {
		facts[n] = f.Fact
	}
	return promise.Deadlines(clocks, facts, places), recorded, err
}
