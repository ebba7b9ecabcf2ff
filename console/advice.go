package console

import (
	"cmp"
	"context"
	"slices"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/store"
)

// An adviceView is what a careful colleague says of a word, in the language of who writes.
type adviceView struct {
	Tag       lang.Tag
	words     lang.Words
	Remarks   []remark
	Count     string
	Confirm   string // names the contradictions that cost one more click; empty for none
	Confirmed bool
	Decision  string // of a word that went out
}

func (v adviceView) Head() string   { return v.words.T("check.head") }
func (v adviceView) Never() string  { return v.words.T("check.never") }
func (v adviceView) Anyway() string { return v.words.T("check.anyway") }
func (v adviceView) Stored() string { return v.words.T("check.stored") }

// An asked is the one more click, in a page or in a part of it.
type asked struct {
	Part   bool
	Advice adviceView
}

// A remark is one thing to look at, wherever the text says it.
type remark struct {
	Rule                 playbook.FindingRule
	Level                playbook.Level
	Word                 string // of the level
	Languages            []string
	Quotes               []quote
	Why, Instead, Source string
}

type quote struct {
	Tag  lang.Tag
	Text string
}

const mostQuotes = 3

// advising draws findings, contradictions first; what is said of several places or languages is said once.
func advising(s shell, findings []playbook.Finding) adviceView {
	v := adviceView{Tag: s.Words.Tag(), words: s.Words, Confirm: playbook.Confirmation(findings)}
	for _, f := range findings {
		n := slices.IndexFunc(v.Remarks, func(r remark) bool {
			return r.Rule == f.Rule && r.Why == f.Why(s.Words) && r.Instead == f.Instead(s.Words)
		})
		if n < 0 {
			n = len(v.Remarks)
			v.Remarks = append(v.Remarks, remark{
				Rule: f.Rule, Level: f.Level, Word: s.Words.T("check.level." + string(f.Level)),
				Why: f.Why(s.Words), Instead: f.Instead(s.Words), Source: f.Source,
			})
		}
		r := &v.Remarks[n]
		if name := f.Language.Name(); f.Language != "" && len(s.Company.Languages) > 1 && !slices.Contains(r.Languages, name) {
			r.Languages = append(r.Languages, name)
		}
		if f.Excerpt != "" && len(r.Quotes) < mostQuotes {
			r.Quotes = append(r.Quotes, quote{f.Language, f.Excerpt})
		}
	}
	rank := map[playbook.Level]int{playbook.Ask: 0, playbook.Warn: 1, playbook.Hint: 2}
	slices.SortStableFunc(v.Remarks, func(a, b remark) int { return cmp.Compare(rank[a.Level], rank[b.Level]) })
	v.Count = s.Words.N("check.count", len(v.Remarks))
	return v
}

// advise adds to a preview what a careful colleague would say; nothing is refused for it.
func (f *Face) advise(ctx context.Context, tx *store.Tx, s shell, p *preview, d draft, about incident.Incident, all []component.Component) error {
	if d.Body.Empty() {
		return nil
	}
	impact, wait, why := harm(s, d, about, all)
	w := playbook.Word{
		Incident: d.Kind, Impact: impact, Status: d.Status, First: about.Visibility == incident.Draft || about.ID == "",
		Over: about.ID != "" && about.Visibility != incident.Draft && !about.Open(), Earns: why == playbook.EarningReason,
		Body: d.Body, Fields: d.Fields, Author: s.people[d.Author], NextBy: promisedBy(d, s.Now, wait), NextReason: d.NextReason,
		Measured: desk.Parts(d.affected(all), all),
	}
	if w.Status == "" {
		w.Status = d.Kind.Statuses()[0]
	}
	if p.Customers != nil {
		w.Measured.Customers = p.Customers.Foreseen.Customers
	}
	findings, err := f.desk.Review(ctx, tx, s.Company, about, w, s.Now)
	if err != nil {
		return err
	}
	p.Advice = advising(s, findings)
	p.Advice.Confirmed = p.Advice.Confirm != "" && p.Advice.Confirm == d.Anyway
	if w.First { // it never waits for a click
		p.Advice.Confirm = ""
	}
	return nil
}

// keptAdvice is what was said of each word of an incident before it went out.
func keptAdvice(ctx context.Context, tx *store.Tx, s shell, i id.Incident) (map[id.Update][]adviceView, error) {
	all, err := tx.Advice.Of(ctx, i)
	kept := map[id.Update][]adviceView{}
	for _, a := range all {
		if len(a.Findings) == 0 {
			continue
		}
		v := advising(s, a.Findings)
		v.Decision = s.Words.T("check.stored.sent")
		if a.Confirmed {
			v.Decision = s.Words.T("check.stored.confirmed")
		}
		kept[a.Update] = append(kept[a.Update], v)
	}
	return kept, err
}
