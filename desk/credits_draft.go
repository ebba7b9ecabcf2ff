package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"candor/amends"
	"candor/audience"
	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// A Draft is what a credit run is asked for. Nothing is offered by it, and nothing kept: drafted again from the same facts it comes to the same.
type Draft struct {
	Incident  id.Code           // empty: all customers, for the month
	Month     string            // "2024-04"; empty: the month the incident began in, in the company's zone
	Contracts []amends.Contract // nil: those that are kept
	Goodwill  *amends.Goodwill
	Edits     []amends.Edit
}

// draftChunk is how many customers are held at a time, whatever the audience.
const draftChunk = 1000

// DraftCredits says of each customer whom an incident affected what they are owed for its month, in the order of their ids, and what that
// comes to. That it was asked for is noted first: the answer holds what customers pay.
func (d *Desk) DraftCredits(ctx context.Context, in Draft, each func(audience.Customer, amends.Owed) error) (basis amends.Basis, all amends.Totals, err error) {
	defer wrap(&err, "draft the credits of %s", in.Incident)
	if err := need(ctx, staff.Know); err != nil {
		return basis, all, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if in.Contracts == nil {
			if in.Contracts, err = keptContracts(ctx, tx, false); err != nil {
				return err
			}
		}
		basis, err = creditBasis(ctx, tx, in)
		return err
	})
	if err != nil {
		return basis, all, err
	}
	if len(basis.Contracts) == 0 {
		return basis, all, problem.Field("contracts", "problem.credits.contracts")
	}
	at := now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		return d.audit(ctx, tx, at, "draft credits", string(basis.Incident), nil, map[string]string{"month": basis.Month})
	})
	if err != nil {
		return basis, all, err
	}
	reckoner := basis.Reckoner()
	for after := id.Customer(""); ; {
		var chunk []audience.Customer
		err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
			chunk, err = tx.Customers.AffectedChunk(ctx, basis.Incident, after, draftChunk)
			return err
		})
		if err != nil {
			return basis, all, err
		}
		for _, c := range chunk {
			after = c.ID
			owed := reckoner.Of(c, amends.Had{})
			all.Add(owed)
			if err := each(c, owed); err != nil {
				return basis, all, err
			}
		}
		if len(chunk) < draftChunk {
			return basis, all, nil
		}
	}
}

// creditBasis gathers what a run is reckoned from: the incident, and all that was down in its month. What is still down counts when it is over.
func creditBasis(ctx context.Context, tx *store.Tx, in Draft) (b amends.Basis, err error) {
	i, err := creditIncident(ctx, tx, in.Incident)
	if err != nil {
		return b, err
	}
	s, _, err := tx.Settings.Load(ctx)
	if err != nil {
		return b, err
	}
	zone := s.Zoned()
	components, err := tx.Components.All(ctx)
	if err != nil {
		return b, err
	}
	b = amends.Basis{Incident: i.ID, Zone: zone.String(), Contracts: slices.Clone(in.Contracts), Goodwill: in.Goodwill, Edits: in.Edits}
	if err := resolveContracts(b.Contracts, components); err != nil {
		return b, err
	}
	span, err := draftMonth(in.Month, i, zone)
	if err != nil {
		return b, err
	}
	b.Month = span.month
	from, until := span.reach(b.Contracts)
	intervals, err := tx.Intervals.Since(ctx, from)
	if err != nil {
		return b, err
	}
	for _, v := range intervals {
		end := v.To
		if end.IsZero() && v.Incident == i.ID {
			end = i.ResolvedAt
		}
		if end.After(until) {
			end = until
		}
		if end.IsZero() || !v.From.Before(end) {
			continue
		}
		switch v.Status {
		case component.MajorOutage, component.PartialOutage:
			b.Down = append(b.Down, downFor(v, end, components)...)
		case component.Maintenance:
			b.Announced = append(b.Announced, amends.Maintained{Start: v.From.UTC(), End: end.UTC()})
		}
	}
	return b, nil
}

// creditIncident is the incident that is asked about; none, for a month.
func creditIncident(ctx context.Context, tx *store.Tx, code id.Code) (i incident.Incident, err error) {
	if code == "" {
		return i, nil
	}
	if i, err = tx.Incidents.ByCode(ctx, code); errors.Is(err, store.ErrNotFound) {
		return i, problem.New(problem.NotFound, "problem.not_found")
	}
	if err == nil && i.Open() { // what is owed depends on when it ended
		err = problem.New(problem.Conflict, "problem.credits.open")
	}
	return i, err
}

// downFor is one interval as an outage of everything whose users felt it: what was down, and what depends on it.
func downFor(v component.Interval, end time.Time, all []component.Component) (down []amends.Down) {
	for _, touched := range component.Touched(all, []id.Component{v.Component}) {
		down = append(down, amends.Down{Component: touched, Incident: v.Incident, Outage: amends.Outage{Start: v.From.UTC(), End: end.UTC()}})
	}
	return down
}

// A creditMonth is the month of a run.
type creditMonth struct {
	month string
	first time.Time
}

func draftMonth(month string, i incident.Incident, zone *time.Location) (m creditMonth, err error) {
	if month == "" && i.ID != "" {
		month = i.StartedAt.In(zone).Format("2006-01")
	}
	m.month = month
	if m.first, err = time.Parse("2006-01", month); err != nil {
		return m, problem.Field("month", "problem.credits.month")
	}
	return m, nil
}

// reach is from when until when outages are looked at: all of the quarter for terms that go by it. A day on both sides covers every customer's
// own zone; the reckoning cuts to the second.
func (m creditMonth) reach(contracts []amends.Contract) (from, until time.Time) {
	from, months := m.first, 1
	if slices.ContainsFunc(contracts, func(c amends.Contract) bool { return c.Terms.Period == amends.Quarter }) {
		from, months = m.first.AddDate(0, -(int(m.first.Month())-1)%3, 0), 3
	}
	return from.AddDate(0, 0, -1), from.AddDate(0, months, 1)
}

// quarter names the first and the last month of the quarter that a month is in.
func (m creditMonth) quarter() (first, last string) {
	from := m.first.AddDate(0, -(int(m.first.Month())-1)%3, 0)
	return from.Format("2006-01"), from.AddDate(0, 2, 0).Format("2006-01")
}

// resolveContracts turns what people call components into their ids, and refuses terms that nobody could reckon with before the first customer.
func resolveContracts(contracts []amends.Contract, all []component.Component) error {
	named := component.Named(all)
	for i, c := range contracts {
		if c.Component != "" {
			known, ok := named(string(c.Component))
			if !ok {
				return problem.Field("contracts", "problem.credits.component", "name", string(c.Component))
			}
			contracts[i].Component = known
		}
		if slices.ContainsFunc(c.Terms.Lint(), func(f amends.Finding) bool { return f.Level == amends.Fault }) {
			return problem.Field("contracts", "problem.credits.terms", "terms", c.Terms.ID)
		}
	}
	return nil
}
