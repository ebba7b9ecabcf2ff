package duty

import (
	"context"
	"slices"
	"time"

	"candor/id"
	"candor/reach"
	"candor/settings"
	"candor/store"
)

// publishEvery is how often the page's line about coverage may change: each change makes a page again for everybody who looks.
const publishEvery = 10 * time.Second

// published is what the page was last made to say of an incident, as far as this node knows.
type published struct{ affected, reached int64 }

// PublishCoverage has the page of an incident made again when more of its customers know than it says, at most every ten seconds however
// many nodes there are. It costs nothing while the company shows no figures.
func (d *Duty) PublishCoverage(ctx context.Context) (more bool, err error) {
	defer wrap(&err, "publish coverage")
	at := now()
	if at.Sub(d.looked) < publishEvery {
		return false, nil // woken by an act: counting a million takes a while
	}
	d.looked = at
	var moved []id.Incident
	var shown settings.Publicity
	seen := map[id.Incident]published{}
	err = d.DB.Read(ctx, func(tx *store.Tx) error {
		moved, seen = nil, map[id.Incident]published{}
		s, _, err := tx.Settings.Load(ctx)
		if shown = s.PublicCoverage; err != nil || shown == settings.CoverageHidden {
			return err
		}
		said, err := tx.Announcements.ToCustomers(ctx, at.Add(-tallied))
		if err != nil {
			return err
		}
		for _, a := range said {
			if _, done := seen[a.Incident]; done {
				continue
			}
			rows, err := tx.Affected.Count(ctx, a.Incident)
			if err != nil {
				return err
			}
			all := reach.Cover(slices.Values(rows)).All
			is := published{all.Affected, all.Reached}
			seen[a.Incident] = is
			if d.published[a.Incident] != is {
				moved = append(moved, a.Incident)
			}
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	for _, i := range moved {
		told, err := d.publish(ctx, i, seen[i], shown, at)
		if err != nil {
			return false, err
		}
		if !told {
			delete(seen, i) // looked at again in ten seconds
		}
	}
	d.published = seen
	return false, nil
}

// publish notes the change unless another node has just done so.
func (d *Duty) publish(ctx context.Context, i id.Incident, is published, shown settings.Publicity, at time.Time) (told bool, err error) {
	topic := "coverage:" + string(i)
	err = d.DB.Batch(ctx, func(tx *store.Tx) (err error) {
		if told, err = tx.Limits.Take(ctx, topic, publishEvery-time.Second, 1, at); err != nil || !told {
			return err
		}
		if err := tx.Record.Covered(ctx, i, shown, is.reached, is.affected, at); err != nil {
			return err
		}
		return tx.Changes.Add(ctx, topic, at)
	})
	return told, err
}
