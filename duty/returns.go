package duty

import (
	"context"
	"time"

	"candor/staff"
)

// mindEvery is how often somebody looks at what came back: at full speed some ten thousand letters leave in between.
const mindEvery = 10 * time.Second

// MindReturns has the desk look at what came back of the last day's letters.
func (d *Duty) MindReturns(ctx context.Context) (more bool, err error) {
	defer wrap(&err, "mind what comes back")
	at := now()
	if d.Desk == nil || at.Sub(d.minded) < mindEvery {
		return false, nil // woken by an act
	}
	d.minded = at
	return false, d.Desk.MindReturns(staff.As(ctx, staff.Actor{System: "duty"}))
}
