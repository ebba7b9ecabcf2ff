package store

import (
	"context"
	"crypto/rand"
	"encoding/base64"
)

// Instance is what this installation knows about itself.
type Instance struct{ tx *Tx }

// LinkSecret names the secret that mailed links and return paths are signed with.
const LinkSecret = "link_secret"

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
