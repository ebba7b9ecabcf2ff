package desk

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/promise"
	"candor/reach"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// stepHold is the timer after which the holding update goes out instead of words that wait.
const stepHold = "hold"

// needsSecond reports whether a later word waits for a second person. A company of one would wait for ever, so it does not.
func (s *saying) needsSecond(ctx context.Context) (bool, error) {
	me := staff.Acting(ctx).Person.ID
	if s.incident.Visibility != incident.Public || me == "" || !s.settings.Approval.Needs(s.incident.Kind, s.incident.Impact) {
		return false, nil
	}
	others, err := speakers(ctx, s.tx, me)
	return len(others) > 0, err
}

// speakers are the people who may speak to customers, but one.
func speakers(ctx context.Context, tx *store.Tx, but id.Person) (all []id.Person, err error) {
	people, err := tx.People.All(ctx)
	for _, p := range people {
		if p.ID != but && p.Active() && staff.May(p.Roles, staff.Say) {
			all = append(all, p.ID)
		}
	}
	return all, err
}

// wait keeps a word that is right in itself until somebody else has read it, and asks them.
func (s *saying) wait(ctx context.Context, in Word) (id.Proposal, error) {
	before, err := s.tx.Proposals.ByKey(ctx, s.key)
	if !errors.Is(err, store.ErrNotFound) {
		return before.ID, err
	}
	in.Author = or(in.Author, staff.Acting(ctx).Person.ID)
	if err := s.choose(ctx, in); err != nil {
		return "", err
	}
	s.update = incident.Update{} // nothing is said yet
	in.Ask, in.Confirmed = false, ""
	word, err := json.Marshal(in)
	if err != nil {
		return "", err
	}
	p := store.Proposal{ID: id.New[id.Proposal](s.at), Incident: s.before.ID, By: staff.Acting(ctx).Person.ID, Word: word, At: s.at}
	if err := s.tx.Proposals.Add(ctx, p, s.key); err != nil {
		return "", err
	}
	if err := s.windHold(ctx, p.ID); err != nil {
		return "", err
	}
	if err := s.askOthers(ctx, p); err != nil {
		return "", err
	}
	s.incident = s.before
	return p.ID, s.desk.audit(ctx, s.tx, s.at, "update propose", string(p.Incident), nil, struct{ Proposal id.Proposal }{p.ID})
}

func (s *saying) askOthers(ctx context.Context, p store.Proposal) error {
	others, err := speakers(ctx, s.tx, p.By)
	if err != nil {
		return err
	}
	for _, other := range others {
		if err := s.tx.Announcements.Add(ctx, reach.Announcement{
			ID: id.New[id.Announcement](s.at), Kind: reach.OnApproval, Incident: p.Incident, Target: audience.Target{Person: other},
			Priority: reach.Urgent, AsOf: s.at,
		}); err != nil {
			return err
		}
	}
	return nil
}

// windHold sets when the holding update goes out instead, if the company wants that.
func (s *saying) windHold(ctx context.Context, p id.Proposal) error {
	due, err := s.nextDue(ctx)
	if err != nil || due.IsZero() || s.settings.Approval.Hold == 0 {
		return err
	}
	return s.tx.Timers.Set(ctx, store.Timer{Object: string(p), Step: stepHold, At: s.settings.Approval.HoldAt(s.at, due)})
}

// nextDue is when the next word is promised; zero if none is.
func (s *saying) nextDue(ctx context.Context) (due time.Time, err error) {
	all, err := s.tx.Promises.Of(ctx, s.before.ID)
	for _, p := range all {
		if p.Kind == promise.NextUpdate && p.Open() {
			due = p.DueAt
		}
	}
	return due, err
}

// A Waiting is a word that waits, as it was written.
type Waiting struct {
	store.Proposal
	Said Word
	Hold time.Time // when the holding update goes out instead; zero if it does not
}

// WordsWaiting are the words that wait for a second person, the oldest first.
func (d *Desk) WordsWaiting(ctx context.Context, tx *store.Tx) (all []Waiting, err error) {
	defer wrap(&err, "read the words that wait")
	if err := need(ctx, staff.Look); err != nil {
		return nil, err
	}
	found, err := tx.Proposals.Waiting(ctx)
	for _, p := range found {
		w := Waiting{Proposal: p}
		if err := json.Unmarshal(p.Word, &w.Said); err != nil {
			return nil, err
		}
		if w.Hold, err = tx.Timers.At(ctx, string(p.ID), stepHold); err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, err
}

// Approve says a word that waited, in the name of who wrote it. Nobody approves their own.
func (d *Desk) Approve(ctx context.Context, x id.Proposal) (u incident.Update, err error) {
	defer wrap(&err, "approve %s", x)
	if err := need(ctx, staff.Say); err != nil {
		return u, err
	}
	_, u, err = d.saidOnce(ctx, onceKey(staff.As(ctx, staff.Actor{System: "approval"}), "approve "+string(x), string(x)), func(s *saying) error {
		p, err := s.answered(ctx, x, store.ProposalApproved, "")
		if err != nil {
			return err
		}
		if p.By == staff.Acting(ctx).Person.ID {
			return problem.New(problem.Forbidden, "problem.approval.own")
		}
		var word Word
		if err := json.Unmarshal(p.Word, &word); err != nil {
			return err
		}
		if err := s.about(ctx, p.Incident); err != nil {
			return err
		}
		if !word.NextBy.IsZero() && !word.NextBy.After(s.at) { // it waited longer than that: the cadence decides
			word.NextBy, word.NextReason = time.Time{}, ""
		}
		return s.say(ctx, word)
	})
	return u, err
}

// Decline takes a word back that waited: a second person with a reason, or who wrote it.
func (d *Desk) Decline(ctx context.Context, x id.Proposal, note string) (err error) {
	defer wrap(&err, "decline %s", x)
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		s, err := d.startSaying(ctx, tx, "", at)
		if err != nil {
			return err
		}
		if checkLine(&s.wrong, "note", note, longestNote); len(s.wrong) > 0 {
			return s.wrong.Err()
		}
		p, err := s.answered(ctx, x, store.ProposalDeclined, note)
		if err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "update decline", string(p.Incident), nil, struct {
			Proposal id.Proposal
			Note     string
		}{p.ID, note})
	})
}

// answered keeps the answer to a word that waits, and stops its clock.
func (s *saying) answered(ctx context.Context, x id.Proposal, answer store.ProposalDecision, note string) (store.Proposal, error) {
	p, err := found(s.tx.Proposals.ByID(ctx, x))
	if err != nil {
		return p, err
	}
	p.Decided, p.Decider, p.Decision, p.Note = s.at, staff.Acting(ctx).Person.ID, answer, note
	mine, err := s.tx.Proposals.Decide(ctx, p)
	if err == nil && !mine {
		err = problem.New(problem.Conflict, "problem.approval.answered")
	}
	if err != nil {
		return p, err
	}
	return p, s.tx.Timers.Cancel(ctx, string(x), "answered", s.at)
}

// holdByTheClock says the holding update because nobody has answered, and the promised time comes.
func (d *Desk) holdByTheClock(ctx context.Context, t store.Timer) error {
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		mine, err := tx.Timers.Fire(ctx, t, at)
		if err != nil || !mine {
			return err
		}
		s, err := d.startSaying(ctx, tx, onceKey(ctx, "clock", ""), at)
		if err != nil {
			return err
		}
		reason, err := s.holdInstead(ctx, id.Proposal(t.Object))
		if err != nil || reason == "" {
			return err
		}
		return tx.Timers.Reason(ctx, t, reason)
	})
}

// holdInstead answers why nothing was said, or nothing if the clock goes on.
func (s *saying) holdInstead(ctx context.Context, x id.Proposal) (reason string, err error) {
	p, err := s.tx.Proposals.ByID(ctx, x)
	if err != nil || !p.Decided.IsZero() {
		return "answered", err
	}
	if err := s.about(ctx, p.Incident); err != nil {
		return "", err
	}
	due, err := s.nextDue(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case !s.incident.Open() || due.IsZero():
		return "nothing is promised", nil
	case s.settings.Approval.Hold == 0:
		return "switched off", nil
	case s.settings.Approval.HoldAt(p.At, due).After(s.at): // somebody spoke meanwhile
		return "", s.windHold(ctx, x)
	}
	said, err := s.tx.Updates.Of(ctx, p.Incident)
	if err != nil {
		return "", err
	}
	if incident.AutomaticInARow(said) >= settings.MostHeld {
		return "two in a row: now a person has to speak", nil
	}
	s.holding, s.itself = true, true
	if err := s.signByLead(ctx); err != nil {
		return "", err
	}
	if err := s.say(ctx, Word{Author: s.incident.Lead, Body: s.prepared(settings.Holding)}); err != nil {
		return "", err
	}
	return "", s.windHold(ctx, x)
}

// signByLead leaves the name out where the lead is not here any more.
func (s *saying) signByLead(ctx context.Context) error {
	lead, err := thePerson(ctx, s.tx, s.incident.Lead)
	if problem.Is(err, problem.NotFound) || err == nil && !lead.Active() {
		s.incident.Lead, s.auto = "", true
		return nil
	}
	return err
}
