package desk

import (
	"context"
	"errors"
	"time"

	"candor/amends"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/promise"
	"candor/staff"
	"candor/store"
)

// An OfferOf is how somebody wants an approved run offered.
type OfferOf struct {
	Run         id.CreditRun
	Policy      amends.Policy
	Words       lang.Text // what happened, whose fault it was
	Signer      id.Person // empty: whoever acts
	ExpiresAt   time.Time // the end of the offer
	AvailableBy time.Time // when every customer has it, which is promised in public; zero: in seven days
}

const (
	// available is what S4 asks for: the credit within seven days.
	available = 7 * 24 * time.Hour
	// shortestOffer is the least time a customer has who is on a journey of one night.
	shortestOffer = 24 * time.Hour
	longestOffer  = 366 * 24 * time.Hour
	mostReminders = 5
)

// OfferRun offers an approved run to its customers. The offers are made, the letters sent and the book written by duty; this says how, makes
// the promise, and returns. Done again it is refused: a run is offered once.
func (d *Desk) OfferRun(ctx context.Context, in OfferOf) (o amends.Offering, err error) {
	defer wrap(&err, "offer %s", in.Run)
	if err := need(ctx, staff.Pay); err != nil {
		return o, err
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		run, err := found(tx.CreditRuns.ByID(ctx, in.Run))
		if err != nil {
			return err
		}
		if _, err := tx.Offerings.Of(ctx, in.Run); !errors.Is(err, store.ErrNotFound) || !run.State.Final() {
			if err == nil || errors.Is(err, store.ErrNotFound) {
				err = problem.New(problem.Conflict, "problem.offer.run")
			}
			return err
		}
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		if o, err = in.check(ctx, tx, s.Default(), at); err != nil {
			return err
		}
		o.Incident = run.Basis.Incident
		if err := promiseCredit(ctx, tx, &o, or2(in.AvailableBy, at.Add(available)), s.Default(), at); err != nil {
			return err
		}
		if err := tx.Offerings.Begin(ctx, o); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "offer credits", string(o.Run), nil, map[string]any{"policy": o.Policy, "expires_at": o.ExpiresAt, "signer": o.Signer})
	})
	return o, err
}

// check finds everything that is wrong with an offer at once.
func (in OfferOf) check(ctx context.Context, tx *store.Tx, first lang.Tag, at time.Time) (o amends.Offering, err error) {
	var wrong problem.List
	words := in.Words.Trimmed()
	if words.Empty() || words[first] == "" {
		wrong.Add(problem.Field("words", "problem.offer.words"))
	}
	checkBody(&wrong, "words", words)
	if in.ExpiresAt.Before(at.Add(shortestOffer)) || in.ExpiresAt.After(at.Add(longestOffer)) {
		wrong.Add(problem.Field("expires_at", "problem.offer.expires"))
	}
	if !in.AvailableBy.IsZero() && !in.AvailableBy.After(at) {
		wrong.Add(problem.Field("available_by", "problem.offer.available"))
	}
	p := in.Policy
	if p.Redeeming != amends.ByButton && p.Redeeming != amends.ByItself || p.Silence != amends.CreditAnyway && p.Silence != amends.Lapse ||
		p.Answer < time.Hour || p.Answer > 30*24*time.Hour || len(p.Remind) > mostReminders {
		wrong.Add(problem.Field("policy", "problem.choice"))
	}
	for i, before := range p.Remind {
		if before <= 0 || i > 0 && before >= p.Remind[i-1] {
			wrong.Add(problem.Field("remind", "problem.offer.remind"))
			break
		}
	}
	signer := or(in.Signer, staff.Acting(ctx).Person.ID)
	person, err := tx.People.ByID(ctx, signer)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return o, err
	}
	if err != nil || !person.Active() {
		wrong.Add(problem.Field("signer", "problem.offer.signer"))
	}
	o = amends.Offering{
		Run: in.Run, Policy: p, Words: words, Signer: signer, State: amends.OnTrial, BeganBy: staff.Acting(ctx).Person.ID, BeganAt: at, ExpiresAt: in.ExpiresAt.UTC(),
	}
	o.LookAt, o.Reminded = o.NextLook(at)
	return o, wrong.Err()
}

// promiseCredit says in public by when every customer has their credit: kept when the last letter has gone.
func promiseCredit(ctx context.Context, tx *store.Tx, o *amends.Offering, by time.Time, speaks lang.Tag, at time.Time) error {
	if o.Incident == "" {
		return nil
	}
	i, err := tx.Incidents.ByID(ctx, o.Incident)
	if err != nil || i.Visibility != incident.Public {
		return err
	}
	o.Promise = id.New[id.Promise](at)
	if err := tx.Promises.Add(ctx, promise.Promise{
		ID: o.Promise, Kind: promise.Credit, Incident: o.Incident, Promiser: o.Signer, Text: lang.For(speaks).T("offer.promise"), MadeAt: at, DueAt: by,
	}); err != nil {
		return err
	}
	return tx.Changes.Add(ctx, "incident:"+string(o.Incident), at)
}

// GoOn lets the rest of a run be booked: after a trial that somebody has looked at, or after the book did not agree.
func (d *Desk) GoOn(ctx context.Context, run id.CreditRun) (err error) {
	defer wrap(&err, "go on with %s", run)
	if err := need(ctx, staff.Pay); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		o, err := found(tx.Offerings.Of(ctx, run))
		if err != nil {
			return err
		}
		mine, err := tx.Offerings.Turn(ctx, run, o.State, amends.Going, "", at)
		if err != nil || !mine || o.State == amends.Going {
			return err
		}
		if o.State == amends.Closed {
			return problem.New(problem.Conflict, "problem.offer.closed")
		}
		return d.audit(ctx, tx, at, "go on booking credits", string(run), map[string]any{"state": o.State, "reason": o.Reason}, nil)
	})
}
