package store

import (
	"context"
	"time"

	"candor/id"
	"candor/staff"
)

// Invitations are links that work once: to set Candor up, to choose a password.
type Invitations struct{ tx *Tx }

const invitationColumns = `hash, kind, person, created_at, expires_at, used_at`

// Add keeps an invitation.
func (v Invitations) Add(ctx context.Context, i staff.Invitation) (err error) {
	defer wrap(&err, "invite %s", i.Person)
	return exec(ctx, v.tx, `INSERT INTO invitations (`+invitationColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		i.Hash, i.Kind, i.Person, instant(i.CreatedAt), instant(i.ExpiresAt), instant(i.UsedAt))
}

// ByHash reads the invitation whose token has this hash, used ones included.
func (v Invitations) ByHash(ctx context.Context, hash string) (i staff.Invitation, err error) {
	defer wrap(&err, "read an invitation")
	read := func(scan scan) (i staff.Invitation, err error) {
		err = scan(&i.Hash, &i.Kind, &i.Person, (*instant)(&i.CreatedAt), (*instant)(&i.ExpiresAt), (*instant)(&i.UsedAt))
		return i, err
	}
	return one(ctx, v.tx, read, `SELECT `+invitationColumns+` FROM invitations WHERE hash = $1`, hash)
}

// Use uses an invitation up, or reports that it cannot be used: unknown, used before, or expired.
func (v Invitations) Use(ctx context.Context, hash string, kind staff.InvitationKind, at time.Time) (used bool, err error) {
	defer wrap(&err, "use an invitation")
	n, err := execCount(ctx, v.tx, `UPDATE invitations SET used_at = $3 WHERE hash = $1 AND kind = $2 AND used_at IS NULL AND expires_at > $3`,
		hash, kind, instant(at))
	return n == 1, err
}

// Void uses up every open invitation of a person: only the newest link works, and none after a password was chosen.
func (v Invitations) Void(ctx context.Context, p id.Person, at time.Time) (err error) {
	defer wrap(&err, "void the invitations of %s", p)
	return exec(ctx, v.tx, `UPDATE invitations SET used_at = $2 WHERE person = $1 AND used_at IS NULL`, p, instant(at))
}
