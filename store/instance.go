package store

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
)

// Instance is what this installation knows about itself.
type Instance struct{ tx *Tx }

// LinkSecret names the secret that mailed links and return paths are signed with.
const LinkSecret = "link_secret"

// RecordKey names the key that heads of the record are signed with, and RecordFilled that facts from before the record are written down.
const (
	RecordKey    = "record_key"
	RecordFilled = "record_filled"
)

// Value is what the installation keeps under a name; "" is nothing.
func (v Instance) Value(ctx context.Context, name string) (_ string, err error) {
	defer wrap(&err, "read the instance's %s", name)
	text, err := one(ctx, v.tx, value[string], `SELECT value FROM instance WHERE name = $1`, name)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return text, err
}

// Keep keeps a value unless there is one, and answers which there is: nodes that start together get the same.
func (v Instance) Keep(ctx context.Context, name, text string) (_ string, err error) {
	defer wrap(&err, "keep the instance's %s", name)
	if err := exec(ctx, v.tx, `INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, text); err != nil {
		return "", err
	}
	return v.Value(ctx, name)
}

// Secret is a key of 256 bits that belongs to this installation. Whoever asks first, in a Write, draws it; nodes that ask together get the
// same one.
func (v Instance) Secret(ctx context.Context, name string) (secret []byte, err error) {
	defer wrap(&err, "read the instance's %s", name)
	const read = `SELECT value FROM instance WHERE name = $1`
	text, err := one(ctx, v.tx, value[string], read, name)
	if err == ErrNotFound { //nolint:errorlint // the very value one returns
		b := make([]byte, 32)
		rand.Read(b)
		text = base64.StdEncoding.EncodeToString(b)
		if err := exec(ctx, v.tx, `INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, text); err != nil {
			return nil, err
		}
		text, err = one(ctx, v.tx, value[string], read, name)
	}
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}
