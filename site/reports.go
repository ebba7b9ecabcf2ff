package site

import (
	"context"
	"slices"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/report"
	"candor/store"
)

// A reportsPage is every report there is, and what became of every action: the record of what is learned (S4).
type reportsPage struct {
	shell
	Reports  []reportLine
	Standing string
	Open     []actionView
	Settled  []actionView
}

type reportLine struct {
	At    moment
	Title phrase
	Href  string
	Word  string // when it happened
}

// mostReports bounds the page.
const mostReports = 200

// learned is what the page is made of.
type learned struct {
	reports []report.Report
	actions []report.Action
	known   map[id.Incident]incident.Incident
}

func loadLearned(ctx context.Context, tx *store.Tx, w *world) (_ any, _ []string, err error) {
	x := learned{known: map[id.Incident]incident.Incident{}}
	if x.reports, err = tx.Reports.Published(ctx, w.at.Add(skew), mostReports); err != nil {
		return nil, nil, err
	}
	if x.actions, err = tx.Actions.Public(ctx, 2*mostReports); err != nil {
		return nil, nil, err
	}
	for _, r := range x.reports {
		if err := x.learn(ctx, tx, r.Incident); err != nil {
			return nil, nil, err
		}
	}
	for _, a := range x.actions {
		if err := x.learn(ctx, tx, a.Incident); err != nil {
			return nil, nil, err
		}
	}
	return x, nil, nil
}

func (x learned) learn(ctx context.Context, tx *store.Tx, i id.Incident) (err error) {
	if _, ok := x.known[i]; !ok {
		x.known[i], err = tx.Incidents.ByID(ctx, i)
	}
	return err
}

func (f *Face) reportsRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, tag: tag, topics: []string{topicIncidents}, load: loadLearned,
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			p := f.reports(f.reader(w, tag, now, blind), w, facts.(learned))
			return f.page("reports.html", p, p.Until)
		},
	}
}

func (f *Face) reports(r reader, w *world, x learned) reportsPage {
	p := reportsPage{shell: f.shell(r, w, "reports")}
	p.Stale = r.blindness()
	p.Status = string(w.headline(r.now, r.isBlind()))
	p.titled(r.T("site.reports"))
	for _, one := range x.reports {
		i := x.known[one.Incident]
		p.Reports = append(p.Reports, reportLine{
			At: r.moment(one.PublishedAt, r.Date(one.PublishedAt, r.loc)), Title: r.phrase(i.Title), Href: r.reportPath(i.Code),
			Word: r.T("site.reports.of", "date", r.Date(i.StartedAt, r.loc)),
		})
	}
	p.Standing = r.standing(report.Count(x.actions, r.now))
	actions := slices.Clone(x.actions)
	slices.SortStableFunc(actions, func(a, b report.Action) int { return a.DueAt.Compare(b.DueAt) })
	var until time.Time
	for _, a := range actions {
		v, i := r.action(w, a, nil, nil), x.known[a.Incident]
		v.From = &causeLine{Title: r.phrase(i.Title), Href: r.reportPath(i.Code) + "#" + v.ID}
		if a.State.Settled() {
			p.Settled = append(p.Settled, v)
			continue
		}
		p.Open = append(p.Open, v)
		if a.State == report.Open {
			until = sooner(until, sooner(passing(a.DueAt, r.now), nextMidnight(r.now, w.settings.Zoned())))
		}
	}
	p.until(until)
	return p
}
