package promise

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"time"
)

//go:embed clocks.json
var houseClocks []byte

// Clocks are the legal deadlines the house knows, each with its source and how well it is known. This is not legal advice.
func Clocks() ([]Clock, error) { return ReadClocks(houseClocks) }

// ReadClocks reads clocks in the form of clocks.json, the steps of each row after it, and says everything that is wrong at once: a clock
// that silently never starts is worse than none.
func ReadClocks(text []byte) (all []Clock, err error) { return ReadOwn(text, nil) }

// ReadOwn reads a company's own rows, which stand among the house's and may follow them; what it answers are all of them: see With.
func ReadOwn(text []byte, house []Clock) (all []Clock, err error) {
	var rows []Clock
	if err := strictly(text, &rows); err != nil {
		return nil, fmt.Errorf("read clocks: %w", err)
	}
	for _, row := range rows {
		steps := row.Then
		row.Then = nil
		all = append(all, row)
		for _, step := range steps {
			all = append(all, step.like(row))
		}
	}
	var faults []error
	for i := range all {
		faults = append(faults, all[i].settle(all[:i]))
	}
	own := all
	all = With(house, own)
	for _, c := range own {
		faults = append(faults, c.follows(all))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("read clocks: %w", err)
	}
	return all, nil
}

// With are the house's clocks as the company sees them: its own row takes the place of one with the same id, a new one stands at the end.
func With(house, own []Clock) []Clock {
	all := slices.Clone(house)
	for _, c := range own {
		i := slices.IndexFunc(all, func(h Clock) bool { return h.ID == c.ID })
		if i < 0 {
			all = append(all, c)
			continue
		}
		all[i] = c
	}
	return all
}

// like is a step with what it left out taken from its row.
func (c Clock) like(row Clock) Clock {
	c.Family = row.Family
	c.Regime = cmp.Or(c.Regime, row.Regime)
	c.Source = cmp.Or(c.Source, row.Source)
	c.Zone = cmp.Or(c.Zone, row.Zone)
	c.Calendar = cmp.Or(c.Calendar, row.Calendar)
	return c
}

// settle checks a clock by itself and finds its zone.
func (c *Clock) settle(earlier []Clock) error {
	var faults []error
	wrong := func(form string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: "+form, append([]any{c.ID}, args...)...))
	}
	if c.ID == "" || c.Family == "" || c.Regime == "" || c.Step == "" || c.Trigger == "" || c.Recipient == "" {
		wrong("id, family, regime, step, trigger and recipient are needed")
	}
	if slices.ContainsFunc(earlier, func(e Clock) bool { return e.ID == c.ID }) {
		wrong("there twice")
	}
	if !c.Starts.starts() || c.Until != "" && !c.Until.starts() {
		wrong("%q and %q are not both events", c.Starts, c.Until)
	}
	if (c.Starts == Submitted) != (c.Of != "") {
		wrong("a submission is one of another clock")
	}
	if c.Status != Seen && c.Status != Recalled {
		wrong("status is seen or recalled, not %q", c.Status)
	}
	if err := c.Validate(); err != nil {
		wrong("%w", err)
	}
	if c.Cap != nil && (c.Cap.Unit == AtOnce || c.Cap.Validate() != nil || !c.Cap.Event.starts()) {
		wrong("the cap has no event or no number")
	}
	if len(c.Then) > 0 {
		wrong("a step has no steps")
	}
	if c.Zone != "" {
		var err error
		if c.zone, err = time.LoadLocation(c.Zone); err != nil {
			wrong("%w", err)
		}
	}
	return errors.Join(faults...)
}

// follows checks that what c waits for exists and does not wait for c in turn.
func (c *Clock) follows(all []Clock) error {
	seen := []ClockID{c.ID}
	for of := c.Of; of != ""; {
		i := slices.IndexFunc(all, func(o Clock) bool { return o.ID == of })
		if i < 0 || slices.Contains(seen, of) {
			return fmt.Errorf("%s: follows %s, which does not exist or follows it", c.ID, of)
		}
		seen = append(seen, of)
		of = all[i].Of
	}
	return nil
}
