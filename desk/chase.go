package desk

import (
	"context"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/reach"
	"candor/settings"
	"candor/store"
)

// A pursuit is what is the same for every customer of one incident while it is decided how to reach them.
type pursuit struct {
	incident incident.Incident
	ladder   settings.Ladder
	zone     *time.Location
	basis    reach.Basis
	mustAct  bool
	reopens  time.Time
	latest   reach.Announcement // what a climb carries: the last word that travelled
	channels []string
	limited  bool // by the budget
	pending  bool // the budget is still to be handed out among all who are affected
}

// Decide asks the ladder about customers whose time has come, and does what it says: plans a message, puts them on the call list, or
// closes them. It answers how many messages it planned. Deciding again changes nothing.
func (d *Desk) Decide(ctx context.Context, tx *store.Tx, due []reach.Affected, at time.Time) (planned int, err error) {
	pursuits := map[id.Incident]pursuit{}
	for _, x := range due {
		p, known := pursuits[x.Incident]
		if !known {
			if p, err = pursue(ctx, tx, x.Incident); err != nil {
				return planned, err
			}
			pursuits[x.Incident] = p
		}
		n, err := p.decide(ctx, tx, x, at)
		if err != nil {
			return planned, err
		}
		planned += n
	}
	return planned, nil
}

// untilResumed is how long nobody looks at a customer who waits for a paused announcement. Going on rouses them at once; this is for when
// another word has taken its place.
const untilResumed = time.Hour

// pursue reads what the incident says.
func pursue(ctx context.Context, tx *store.Tx, x id.Incident) (p pursuit, err error) {
	if p.incident, err = tx.Incidents.ByID(ctx, x); err != nil {
		return p, err
	}
	s, _, err := tx.Settings.Load(ctx)
	if err != nil {
		return p, err
	}
	last, err := tx.Updates.Latest(ctx, x)
	if err != nil {
		return p, err
	}
	all, err := tx.Announcements.OfIncident(ctx, x)
	if err != nil {
		return p, err
	}
	for _, a := range all {
		if !a.Target.Customers && a.Target.Heard == "" {
			continue
		}
		p.latest = a
		if a.Target.Reopens {
			p.reopens = a.AsOf
		}
	}
	p.ladder, p.zone, p.channels = s.Ladder(p.incident.Kind, p.incident.Impact), s.Zoned(), s.Channels()
	p.basis = reach.BasisOf(p.incident, last.Fields)
	p.mustAct = last.Fields.Data.MustAct()
	p.limited, p.pending, err = rationing(ctx, tx, s, all)
	return p, err
}

// decide about one customer until there is nothing more to be done now.
func (p pursuit) decide(ctx context.Context, tx *store.Tx, x reach.Affected, at time.Time) (planned int, err error) {
	chase, customer, err := p.chase(ctx, tx, x)
	if err != nil {
		return 0, err
	}
	if p.pending && !p.owed(chase) {
		x.NextAt = at.Add(rationRetry)
		return 0, tx.Affected.Save(ctx, x)
	}
	act := reach.Next(p.ladder, chase, at)
	if act.Do == reach.Send && !p.latest.PausedAt.IsZero() {
		x.Reason, x.NextAt = reach.WhyPaused, at.Add(untilResumed)
		return 0, tx.Affected.Save(ctx, x)
	}
	for range p.ladder.Rungs { // several rungs may go at once
		if act.Do != reach.Send {
			break
		}
		try, err := p.send(ctx, tx, x, customer, act, at)
		if err != nil {
			return planned, err
		}
		if err := tx.Decisions.Add(ctx, x.Incident, x.Customer, act, at); err != nil {
			return planned, err
		}
		planned++
		chase.Tries = append(chase.Tries, try)
		act = reach.Next(p.ladder, chase, at)
	}
	if act.Do == reach.Close {
		if err := tx.Deliveries.Supersede(ctx, x.Incident, x.Customer, at); err != nil {
			return planned, err
		}
	}
	next := x.Decided(chase, act, at)
	if next.Reason != x.Reason || next.Ended != x.Ended || next.CallAt.IsZero() != x.CallAt.IsZero() {
		if err := tx.Decisions.Add(ctx, x.Incident, x.Customer, act, at); err != nil {
			return planned, err
		}
	}
	return planned, tx.Affected.Save(ctx, next)
}

// chase is everything known of one customer.
func (p pursuit) chase(ctx context.Context, tx *store.Tx, x reach.Affected) (chase reach.Chase, customer audience.Customer, err error) {
	chase, err = tx.Affected.Chase(ctx, x)
	if err != nil {
		return chase, customer, err
	}
	if customer, err = tx.Customers.ByID(ctx, x.Customer); err != nil {
		return chase, customer, err
	}
	zone, unknown := time.LoadLocation(customer.Zone)
	if unknown != nil || customer.Zone == "" {
		zone = p.zone
	}
	chase.Zones = []*time.Location{zone}
	chase.AnyHour = !customer.AnyHour.IsZero()
	chase.Basis, chase.MustAct, chase.Reopens, chase.ResolvedAt = p.basis, p.mustAct, p.reopens, p.incident.ResolvedAt
	chase.Channels, chase.Affords = p.channels, !p.limited || p.owed(chase) || x.BeyondAt.IsZero()
	return chase, customer, nil
}

// owed reports whether a customer is reached whatever it costs: no budget leaves those in the dark who asked or have to do something.
func (p pursuit) owed(c reach.Chase) bool { return p.mustAct || c.Asked.Open() }

// send plans the last word that travelled for one contact. Somebody who shares it may have been sent the same: then they have it.
func (p pursuit) send(ctx context.Context, tx *store.Tx, x reach.Affected, customer audience.Customer, act reach.Act, at time.Time) (reach.Try, error) {
	try := reach.Try{Channel: act.Channel, Contact: act.Contact, Attempt: act.Attempt, PlannedAt: at, UpdatedAt: at, State: reach.Planned}
	c, err := tx.Contacts.ByID(ctx, act.Contact)
	if err != nil {
		return try, err
	}
	_, err = tx.Deliveries.Plan(ctx, []reach.Delivery{{
		ID: id.New[id.Delivery](at), Announcement: p.latest.ID, Channel: act.Channel, Address: c.Address, Contact: c.ID,
		Language: customer.Language, Cycle: act.Attempt - 1, Climb: act.Attempt, Priority: reach.Ordinary, State: reach.Planned, PlannedAt: at,
	}})
	return try, err
}
