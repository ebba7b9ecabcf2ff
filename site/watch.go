package site

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/store"
)

const (
	pollEvery = 250 * time.Millisecond
	// blindAfter is how long the page believes what it read last. Then what was operational is unknown (T5: never later than five minutes).
	blindAfter = time.Minute
	// refreshAfter is how old a world may get although nothing changed: its windows of days move.
	refreshAfter = 5 * time.Minute
)

// Start watches for changes until ctx ends or Stop is called. It renders the hot pages before it answers, so that the first visitor
// finds them; a database that is away is no reason not to start.
func (f *Face) Start(ctx context.Context) error {
	ctx, f.stop = context.WithCancel(ctx)
	f.warm(ctx)
	f.watching.Store(true)
	f.done.Add(1)
	go func() {
		defer f.done.Done()
		defer f.watching.Store(false)
		f.watch(ctx)
	}()
	return nil
}

// Stop ends the watching and waits for it.
func (f *Face) Stop() {
	if f.stop != nil {
		f.stop()
	}
	f.done.Wait()
}

// Nudge says that this node itself has just changed something, which need not wait for the next poll.
func (f *Face) Nudge() {
	select {
	case f.nudged <- struct{}{}:
	default:
	}
}

func (f *Face) watch(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			f.refresh(ctx)
		case <-f.nudged:
			f.refresh(ctx)
		case x := <-f.wanted:
			f.renew(ctx, x)
			continue
		}
		for _, path := range f.shelf.due(time.Now()) {
			if e, _ := f.shelf.find(path, time.Time{}); e != nil {
				f.renew(ctx, e.recipe)
			}
		}
	}
}

// renew makes an entry again unless somebody did meanwhile.
func (f *Face) renew(ctx context.Context, x *recipe) {
	if _, outdated := f.shelf.find(x.path, time.Now()); outdated.IsZero() {
		return
	}
	if _, err := f.render(ctx, x); err != nil && ctx.Err() == nil && !problem.Is(err, problem.NotFound) {
		f.log.Warn("render a page again", "path", x.path, "err", err)
	}
}

// refresh reads which changes came and outdates what depends on them.
func (f *Face) refresh(ctx context.Context) {
	now := time.Now()
	changes, topics, err := f.changes(ctx)
	if err != nil {
		f.failed(ctx, now, err)
		return
	}
	f.seen.Store(now.UnixMicro())
	if f.blind.CompareAndSwap(true, false) {
		f.log.Info("the page can read its records again")
		f.shelf.outdateAll(now)
	}
	if len(changes) == 0 {
		return
	}
	newest := changes[len(changes)-1].Version
	for _, c := range changes {
		if !isComment(c.Topic) {
			f.worldly.Store(c.Version)
		}
	}
	f.version.Store(newest)
	if len(topics) > 0 {
		f.shelf.outdate(now, topics...)
	}
	if slices.ContainsFunc(topics, isNews) {
		f.visible.Store(newest)
	}
}

// failed turns the page blind once what it knows is too old.
func (f *Face) failed(ctx context.Context, now time.Time, err error) {
	if ctx.Err() != nil || f.blindSince(now).IsZero() {
		return
	}
	if f.blind.CompareAndSwap(false, true) {
		f.log.Error("the page cannot read its records and says so", "err", err)
		f.shelf.outdateAll(now)
	}
}

// blindSince is since when the records could not be read, if that is too long ago to be believed.
func (f *Face) blindSince(now time.Time) time.Time {
	last := time.UnixMicro(f.seen.Load())
	if f.seen.Load() == 0 || now.Sub(last) < blindAfter {
		return time.Time{}
	}
	return last
}

// changes are the new ones, with the topics of those that a visitor can see. A draft, a private incident and a rehearsal change nothing
// here, not even the version: that something is being written would be a leak too (V23).
func (f *Face) changes(ctx context.Context) (all []store.Change, topics []string, err error) {
	from := f.version.Load()
	err = f.db.Read(ctx, func(tx *store.Tx) error {
		topics = nil
		if all, err = tx.Changes.Since(ctx, from); err != nil {
			return err
		}
		for _, c := range all {
			shown, err := f.topicsOf(ctx, tx, c.Topic)
			if err != nil {
				return err
			}
			topics = append(topics, shown...)
		}
		return nil
	})
	return all, topics, err
}

// isNews reports whether an open page is told that something is new: a figure that moves every ten seconds is none, nor is a conversation,
// which a thousand readers would ask for at every comment.
func isNews(topic string) bool { return !strings.HasPrefix(topic, coverageTopic) && !isComment(topic) }

// isComment reports whether a change is of a conversation, of which the world knows nothing: it need not be read again for it.
func isComment(topic string) bool { return strings.HasPrefix(topic, commentsTopic) }

func (f *Face) topicsOf(ctx context.Context, tx *store.Tx, topic string) ([]string, error) {
	if isComment(topic) {
		return topicsOfComment(topic), nil
	}
	name, isIncident := strings.CutPrefix(topic, incidentTopic)
	if !isIncident {
		return []string{topic}, nil
	}
	i, err := tx.Incidents.ByID(ctx, id.Incident(name))
	if errors.Is(err, store.ErrNotFound) || err == nil && i.Visibility != incident.Public {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	w := f.world.Load()
	if w == nil {
		return []string{topic, topicIncidents}, nil
	}
	return []string{topic, topicIncidents, monthTopic + monthOf(i.StartedAt, w.settings.Zoned()).String()}, nil
}

// currentWorld is the newest snapshot. While the database is away it is the last one, however old: the page then says its age.
func (f *Face) currentWorld(ctx context.Context, now time.Time) (*world, error) {
	w := f.world.Load()
	if w != nil && w.version >= f.worldly.Load() && now.Sub(w.at) < refreshAfter && sameDay(w.at, now, w.settings.Zoned()) {
		return w, nil
	}
	loaded, err, _ := f.flights.Do("", func() (any, error) { return loadWorld(ctx, f.db, now) })
	if err != nil {
		if w != nil && f.isAway(err) {
			return w, nil
		}
		return nil, err
	}
	w = loaded.(*world)
	f.world.Store(w)
	f.seen.Store(now.UnixMicro())
	return w, nil
}

// isAway reports whether an error means that the database could not be asked, rather than what it answered.
func (f *Face) isAway(err error) bool {
	return err != nil && !errors.Is(err, store.ErrNotFound) && problem.All(err) == nil
}

// warm renders what everybody asks for.
func (f *Face) warm(ctx context.Context) {
	w, err := f.currentWorld(ctx, time.Now())
	if err != nil {
		f.log.Error("read the first page", "err", err)
		return
	}
	f.worldly.Store(w.version)
	f.version.Store(w.version)
	f.visible.Store(w.version)
	for _, x := range f.hot(w) {
		// Until the company publishes its page, feeds and documents are not there: no fault.
		if _, err := f.render(ctx, x); err != nil && !problem.Is(err, problem.NotFound) {
			f.log.Error("render a page", "path", x.path, "err", err)
		}
	}
}
