package site

import (
	"cmp"
	"slices"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/reach"
	"candor/record"
	"candor/settings"
	"candor/staff"
)

// A world is what the page knew at one instant: one snapshot of the facts, shared by every page rendered from it and never changed.
// It holds public facts only: what is private never enters the package's pages (V23).
type world struct {
	at        time.Time
	version   int64
	changed   time.Time // when something last changed; zero before anything did
	settings  settings.Settings
	people    map[id.Person]staff.Person
	tree      []component.Node                      // public, by position
	leaves    []component.Component                 // of the tree, in its order
	byID      map[id.Component]component.Component  // public, archived ones included: they name the past
	intervals map[id.Component][]component.Interval // the last barDays
	open      []story                               // trouble and maintenance under way first, worst first
	past      []story                               // started in the last pastDays, newest first, open ones included
	promises  []promise.Promise                     // due in the last recordDays, by deadline
	owed      []story                               // resolved, with a report still promised
	first     time.Time                             // when the oldest public incident started
	promised  time.Time                             // when the first promise was made to customers
	head      record.Head                           // of the public record; zero before its first entry
	calls     bool                                  // people may ask us to call them
}

const (
	barDays    = 90
	pastDays   = 14
	recordDays = 90
)

// A story is an incident with all that was said and promised about it.
type story struct {
	incident.Incident
	updates  []incident.Update // newest first
	promises []promise.Promise // oldest first
	talk     talk              // on the incident's own page
	covered  reach.Figures     // on the incident's own page, if the company shows them; zero otherwise
	proof    proof             // on the incident's own page: its report, and what has the same cause
	written  *written          // in feeds: its report, if it is published
}

// latest is the newest update; the zero Update before the first word.
func (s story) latest() incident.Update {
	if len(s.updates) == 0 {
		return incident.Update{}
	}
	return s.updates[0]
}

// due is the open promise of a kind that falls due first.
func (s story) due(kind promise.Kind) (promise.Promise, bool) {
	var first promise.Promise
	for _, p := range s.promises {
		if p.Kind == kind && p.Open() && (first.ID == "" || p.DueAt.Before(first.DueAt)) {
			first = p
		}
	}
	return first, first.ID != ""
}

// keptBy is the next-update promise that an update answered.
func (s story) keptBy(u id.Update) (promise.Promise, bool) {
	for _, p := range s.promises {
		if p.Kind == promise.NextUpdate && p.KeptBy == u && u != "" {
			return p, true
		}
	}
	return promise.Promise{}, false
}

// under reports whether customers feel it now: everything open but a maintenance that has not begun.
func (s story) under() bool { return s.Open() && s.Status != incident.Scheduled }

// worstFirst orders open stories as a visitor needs them: the worst, then the newest; planned work that has not begun last.
func worstFirst(stories []story) {
	slices.SortStableFunc(stories, func(a, b story) int {
		if a.under() != b.under() {
			if a.under() {
				return -1
			}
			return 1
		}
		if x, y := a.HeadlineStatus(), b.HeadlineStatus(); x != y {
			if x.Worse(y) {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.StartedAt.UnixMicro(), a.StartedAt.UnixMicro())
	})
}

// underWay are the open stories that customers feel now.
func (w *world) underWay() []story {
	for n, s := range w.open {
		if !s.under() {
			return w.open[:n]
		}
	}
	return w.open
}

// languages the company speaks, the default first.
func (w *world) languages() []lang.Tag {
	var spoken []lang.Tag
	for _, tag := range w.settings.Languages {
		if tag.Known() && !slices.Contains(spoken, tag) {
			spoken = append(spoken, tag)
		}
	}
	if len(spoken) == 0 {
		return []lang.Tag{lang.English}
	}
	return spoken
}

// publicOnly keeps of an incident only the components that visitors may know (V23).
func publicOnly(i incident.Incident, known map[id.Component]component.Component) incident.Incident {
	i.Affected = slices.DeleteFunc(slices.Clone(i.Affected), func(a incident.Affected) bool {
		_, ok := known[a.Component]
		return !ok
	})
	return i
}

// publicUpdate is publicOnly for what an update changed.
func publicUpdate(u incident.Update, known map[id.Component]component.Component) incident.Update {
	u.Affected = slices.DeleteFunc(slices.Clone(u.Affected), func(c incident.Change) bool {
		_, ok := known[c.Component]
		return !ok
	})
	return u
}

// speaker is who wrote last; before the first word, the lead.
func (s story) speaker() id.Person {
	for _, u := range s.updates {
		if u.Author != "" {
			return u.Author
		}
	}
	return s.Lead
}

// onCall is who speaks if something breaks, if the company names somebody.
func (w *world) onCall() id.Person {
	p := w.people[id.Person(w.settings.OnCall)]
	if p.Active() {
		return p.ID
	}
	return ""
}
