package site

import (
	"time"

	"candor/incident"
	"candor/promise"
)

// validUntil is the next instant at which what the home page says changes by itself: a promise passes, a minute of lateness is done, a
// maintenance starts or overruns, a day begins. Durations ("2 h 14 min so far") are as of the rendering and are not a reason.
func (w *world) validUntil(now time.Time) time.Time {
	next := nextMidnight(now, w.settings.Zoned())
	if !w.promised.IsZero() {
		next = sooner(next, after(promise.PublishedFrom(w.promised), now))
	}
	for _, s := range w.open {
		next = sooner(next, s.validUntil(now))
	}
	for _, s := range w.owed {
		next = sooner(next, passing(s.ReportDueAt, now))
	}
	return next
}

func (s story) validUntil(now time.Time) time.Time {
	var next time.Time
	for _, p := range s.promises {
		if p.Open() {
			next = sooner(next, passing(p.DueAt, now))
		}
	}
	if s.Kind == incident.Maintenance && s.Open() {
		next = sooner(next, after(s.Window.From, now))
		if s.Status != incident.Scheduled {
			next = sooner(next, passing(s.Window.Until, now))
		}
	}
	return next
}

// passing is the deadline itself, and after it every whole minute of lateness: hours late count in hours.
func passing(due, now time.Time) time.Time {
	if due.IsZero() {
		return due
	}
	late := now.Sub(due)
	switch {
	case late < 0:
		return due
	case late < 24*time.Hour:
		return due.Add(late.Truncate(time.Minute) + time.Minute)
	}
	return due.Add(late.Truncate(time.Hour) + time.Hour)
}

func after(t, now time.Time) time.Time {
	if t.After(now) {
		return t
	}
	return time.Time{}
}

// sooner is the earlier of two instants, of which a zero one never comes.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func nextMidnight(now time.Time, loc *time.Location) time.Time {
	y, m, d := now.In(loc).Date()
	next := time.Date(y, m, d+1, 0, 0, 0, 0, loc)
	if !next.After(now) {
		return now.Add(time.Hour)
	}
	return next
}
