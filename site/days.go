package site

import (
	"time"

	"candor/component"
	"candor/incident"
	"candor/promise"
)

// A dayView is one day, or a run of quiet ones.
type dayView struct {
	When      moment
	Quiet     string
	Incidents []dayIncident
}

type dayIncident struct {
	Href  string
	Title phrase
	Line  string
}

// days lists [from, to] newest first; quiet days stand together, so that a calm fortnight is one line and still said.
func (r reader) days(stories []story, from, to time.Time) []dayView {
	var all []dayView
	var quietFrom, quietTo time.Time
	flush := func() {
		if !quietTo.IsZero() {
			all = append(all, dayView{When: r.run(quietFrom, quietTo), Quiet: r.T("site.day.quiet")})
			quietTo = time.Time{}
		}
	}
	for day := startOfDay(to, r.loc); !day.Before(startOfDay(from, r.loc)); day = startOfDay(day.Add(-time.Hour), r.loc) {
		incidents := r.incidentsOf(stories, day)
		if len(incidents) == 0 {
			if quietTo.IsZero() {
				quietTo = day
			}
			quietFrom = day
			continue
		}
		flush()
		all = append(all, dayView{When: r.date(day, r.ShortDate(day, r.loc)), Incidents: incidents})
	}
	flush()
	return all
}

// date is a whole day for a <time>, which has no hour.
func (r reader) date(day time.Time, text string) moment {
	return moment{ISO: day.In(r.loc).Format(time.DateOnly), Text: text}
}

func (r reader) run(from, to time.Time) moment {
	if sameDay(from, to, r.loc) {
		return r.date(to, r.ShortDate(to, r.loc))
	}
	return r.date(from, r.Days(from, to, r.loc))
}

func (r reader) incidentsOf(stories []story, day time.Time) []dayIncident {
	var all []dayIncident
	for _, s := range stories {
		if !s.ranOn(day, r.loc) {
			continue
		}
		all = append(all, dayIncident{Href: r.incidentPath(s.Code), Title: r.phrase(s.Title), Line: r.dayLine(s)})
	}
	return all
}

// ranOn reports whether customers felt it on the day that begins at an instant: what goes on past midnight leaves the next day nothing to be
// called quiet for.
func (s story) ranOn(day time.Time, loc *time.Location) bool {
	began := startOfDay(s.StartedAt, loc)
	return s.Status != incident.Scheduled && !began.After(day) && (began.Equal(day) || s.ResolvedAt.IsZero() || s.ResolvedAt.After(day))
}

// dayLine is how it ended and how often we spoke, each a sentence of its own.
func (r reader) dayLine(s story) string {
	line := r.T("site.day.open", "status", r.T("status.incident."+string(s.Status)))
	if !s.Open() && !s.ResolvedAt.IsZero() {
		line = r.T("site.day.solved", "duration", r.Duration(s.ResolvedAt.Sub(s.StartedAt)))
	}
	if len(s.updates) > 0 {
		line += " " + r.N("site.day.updates", len(s.updates))
	}
	if n := s.missed(); n > 0 {
		line += " " + r.N("site.day.late", n)
	}
	return line
}

// missed counts the updates that came later than promised.
func (s story) missed() (n int) {
	for _, p := range s.promises {
		if p.Kind == promise.NextUpdate && !p.KeptAt.IsZero() && p.Late(p.KeptAt) > 0 {
			n++
		}
	}
	return n
}

// A plannedView is a maintenance that is to come, or runs.
type plannedView struct {
	From    moment
	Href    string
	Title   phrase
	Window  string
	Overrun string
	Affects string
}

func (r reader) planned(w *world) []plannedView {
	var all []plannedView
	for _, s := range w.open {
		if s.Kind != incident.Maintenance {
			continue
		}
		p := plannedView{
			From:   r.clock(s.Window.From),
			Href:   r.incidentPath(s.Code),
			Title:  r.phrase(s.Title),
			Window: r.window(s.Window),
		}
		if over := s.Overrun(r.now); over > 0 {
			p.Overrun = r.T("site.overrun", "duration", r.Duration(over))
		}
		if names := r.names(w, s.Affected); names != "" {
			p.Affects = r.T("site.affects", "names", names)
		}
		all = append(all, p)
	}
	return all
}

func (r reader) names(w *world, affected []incident.Affected) string {
	var names []string
	for _, a := range affected {
		if c, ok := w.byID[a.Component]; ok {
			names = append(names, r.name(c))
		}
	}
	return r.List(names)
}

// A trackRecord is how we kept what we promised.
type trackRecord struct {
	Line   string
	Tally  *tally
	Missed string
}

// tallied is how many of the newest promises the row of ticks has room for.
const tallied = 60

func (r reader) record(w *world) *trackRecord {
	if promise.Publish(w.promised, w.settings.Promises.Withheld, r.now) != promise.Published {
		return nil // their own page says why
	}
	var kept []bool
	good := 0
	for _, p := range w.promises {
		if p.DueAt.After(r.now) {
			continue // not yet due: neither kept nor broken
		}
		switch p.Outcome(r.now) {
		case promise.Kept:
			kept = append(kept, true)
			good++
		case promise.KeptLate, promise.Overdue:
			kept = append(kept, false)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	rec := &trackRecord{Line: r.T("site.record.line", "kept", good, "all", len(kept), "days", recordDays)}
	if broken := len(kept) - good; broken > 0 {
		rec.Missed = r.N("site.record.missed", broken)
	}
	if len(kept) > tallied {
		kept = kept[len(kept)-tallied:]
	}
	rec.Tally = r.promiseTally(kept, rec.Line)
	return rec
}

func daysAgo(r reader, n int) string { return r.N("site.bars.ago", n) }

// firstDay of the window that the page calls past days.
func (r reader) pastFrom() time.Time { return component.DaysBack(pastDays, r.now, r.loc) }
