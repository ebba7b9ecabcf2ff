package site

import (
	"context"
	"slices"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/promise"
	"candor/reach"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// loadWorld reads one snapshot. What it reads is bounded by days, not by history: a company with ten thousand past incidents pays for
// the open ones and the last fortnight.
func loadWorld(ctx context.Context, db *store.DB, now time.Time) (*world, error) {
	w := &world{at: now}
	err := db.Read(ctx, func(tx *store.Tx) error {
		*w = world{at: now}
		if err := w.loadSetting(ctx, tx); err != nil {
			return err
		}
		return w.loadStories(ctx, tx)
	})
	if err != nil {
		return nil, err
	}
	return w, nil
}

func (w *world) loadSetting(ctx context.Context, tx *store.Tx) (err error) {
	if w.version, err = tx.Changes.Newest(ctx); err != nil {
		return err
	}
	if last, err := tx.Changes.Since(ctx, w.version-1); err != nil {
		return err
	} else if len(last) > 0 {
		w.changed = last[0].At
	}
	if w.settings, _, err = tx.Settings.Load(ctx); err != nil {
		return err
	}
	if w.head, err = newestHead(ctx, tx); err != nil {
		return err
	}
	people, err := tx.People.All(ctx)
	if err != nil {
		return err
	}
	w.people = make(map[id.Person]staff.Person, len(people))
	for _, p := range people {
		w.people[p.ID] = p
	}
	w.calls = w.settings.CallRequests.Open(staff.Staffed(people, staff.Telephone))
	components, err := tx.Components.All(ctx)
	if err != nil {
		return err
	}
	w.arrange(components)
	intervals, err := tx.Intervals.Since(ctx, component.DaysBack(barDays+4, w.at, time.UTC))
	w.intervals = make(map[id.Component][]component.Interval, len(w.leaves))
	for _, i := range intervals {
		w.intervals[i.Component] = append(w.intervals[i.Component], i)
	}
	return err
}

// arrange keeps the components visitors may know; a component inside a private group is private (V23).
func (w *world) arrange(all []component.Component) {
	w.tree = component.Tree(all, false)
	w.leaves = component.Leaves(w.tree)
	w.byID = make(map[id.Component]component.Component, len(all))
	private := map[id.Component]bool{}
	for _, c := range all {
		private[c.ID] = c.Private
	}
	for _, c := range all {
		if !c.Private && !private[c.GroupID] {
			w.byID[c.ID] = c
		}
	}
}

func (w *world) loadStories(ctx context.Context, tx *store.Tx) error {
	open, err := tx.Incidents.Open(ctx)
	if err != nil {
		return err
	}
	updates, err := tx.Updates.OfOpen(ctx)
	if err != nil {
		return err
	}
	promises, err := tx.Promises.OfOpen(ctx)
	if err != nil {
		return err
	}
	w.open = w.stories(open, updates, promises)
	worstFirst(w.open)

	from := component.DaysBack(pastDays, w.at, w.settings.Zoned())
	recent, err := tx.Incidents.Between(ctx, from, w.at.Add(skew))
	if err != nil {
		return err
	}
	if updates, err = tx.Updates.Between(ctx, from, w.at.Add(skew)); err != nil {
		return err
	}
	if w.promises, err = tx.Promises.Public(ctx, w.at.AddDate(0, 0, -recordDays), w.at.AddDate(1, 0, 0)); err != nil {
		return err
	}
	if w.promised, err = tx.Promises.First(ctx); err != nil {
		return err
	}
	w.past = w.stories(recent, updates, w.promises)
	if w.first, err = tx.Incidents.First(ctx); err != nil {
		return err
	}
	return w.loadOwed(ctx, tx)
}

// loadOwed finds the resolved incidents whose report is still promised: what we still owe is on the page until it is given.
func (w *world) loadOwed(ctx context.Context, tx *store.Tx) error {
	owed, err := tx.Promises.Owed(ctx, promise.Report)
	if err != nil {
		return err
	}
	for _, p := range owed {
		i, err := tx.Incidents.ByID(ctx, p.Incident)
		if err != nil {
			return err
		}
		w.owed = append(w.owed, story{Incident: publicOnly(i, w.byID), promises: []promise.Promise{p}})
	}
	return nil
}

// stories joins incidents with their updates and promises and takes out what visitors may not know.
func (w *world) stories(incidents []incident.Incident, updates []incident.Update, promises []promise.Promise) []story {
	at := make(map[id.Incident]int, len(incidents))
	all := make([]story, len(incidents))
	for n, i := range incidents {
		all[n].Incident = publicOnly(i, w.byID)
		at[i.ID] = n
	}
	for _, u := range updates {
		if n, ok := at[u.Incident]; ok {
			all[n].updates = append(all[n].updates, publicUpdate(u, w.byID))
		}
	}
	for _, p := range promises {
		if n, ok := at[p.Incident]; ok {
			all[n].promises = append(all[n].promises, p)
		}
	}
	return all
}

// loadStory reads one public incident by its code; what is not public does not exist (V23).
func (w *world) loadStory(ctx context.Context, tx *store.Tx, code id.Code) (story, error) {
	i, err := tx.Incidents.ByCode(ctx, code)
	if err != nil {
		return story{}, err
	}
	if i.Visibility != incident.Public {
		return story{}, store.ErrNotFound
	}
	updates, err := tx.Updates.Of(ctx, i.ID)
	if err != nil {
		return story{}, err
	}
	promises, err := tx.Promises.ToCustomers(ctx, i.ID)
	if err != nil {
		return story{}, err
	}
	s := w.stories([]incident.Incident{i}, updates, promises)[0]
	if s.proof, err = loadProof(ctx, tx, i.ID); err != nil {
		return s, err
	}
	s.covered, err = w.loadCovered(ctx, tx, i.ID)
	return s, err
}

// loadCovered counts how many customers know, where the company shows it. Figures that contradict each other are not shown at all.
func (w *world) loadCovered(ctx context.Context, tx *store.Tx, i id.Incident) (reach.Figures, error) {
	if w.settings.PublicCoverage == settings.CoverageHidden {
		return reach.Figures{}, nil
	}
	standings, err := tx.Affected.Count(ctx, i)
	c := reach.Cover(slices.Values(standings))
	if err != nil || len(c.Faults()) > 0 {
		return reach.Figures{}, err
	}
	return c.All, nil
}

// loadNewest reads the newest public incidents that satisfy keep, with all their updates, for feeds and documents.
func (w *world) loadNewest(ctx context.Context, tx *store.Tx, limit int, keep func(incident.Incident) bool) ([]story, error) {
	var found []incident.Incident
	var after store.Place
	for len(found) < limit {
		page, err := tx.Incidents.Page(ctx, after, 2*limit)
		if err != nil || len(page) == 0 {
			return w.withUpdates(ctx, tx, found, err)
		}
		after = store.PlaceOf(page[len(page)-1])
		found = append(found, slices.DeleteFunc(page, func(i incident.Incident) bool { return !keep(i) })...)
	}
	return w.withUpdates(ctx, tx, found[:limit], nil)
}

func (w *world) withUpdates(ctx context.Context, tx *store.Tx, incidents []incident.Incident, err error) ([]story, error) {
	if err != nil {
		return nil, err
	}
	ids := make([]id.Incident, len(incidents))
	for n, i := range incidents {
		ids[n] = i.ID
	}
	updates, err := tx.Updates.OfMany(ctx, ids)
	return w.stories(incidents, updates, nil), err
}
