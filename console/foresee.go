package console

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/money"
	"candor/store"
)

// A foreseenView is which customers a word reaches and what following them up would take, before it is posted.
type foreseenView struct {
	desk.Foreseen
	Ways           []wayRow
	Most, Expected []string // amounts, and hours of people
}

type wayRow struct {
	Word string
	N    int64
}

// foresee adds the customers to a preview. A word to the page and feeds alone is carried to nobody, and a rehearsal only to who rehearses.
func (f *Face) foresee(ctx context.Context, tx *store.Tx, s shell, p *preview, d draft, about incident.Incident, all []component.Component) error {
	if d.Silent || d.Rehearsal {
		return nil
	}
	impact, _, _ := harm(s, d, about, all)
	about.Kind, about.Impact = d.Kind, impact
	if about.StartedAt.IsZero() {
		about.StartedAt = s.Now
	}
	if d.Audience != "" {
		about.Audience = d.Audience
	}
	seen, err := f.desk.Foresee(ctx, tx, about, brokenIn(d, about), strings.Split(d.Named, "\n"))
	if err != nil {
		return err
	}
	v := &foreseenView{Foreseen: seen}
	for _, w := range seen.Ways {
		v.Ways = append(v.Ways, wayRow{rungWord(w.Channel), w.Customers})
	}
	v.Most, v.Expected = costWords(s, seen.Estimate.Most.Money, seen.Estimate.Most.Work), costWords(s, seen.Estimate.Expected.Money, seen.Estimate.Expected.Work)
	p.Customers = v
	p.await(s, d)
	return nil
}

// brokenIn are the components that a word leaves broken: what it says, and what the incident said of those it does not name.
func brokenIn(d draft, before incident.Incident) (broken []id.Component) {
	for c, status := range d.Statuses {
		if status != component.Operational && status != "" {
			broken = append(broken, c)
		}
	}
	for _, a := range before.Affected {
		if _, named := d.Statuses[a.Component]; !named && a.Status != component.Operational {
			broken = append(broken, a.Component)
		}
	}
	slices.Sort(broken)
	return broken
}

func costWords(s shell, spent map[string]int64, work time.Duration) (all []string) {
	for _, currency := range slices.Sorted(maps.Keys(spent)) {
		if spent[currency] > 0 {
			all = append(all, money.Amount{Minor: spent[currency], Currency: currency}.String())
		}
	}
	if work > 0 {
		all = append(all, s.Duration(work.Round(time.Minute))+" of people on the telephone")
	}
	return all
}
