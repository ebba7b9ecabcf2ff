package desk

import (
	"context"
	"math/big"
	"time"

	"candor/amends"
	"candor/id"
	"candor/problem"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// ApproveRun says that customers are owed what a run came to. digest is of the run that was looked at: what somebody changed meanwhile is looked
// at again, and so is a run whose facts are not those of now. Above the company's limit a second person has to say so too.
func (d *Desk) ApproveRun(ctx context.Context, x id.CreditRun, digest string) (run amends.Run, err error) {
	defer wrap(&err, "approve credit run %s", x)
	if err := need(ctx, staff.Pay); err != nil {
		return run, err
	}
	me := staff.Acting(ctx).Person.ID
	if me == "" { // money is approved by somebody who can be asked
		return run, problem.New(problem.Forbidden, "problem.forbidden")
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if run, err = found(tx.CreditRuns.ByID(ctx, x)); err != nil {
			return err
		}
		if run.State.Final() && (run.ApprovedBy == me || run.SecondBy == me) && run.Digest == digest {
			return nil // pressed twice
		}
		if err := d.mayApprove(ctx, tx, run, digest, me); err != nil {
			return err
		}
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		return d.approveRun(ctx, tx, &run, me, AboveLimit(s, run.Totals))
	})
	if err == nil {
		d.wake()
	}
	return run, err
}

func (d *Desk) mayApprove(ctx context.Context, tx *store.Tx, run amends.Run, digest string, me id.Person) error {
	switch {
	case run.State == amends.Reckoning:
		return problem.New(problem.Conflict, "problem.credits.reckoning")
	case run.State != amends.Drafted:
		return problem.New(problem.Conflict, "problem.credits.final")
	case run.Digest != digest:
		return problem.New(problem.Conflict, "problem.credits.changed")
	case run.ApprovedBy == me:
		return problem.New(problem.Forbidden, "problem.credits.second")
	}
	moved, err := d.Moved(ctx, tx, run)
	if err == nil && moved {
		return problem.New(problem.Conflict, "problem.credits.moved")
	}
	return err
}

func (d *Desk) approveRun(ctx context.Context, tx *store.Tx, run *amends.Run, me id.Person, above bool) error {
	at, act := now(), "credit run approve"
	switch {
	case run.ApprovedBy != "":
		run.SecondBy, run.SecondAt, run.State = me, at, amends.Approved
	case above:
		run.ApprovedBy, run.ApprovedAt, act = me, at, "credit run approve first"
	default:
		run.ApprovedBy, run.ApprovedAt, run.State = me, at, amends.Approved
	}
	mine, err := tx.CreditRuns.Decide(ctx, *run, amends.Drafted)
	if err == nil && !mine {
		return problem.New(problem.Conflict, "problem.credits.changed")
	}
	if err != nil {
		return err
	}
	if run.State == amends.Approved && run.Basis.Incident != "" {
		if err := decided(ctx, tx, run.Basis.Incident, at); err != nil {
			return err
		}
		if err := tx.Changes.Add(ctx, "incident:"+string(run.Basis.Incident), at); err != nil {
			return err
		}
	}
	sums := map[string]string{}
	for currency, sum := range run.Totals.Sums {
		sums[currency] = sum.Plain(currency)
	}
	return d.audit(ctx, tx, at, act, string(run.ID), nil, struct {
		Incident id.Incident       `json:"incident,omitempty"`
		Month    string            `json:"month"`
		Digest   string            `json:"digest"`
		Sums     map[string]string `json:"sums"`
	}{run.Basis.Incident, run.Basis.Month, run.Digest, sums})
}

// AboveLimit reports whether a run's sums need a second person. A company that named a limit in one currency meant no other to pass unseen.
func AboveLimit(s settings.Settings, t amends.Totals) bool {
	limits := s.Credits.SecondAbove
	if len(limits) == 0 {
		return false
	}
	for currency, sum := range t.Sums {
		limit, named := int64(0), false
		for _, l := range limits {
			if l.Currency == currency {
				limit, named = l.Minor, true
			}
		}
		if !named || sum.Minor.Cmp(big.NewInt(limit)) > 0 {
			return true
		}
	}
	return false
}

// RejectRun drops a draft.
func (d *Desk) RejectRun(ctx context.Context, x id.CreditRun) (err error) {
	defer wrap(&err, "drop credit run %s", x)
	if err := need(ctx, staff.Pay); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		run, err := found(tx.CreditRuns.ByID(ctx, x))
		if err != nil || run.State == amends.Dropped {
			return err
		}
		if run.State.Final() {
			return problem.New(problem.Conflict, "problem.credits.final")
		}
		if err := dropRun(ctx, tx, run); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "credit run drop", string(x), nil, nil)
	})
}
