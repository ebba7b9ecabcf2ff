package console

import (
	"context"
	"net/http"

	"candor/id"
	"candor/incident"
	"candor/store"
)

// A historyPage is incidents of every visibility, newest first.
type historyPage struct {
	shell
	Open    []standing
	History []standing
	More    string
	Short   bool // the newest only
}

const (
	shortPage = 12
	longPage  = 50
)

// showSay opens what can be said now, over the latest of the past.
func (f *Face) showSay(w http.ResponseWriter, r *http.Request) error {
	var p historyPage
	s, err := f.frame(r, "Say", "say", func(ctx context.Context, tx *store.Tx, s *shell) error {
		working, err := tx.Incidents.Working(ctx)
		if err != nil {
			return err
		}
		for _, i := range standings(working) {
			if i.Visibility == incident.Public || i.Rehearsal() {
				p.Open = append(p.Open, i)
			}
		}
		p.Short = true
		return p.page(ctx, tx, store.Place{}, shortPage)
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "say", p)
}

func (f *Face) showHistory(w http.ResponseWriter, r *http.Request) error {
	var p historyPage
	s, err := f.frame(r, "History", "say", func(ctx context.Context, tx *store.Tx, s *shell) error {
		after := store.Place{}
		if code := r.URL.Query().Get("after"); code != "" {
			last, err := tx.Incidents.ByCode(ctx, parsedCode(code))
			if err != nil {
				return err
			}
			after = store.PlaceOf(last)
		}
		return p.page(ctx, tx, after, longPage)
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "history", p)
}

func (p *historyPage) page(ctx context.Context, tx *store.Tx, after store.Place, limit int) error {
	found, err := tx.Incidents.StaffPage(ctx, after, limit+1)
	if len(found) > limit {
		found = found[:limit]
		p.More = "/console/incidents?after=" + string(found[limit-1].Code)
	}
	p.History = standings(found)
	return err
}

func parsedCode(typed string) id.Code {
	code, _ := id.ParseCode(typed)
	return code
}
