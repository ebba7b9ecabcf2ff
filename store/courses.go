package store

import (
	"context"
	"slices"
	"time"

	"candor/id"
	"candor/incident"
	"candor/playbook"
	"candor/reach"
)

// Course is how an incident went, from the rows and nothing else.
func (t *Tx) Course(ctx context.Context, i incident.Incident) (c playbook.Course, err error) {
	defer wrap(&err, "read how %s went", i.ID)
	kept, _, err := t.Settings.Load(ctx)
	if err != nil {
		return c, err
	}
	c = playbook.Course{Incident: i, Reachable: map[int]bool{}, Language: kept.Default(), Weights: kept.Scorecard}
	if c.Updates, err = t.Updates.Of(ctx, i.ID); err != nil {
		return c, err
	}
	if c.Promises, err = t.Promises.Of(ctx, i.ID); err != nil {
		return c, err
	}
	authors := map[id.Person]bool{}
	for _, u := range c.Updates {
		if _, known := authors[u.Author]; !known && u.Author != "" {
			p, err := t.People.ByID(ctx, u.Author)
			if err != nil {
				return c, err
			}
			authors[u.Author] = p.Reachable()
		}
		c.Reachable[u.Number] = authors[u.Author]
	}
	if c.FirstMailAt, err = t.Deliveries.firstTried(ctx, i.ID); err != nil {
		return c, err
	}
	if c.Apologies, err = t.Advice.Apologies(ctx, i.ID, i.DeclaredAt.Add(-playbook.ApologyMemory), i.DeclaredAt); err != nil {
		return c, err
	}
	return c, t.howFar(ctx, &c)
}

// howFar fills in how many were reached, and by how many ways. Figures that contradict each other count as none.
func (t *Tx) howFar(ctx context.Context, c *playbook.Course) error {
	standings, err := t.Affected.Count(ctx, c.ID)
	if err != nil {
		return err
	}
	cover := reach.Cover(slices.Values(standings))
	if len(cover.Faults()) > 0 {
		return nil
	}
	c.Affected, c.Reached = cover.All.Affected, cover.All.Reached
	all, err := t.Customers.Count(ctx)
	if err != nil {
		return err
	}
	c.Share = playbook.Measured{Customers: c.Affected, Of: all}.Share()
	for channel, f := range cover.ByChannel {
		if channel != "" && f.Told > 0 {
			c.Channels++
		}
	}
	return nil
}

// firstTried is when the first message of an incident's first word went out; zero if none did. Who answered since was told later in the
// index, so it looks at the hundred that changed least.
func (d Deliveries) firstTried(ctx context.Context, i id.Incident) (first time.Time, err error) {
	defer wrap(&err, "read when the first message of %s went out", i)
	tried, err := many(ctx, d.tx, value[instant], `SELECT d.first_tried_at
		FROM announcements a JOIN deliveries d ON d.announcement = a.id
		WHERE a.id = (SELECT id FROM announcements WHERE incident = $1 AND kind = 'update' ORDER BY planned_at, id LIMIT 1)
			AND d.state IN ('accepted', 'delivered', 'acknowledged', 'complained') AND d.first_tried_at IS NOT NULL
		ORDER BY d.updated_at
		LIMIT 100`, i)
	for _, at := range tried {
		if when := time.Time(at); first.IsZero() || when.Before(first) {
			first = when
		}
	}
	return first, err
}
