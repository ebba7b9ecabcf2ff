package desk

import (
	"context"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/problem"
	"candor/settings"
	"candor/staff"
)

// Hold posts the holding update: still working on it, next word by the cadence. "We are still working on it" counts as a word (S1, S2).
func (d *Desk) Hold(ctx context.Context, to id.Incident) (u incident.Update, err error) {
	defer wrap(&err, "hold %s", to)
	if err := need(ctx, staff.Say); err != nil {
		return u, err
	}
	playbook.Ready(lang.All()) // no transaction waits for it
	_, u, err = d.saidOnce(ctx, onceKey(ctx, "hold "+string(to), ""), func(s *saying) error {
		if err := s.about(ctx, to); err != nil {
			return err
		}
		if !s.incident.Open() {
			return problem.New(problem.Conflict, "problem.incident.over")
		}
		s.holding = true
		return s.say(ctx, Word{Body: s.prepared(settings.Holding)})
	})
	return u, err
}
