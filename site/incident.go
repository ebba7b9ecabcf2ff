package site

import (
	"candor/component"
	"candor/incident"
	"candor/promise"
	"candor/settings"
)

// An incidentPage tells one incident from its first word to its end, and prints well.
type incidentPage struct {
	shell
	It       telling
	Board    *board
	Speaker  *author
	Overrun  string
	Covered  string
	Data     *dataView
	Affected []affectedRow
	Times    []timeRow
	Printed  string
	Talk     *talkView
	CallHref string // where somebody may leave a number; empty while nobody calls
	Report   string // where its report is; empty before there is one
	Causes   []causeLine
}

// A dataView answers: is my data safe, and if not, what must I do (S2, S4).
type dataView struct {
	Line    string
	Classes []classRow
	Steps   *passage
	Lines   []string
}

type classRow struct{ Name, Word string }

type affectedRow struct {
	Name   phrase
	Status marked
}

type timeRow struct {
	Name string
	At   moment
	Word string
}

func (f *Face) incident(r reader, w *world, s story) incidentPage {
	p := incidentPage{shell: f.shell(r, w, "incidents/"+string(s.Code)), It: r.telling(w, s)}
	p.Stale = r.blindness()
	p.Status = string(s.mark())
	if r.isBlind() && s.Open() {
		p.Status = string(component.WorstOf(s.mark(), component.Unknown))
	}
	p.Board = r.boardOf(w, s)
	if p.Board == nil {
		p.Speaker = r.author(w.people[s.speaker()])
	}
	if over := s.Overrun(r.now); over > 0 {
		p.Overrun = r.T("site.overrun", "duration", r.Duration(over))
	}
	p.Covered = r.covered(w, s)
	p.Data = r.data(w, s)
	p.Affected = r.affected(w, s)
	p.Times = r.times(s)
	p.Printed = r.T("site.printed", "address", p.Canonical, "time", r.whole(r.now))
	if w.calls && s.under() {
		p.CallHref = r.incidentPath(s.Code) + "/call"
	}
	p.Talk = r.newestTalk(w, s.talk)
	if s.proof.reported {
		p.Report = r.reportPath(s.Code)
	}
	p.Causes = r.sameCauses(s.proof)
	p.titled(r.T("site.title.incident", "status", p.It.Is.Word, "title", p.It.Title.Text))
	p.Summary = p.It.Title.Text
	until := sooner(s.validUntil(r.now), s.talk.closing(r.now))
	if s.Open() {
		until = sooner(until, nextMidnight(r.now, w.settings.Zoned()))
	} else if due, ok := s.due(promise.Report); ok {
		until = sooner(until, sooner(passing(due.DueAt, r.now), nextMidnight(r.now, w.settings.Zoned())))
	}
	p.until(until)
	return p
}

// covered is how many affected customers know, as much of it as the company shows: who acknowledged, was spoken with or came by themselves,
// and nobody else. What is too old to be believed is left out.
func (r reader) covered(w *world, s story) string {
	c := s.covered
	if c.Affected == 0 || r.isBlind() {
		return ""
	}
	if w.settings.PublicCoverage == settings.CoverageCounts {
		return r.T("site.coverage.counts", "reached", r.Number(c.Reached), "affected", r.Number(c.Affected))
	}
	return r.T("site.coverage.share", "share", r.Share(c.Reached, c.Affected, 1))
}

func (r reader) data(w *world, s story) *dataView {
	safe := s.latest().Fields.Data
	if safe.State == "" || s.Kind == incident.Maintenance && safe.State == incident.SafetyChecking {
		return nil
	}
	d := &dataView{Line: r.T("data." + string(safe.State)), Lines: r.dataLines(w, safe)}
	for _, class := range incident.DataClasses {
		if state, ok := safe.Classes[class]; ok {
			d.Classes = append(d.Classes, classRow{Name: r.T("data.class." + string(class)), Word: r.T("data." + string(state))})
		}
	}
	if !safe.Steps.Empty() {
		steps := r.passage(safe.Steps)
		d.Steps = &steps
	}
	return d
}

func (r reader) affected(w *world, s story) []affectedRow {
	var rows []affectedRow
	for _, a := range s.Affected {
		if c, ok := w.byID[a.Component]; ok {
			rows = append(rows, affectedRow{Name: r.phrase(c.Name), Status: r.status(a.Status)})
		}
	}
	return rows
}

// times are the instants that matter, and who told whom first (S1's rule 1: if customers tell you, you have already failed).
func (r reader) times(s story) []timeRow {
	var rows []timeRow
	add := func(name string, m moment) {
		if m.ISO != "" {
			rows = append(rows, timeRow{Name: name, At: m})
		}
	}
	if s.Kind == incident.Maintenance {
		add(r.T("site.times.from"), r.clock(s.Window.From))
		add(r.T("site.times.until"), r.clock(s.Window.Until))
		add(r.T("site.times.ended"), r.clock(s.ResolvedAt))
		return rows
	}
	add(r.T("site.times.broke"), r.clock(s.StartedAt))
	add(r.T("site.times.noticed", "by", r.T("detected."+string(s.DetectedBy))), r.clock(s.DetectedAt))
	add(r.T("site.times.reported"), r.clock(s.FirstReportAt))
	add(r.T("site.times.said"), r.clock(s.DeclaredAt))
	if lead, known := s.ToldFirst(); known {
		row := timeRow{Name: r.T("site.times.we"), Word: r.T("site.times.before", "duration", r.Duration(lead))}
		if lead < 0 {
			row = timeRow{Name: r.T("site.times.they"), Word: r.T("site.times.before", "duration", r.Duration(-lead))}
		}
		rows = append(rows, row)
	}
	add(r.T("site.times.solved"), r.clock(s.ResolvedAt))
	add(r.T("site.times.report"), r.clock(s.ReportDueAt))
	return rows
}
