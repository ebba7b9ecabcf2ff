package desk

import (
	"context"

	"candor/id"
	"candor/lang"
	"candor/settings"
	"candor/staff"
)

// A PersonForm is what is decided about a person. Password only at set-up, acceptance and change.
type PersonForm struct {
	Name        string
	Title       lang.Text
	PublicMail  string
	PublicPhone string
	Mail        string
	Language    lang.Tag
	Roles       []staff.Role
	Photo       []byte // raw upload; nil keeps what is there
	Password    string
}

// SetupToken makes the one-time secret of the set-up link, or reports that an owner exists.
func (d *Desk) SetupToken(ctx context.Context) (token string, needed bool, err error) {
	return "", false, errNotBuilt
}

// SetUp makes the first owner, exactly once however many try (V5, V18).
func (d *Desk) SetUp(ctx context.Context, token string, in PersonForm) (staff.Person, error) {
	return staff.Person{}, errNotBuilt
}

// SignIn checks a password and begins a session; the secret goes into the cookie.
func (d *Desk) SignIn(ctx context.Context, mail, password, ip string) (secret string, a staff.Actor, err error) {
	return "", staff.Actor{}, errNotBuilt
}

// SignOut ends the acting session.
func (d *Desk) SignOut(ctx context.Context) error { return errNotBuilt }

// BySession finds who acts by a cookie's secret.
func (d *Desk) BySession(ctx context.Context, secret string) (staff.Actor, error) {
	return staff.Actor{}, errNotBuilt
}

// ByToken finds who acts by an API token.
func (d *Desk) ByToken(ctx context.Context, secret string) (staff.Actor, error) {
	return staff.Actor{}, errNotBuilt
}

// AddPerson adds a person; without a password they are mailed an invitation.
func (d *Desk) AddPerson(ctx context.Context, in PersonForm) (staff.Person, error) {
	return staff.Person{}, errNotBuilt
}

// ChangePerson changes a person; a change of roles ends their sessions.
func (d *Desk) ChangePerson(ctx context.Context, p id.Person, in PersonForm) error {
	return errNotBuilt
}

// DisablePerson ends a person's access; what they wrote keeps their name. The last owner stays.
func (d *Desk) DisablePerson(ctx context.Context, p id.Person) error { return errNotBuilt }

// ChangePassword of the acting person, ending every other session.
func (d *Desk) ChangePassword(ctx context.Context, current, next string) error { return errNotBuilt }

// Accept an invitation by choosing a password.
func (d *Desk) Accept(ctx context.Context, token, password string) (staff.Person, error) {
	return staff.Person{}, errNotBuilt
}

// AddToken makes an API token; the secret is shown once.
func (d *Desk) AddToken(ctx context.Context, name string, scopes []staff.Right) (secret string, t staff.Token, err error) {
	return "", staff.Token{}, errNotBuilt
}

// RevokeToken ends a token.
func (d *Desk) RevokeToken(ctx context.Context, t id.Token) error { return errNotBuilt }

// SaveSettings replaces the company's settings; version is what the form was made from, so that nobody overwrites unseen.
func (d *Desk) SaveSettings(ctx context.Context, in settings.Settings, version int64) error {
	return errNotBuilt
}

// SaveLogo stores a raster logo, re-encoded.
func (d *Desk) SaveLogo(ctx context.Context, raw []byte) error { return errNotBuilt }
