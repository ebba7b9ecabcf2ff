package store

import (
	"context"

	"candor/record"
)

// Fill writes down what was public before there was a record, a page of incidents at a time, newest first; more is false after the last.
func (r Record) Fill(ctx context.Context, after Place) (next Place, more bool, err error) {
	defer wrap(&err, "write the past down")
	const page = 50
	incidents, err := r.tx.Incidents.Page(ctx, after, page)
	if err != nil || len(incidents) == 0 {
		return after, false, err
	}
	for _, i := range incidents {
		facts := record.OfIncident(i)
		updates, err := r.tx.Updates.Of(ctx, i.ID)
		if err != nil {
			return after, false, err
		}
		for _, u := range updates {
			facts = append(append(facts, record.OfUpdate(i.Code, u)), record.OfRevisions(i.Code, u)...)
			if n := len(u.Blackouts); n > 0 {
				facts = append(facts, record.OfBlackout(i.Code, u, u.Blackouts[n-1].At))
			}
		}
		promises, err := r.tx.Promises.ToCustomers(ctx, i.ID)
		if err != nil {
			return after, false, err
		}
		for _, p := range promises {
			facts = append(facts, record.OfPromise(i.Code, p, p.DueAt)...)
		}
		if err := r.Add(ctx, facts...); err != nil {
			return after, false, err
		}
	}
	return PlaceOf(incidents[len(incidents)-1]), len(incidents) == page, nil
}

// FillIntervals writes down what components went through before there was a record.
func (r Record) FillIntervals(ctx context.Context) (err error) {
	defer wrap(&err, "write the past of the components down")
	all, err := r.tx.Components.All(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Group {
			continue
		}
		if err := r.shown(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
