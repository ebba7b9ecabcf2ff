package desk

import (
	"context"
	"time"

	"candor/problem"
	"candor/staff"
	"candor/store"
)

// inFlight is how long a request may be unanswered before a repeat takes over. Acts that must not happen twice carry the key themselves.
const inFlight = 30 * time.Second

// Begin notes that a program asked something under an idempotency key, or finds what it was answered the first time. The same key with
// another body is a mistake of the program's (problem Invalid); one that is still being worked on is a Conflict.
func (d *Desk) Begin(ctx context.Context, key, digest string) (before store.Request, answered bool, err error) {
	defer wrap(&err, "begin request %.64q", key)
	at := now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		before, answered = store.Request{}, false
		r, begun, err := tx.Requests.Begin(ctx, store.Request{Actor: asker(ctx), Key: key, Digest: digest, CreatedAt: at})
		if err != nil || begun {
			return err
		}
		switch {
		case r.Digest != digest:
			return problem.New(problem.Invalid, "problem.key_reused")
		case r.Status == 0 && at.Sub(r.CreatedAt) < inFlight:
			return problem.New(problem.Conflict, "problem.key_in_flight")
		}
		if before, answered = r, r.Status != 0; answered {
			return nil
		}
		mine, err := tx.Requests.TakeOver(ctx, r, at)
		if err == nil && !mine {
			return problem.New(problem.Conflict, "problem.key_in_flight")
		}
		return err
	})
	return before, answered, err
}

// Finish keeps the answer to a request, so that its repeat gets the same.
func (d *Desk) Finish(ctx context.Context, key string, status int, body string) (err error) {
	defer wrap(&err, "finish request %.64q", key)
	return d.db.Write(ctx, func(tx *store.Tx) error { return tx.Requests.Finish(ctx, asker(ctx), key, status, body) })
}

// Forget drops a request that failed before anything was done, so that it can be made again under the same key.
func (d *Desk) Forget(ctx context.Context, key string) (err error) {
	defer wrap(&err, "forget request %.64q", key)
	return d.db.Write(ctx, func(tx *store.Tx) error { return tx.Requests.Drop(ctx, asker(ctx), key) })
}

func asker(ctx context.Context) string {
	a := staff.Acting(ctx)
	return string(a.Person.ID) + "/" + string(a.Token)
}
