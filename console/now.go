package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/reach"
	"candor/store"
)

// A nowPage is what we owe, by the clock.
type nowPage struct {
	shell
	Owed    []owed
	Open    []standing
	Drafts  []standing
	Coming  []incident.Incident
	Words   []waitingWord // that wait for a second person
	Looks   []lookedAt    // actions that are done, and of which nobody knows yet whether they work
	Credits []runRow      // that wait for finance
	Talk    int64         // comments that wait for one of us
	flightBoard
}

// AnyLate reports whether the board shows a broken promise.
func (p nowPage) AnyLate() bool { return len(p.Owed) > 0 && p.Owed[0].Late > 0 }

// A standing is an incident as a list shows it.
type standing struct {
	incident.Incident
	Headline component.Status
}

func (s standing) Rehearsal() bool { return s.Visibility == incident.Rehearsal }
func (s standing) Private() bool   { return s.Visibility == incident.Private }
func (s standing) Draft() bool     { return s.Visibility == incident.Draft }

func standings(all []incident.Incident) []standing {
	out := make([]standing, len(all))
	for n, i := range all {
		out[n] = standing{i, i.HeadlineStatus()}
	}
	return out
}

func (f *Face) showNow(w http.ResponseWriter, r *http.Request) error {
	var p nowPage
	s, err := f.frame(r, "Now", "now", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if p.Owed, err = board(ctx, tx, s.Now); err != nil {
			return err
		}
		if p.Words, err = f.waitingWords(ctx, tx, *s); err != nil {
			return err
		}
		if p.Credits, err = f.waitingRuns(ctx, tx, *s); err != nil {
			return err
		}
		if p.Talk, err = tx.Comments.Waiting(ctx); err != nil {
			return err
		}
		if p.Looks, err = waitingActions(ctx, tx, *s); err != nil {
			return err
		}
		working, err := tx.Incidents.Working(ctx)
		if err != nil {
			return err
		}
		p.sort(working)
		latest, err := latestFlights(ctx, tx, *s, 8)
		for _, one := range latest {
			if one.InFlight() || one.All() > 0 && s.Now.Sub(one.At) < time.Hour {
				p.Flights = append(p.Flights, one)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "now", p)
}

// sort puts each incident where the page shows it: planned work apart from trouble, what was set aside nowhere.
func (p *nowPage) sort(working []incident.Incident) {
	defer func() { slices.SortStableFunc(p.Open, worstFirst) }()
	for _, i := range working {
		switch {
		case i.Visibility == incident.Private:
		case i.Visibility == incident.Draft:
			p.Drafts = append(p.Drafts, standings([]incident.Incident{i})...)
		case i.Kind == incident.Maintenance:
			p.Coming = append(p.Coming, i)
		default:
			p.Open = append(p.Open, standings([]incident.Incident{i})...)
		}
	}
}

// worstFirst puts what hurts most on top, and rehearsals at the end.
func worstFirst(a, b standing) int {
	switch {
	case a.Rehearsal() != b.Rehearsal():
		if a.Rehearsal() {
			return 1
		}
		return -1
	case a.Impact.Worse(b.Impact):
		return -1
	case b.Impact.Worse(a.Impact):
		return 1
	}
	return 0
}

// A flight is one announcement and what became of its letters.
type flight struct {
	ID   id.Announcement
	Code id.Code
	What string
	Kind string
	At   time.Time
	reach.Counts
	planned bool
	Paused  time.Time // since when it is held back; zero while it is not
}

func (f flight) Waiting() int64 {
	return f.Counts[reach.Planned] + f.Counts[reach.Claimed] + f.Counts[reach.RetryAt]
}

func (f flight) Failed() int64 {
	return f.Counts[reach.Bounced] + f.Counts[reach.Failed] + f.Counts[reach.Poisoned]
}

// Kept are the letters that were written and sent to nobody, and those that may not be sent.
func (f flight) Kept() int64 { return f.Counts[reach.Suppressed] }

// Promille of the bar, cut and never rounded up.
func (f flight) Promille() int64 {
	if f.All() == 0 {
		return 0
	}
	return f.Told() * 1000 / f.All()
}

// A flightBoard is the table of them.
type flightBoard struct{ Flights []flight }
