package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"

	"candor/store"
)

// A limit is how often something may be done, per whom.
type limit struct {
	name   string
	window time.Duration
	most   int64
}

// take counts one against a limit, in a transaction of its own: it stays counted whatever becomes of the act.
func (d *Desk) take(ctx context.Context, l limit, whom string, at time.Time) (allowed bool, err error) {
	err = d.db.Batch(ctx, func(tx *store.Tx) error {
		allowed, err = tx.Limits.Take(ctx, l.row(whom), l.window, l.most, at)
		return err
	})
	return allowed, err
}

// giveBack returns what turned out well, so that limits count what went wrong.
func (d *Desk) giveBack(ctx context.Context, l limit, whom string) error {
	return d.db.Batch(ctx, func(tx *store.Tx) error { return tx.Limits.GiveBack(ctx, l.row(whom)) })
}

// row is a limit's name in the store. Whom is hashed: it is an address, or anything else a stranger typed, of any length.
func (l limit) row(whom string) string {
	sum := sha256.Sum256([]byte(whom))
	return l.name + ":" + hex.EncodeToString(sum[:16])
}

// network is the part of an address that one guesser is given whole: an IPv6 customer has a /64 of their own.
func network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return "unknown"
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	prefix, err := addr.Prefix(64)
	if err != nil {
		return addr.String()
	}
	return prefix.String()
}

// heavily waits for its turn to run what takes much memory and time.
func (d *Desk) heavily(ctx context.Context, f func() error) error {
	select {
	case d.heavy <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-d.heavy }()
	return f()
}
