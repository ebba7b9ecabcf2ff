package duty

import (
	"context"
	"time"
)

// RemindAt is what this node's clock makes of promises when it shows this.
func (d *Duty) RemindAt(ctx context.Context, at time.Time) (fired int, err error) {
	return d.remind(ctx, at)
}

// TimersAtOnce is how many fire together at most.
const TimersAtOnce = timersAtOnce
