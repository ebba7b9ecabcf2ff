package console

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"unicode"

	"candor/audience"
	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/reach"
	"candor/settings"
	"candor/store"
)

// A coveragePage is how many customers of an incident know, who does not, and why.
type coveragePage struct {
	shell
	Incident   incident.Incident
	All        reach.Figures
	Faults     []string
	Rungs      []coverRow
	Languages  []coverRow
	Components []coverRow
	Left       []reasonRow // of those still open
	Ended      []reasonRow // of those whose chase ended without reaching them
	Filters    []filterLink
	Chosen     reasonRow // the reason the list is about; zero for any
	State      string
	Rows       []coveredRow
	More       string

	Effect      effectView
	Audience    choice
	Named       string // as typed
	NamedBefore int64
	Set         desk.Chosen // what became of a list
}

// A coverRow is the figures of a part of the customers.
type coverRow struct {
	Name string
	reach.Figures
}

// Promille of the bar, cut and never rounded up.
func (r coverRow) Promille() int64 {
	tenths, _ := reach.Share(r.Reached, r.Affected)
	return tenths
}

// A coverTable is one table of them.
type coverTable struct {
	S             shell
	Head, Caption string
	Rows          []coverRow
}

// Table is what the template needs to draw one.
func (p coveragePage) Table(head, caption string, rows []coverRow) coverTable {
	return coverTable{p.shell, head, caption, rows}
}

// Unreachable are those closed with documented attempts, or with nothing to attempt.
func (p coveragePage) Unreachable() int64 { return p.All.Ends[reach.EndUnreachable] }

// A reasonRow is how many are left for one reason, with a link to who they are.
type reasonRow struct {
	End    string
	Reason string
	Word   string
	N      int64
	Link   string
}

type filterLink struct {
	Word   string
	N      int64
	Link   string
	Chosen bool
}

// A coveredRow is one customer of the list.
type coveredRow struct {
	ID             id.Customer
	Name, External string
	Language       string
	Rung           string
	End, Why       string
	Told, Reached  clock
	Next           clock
}

func coveragePath(c id.Code) string { return incidentPath(c) + "/coverage" }

func (f *Face) showCoverage(w http.ResponseWriter, r *http.Request) error {
	return f.renderCoverage(w, r, http.StatusOK, nil, desk.Chosen{})
}

// renderCoverage shows the page, after a list of customers with what became of it.
func (f *Face) renderCoverage(w http.ResponseWriter, r *http.Request, status int, faults problem.List, chosen desk.Chosen) error {
	p := coveragePage{Named: r.PostFormValue("named")}
	s, err := f.frame(r, "Who knows, who is left", "reach", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if p.Incident, err = tx.Incidents.ByCode(ctx, codeOf(r)); err != nil {
			return err
		}
		standings, err := tx.Affected.Count(ctx, p.Incident.ID)
		if err != nil {
			return err
		}
		all, err := tx.Components.All(ctx)
		if err != nil {
			return err
		}
		*s = s.asTyped(r, faults)
		p.figures(*s, standings, all)
		if err := p.effect(ctx, tx, *s); err != nil {
			return err
		}
		p.Audience = audienceChoice(*s, p.Incident.Audience)
		if p.NamedBefore, err = tx.Affected.Named(ctx, p.Incident.ID); err != nil {
			return err
		}
		return p.list(ctx, tx, *s, standings, r.URL.Query())
	})
	if err != nil {
		return err
	}
	p.shell, p.Set = s, chosen
	return f.render(w, status, "coverage", p)
}

// figures are counted by reach, and shown with whatever cannot be true of them.
func (p *coveragePage) figures(s shell, standings []reach.Standing, all []component.Component) {
	c := reach.Cover(slices.Values(standings))
	p.All, p.Faults = c.All, c.Faults()
	for _, rung := range rungs {
		if f, ok := c.ByChannel[rung]; ok {
			p.Rungs = append(p.Rungs, coverRow{Name: rungWord(rung), Figures: f})
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(c.ByLanguage)) {
		p.Languages = append(p.Languages, coverRow{Name: tag.Name(), Figures: c.ByLanguage[tag]})
	}
	for _, x := range slices.Sorted(maps.Keys(c.ByComponent)) {
		p.Components = append(p.Components, coverRow{Name: nameOf(s, x, all), Figures: c.ByComponent[x]})
	}
	p.Left, p.Ended = reasons(s, p.Incident.Code, standings)
}

// reasons are why customers are open, and why the others were not reached, the most frequent first.
func reasons(s shell, code id.Code, standings []reach.Standing) (left, ended []reasonRow) {
	type why struct {
		end    reach.End
		reason reach.Why
	}
	count := map[why]int64{}
	for _, x := range standings {
		if !x.End.Reached() {
			count[why{x.End, x.Reason}] += x.Customers
		}
	}
	for x, n := range count {
		row := reasonRow{End: endWord(s, x.end), Reason: string(x.reason), Word: whyWord(s, x.reason), N: n}
		end := cmp.Or(string(x.end), reach.StillOpen)
		row.Link = coveragePath(code) + "?" + url.Values{"ended": {end}, "reason": {string(x.reason)}}.Encode() + "#list"
		if x.end == "" {
			left = append(left, row)
		} else {
			ended = append(ended, row)
		}
	}
	for _, rows := range [][]reasonRow{left, ended} {
		slices.SortFunc(rows, func(a, b reasonRow) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Link, b.Link)) })
	}
	return left, ended
}

// list is the page of customers the query asks for.
func (p *coveragePage) list(ctx context.Context, tx *store.Tx, s shell, standings []reach.Standing, q url.Values) error {
	ended, reason := q.Get("ended"), q.Get("reason")
	p.State = ended
	p.filters(s, ended, reason)
	if reason != "" {
		p.Chosen = reasonRow{Reason: reason, Word: whyWord(s, reach.Why(reason))}
	}
	after, _ := id.Parse[id.Customer](q.Get("after"))
	found, err := tx.Affected.List(ctx, store.AffectedList{
		Incident: p.Incident.ID, Keep: reach.Keep(ended, reach.Why(reason)), After: after, Limit: longPage + 1,
	})
	if err != nil {
		return err
	}
	if len(found) > longPage {
		found = found[:longPage]
		next := url.Values{"ended": {ended}, "reason": {reason}, "after": {string(found[longPage-1].Customer)}}
		p.More = coveragePath(p.Incident.Code) + "?" + next.Encode() + "#list"
	}
	for _, x := range found {
		p.Rows = append(p.Rows, covered(s, x))
	}
	return nil
}

func (p *coveragePage) filters(s shell, ended, reason string) {
	add := func(value, word string, n int64) {
		if n == 0 && value != "" && value != ended {
			return
		}
		link := coveragePath(p.Incident.Code)
		if value != "" {
			link += "?ended=" + value
		}
		p.Filters = append(p.Filters, filterLink{Word: word, N: n, Link: link + "#list", Chosen: value == ended && reason == ""})
	}
	add("", "All", p.All.Affected)
	add(reach.StillOpen, "Still open", p.All.Open)
	add(reach.OnCallList, "On the call list", p.All.Calling)
	for _, e := range reach.Ends {
		add(string(e), endWord(s, e), p.All.Ends[e])
	}
}

func covered(s shell, x store.ListedCustomer) coveredRow {
	row := coveredRow{
		ID: x.Customer, Name: cmp.Or(x.Name, x.External, "A customer without a name"), External: x.External, Language: x.Language.Name(),
		Rung: rungWord(x.Channel), End: endWord(s, x.Ended), Why: whyWord(s, x.Reason),
	}
	if !x.CallAt.IsZero() {
		row.End = "On the call list"
	}
	if !x.ToldAt.IsZero() {
		row.Told = s.Clock(x.ToldAt)
	}
	if !x.ReachedAt.IsZero() {
		row.Reached = s.Clock(x.ReachedAt)
	}
	if !x.NextAt.IsZero() {
		row.Next = s.Clock(x.NextAt)
	}
	return row
}

// rungs in the order a ladder has them by default; the first is nobody's turn yet.
var rungs = [...]string{"", audience.Email, audience.Push, audience.Webhook, audience.Chat, audience.SMS, audience.Voice, settings.Person}

func rungWord(channel string) string {
	switch channel {
	case "":
		return "The first word, nothing more yet"
	case settings.Person:
		return "A person of ours"
	}
	return channelWords[channel]
}

func endWord(s shell, e reach.End) string {
	if e == "" {
		return "Still open"
	}
	word := []rune(s.Words.T(e.Key())) // the catalogue has it as it stands in a sentence
	word[0] = unicode.ToUpper(word[0])
	return string(word)
}

func whyWord(s shell, w reach.Why) string {
	if !slices.Contains(reach.Whys[:], w) {
		return string(w) // typed into the address
	}
	return s.Words.T(w.Key())
}

// showCoverageFile is the whole list for a spreadsheet.
func (f *Face) showCoverageFile(w http.ResponseWriter, r *http.Request) error {
	of, err := f.incidentAt(r)
	if err != nil {
		return err
	}
	attach(w, "text/csv; charset=utf-8", "customers.csv")
	_, err = f.desk.ExportCoverage(r.Context(), of, w)
	return err
}
