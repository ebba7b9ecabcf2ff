package store

import (
	"context"
	"time"

	"candor/id"
	"candor/staff"
)

// Tokens let programs act as a person, within scopes.
type Tokens struct{ tx *Tx }

const tokenColumns = `id, name, hash, person, scopes, created_at, seen_at, revoked_at`

func readToken(scan scan) (t staff.Token, err error) {
	err = scan(&t.ID, &t.Name, &t.Hash, &t.Person, asJSON(&t.Scopes), (*instant)(&t.CreatedAt), (*instant)(&t.SeenAt), (*instant)(&t.RevokedAt))
	return t, err
}

// Add adds a token.
func (v Tokens) Add(ctx context.Context, t staff.Token) (err error) {
	defer wrap(&err, "add %s", t.ID)
	return exec(ctx, v.tx, `INSERT INTO tokens (`+tokenColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		t.ID, t.Name, t.Hash, t.Person, asJSON(&t.Scopes), instant(t.CreatedAt), instant(t.SeenAt), instant(t.RevokedAt))
}

// ByID reads a token.
func (v Tokens) ByID(ctx context.Context, t id.Token) (token staff.Token, err error) {
	defer wrap(&err, "read %s", t)
	return one(ctx, v.tx, readToken, `SELECT `+tokenColumns+` FROM tokens WHERE id = $1`, t)
}

// ByHash reads the token whose secret has this hash, revoked ones included.
func (v Tokens) ByHash(ctx context.Context, hash string) (t staff.Token, err error) {
	defer wrap(&err, "read a token")
	return one(ctx, v.tx, readToken, `SELECT `+tokenColumns+` FROM tokens WHERE hash = $1`, hash)
}

// Of are a person's tokens, oldest first.
func (v Tokens) Of(ctx context.Context, p id.Person) (all []staff.Token, err error) {
	defer wrap(&err, "read the tokens of %s", p)
	return many(ctx, v.tx, readToken, `SELECT `+tokenColumns+` FROM tokens WHERE person = $1 ORDER BY id LIMIT 1000`, p)
}

// All are everybody's tokens after one already shown, oldest first.
func (v Tokens) All(ctx context.Context, after id.Token, limit int) (all []staff.Token, err error) {
	defer wrap(&err, "read the tokens")
	return many(ctx, v.tx, readToken, `SELECT `+tokenColumns+` FROM tokens WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// Touch notes that a token was used.
func (v Tokens) Touch(ctx context.Context, t id.Token, at time.Time) (err error) {
	defer wrap(&err, "touch %s", t)
	return exec(ctx, v.tx, `UPDATE tokens SET seen_at = $2 WHERE id = $1 AND (seen_at IS NULL OR seen_at < $2)`, t, instant(at))
}

// Revoke ends a token; one that was revoked keeps its time.
func (v Tokens) Revoke(ctx context.Context, t id.Token, at time.Time) (err error) {
	defer wrap(&err, "revoke %s", t)
	return exec(ctx, v.tx, `UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL`, t, instant(at))
}

// RevokeAll ends every token of a person.
func (v Tokens) RevokeAll(ctx context.Context, p id.Person, at time.Time) (err error) {
	defer wrap(&err, "revoke the tokens of %s", p)
	return exec(ctx, v.tx, `UPDATE tokens SET revoked_at = $2 WHERE person = $1 AND revoked_at IS NULL`, p, instant(at))
}
