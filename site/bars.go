package site

import (
	"strconv"
	"strings"
	"time"

	"candor/component"
)

// A componentView is one part of the service with its ninety days.
type componentView struct {
	Name        phrase
	Description *phrase
	Status      marked
	Bars        bars
	Share       string
}

// A group of components under one heading; Name is nil for those that stand alone.
type group struct {
	Name       *phrase
	Components []componentView
}

// bars are the days of a component as one drawing: good days are one dashed stroke, bad ones stand up.
type bars struct {
	Label string
	Quiet string
	Bad   []badDay
}

type badDay struct {
	Is           string
	X, Y, Height int
	Title        string
}

func (r reader) groups(w *world) []group {
	var all []group
	var alone group
	for _, n := range w.tree {
		if !n.Group {
			if v, ok := r.component(w, n.Component); ok {
				alone.Components = append(alone.Components, v)
			}
			continue
		}
		name := r.phrase(n.Name)
		g := group{Name: &name}
		for _, c := range component.Leaves(n.Children) {
			if v, ok := r.component(w, c); ok {
				g.Components = append(g.Components, v)
			}
		}
		if len(g.Components) > 0 {
			all = append(all, g)
		}
	}
	if len(alone.Components) > 0 {
		all = append([]group{alone}, all...)
	}
	return all
}

// component leaves out what is to be shown only while it is not operational.
func (r reader) component(w *world, c component.Component) (componentView, bool) {
	status := seen(c.Status, r.isBlind())
	if c.OnlyIfDegraded && status == component.Operational {
		return componentView{}, false
	}
	history := component.History(c, w.intervals[c.ID])
	from := component.DaysBack(barDays, r.now, r.loc)
	days := component.Days(history, from, r.now, r.loc)
	v := componentView{
		Name:   r.phrase(c.Name),
		Status: r.status(status),
		Bars:   r.bars(c, days),
		Share:  r.share(component.Measure(history, from, r.now)),
	}
	if text := r.phrase(c.Description); text.Text != "" {
		v.Description = &text
	}
	return v, true
}

// share is cut, never rounded up; what nobody measured is a dash.
func (r reader) share(s component.Span) string { return r.Percent(s.Tally.Uptime().Rat(), 2) }

func (r reader) bars(c component.Component, days []component.Span) bars {
	var b bars
	var said []string
	first := barDays - len(days)
	quiet := -1
	flush := func(end int) {
		if quiet >= 0 {
			b.Quiet += "M" + strconv.Itoa(quiet*4) + " 24h" + strconv.Itoa((end-quiet)*4)
			quiet = -1
		}
	}
	for n, day := range days {
		at := first + n
		if day.Worst == component.Operational {
			if quiet < 0 {
				quiet = at
			}
			continue
		}
		flush(at)
		title := r.badDay(day)
		height := barHeight(day)
		b.Bad = append(b.Bad, badDay{Is: string(day.Worst), X: at * 4, Y: 28 - height, Height: height, Title: title})
		said = append(said, title)
	}
	flush(barDays)
	b.Label = r.barLabel(c, days, said)
	return b
}

// barLabel says the bad days in words. Days before anybody looked would only drown the others, so a row of them is said once.
func (r reader) barLabel(c component.Component, days []component.Span, said []string) string {
	name := r.name(c)
	unknown := 0
	for _, d := range days {
		if d.Worst == component.Unknown {
			unknown++
		}
	}
	if unknown > 3 {
		said = nil
		for _, d := range days {
			if d.Worst != component.Operational && d.Worst != component.Unknown {
				said = append(said, r.badDay(d))
			}
		}
		said = append(said, r.N("site.bars.unknown", unknown))
	}
	if len(said) == 0 {
		return r.T("site.bars.none", "name", name, "days", barDays)
	}
	return r.T("site.bars.label", "name", name, "days", barDays, "list", strings.Join(said, "; "))
}

// badDay is "10 September: Major outage, 5 h 52 min".
func (r reader) badDay(day component.Span) string {
	lost := day.Tally.In(day.Worst)
	return r.T("site.bars.day", "date", r.dayOf(day.From), "status", r.T("status.component."+string(day.Worst)), "duration", r.Duration(lost))
}

func (r reader) dayOf(t time.Time) string { return r.ShortDate(t, r.loc) }

// barHeight is the minutes lost, within the band of the worst status: a stub where nobody knows, never a tick and never a gap.
func barHeight(day component.Span) int {
	low, high := 5, 5
	switch day.Worst {
	case component.Maintenance:
		low, high = 10, 10
	case component.Degraded:
		low, high = 10, 14
	case component.PartialOutage:
		low, high = 14, 20
	case component.MajorOutage:
		low, high = 20, 28
	}
	const full = 4 * time.Hour // a morning lost is as tall as a bar gets
	return low + int(int64(high-low)*int64(min(day.Tally.In(day.Worst), full))/int64(full))
}
