package site

import (
	"time"

	"candor/component"
	"candor/incident"
	"candor/promise"
)

// A homePage answers in this order: what is broken, when do you speak next, who are you, what did you say.
type homePage struct {
	shell
	Headline    marked
	Since       *sinceLine
	Heading     phrase
	HeadingNote string
	Checked     string
	Board       *board
	OnCall      *author
	First       *telling
	Others      []telling
	Owed        []owed
	Groups      []group
	DaysAgo90   string
	DaysAgo30   string
	Form        form
	Planned     []plannedView
	Days        []dayView
	Record      *trackRecord
}

type sinceLine struct {
	At   moment
	Word string
}

// An owed report, with the days that are left.
type owed struct {
	Href, Line string
	Tally      *tally
	Left, Late string
}

func (f *Face) home(r reader, w *world) homePage {
	p := homePage{shell: f.shell(r, w, "")}
	status := w.headline(r.now, r.isBlind())
	p.Stale = r.blindness()
	p.Status = string(status)
	p.Headline = r.status(status)
	p.Heading = phrase{Text: r.T("headline." + string(status))}
	p.Groups = r.groups(w)
	p.DaysAgo90, p.DaysAgo30 = daysAgo(r, barDays), daysAgo(r, 30)
	p.Form = r.form()
	p.Planned = r.planned(w)
	p.Days = r.days(w.past, r.pastFrom(), r.now)
	p.Record = r.record(w)
	p.Owed = r.owed(w)
	p.tell(r, w)
	p.titled(p.Headline.Word)
	if p.First != nil {
		p.titled(r.T("site.title.incident", "status", p.Headline.Word, "title", p.Heading.Text))
	}
	p.Summary = p.Heading.Text
	p.until(w.validUntil(r.now))
	return p
}

// tell puts the worst open incident under the headline and the others after it; on a calm day, who speaks if something breaks.
func (p *homePage) tell(r reader, w *world) {
	under := w.underWay()
	var troubles []story
	for _, s := range under {
		// A maintenance stands among the planned work, unless it is all there is to say.
		if s.Kind != incident.Maintenance || len(under) == 1 {
			troubles = append(troubles, s)
		}
	}
	if len(troubles) == 0 {
		p.OnCall = r.author(w.people[w.onCall()])
		p.calmSince(r, w)
		return
	}
	first := troubles[0]
	told := r.telling(w, first)
	p.First = &told
	p.Heading, p.HeadingNote = told.Title, told.TitleNote
	p.Since = &sinceLine{
		At:   r.moment(first.StartedAt, r.T("site.since", "time", r.clockText(first.StartedAt))),
		Word: r.T("site.sofar", "duration", r.Duration(r.now.Sub(first.StartedAt))),
	}
	p.Board = r.boardOf(w, first)
	for _, s := range troubles[1:] {
		p.Others = append(p.Others, r.telling(w, s))
	}
}

// boardOf is the promise of a story with the person who made it.
func (r reader) boardOf(w *world, s story) *board {
	speaker := r.author(w.people[s.speaker()])
	if next, ok := s.due(promise.NextUpdate); ok {
		return r.promiseBoard(next, speaker)
	}
	if !s.Open() && !s.ReportDueAt.IsZero() {
		if _, ok := s.due(promise.Report); ok {
			return r.reportBoard(s.Incident, speaker)
		}
	}
	return nil
}

// calmSince says since when there is nothing to say, as far back as the bars reach.
func (p *homePage) calmSince(r reader, w *world) {
	if len(w.leaves) == 0 {
		p.Checked = r.T("site.components.none")
		return
	}
	if component.Status(p.Status) != component.Operational {
		return
	}
	var last time.Time
	for _, c := range w.leaves {
		if c.Since.After(last) {
			last = c.Since
		}
	}
	if !last.IsZero() {
		p.Checked = r.T("site.calm.since", "time", r.clockText(last))
	}
}

func (r reader) owed(w *world) []owed {
	var all []owed
	for _, s := range w.owed {
		o := owed{
			Href:  r.incidentPath(s.Code),
			Line:  r.T("site.owed.report", "title", r.phrase(s.Title).Text, "date", r.by(s.ReportDueAt)),
			Left:  r.daysLeft(s.ReportDueAt),
			Tally: r.dayTally(s.ResolvedAt, s.ReportDueAt),
		}
		if late := r.now.Sub(s.ReportDueAt); late > 0 {
			o.Late = r.late(late)
		}
		all = append(all, o)
	}
	return all
}
