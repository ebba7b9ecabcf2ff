package store

import (
	"context"
	"time"
)

// Requests remember what was answered to a request that carries an idempotency key, so that it can be repeated safely.
type Requests struct{ tx *Tx }

// A Request is one of them. Keys are the actor's own: nobody is answered with what somebody else asked. Status 0
// means not answered yet; what keeps an act whose answer was lost from being done twice is the act's own (see desk's onceKey).
type Request struct {
	Actor     string
	Key       string
	Digest    string // of the request's body: the same key with another body is a mistake
	Status    int
	Body      string
	CreatedAt time.Time
}

// Begin keeps a new request, or answers the one that was there before it.
func (v Requests) Begin(ctx context.Context, r Request) (before Request, begun bool, err error) {
	defer wrap(&err, "begin the request %.64q", r.Key)
	n, err := execCount(ctx, v.tx, `INSERT INTO requests (actor, key, digest, status, body, created_at)
VALUES ($1, $2, $3, 0, '', $4) ON CONFLICT (actor, key) DO NOTHING`, r.Actor, r.Key, r.Digest, instant(r.CreatedAt))
	if err != nil || n == 1 {
		return Request{}, n == 1, err
	}
	read := func(scan scan) (r Request, err error) {
		err = scan(&r.Actor, &r.Key, &r.Digest, &r.Status, &r.Body, (*instant)(&r.CreatedAt))
		return r, err
	}
	before, err = one(ctx, v.tx, read, `SELECT actor, key, digest, status, body, created_at FROM requests WHERE actor = $1 AND key = $2`,
		r.Actor, r.Key)
	return before, false, err
}

// TakeOver gives a request that nobody answered to the one who asks again now, and reports whether nobody else took it first.
func (v Requests) TakeOver(ctx context.Context, r Request, now time.Time) (mine bool, err error) {
	defer wrap(&err, "take over the request %.64q", r.Key)
	n, err := execCount(ctx, v.tx, `UPDATE requests SET created_at = $4 WHERE actor = $1 AND key = $2 AND created_at = $3 AND status = 0`,
		r.Actor, r.Key, instant(r.CreatedAt), instant(now))
	return n == 1, err
}

// Finish keeps the answer.
func (v Requests) Finish(ctx context.Context, actor, key string, status int, body string) (err error) {
	defer wrap(&err, "finish the request %.64q", key)
	return execOne(ctx, v.tx, `UPDATE requests SET status = $3, body = $4 WHERE actor = $1 AND key = $2`, actor, key, status, body)
}

// Drop forgets a request that was refused before anything was done, so that it can be made again.
func (v Requests) Drop(ctx context.Context, actor, key string) (err error) {
	defer wrap(&err, "drop the request %.64q", key)
	return exec(ctx, v.tx, `DELETE FROM requests WHERE actor = $1 AND key = $2 AND status = 0`, actor, key)
}

// Sweep forgets answers given before an instant.
func (v Requests) Sweep(ctx context.Context, before time.Time) (err error) {
	defer wrap(&err, "sweep the requests")
	return exec(ctx, v.tx, `DELETE FROM requests WHERE created_at < $1`, instant(before))
}
