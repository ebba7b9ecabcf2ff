package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/report"
	"candor/store"
)

// A reportPage is where a report is written, put right, and its actions are kept.
type reportPage struct {
	shell
	Incident  incident.Incident
	Report    report.Report
	Saw       string // the version whose words stand in the form
	Begun     bool
	Public    string // where customers read it; empty before
	DueAt     time.Time
	Late      time.Duration
	Word      wordView // the languages' tabs
	Parts     []partView
	Rows      []rowView
	Own       []ownRow
	Whys      []whyView
	Questions []textArea
	Author    choice
	Actions   []actionRow
	New       actionForm
	Impact    []stateCountLine
	Reason    input
	Notify    bool
	Advice    adviceView
	Refusal   []string
}

// Reportable reports whether there is anything to write yet.
func (p reportPage) Reportable() bool { return report.Reportable(p.Incident) }
func (p reportPage) Published() bool  { return p.Report.State == report.Published }
func (p reportPage) InReview() bool   { return p.Report.State == report.InReview }

// Asked is the one more click that a contradiction costs.
func (p reportPage) Asked() asked { return asked{p.Word.Part, p.Advice} }

// A partView is one part of the report in every language of the company.
type partView struct {
	Name, Head, Hint string
	Needed           bool
	Texts            []tab
	Fault            fault
}

// A rowView is a fact that Candor knows, which may be annotated or left out.
type rowView struct {
	N     int
	At    clock
	Word  string
	Shown bool
	Notes []tab
}

// An ownRow is what only people know.
type ownRow struct {
	N     int
	At    input
	Texts []tab
	Fault fault
}

type whyView struct{ Name, Ask, Value string }

type stateCountLine struct{ Name, Word string }

// blankRows are offered besides those that are written.
const blankRows = 2

// partHints say what belongs where: the questions of the reports that are worth reading (domain study, section 3).
var partHints = map[report.Part]string{
	report.Summary:   "What customers could not do, from when to when, and that it was ours. Nobody has to know our systems to read it",
	report.Cause:     "Why it could happen at all. A person who slipped is never the cause: ask what let the slip through",
	report.Trigger:   "What set it off at that hour: a change, a load, a failure. Apart from why it could",
	report.Factors:   "What made it worse or longer",
	report.Unnoticed: "Which alarm should have told us, and why it did not; or why no test caught it",
	report.Well:      "What kept it from being worse, by our own doing",
	report.Badly:     "Also how we spoke and whom we reached",
	report.Lucky:     "What happened to go well and will not next time",
	report.Apology:   "In your own voice: sorry that we did this to you, not sorry for the inconvenience",
}

func (f *Face) showReport(w http.ResponseWriter, r *http.Request) error {
	return f.renderReport(w, r, http.StatusOK, "base", nil)
}

// showReportAdvice is what a careful colleague says of the report so far.
func (f *Face) showReportAdvice(w http.ResponseWriter, r *http.Request) error {
	return f.renderReport(w, r, http.StatusOK, partOf(r), nil)
}

func (f *Face) renderReport(w http.ResponseWriter, r *http.Request, status int, part string, faults problem.List) error {
	p := reportPage{Notify: true}
	s, err := f.frame(r, "Report", "prove", func(ctx context.Context, tx *store.Tx, s *shell) error {
		*s = s.asTyped(r, faults)
		return p.read(ctx, tx, f, s, r, part == "part")
	})
	if err != nil {
		return err
	}
	p.Saw = strconv.FormatInt(p.Report.Version, 10)
	// Whoever was refused still works on what they read; who was told that somebody else changed it has now been told, and what goes with a
	// button other than "keep" was kept before that was refused.
	clash := slices.ContainsFunc(faults, func(x *problem.Problem) bool { return x.Key == "problem.report.changed" })
	if saw := r.PostFormValue("version"); saw != "" && !clash && slices.Contains([]string{"", "keep", "correct"}, r.PostFormValue("act")) {
		p.Saw = saw
	}
	p.shell, p.Refusal = s, s.all(faults)
	p.Live = true
	return f.execute(w, status, "report", part, p)
}

func (p *reportPage) read(ctx context.Context, tx *store.Tx, f *Face, s *shell, r *http.Request, isPart bool) (err error) {
	if p.Incident, err = tx.Incidents.ByCode(ctx, codeOf(r)); err != nil {
		return err
	}
	p.DueAt = p.Incident.ReportDueAt
	if p.Report, err = tx.Reports.Of(ctx, p.Incident.ID); errors.Is(err, store.ErrNotFound) {
		err = nil
	} else if err == nil {
		p.Begun = true
	}
	if err != nil {
		return err
	}
	if !p.Published() && !p.DueAt.IsZero() && s.Now.After(p.DueAt) {
		p.Late = s.Now.Sub(p.DueAt)
	}
	if p.Published() && p.Incident.Visibility == incident.Public {
		p.Public = f.public.String() + "/" + s.Company.Default().Path() + "/incidents/" + string(p.Incident.Code) + "/report"
	}
	actions, err := tx.Actions.Of(ctx, p.Incident.ID)
	if err != nil {
		return err
	}
	p.Actions = actionRows(*s, actions)
	p.New = newActionForm(*s, report.Action{Kind: report.Prevent, Owner: s.Actor.Person.ID, DueAt: s.Company.ActionDue(report.Urgent(p.Incident.Impact), s.Now)})
	if !p.Begun {
		return nil
	}
	components, err := tx.Components.All(ctx)
	if err != nil {
		return err
	}
	a := p.Report.Account
	if r.Method == http.MethodPost {
		in := typed(r, s.Zone)
		a.Words, p.Notify = wordsOf(in), in.checked("notify")
		p.Report.Inside = insideOf(in)
	}
	p.view(*s, a, components)
	p.Word.Part = isPart
	findings, err := f.desk.ReviewReport(ctx, tx, s.Company, p.Incident, a, actions)
	p.Advice = advising(*s, findings)
	p.Advice.Confirmed = p.Advice.Confirm != "" && p.Advice.Confirm == r.PostFormValue("anyway")
	return err
}

func (p *reportPage) view(s shell, a report.Account, components []component.Component) {
	tag := lang.Tag(s.typed.Get("tab"))
	p.Word.Tabs = tabs(s, draft{Tab: tag, Body: a.Words[report.Summary]})
	texts := func(name string, t lang.Text) (all []tab) {
		for _, one := range p.Word.Tabs {
			body := t[one.Tag]
			if field := name + "." + string(one.Tag); s.typed.Has(field) {
				body = s.typed.Get(field)
			}
			all = append(all, tab{Tag: one.Tag, Name: one.Name, Body: body})
		}
		return all
	}
	for _, part := range report.Parts {
		p.Parts = append(p.Parts, partView{
			Name: string(part), Head: s.Words.T("report.part." + string(part)), Hint: partHints[part], Needed: slices.Contains(report.Needed[:], part),
			Texts: texts("words."+string(part), a.Words[part]), Fault: s.Err("words." + string(part)),
		})
	}
	own := 0
	for n, row := range a.Happened {
		if row.Fact == report.Own {
			p.Own = append(p.Own, s.ownRow(own, row.At, texts("own."+strconv.Itoa(own), row.Text)))
			own++
			continue
		}
		v := rowView{N: n, At: s.Clock(row.At), Word: factWord(s, row, components), Shown: !row.Hidden, Notes: texts("row."+strconv.Itoa(n), row.Text)}
		if s.typed != nil {
			v.Shown = s.typed.Has("show." + strconv.Itoa(n))
		}
		p.Rows = append(p.Rows, v)
	}
	for range blankRows {
		p.Own = append(p.Own, s.ownRow(own, time.Time{}, texts("own."+strconv.Itoa(own), nil)))
		own++
	}
	p.Whys = whys(p.Report.Inside.Whys)
	in := p.Report.Inside
	for _, q := range []textArea{
		{Name: "sooner", Value: in.Sooner}, {Name: "shorter", Value: in.Shorter}, {Name: "known", Value: in.Known}, {Name: "change", Value: in.Change}, {Name: "notes", Value: in.Notes},
	} {
		p.Questions = append(p.Questions, s.textArea(q.Name, q.Value))
	}
	author := string(p.Report.Author)
	if s.typed.Has("author") {
		author = s.typed.Get("author")
	}
	p.Author = peopleChoice(s, "author", "Who signs it", s.everybody(), author)
	p.Impact = impactLines(s, a.Impact)
	p.Reason = s.input("reason", "text", "What you put right, and why", "Customers read it beside what stood there", "")
}

// Question is what a text for ourselves answers.
func (t textArea) Question() string {
	return map[string]string{
		"sooner": "How would we have noticed in half the time?", "shorter": "How would it have been over in half the time?",
		"known": "Was it on a list already? Has it happened before?", "change": "Did a change of ours set it off?", "notes": "Notes",
	}[t.Name]
}

func (s shell) ownRow(n int, at time.Time, texts []tab) ownRow {
	name := "own." + strconv.Itoa(n)
	return ownRow{N: n, At: s.moment(name+".at", "At", "", at, s.Zone), Texts: texts, Fault: s.Err(name)}
}

// whys are the five questions, each asked of the answer before.
func whys(answers []string) (all []whyView) {
	ask := "Why could it happen?"
	for n := range report.MostWhys {
		v := whyView{Name: "why." + strconv.Itoa(n+1), Ask: ask}
		if n < len(answers) {
			v.Value = answers[n]
		}
		if ask = "And why was that?"; v.Value != "" {
			ask = "Why: “" + strings.TrimRight(v.Value, ". ") + "”?"
		}
		all = append(all, v)
	}
	return all
}

// factWord is what a row says, to staff.
func factWord(s shell, row report.Row, components []component.Component) string {
	switch row.Fact {
	case report.Broke:
		return "It broke for customers"
	case report.Noticed:
		return "Noticed by: " + s.DetectedWord(row.By)
	case report.Reported:
		return "The first customer told us"
	case report.Said:
		return "Update " + strconv.Itoa(row.Number) + ": " + s.StatusWord(row.Status)
	case report.Missed:
		return "A word was promised for now, and came " + s.Duration(row.Late) + " late"
	case report.Over:
		return "It was over"
	}
	n := slices.IndexFunc(components, func(c component.Component) bool { return c.ID == row.Component })
	if n < 0 {
		return s.ComponentWord(row.Is)
	}
	return s.In(components[n].Name) + ": " + s.ComponentWord(row.Is)
}

func impactLines(s shell, x report.Impact) (all []stateCountLine) {
	add := func(key, word string) {
		all = append(all, stateCountLine{s.Words.T("report.impact." + key), word})
	}
	add("lasted", s.Duration(x.Total()))
	add("customers", s.Count(x.Customers))
	add("told", s.Count(x.Told))
	add("reached", s.Count(x.Reached))
	add("messages", s.Count(x.Messages))
	add("kept", s.Words.T("report.of", "part", s.Count(int64(x.Kept)), "all", s.Count(int64(x.Decided))))
	return all
}

// reportPath is where the report of an incident is written.
func reportPath(c id.Code) string { return incidentPath(c) + "/report" }
