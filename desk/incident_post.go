package desk

import (
	"context"

	"candor/id"
	"candor/incident"
	"candor/playbook"
	"candor/staff"
)

// Post appends an update.
func (d *Desk) Post(ctx context.Context, to id.Incident, in Word) (u incident.Update, err error) {
	defer wrap(&err, "post update to %s", to)
	if err := need(ctx, staff.Say); err != nil {
		return u, err
	}
	in.Read = playbook.ReadAll(in.Body)
	_, u, err = d.saidOnce(ctx, onceKey(ctx, "post "+string(to), in.Key), func(s *saying) error {
		if err := s.about(ctx, to); err != nil {
			return err
		}
		return s.say(ctx, in)
	})
	return u, err
}
