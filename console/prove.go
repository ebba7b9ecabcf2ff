package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"candor/id"
	"candor/incident"
	"candor/promise"
	"candor/store"
)

// looksBack is how far back the record goes on these pages: as far as the bars of the public page.
const looksBack = 90 * 24 * time.Hour

// A provePage is the record of promises, kept and missed.
type provePage struct {
	shell
	Kept, Settled int64
	Missed        []owed
	Tally         tally
	Firsts        []first
}

// A tally has one tick per promise, oldest first; a broken tick is a broken promise.
type tally struct {
	Width int
	Ticks []tick
}

type tick struct {
	X      int
	Broken bool
}

type first struct {
	toldFirst
	incident.Incident
	At time.Time
}

// mostTicks is how many fit beside each other; the figures above count all.
const mostTicks = 110

func (f *Face) showProve(w http.ResponseWriter, r *http.Request) error {
	var p provePage
	s, err := f.frame(r, "Prove", "prove", func(ctx context.Context, tx *store.Tx, s *shell) error {
		since := s.Now.Add(-looksBack)
		promises, err := tx.Promises.Public(ctx, since, s.Now.Add(looksBack)) // kept ones count before their time has come
		if err != nil {
			return err
		}
		past, err := tx.Incidents.Between(ctx, since, s.Now)
		if err != nil {
			return err
		}
		known := map[id.Incident]incident.Incident{}
		for _, i := range past {
			known[i.ID] = i
			if _, told := i.ToldFirst(); told {
				p.Firsts = append(p.Firsts, first{toldFirst: firstOf(*s, i), Incident: i, At: i.StartedAt})
			}
		}
		for _, one := range promises {
			i, ok := known[one.Incident]
			if !ok {
				if i, err = tx.Incidents.ByID(ctx, one.Incident); err != nil {
					return err
				}
				known[one.Incident] = i
			}
			p.count(owedOf(one, i, s.Now))
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.Reverse(p.Missed)
	p.shell = s
	p.Tally.draw()
	return f.render(w, http.StatusOK, "prove", p)
}

func (p *provePage) count(o owed) {
	switch o.Outcome {
	case promise.Kept:
		p.Kept++
	case promise.KeptLate, promise.Overdue:
		p.Missed = append(p.Missed, o)
	default:
		return // its time has not come, or it was neither kept nor missed
	}
	p.Settled++
	p.Tally.Ticks = append(p.Tally.Ticks, tick{Broken: o.Late > 0})
}

func (t *tally) draw() {
	if len(t.Ticks) > mostTicks {
		t.Ticks = t.Ticks[len(t.Ticks)-mostTicks:]
	}
	for n := range t.Ticks {
		t.Ticks[n].X = 2 + n*10
	}
	t.Width = max(10*len(t.Ticks), 10)
}
