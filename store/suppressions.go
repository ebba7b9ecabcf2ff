package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"candor/audience"
)

// Suppressions are addresses that nothing goes to. They are kept by hash, so that they outlive the erasure of the address, and by
// address, so that no import brings somebody back (T19).
type Suppressions struct{ tx *Tx }

func suppressionHash(channel, key string) string {
	sum := sha256.Sum256([]byte(channel + ":" + key))
	return hex.EncodeToString(sum[:16])
}

// Add suppresses an address by its Address.Key. The first reason stands: who asked us to stop does not become a bounce.
func (s Suppressions) Add(ctx context.Context, channel, key string, reason audience.SuppressionReason, at time.Time) (err error) {
	defer wrap(&err, "suppress an address (%s)", reason)
	// A claim holds the contact until it commits: this waits for it, and the next claim waits for this, so that none reads before the
	// opt-out and commits after it (T19).
	if err := exec(ctx, s.tx, `UPDATE contacts SET asked = asked WHERE channel = $1 AND address_key = $2`, channel, key); err != nil {
		return err
	}
	return exec(ctx, s.tx, `INSERT INTO suppressions (channel, hash, reason, at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, channel, suppressionHash(channel, key), reason, instant(at))
}

// Lift ends a suppression if it is for this reason: a new double opt-in lifts an opt-out, a person who retries lifts a bounce.
func (s Suppressions) Lift(ctx context.Context, channel, key string, reason audience.SuppressionReason) (err error) {
	defer wrap(&err, "lift a suppression (%s)", reason)
	return exec(ctx, s.tx, `DELETE FROM suppressions WHERE channel = $1 AND hash = $2 AND reason = $3`,
		channel, suppressionHash(channel, key), reason)
}

// Of is why nothing goes to an address, or ErrNotFound.
func (s Suppressions) Of(ctx context.Context, channel, key string) (_ audience.SuppressionReason, err error) {
	defer wrap(&err, "look a suppression up")
	return one(ctx, s.tx, value[audience.SuppressionReason], `SELECT reason FROM suppressions WHERE channel = $1 AND hash = $2`,
		channel, suppressionHash(channel, key))
}

// among is which of these addresses are suppressed, by Address.Key.
func (s Suppressions) among(ctx context.Context, channel string, keys []string) (map[string]audience.SuppressionReason, error) {
	byHash := make(map[string]string, len(keys))
	hashes := make([]string, len(keys))
	for i, key := range keys {
		hashes[i] = suppressionHash(channel, key)
		byHash[hashes[i]] = key
	}
	found := map[string]audience.SuppressionReason{}
	for part := range padded(s.tx, hashes, 2) {
		list, args := in(part)
		type row struct {
			channel, hash string
			reason        audience.SuppressionReason
		}
		rows, err := many(ctx, s.tx, func(scan scan) (r row, err error) {
			err = scan(&r.channel, &r.hash, &r.reason)
			return r, err
		}, `SELECT channel, hash, reason FROM suppressions WHERE hash IN `+list+` AND channel = $`+next(args)+` ORDER BY hash`,
			append(args, channel)...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[byHash[r.hash]] = r.reason
		}
	}
	return found, nil
}
