package store

import (
	"context"
	"errors"
	"time"
)

// Leases let one node at a time do what must not be done twice at once.
type Leases struct{ tx *Tx }

// Take takes a lease that is free, has run out, or is the holder's own. The fence grows with every taking: work done under an older one is
// refused, so a node that was frozen cannot write late.
func (v Leases) Take(ctx context.Context, name, holder string, now, until time.Time) (fence int64, taken bool, err error) {
	defer wrap(&err, "take the lease %s", name)
	fence, err = one(ctx, v.tx, value[int64], `INSERT INTO leases (name, holder, fence, until) VALUES ($1, $2, 1, $3)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, fence = leases.fence + 1, until = excluded.until
WHERE leases.until <= $4 OR leases.holder = excluded.holder
RETURNING fence`, name, holder, instant(until), instant(now))
	if errors.Is(err, ErrNotFound) {
		return 0, false, nil
	}
	return fence, err == nil, err
}

// Release gives a lease back at once, unless somebody has taken it since.
func (v Leases) Release(ctx context.Context, name string, fence int64) (err error) {
	defer wrap(&err, "release the lease %s", name)
	return exec(ctx, v.tx, `UPDATE leases SET until = 0 WHERE name = $1 AND fence = $2`, name, fence)
}

// Holder is who took a lease last, run out or not, and under which fence.
func (v Leases) Holder(ctx context.Context, name string) (holder string, fence int64, err error) {
	defer wrap(&err, "read the lease %s", name)
	_, err = one(ctx, v.tx, func(scan scan) (struct{}, error) { return struct{}{}, scan(&holder, &fence) },
		`SELECT holder, fence FROM leases WHERE name = $1`, name)
	return holder, fence, err
}
