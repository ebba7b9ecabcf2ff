package desk

import (
	"cmp"
	"context"

	"candor/audience"
	"candor/reach"
)

// HookSecret is what the holder of a webhook verifies our signatures with: their own, or the one that was derived for them.
func (d *Desk) HookSecret(ctx context.Context, c audience.Contact) (text string, err error) {
	defer wrap(&err, "read the secret of %s", c.ID)
	secret, err := d.linkSecret(ctx)
	return cmp.Or(c.Keys, reach.HookSecret(secret, c.Code)), err
}
