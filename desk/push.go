package desk

import (
	"context"

	"candor/store"
)

// PushSeed is what this installation's key to push services is made of: minted once, because every browser that subscribes is bound to it.
func (d *Desk) PushSeed(ctx context.Context) (seed []byte, err error) {
	defer wrap(&err, "read the seed of the push key")
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		seed, err = tx.Instance.Secret(ctx, "push_seed")
		return err
	})
	return seed, err
}
