package store

import (
	"context"
	"time"

	"candor/id"
	"candor/staff"
)

// Sessions are signed-in browsers.
type Sessions struct{ tx *Tx }

const sessionColumns = `id, hash, person, created_at, seen_at, ended_at`

func readSession(scan scan) (s staff.Session, err error) {
	err = scan(&s.ID, &s.Hash, &s.Person, (*instant)(&s.CreatedAt), (*instant)(&s.SeenAt), (*instant)(&s.EndedAt))
	return s, err
}

// Add begins a session.
func (v Sessions) Add(ctx context.Context, s staff.Session) (err error) {
	defer wrap(&err, "begin %s", s.ID)
	return exec(ctx, v.tx, `INSERT INTO sessions (`+sessionColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.ID, s.Hash, s.Person, instant(s.CreatedAt), instant(s.SeenAt), instant(s.EndedAt))
}

// ByHash reads the session whose cookie has this hash, ended ones included.
func (v Sessions) ByHash(ctx context.Context, hash string) (s staff.Session, err error) {
	defer wrap(&err, "read a session")
	return one(ctx, v.tx, readSession, `SELECT `+sessionColumns+` FROM sessions WHERE hash = $1`, hash)
}

// Open are a person's sessions that nobody ended; whether one has run out is staff's to say.
func (v Sessions) Open(ctx context.Context, p id.Person) (all []staff.Session, err error) {
	defer wrap(&err, "read the sessions of %s", p)
	return many(ctx, v.tx, readSession, `SELECT `+sessionColumns+` FROM sessions WHERE person = $1 AND ended_at IS NULL ORDER BY id LIMIT 1000`, p)
}

// Touch notes that a session was used, unless one that was used later was noted already.
func (v Sessions) Touch(ctx context.Context, s id.Session, at time.Time) (err error) {
	defer wrap(&err, "touch %s", s)
	return exec(ctx, v.tx, `UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2`, s, instant(at))
}

// End ends a session; one that has ended keeps its time.
func (v Sessions) End(ctx context.Context, s id.Session, at time.Time) (err error) {
	defer wrap(&err, "end %s", s)
	return exec(ctx, v.tx, `UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL`, s, instant(at))
}

// EndAll ends every session of a person but one, which may be empty (V20).
func (v Sessions) EndAll(ctx context.Context, p id.Person, but id.Session, at time.Time) (err error) {
	defer wrap(&err, "end the sessions of %s", p)
	return exec(ctx, v.tx, `UPDATE sessions SET ended_at = $3 WHERE person = $1 AND id <> $2 AND ended_at IS NULL`, p, but, instant(at))
}
