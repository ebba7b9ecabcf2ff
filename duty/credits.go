package duty

import "context"

// Reckon goes on with the credit runs that somebody asked for; it reports whether there is more to do.
func (d *Duty) Reckon(ctx context.Context) (more bool, err error) {
	if d.Desk == nil {
		return false, nil
	}
	return d.Desk.Reckon(ctx, d.holder)
}
