package site

import (
	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/promise"
)

// A marked status: its stored value for class and symbol, and its word.
type marked struct{ Is, Word string }

func (r reader) status(s component.Status) marked {
	return marked{Is: string(s), Word: r.T("status.component." + string(s))}
}

// A telling is an incident as a page tells it.
type telling struct {
	Code      string
	Href      string
	Title     phrase
	TitleNote string
	Is        marked // the mark over it; its word is the incident's own status
	Span      string // from when to when
	Facts     []fact
	Latest    *updateView
	Earlier   []updateView
	Updates   []updateView
	MoreWord  string
	Due       *dueLine
}

// A dueLine is a promise in one line, for every incident after the first.
type dueLine struct{ Word, Late string }

// A fact is one field of the row under an incident.
type fact struct {
	Name, Word string
	More       []phrase
}

// homeUpdates is how many updates of an incident the home page shows; the rest stand on the incident's own page.
const homeUpdates = 6

func (r reader) telling(w *world, s story) telling {
	t := telling{
		Code:  string(s.Code),
		Href:  r.incidentPath(s.Code),
		Title: r.phrase(s.Title),
		Is:    marked{Is: string(s.mark()), Word: r.T("status.incident." + string(s.Status))},
		Span:  r.span(s.Incident),
		Facts: r.facts(w, s),
	}
	t.TitleNote = r.note(t.Title.Lang)
	t.Updates = r.updates(w, s)
	t.MoreWord = r.T("site.incident.all")
	if len(t.Updates) > 0 {
		t.Latest = &t.Updates[0]
		t.Earlier = t.Updates[1:min(len(t.Updates), homeUpdates)]
	}
	if rest := len(t.Updates) - homeUpdates; rest > 0 {
		t.MoreWord = r.N("site.incident.more", rest)
	}
	if p, ok := s.due(promise.NextUpdate); ok {
		t.Due = &dueLine{Word: r.T("site.due", "time", r.by(p.DueAt))}
		if late := p.Late(r.now); late > 0 {
			t.Due.Late = r.late(late)
		}
	}
	return t
}

// mark is the outline over an incident: what it does to customers now, and the tick when it is over.
func (s story) mark() component.Status {
	if !s.Open() {
		return component.Operational
	}
	if s.Kind == incident.Maintenance {
		return component.Maintenance
	}
	if at := s.HeadlineStatus(); at != component.Operational {
		return at
	}
	return component.Unknown // an open incident is never green
}

func (r reader) incidentPath(code id.Code) string { return r.home + "incidents/" + string(code) }

// span says from when to when, and how long.
func (r reader) span(i incident.Incident) string {
	if i.Kind == incident.Maintenance {
		return r.window(i.Window)
	}
	from := r.clockText(i.StartedAt)
	if i.Open() || i.ResolvedAt.IsZero() {
		return r.T("site.span.open", "from", from, "duration", r.Duration(r.now.Sub(i.StartedAt)))
	}
	return r.T("site.span", "from", from, "until", r.clockText(i.ResolvedAt), "duration", r.Duration(i.ResolvedAt.Sub(i.StartedAt)))
}

func (r reader) window(w incident.Window) string {
	if w.From.IsZero() {
		return ""
	}
	if w.Until.IsZero() {
		return r.T("site.window.from", "from", r.by(w.From))
	}
	until := r.Both(w.Until, r.loc)
	if !sameDay(w.From, w.Until, r.loc) {
		until = r.by(w.Until)
	}
	return r.T("site.window", "from", r.by(w.From), "until", until)
}

// facts are always the same, always in this order: what every customer asks. How money comes back is said where the company chose to.
func (r reader) facts(w *world, s story) []fact {
	f := s.latest().Fields
	status := fact{Name: r.T("site.fact.status"), Word: r.T("status.incident." + string(s.Status))}
	if who := r.phrase(f.WorkingOn); who.Text != "" {
		status.More = append(status.More, who)
	}
	cause := fact{Name: r.T("site.fact.cause"), Word: r.cause(f.Cause)}
	if s.Kind != incident.Maintenance && f.Attack != "" {
		cause.More = append(cause.More, phrase{Text: r.T("attack." + string(f.Attack))})
	}
	all := []fact{status, cause, r.dataFact(w, s), {Name: r.T("site.fact.repair"), Word: r.estimate(f.Estimate)}}
	if word := r.moneyBack(w, s); word != "" {
		all = append(all, fact{Name: r.T("site.fact.credits"), Word: word})
	}
	return all
}

func (r reader) cause(c incident.Cause) string {
	if c.State == "" {
		c.State = incident.CauseUnknown
	}
	word := r.T("cause." + string(c.State))
	if c.Whose == "" {
		return word
	}
	return r.T("site.cause", "cause", word, "whose", r.T("cause.whose."+string(c.Whose)))
}

func (r reader) estimate(e incident.Estimate) string {
	if e.Kind == "" || e.From.IsZero() {
		e.Kind = incident.EstimateNone
	}
	from, to := "", ""
	if e.Kind != incident.EstimateNone {
		from, to = r.by(e.From), r.by(e.Until)
	}
	return r.T("estimate."+string(e.Kind), "from", from, "to", to)
}

func (r reader) dataFact(w *world, s story) fact {
	safe := s.latest().Fields.Data
	if safe.State == "" {
		safe.State = incident.SafetyUnknown
	}
	f := fact{Name: r.T("site.fact.data"), Word: r.T("data." + string(safe.State))}
	for _, line := range r.dataLines(w, safe) {
		f.More = append(f.More, phrase{Text: line})
	}
	if safe.State == incident.SafetyAffected && !safe.Steps.Empty() {
		f.More = append(f.More, phrase{Text: r.T("site.data.todo")})
	}
	return f
}

func (r reader) dataLines(w *world, safe incident.Safety) []string {
	var lines []string
	waiting := safe.State == incident.SafetyChecking || safe.State == incident.SafetyUnknown
	if waiting && !safe.AnswerBy.IsZero() {
		lines = append(lines, r.T("site.data.answer", "time", r.by(safe.AnswerBy)))
	}
	if checker := w.people[safe.CheckedBy].Name; checker != "" && safe.State == incident.SafetyUnaffected {
		lines = append(lines, r.T("site.data.checked", "name", checker))
	}
	return lines
}
