package store

import (
	"context"
	"time"

	"candor/id"
	"candor/staff"
)

// People are the named humans who work here, those who left included: what they wrote keeps their name.
type People struct{ tx *Tx }

const personColumns = `id, name, title, photo, public_mail, public_phone, mail, language, roles, password_hash, created_at, disabled_at, mobile, under, deputy`

func readPerson(scan scan) (p staff.Person, err error) {
	err = scan(&p.ID, &p.Name, asJSON(&p.Title), &p.Photo, &p.PublicMail, &p.PublicPhone, &p.Mail, &p.Language,
		asJSON(&p.Roles), &p.PasswordHash, (*instant)(&p.CreatedAt), (*instant)(&p.DisabledAt), &p.Mobile, &p.Under, &p.Deputy)
	return p, err
}

// Add adds a person. mailKey is the mail folded to what makes two spellings one; a second person with it is ErrExists.
func (v People) Add(ctx context.Context, p staff.Person, mailKey string) (err error) {
	defer wrap(&err, "add %s", p.ID)
	return exec(ctx, v.tx, `INSERT INTO people (`+personColumns+`, mail_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		p.ID, p.Name, asJSON(&p.Title), p.Photo, p.PublicMail, p.PublicPhone, p.Mail, p.Language,
		asJSON(&p.Roles), p.PasswordHash, instant(p.CreatedAt), instant(p.DisabledAt), p.Mobile, p.Under, p.Deputy, mailKey)
}

// Change writes everything about a person but when they came.
func (v People) Change(ctx context.Context, p staff.Person, mailKey string) (err error) {
	defer wrap(&err, "change %s", p.ID)
	return execOne(ctx, v.tx, `UPDATE people SET name = $2, title = $3, photo = $4, public_mail = $5, public_phone = $6, mail = $7,
language = $8, roles = $9, password_hash = $10, disabled_at = $11, mail_key = $12, mobile = $13, under = $14, deputy = $15 WHERE id = $1`,
		p.ID, p.Name, asJSON(&p.Title), p.Photo, p.PublicMail, p.PublicPhone, p.Mail,
		p.Language, asJSON(&p.Roles), p.PasswordHash, instant(p.DisabledAt), mailKey, p.Mobile, p.Under, p.Deputy)
}

// SetPassword writes a password's hash and nothing else.
func (v People) SetPassword(ctx context.Context, p id.Person, hash string) (err error) {
	defer wrap(&err, "set the password of %s", p)
	return execOne(ctx, v.tx, `UPDATE people SET password_hash = $2 WHERE id = $1`, p, hash)
}

// ByID reads a person.
func (v People) ByID(ctx context.Context, p id.Person) (person staff.Person, err error) {
	defer wrap(&err, "read %s", p)
	return one(ctx, v.tx, readPerson, `SELECT `+personColumns+` FROM people WHERE id = $1`, p)
}

// ByMail reads the person whose folded mail this is.
func (v People) ByMail(ctx context.Context, mailKey string) (person staff.Person, err error) {
	defer wrap(&err, "read a person by mail")
	return one(ctx, v.tx, readPerson, `SELECT `+personColumns+` FROM people WHERE mail_key = $1`, mailKey)
}

// All reads everybody in the order they came: a staff, not an audience, so it is one list.
func (v People) All(ctx context.Context) (all []staff.Person, err error) {
	defer wrap(&err, "read the staff")
	return many(ctx, v.tx, readPerson, `SELECT `+personColumns+` FROM people ORDER BY created_at, id LIMIT 10000`)
}

// Since reads those who came after a person already shown, oldest first; the zero time and id begin at the first.
func (v People) Since(ctx context.Context, at time.Time, after id.Person, limit int) (all []staff.Person, err error) {
	defer wrap(&err, "read the staff")
	var from int64
	if !at.IsZero() {
		from = at.UnixMicro()
	}
	return many(ctx, v.tx, readPerson, `SELECT `+personColumns+` FROM people WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`,
		from, after, limit)
}
