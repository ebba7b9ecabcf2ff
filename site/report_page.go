package site

import (
	"strings"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/report"
)

// A reportPage is what happened, why, and what is done about it; it prints well.
type reportPage struct {
	shell
	Head        phrase
	HeadNote    string
	Incident    string // its address
	Signed      *author
	At          moment
	Promised    *promiseMark
	Parts       []reportPart
	After       []reportPart // what comes below what happened
	Happened    []happening
	Axis        []moment
	Spans       []spanView
	Words       []wordTick
	Course      string // the path of the picture; empty if nobody is known to have been hit
	CourseName  string
	Points      []pointRow
	Impact      []fact
	Counted     string
	Actions     []actionView
	Standing    string
	Earlier     []causeLine
	Later       []causeLine
	Corrections []reportCorrection
	Text        string // where the report is as Markdown
	Printed     string
}

// A reportPart is the answer to one question.
type reportPart struct {
	ID, Head string
	passage
}

// A happening is one line of what happened.
type happening struct {
	At   moment
	Word string
	Href string
	Own  phrase
	Late bool
}

// A spanView is how bad it was for a while, as a bar; a wordTick is one word of ours, or one that did not come.
type spanView struct {
	Is       string
	X, Width int
	Title    string
}

type wordTick struct {
	X      int
	Broken bool
}

type pointRow struct {
	At        moment
	Customers string
}

// A causeLine leads to another incident with the same cause.
type causeLine struct {
	Word  string
	Title phrase
	Href  string
	At    moment
	More  string
}

// A reportCorrection is what a later revision changed, part by part.
type reportCorrection struct {
	Line, Reason string
	Parts        []correctedPart
}

type correctedPart struct {
	Head   string
	Pieces []piece
}

func (r reader) reportPath(code id.Code) string { return r.incidentPath(code) + "/report" }

func (f *Face) report(r reader, w *world, x findings) reportPage {
	a := x.account()
	p := reportPage{shell: f.shell(r, w, "incidents/"+string(x.Code)+"/report"), Head: r.phrase(x.Title), Incident: r.incidentPath(x.Code)}
	p.Stale = r.blindness()
	p.Status = string(x.mark())
	p.HeadNote = r.note(p.Head.Lang)
	p.Signed = r.author(w.people[x.report.Author])
	p.At = r.clock(x.report.PublishedAt)
	p.Promised = r.reportMark(x.story)
	for _, part := range report.Parts {
		if a.Words[part].Empty() {
			continue
		}
		view := reportPart{ID: string(part), Head: r.T("report.part." + string(part)), passage: r.passage(a.Words[part])}
		if part == report.Summary || part == report.Apology {
			p.Parts = append(p.Parts, view)
			continue
		}
		p.After = append(p.After, view)
	}
	p.Happened = r.happened(w, x, a)
	r.draw(&p, a)
	p.Impact = r.impact(a.Impact)
	p.Counted = r.T("report.impact.as_of", "at", r.whole(a.Impact.AsOf))
	p.Actions = r.actions(w, x)
	p.Standing = r.standing(report.Count(x.actions, r.now))
	p.Earlier, p.Later = r.causes(x.earlier, "report.same.earlier"), r.causes(x.later, "report.same.later")
	p.Corrections = r.reportCorrections(w, x.revisions)
	p.Text = r.reportPath(x.Code) + ".md"
	p.Printed = r.T("site.printed", "address", p.Canonical, "time", r.whole(r.now))
	p.titled(r.T("report.title", "title", p.Head.Text))
	summary, _ := a.Words[report.Summary].In(r.Tag(), r.fallback)
	p.Summary = shortened(strings.ReplaceAll(plainText(summary), "\n", " "), 160)
	p.until(x.changesAt(w, r.now))
	return p
}

// changesAt is when the page says something else by itself: an action falls due, or is another day late.
func (f findings) changesAt(w *world, now time.Time) (next time.Time) {
	for _, a := range f.actions {
		if a.State == report.Open {
			next = sooner(next, sooner(passing(a.DueAt, now), nextMidnight(now, w.settings.Zoned())))
		}
		if a.State == report.Done {
			next = sooner(next, after(a.VerifyFrom, now))
		}
	}
	return next
}

// reportMark says whether the report came when it was promised.
func (r reader) reportMark(s story) *promiseMark {
	for _, p := range s.promises {
		if p.Kind != promise.Report || p.KeptAt.IsZero() {
			continue
		}
		if late := p.Late(p.KeptAt); late > 0 {
			return &promiseMark{Class: "late", Icon: "missed", Word: r.late(late)}
		}
		return &promiseMark{Class: "kept", Icon: "kept", Word: r.T("report.promised", "date", r.ShortDate(p.DueAt, r.loc))}
	}
	return nil
}

func (r reader) happened(w *world, x findings, a report.Account) (rows []happening) {
	for _, row := range a.Shown() {
		h := happening{At: r.clock(row.At), Own: r.phrase(row.Text)}
		switch row.Fact {
		case report.Broke:
			h.Word = r.T("report.row.broke")
		case report.Noticed:
			h.Word = r.T("report.row.noticed", "by", r.T("detected."+string(row.By)))
		case report.Reported:
			h.Word = r.T("report.row.reported")
		case report.Said:
			h.Word = r.T("report.row.said", "number", row.Number, "status", r.T("status.incident."+string(row.Status)))
			if row.Number == 1 {
				h.Word = r.T("report.row.first", "status", r.T("status.incident."+string(row.Status)))
			}
			h.Href = r.incidentPath(x.Code) + "#" + string(row.Update)
		case report.Missed:
			h.Word, h.Late = r.T("report.row.missed", "late", r.late(row.Late)), true
		case report.Turned:
			c, ok := w.byID[row.Component]
			if !ok {
				continue // known to staff alone
			}
			h.Word = r.T("report.row.turned", "component", r.name(c), "status", r.T("status.component."+string(row.Is)))
		case report.Over:
			h.Word = r.T("report.row.over")
		}
		rows = append(rows, h)
	}
	return rows
}

// draw makes the two pictures; the list above and the table beside say the same in words.
func (r reader) draw(p *reportPage, a report.Account) {
	axis := a.AxisOf()
	for _, at := range axis.Marks() {
		p.Axis = append(p.Axis, r.clock(at))
	}
	for _, s := range a.Spans(axis) {
		from, until := axis.X(s.From), axis.X(s.Until)
		p.Spans = append(p.Spans, spanView{
			Is: string(s.Is), X: from, Width: max(until-from, 2),
			Title: r.T("report.span", "status", r.T("status.component."+string(s.Is)), "from", r.clockText(s.From), "until", r.clockText(s.Until)),
		})
	}
	for _, row := range a.Shown() {
		if row.Fact == report.Said || row.Fact == report.Missed {
			p.Words = append(p.Words, wordTick{X: min(axis.X(row.At), report.Wide-4) + 2, Broken: row.Fact == report.Missed})
		}
	}
	if p.Course = axis.Steps(a.Impact.Course); p.Course == "" {
		return
	}
	p.CourseName = r.T("report.course.name", "most", r.Number(a.Impact.Customers))
	for _, point := range a.Impact.Course {
		p.Points = append(p.Points, pointRow{r.clock(point.At), r.Number(point.Customers)})
	}
}

func (r reader) impact(x report.Impact) (rows []fact) {
	add := func(key, word string) { rows = append(rows, fact{Name: r.T("report.impact." + key), Word: word}) }
	if x.Total() > 0 {
		add("lasted", r.Duration(x.Total()))
	}
	for n := len(component.Statuses) - 1; n > 0; n-- {
		if d := x.Lasted[component.Statuses[n]]; d > 0 {
			rows = append(rows, fact{Name: r.T("report.impact.status", "status", r.T("status.component."+string(component.Statuses[n]))), Word: r.Duration(d)})
		}
	}
	if x.Customers > 0 {
		add("customers", r.Number(x.Customers))
		add("told", r.Number(x.Told))
		add("reached", r.Number(x.Reached))
	}
	if x.Messages > 0 {
		add("messages", r.Number(x.Messages))
	}
	add("updates", r.Number(int64(x.Updates)))
	if x.Decided > 0 {
		add("kept", r.T("report.of", "part", r.Number(int64(x.Kept)), "all", r.Number(int64(x.Decided))))
	}
	return rows
}

func (r reader) causes(all []incident.Incident, key string) (lines []causeLine) {
	for _, i := range all {
		lines = append(lines, causeLine{Word: r.T(key), Title: r.phrase(i.Title), Href: r.incidentPath(i.Code), At: r.moment(i.StartedAt, r.Date(i.StartedAt, r.loc))})
	}
	return lines
}

// reportCorrections are the later revisions, newest first, each with what stood there before it.
func (r reader) reportCorrections(w *world, revisions []report.Revision) (all []reportCorrection) {
	for n := 0; n+1 < len(revisions); n++ {
		now, was := revisions[n], revisions[n+1]
		c := reportCorrection{Line: r.T("site.corrected", "time", r.clockText(now.At), "name", r.who(w, now.By)), Reason: now.Reason}
		for _, part := range report.Parts {
			is, before := r.plain(now.Account.Words[part]), r.plain(was.Account.Words[part])
			if is != before {
				c.Parts = append(c.Parts, correctedPart{r.T("report.part." + string(part)), pieces(before, is)})
			}
		}
		all = append(all, c)
	}
	return all
}

func (r reader) plain(t lang.Text) string {
	s, _ := t.In(r.Tag(), r.fallback)
	return s
}
