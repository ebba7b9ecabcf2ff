package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// stepCallIn is the timer that looks who has not answered.
const stepCallIn = "call_in"

// callInGlance is how often it is looked whether a message failed: nobody waits five minutes for an answer to what never arrived.
const callInGlance = 30 * time.Second

// callInLinks is how long a link answers: a night and a day, not for ever.
const callInLinks = 48 * time.Hour

// CallIn calls everybody in, from the top of the tree: who is asked is sent a message by every channel we have of them. Whoever starts it is
// on. While one about this incident goes on, starting another is the same one.
func (d *Desk) CallIn(ctx context.Context, about id.Incident, note string) (x id.CallIn, err error) {
	defer wrap(&err, "call everybody in about %s", about)
	if err := need(ctx, staff.Say); err != nil {
		return "", err
	}
	if note, err = callNote(note); err != nil {
		return "", err
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		i, err := found(tx.Incidents.ByID(ctx, about))
		if err != nil {
			return err
		}
		if i.Visibility == incident.Draft || i.Visibility == incident.Private {
			return problem.New(problem.Conflict, "problem.callin.draft")
		}
		before, _, err := tx.CallIns.Latest(ctx, about)
		if there, err := known(err); err != nil {
			return err
		} else if there && before.ClosedAt.IsZero() {
			x = before.ID
			return nil
		}
		people, err := tx.People.All(ctx)
		if err != nil {
			return err
		}
		me := staff.Acting(ctx).Person.ID
		c := store.CallIn{ID: id.New[id.CallIn](at), Incident: about, StartedBy: me, Note: note}
		c.Tree, c.Terms, c.At = calledIn(i, people, me), staff.UsualTerms(), at
		x = c.ID
		if err := tx.CallIns.Add(ctx, c); err != nil {
			return err
		}
		if slices.ContainsFunc(c.Tree, func(p staff.Place) bool { return p.Person == me }) {
			ask := store.CallInAsk{CallIn: c.ID, Code: id.NewCode(), Why: staff.AskedAtTheTop}
			ask.Person, ask.Pass, ask.At, ask.Answer, ask.AnsweredAt = me, 1, at, staff.Coming, at
			if _, err := tx.CallIns.Ask(ctx, ask); err != nil {
				return err
			}
		}
		if err := d.audit(ctx, tx, at, "call in", string(about), nil, map[string]int{"people": len(c.Tree)}); err != nil {
			return err
		}
		return d.callNext(ctx, tx, c.ID, at)
	})
	return x, err
}

// calledIn is who is asked: in a rehearsal nobody but who rehearses.
func calledIn(i incident.Incident, people []staff.Person, me id.Person) staff.Tree {
	if i.Visibility != incident.Rehearsal {
		return staff.TreeOf(people)
	}
	return staff.Tree{{Person: me}}
}

// callNext asks whoever is to be asked now, and winds up the timer that looks again.
func (d *Desk) callNext(ctx context.Context, tx *store.Tx, x id.CallIn, at time.Time) error {
	c, _, err := tx.CallIns.ByID(ctx, x)
	if err != nil {
		return err
	}
	steps, look := c.Next(at)
	for _, step := range steps {
		if err := d.askIn(ctx, tx, c, step, at); err != nil {
			return err
		}
	}
	if look.IsZero() {
		if c.ClosedAt.IsZero() {
			return errors.Join(tx.CallIns.Close(ctx, x, at), tx.Timers.Cancel(ctx, string(x), "everybody has answered or was asked as often as we ask", at))
		}
		return nil
	}
	if !c.ClosedAt.IsZero() {
		if err := tx.CallIns.Close(ctx, x, time.Time{}); err != nil {
			return err
		}
	}
	if sooner := at.Add(callInGlance); sooner.Before(look) {
		look = sooner
	}
	return tx.Timers.Set(ctx, store.Timer{Object: string(x), Step: stepCallIn, At: look})
}

func (d *Desk) askIn(ctx context.Context, tx *store.Tx, c store.CallIn, step staff.Step, at time.Time) error {
	secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
	if err != nil {
		return err
	}
	ask := store.CallInAsk{CallIn: c.ID, Code: id.NewCode(), Announcement: id.New[id.Announcement](at), Why: step.Why}
	ask.Person, ask.By, ask.Pass, ask.At = step.Person, step.By, step.Pass, at
	added, err := tx.CallIns.Ask(ctx, ask)
	if err != nil || !added {
		return err
	}
	return tx.Announcements.Add(ctx, reach.Announcement{
		ID: ask.Announcement, Kind: reach.OnCallIn, Incident: c.Incident, Target: audience.Target{Person: step.Person}, Priority: reach.Urgent,
		Link: callInPath + audience.Sign(secret, audience.ToCallIn, ask.Code), AsOf: at,
	})
}

const callInPath = "/console/call-in/"

// callInByTheClock looks who has not answered: their branch is somebody else's at once.
func (d *Desk) callInByTheClock(ctx context.Context, t store.Timer) error {
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		mine, err := tx.Timers.Fire(ctx, t, at)
		if err != nil || !mine {
			return err
		}
		return d.callNext(ctx, tx, id.CallIn(t.Object), at)
	})
}

// An Invited person holds a link that calls them in.
type Invited struct {
	store.CallInAsk
	In store.CallIn
}

// CalledIn is whom a link calls in. It only looks: opening a link says nothing, because machines open links.
func (d *Desk) CalledIn(ctx context.Context, tx *store.Tx, token string, at time.Time) (who Invited, err error) {
	defer wrap(&err, "read whom a link calls in")
	absent := problem.New(problem.NotFound, "problem.not_found")
	code, ok := id.ParseCode(token[:min(len(token), 12)])
	if !ok {
		return who, absent
	}
	if who.CallInAsk, err = found(tx.CallIns.AskOf(ctx, code)); err != nil {
		return who, err
	}
	secret, err := tx.Instance.Secret(ctx, store.LinkSecret) // drawn by now: somebody was asked
	if err != nil {
		return who, err
	}
	if _, ok := audience.Open(secret, audience.ToCallIn, token); !ok {
		return Invited{}, absent
	}
	if who.In, _, err = tx.CallIns.ByID(ctx, who.CallIn); err == nil && at.Sub(who.In.At) > callInLinks {
		err = problem.New(problem.Gone, "problem.not_found")
	}
	return who, err
}

// AnswerCallIn notes what the holder of a link says. They may say something else later.
func (d *Desk) AnswerCallIn(ctx context.Context, token string, answer staff.Answer) (err error) {
	defer wrap(&err, "answer a call-in")
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		who, err := d.CalledIn(ctx, tx, token, at)
		if err != nil {
			return err
		}
		p, err := tx.People.ByID(ctx, who.Person)
		if err != nil {
			return err
		}
		if !p.Active() {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		actor := staff.Actor{Person: p, IP: staff.Acting(ctx).IP}
		return d.answered(staff.As(ctx, actor), tx, who.In.ID, who.Person, answer, at)
	})
}

// AnswerFor notes what somebody said to the one of us who rang them.
func (d *Desk) AnswerFor(ctx context.Context, about id.Incident, person id.Person, answer staff.Answer) (err error) {
	defer wrap(&err, "note what %s answers", person)
	if err := need(ctx, staff.Look); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		c, asks, err := tx.CallIns.Latest(ctx, about)
		if c, err = found(c, err); err != nil {
			return err
		}
		place := slices.IndexFunc(c.Tree, func(p staff.Place) bool { return p.Person == person })
		if place < 0 {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		if !slices.ContainsFunc(asks, func(a store.CallInAsk) bool { return a.Person == person }) { // rung before Candor asked
			ask := store.CallInAsk{CallIn: c.ID, Code: id.NewCode(), Why: staff.AskedInTurn}
			ask.Person, ask.By, ask.Pass, ask.At = person, staff.Acting(ctx).Person.ID, 1, at
			if _, err := tx.CallIns.Ask(ctx, ask); err != nil {
				return err
			}
		}
		return d.answered(ctx, tx, c.ID, person, answer, at)
	})
}

func (d *Desk) answered(ctx context.Context, tx *store.Tx, x id.CallIn, person id.Person, answer staff.Answer, at time.Time) error {
	if answer != staff.Coming && answer != staff.Unable {
		return problem.Field("answer", "problem.callin.answer")
	}
	if err := tx.CallIns.Answer(ctx, x, person, answer, at); err != nil {
		return err
	}
	if err := d.audit(ctx, tx, at, "call in answer", string(person), nil, map[string]staff.Answer{"answer": answer}); err != nil {
		return err
	}
	return d.callNext(ctx, tx, x, at)
}
