package site

import (
	"slices"
	"sync"
	"time"
)

// shelfSize bounds the memory that a crawl through years of history may take: about 60 kB an entry.
const shelfSize = 2000

// A shelf keeps the rendered entries by path.
type shelf struct {
	mu      sync.RWMutex
	entries map[string]*entry
}

func newShelf() *shelf { return &shelf{entries: map[string]*entry{}} }

// find answers the entry at a path and since when it is outdated; zero is fresh.
func (s *shelf) find(path string, now time.Time) (*entry, time.Time) {
	s.mu.RLock()
	e := s.entries[path]
	var since time.Time
	if e != nil {
		since = e.outdated
	}
	s.mu.RUnlock()
	if e != nil && since.IsZero() && !e.until.IsZero() && !now.Before(e.until) {
		since = e.until
	}
	return e, since
}

func (s *shelf) put(path string, e *entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.entries) >= shelfSize && s.entries[path] == nil {
		s.drop()
	}
	s.entries[path] = e
}

// drop takes any entry but a hot one away: maps begin anywhere, which is as good as chance.
func (s *shelf) drop() {
	for path, e := range s.entries {
		if !e.recipe.hot {
			delete(s.entries, path)
			return
		}
	}
}

// age marks one entry.
func (s *shelf) age(e *entry, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.outdated.IsZero() {
		e.outdated = now
	}
}

// outdate marks what depends on one of the topics. It stays on the shelf: it is served while its successor is being made.
func (s *shelf) outdate(now time.Time, topics ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.entries {
		if e.outdated.IsZero() && slices.ContainsFunc(e.topics, func(t string) bool { return slices.Contains(topics, t) }) {
			e.outdated = now
		}
	}
}

// outdateAll marks everything, as when the page lost or found its database.
func (s *shelf) outdateAll(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.entries {
		if e.outdated.IsZero() {
			e.outdated = now
		}
	}
}

// due lists the hot paths whose entries are outdated or have reached the end of their words.
func (s *shelf) due(now time.Time) []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var paths []string
	for path, e := range s.entries {
		if e.recipe.hot && (!e.outdated.IsZero() || !e.until.IsZero() && !now.Before(e.until)) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}
