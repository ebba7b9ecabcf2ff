package desk

import (
	"context"

	"candor/id"
	"candor/incident"
	"candor/playbook"
	"candor/staff"
)

// Post appends an update. Where the company wants a second person to read it first, it waits, and the update answered has no id.
func (d *Desk) Post(ctx context.Context, to id.Incident, in Word) (u incident.Update, err error) {
	u, _, err = d.PostOrWait(ctx, to, in)
	return u, err
}

// PostOrWait is Post, and answers what the word waits as if it waits.
func (d *Desk) PostOrWait(ctx context.Context, to id.Incident, in Word) (u incident.Update, waits id.Proposal, err error) {
	defer wrap(&err, "post update to %s", to)
	if err := need(ctx, staff.Say); err != nil {
		return u, "", err
	}
	in.Read = playbook.ReadAll(in.Body)
	_, u, err = d.saidOnce(ctx, onceKey(ctx, "post "+string(to), in.Key), func(s *saying) error {
		if err := s.about(ctx, to); err != nil {
			return err
		}
		second, err := s.needsSecond(ctx)
		if err != nil {
			return err
		}
		if waits = ""; !second {
			return s.say(ctx, in)
		}
		waits, err = s.wait(ctx, in)
		return err
	})
	return u, waits, err
}
