package store

import (
	"context"
	"encoding/hex"
	"time"

	"candor/id"
	"candor/record"
)

// Audit is who did what, when, and what it was before and after. Lines are appended; none is changed or removed.
type Audit struct{ tx *Tx }

// An AuditLine is one act. Before and After are JSON, empty for "nothing", and never hold a secret.
type AuditLine struct {
	ID     id.Audit
	At     time.Time
	Person id.Person // empty when Candor itself acted
	Via    string    // "session", "tok_…", "duty", "cli"
	IP     string
	Act    string // "person change"
	Object string // "per_…"
	Before string
	After  string
}

const auditColumns = `id, at, person, via, ip, act, object, before, after`

func readAuditLine(scan scan) (l AuditLine, err error) {
	err = scan(&l.ID, (*instant)(&l.At), &l.Person, &l.Via, &l.IP, &l.Act, &l.Object, &l.Before, &l.After)
	return l, err
}

// words are what a blackout may have to change.
func (l AuditLine) words() string { return l.Before + "\x00" + l.After }

// Add appends a line.
func (v Audit) Add(ctx context.Context, l AuditLine) (err error) {
	defer wrap(&err, "audit %s of %s", l.Act, l.Object)
	o, seal := record.SealWords("audit", l.words())
	return exec(ctx, v.tx, `INSERT INTO audit (`+auditColumns+`, salt, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		l.ID, instant(l.At), l.Person, l.Via, l.IP, l.Act, l.Object, l.Before, l.After, hex.EncodeToString(o.Salt), seal.String())
}

// Page is the newest lines first, those before a line already shown; the zero AuditLine begins at the newest.
func (v Audit) Page(ctx context.Context, before AuditLine, limit int) (all []AuditLine, err error) {
	defer wrap(&err, "read the audit")
	if before.ID == "" {
		return many(ctx, v.tx, readAuditLine, `SELECT `+auditColumns+` FROM audit ORDER BY at DESC, id DESC LIMIT $1`, limit)
	}
	return many(ctx, v.tx, readAuditLine, `SELECT `+auditColumns+` FROM audit WHERE (at, id) < ($1, $2) ORDER BY at DESC, id DESC LIMIT $3`,
		instant(before.At), before.ID, limit)
}

// Of is the newest lines about one object first, as Page.
func (v Audit) Of(ctx context.Context, object string, before AuditLine, limit int) (all []AuditLine, err error) {
	defer wrap(&err, "read the audit of %.64q", object)
	if before.ID == "" {
		return many(ctx, v.tx, readAuditLine, `SELECT `+auditColumns+` FROM audit WHERE object = $1 ORDER BY at DESC, id DESC LIMIT $2`, object, limit)
	}
	return many(ctx, v.tx, readAuditLine, `SELECT `+auditColumns+` FROM audit WHERE object = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4`,
		object, instant(before.At), before.ID, limit)
}

// ByID is one line, for a page that starts after it.
func (v Audit) ByID(ctx context.Context, line id.Audit) (l AuditLine, err error) {
	defer wrap(&err, "read the audit line %.64q", line)
	if _, err := id.Parse[id.Audit](string(line)); err != nil { // it comes from an address
		return AuditLine{}, ErrNotFound
	}
	return one(ctx, v.tx, readAuditLine, `SELECT `+auditColumns+` FROM audit WHERE id = $1`, line)
}
