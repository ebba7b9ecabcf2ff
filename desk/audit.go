package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"candor/id"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// need refuses whoever may not do this: the first line of every act. Nothing relies on a face having asked before.
func need(ctx context.Context, r staff.Right) error {
	actor := staff.Acting(ctx)
	if !actor.Known() {
		return problem.New(problem.Unauthenticated, "problem.unauthenticated")
	}
	if !actor.May(r) {
		return problem.New(problem.Forbidden, "problem.forbidden")
	}
	return nil
}

// audit writes who did what in the act's own transaction: an act without its line does not happen. before and after become JSON, nil
// becomes nothing; neither may hold a secret.
func (d *Desk) audit(ctx context.Context, tx *store.Tx, at time.Time, act, object string, before, after any) error {
	return auditAs(ctx, tx, staff.Acting(ctx), at, act, object, before, after)
}

// auditAs is audit where the actor is only known in the middle of the act: somebody signs in.
func auditAs(ctx context.Context, tx *store.Tx, a staff.Actor, at time.Time, act, object string, before, after any) error {
	was, err := facts(before)
	if err != nil {
		return err
	}
	is, err := facts(after)
	if err != nil {
		return err
	}
	return tx.Audit.Add(ctx, store.AuditLine{
		ID: id.New[id.Audit](at), At: at, Person: a.Person.ID, Via: via(a), IP: a.IP,
		Act: act, Object: object, Before: was, After: is,
	})
}

func facts(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}

// via is the road an actor came by.
func via(a staff.Actor) string {
	switch {
	case a.System != "":
		return a.System
	case a.Token != "":
		return string(a.Token)
	case a.Session != "":
		return "session"
	}
	return "link"
}

// wrap names the act and its ids on the way out; exported functions defer it.
func wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf(format+": %w", append(args, *err)...)
	}
}
