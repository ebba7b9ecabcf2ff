package site

import (
	"context"
	"slices"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/report"
	"candor/store"
)

// A trackPage is how the company has answered trouble, month by month, with what each figure means.
type trackPage struct {
	shell
	Lead    string
	Private string // why promises are not counted here, if they are not
	Columns []trackColumn
	Rows    []monthRow
}

// A trackColumn leads from a figure to its definition.
type trackColumn struct{ Key, Name, Means string }

// trackMonths bounds the page: a year says how a company answers. mostActions is more than anybody carries out in one.
const (
	trackMonths = 12
	mostActions = 2000
)

// tracked is what the track record is counted from.
type tracked struct {
	promised
	months    []trackedMonth // newest first
	intervals map[id.Component][]component.Interval
	actions   []report.Action // that customers may read of
}

type trackedMonth struct {
	of       month
	response incident.Response // to those that began in it
}

func loadTracked(ctx context.Context, tx *store.Tx, w *world) (_ any, _ []string, err error) {
	zone := w.settings.Zoned()
	this, first := monthOf(w.at, zone), w.firstMonth(w.at)
	var t tracked
	for m, n := this, 0; n < trackMonths && !m.before(first); m, n = m.add(-1), n+1 {
		from, until := m.begin(zone), m.add(1).begin(zone)
		all, err := tx.Incidents.Between(ctx, from, until)
		if err != nil {
			return nil, nil, err
		}
		begun := slices.DeleteFunc(all, func(i incident.Incident) bool { return i.StartedAt.Before(from) })
		t.months = append(t.months, trackedMonth{m, incident.Respond(begun)})
	}
	oldest := t.months[len(t.months)-1].of.begin(zone)
	intervals, err := tx.Intervals.Since(ctx, oldest)
	if err != nil {
		return nil, nil, err
	}
	t.intervals = map[id.Component][]component.Interval{}
	for _, i := range intervals {
		t.intervals[i.Component] = append(t.intervals[i.Component], i)
	}
	if t.actions, err = tx.Actions.Public(ctx, mostActions); err != nil {
		return nil, nil, err
	}
	if t.first, err = tx.Promises.First(ctx); err != nil {
		return nil, nil, err
	}
	t.all, err = tx.Promises.Record(ctx, oldest)
	return t, nil, err
}

// lowest is the uptime of the component that had the least of it in a month, unknown while nobody knows of any.
func (t tracked) lowest(w *world, m month, now time.Time) (least component.Share) {
	for _, c := range w.leaves {
		span := component.Month(component.History(c, t.intervals[c.ID]), m.year, m.month, now, w.settings.Zoned())
		if share := span.Tally.Uptime(); share.Known() && (!least.Known() || share.Rat().Cmp(least.Rat()) < 0) {
			least = share
		}
	}
	return least
}

// kept tallies the promises of a kind made in a month, of every kind if none is named.
func (t tracked) kept(m month, kind promise.Kind, now time.Time, zone *time.Location) promise.Tally {
	var of []promise.Promise
	for _, p := range t.all {
		if (kind == "" || p.Kind == kind) && monthOf(p.MadeAt, zone) == m {
			of = append(of, p)
		}
	}
	return promise.Count(of, now)
}

// acted is how the actions published in a month stand.
func (t tracked) acted(m month, now time.Time, zone *time.Location) report.Standing {
	var of []report.Action
	for _, a := range t.actions {
		if monthOf(a.PublishedAt, zone) == m {
			of = append(of, a)
		}
	}
	return report.Count(of, now)
}

// trackColumns are the figures of a month, in the order of an incident's life.
var trackColumns = []string{"incidents", "uptime", "first", "word", "lasted", "promises", "reports", "actions", "credits"}

func (f *Face) trackRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, tag: tag, topics: []string{topicComponents, topicIncidents}, load: loadTracked,
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			p := f.track(f.reader(w, f.spoken(w, tag), now, blind), w, facts.(tracked))
			return f.page("track.html", p, p.Until)
		},
	}
}

func (f *Face) track(r reader, w *world, facts tracked) trackPage {
	p := trackPage{shell: f.shell(r, w, "track-record")}
	p.Stale = r.blindness()
	p.Status = string(w.headline(r.now, r.isBlind()))
	p.titled(r.T("site.track"))
	p.until(facts.until(w, r.now))
	p.Lead = r.T("site.track.lead", "company", p.Company)
	p.Private = r.unpublished(w, facts.promised)
	for _, key := range trackColumns {
		p.Columns = append(p.Columns, trackColumn{Key: key, Name: r.T("site.track." + key), Means: r.T("site.track." + key + ".means")})
	}
	for _, m := range facts.months {
		p.Rows = append(p.Rows, monthRow{r.Month(m.of.year, m.of.month), r.trackCells(w, facts, m, p.Private == "")})
	}
	return p
}

func (r reader) trackCells(w *world, facts tracked, m trackedMonth, counted bool) []string {
	const nothing = "–"
	length := func(d time.Duration, of int) string {
		if of == 0 {
			return nothing
		}
		return r.Duration(d)
	}
	kept := func(kind promise.Kind) string {
		t := facts.kept(m.of, kind, r.now, r.loc)
		if !counted || t.Decided() == 0 {
			return nothing
		}
		return r.outOf(t.Kept, t.Decided())
	}
	first := nothing
	if known := m.response.WeFirst + m.response.TheyFirst; known > 0 {
		first = r.outOf(m.response.WeFirst, known)
	} else if m.response.Incidents > 0 {
		first = r.T("site.track.unknown")
	}
	actions := nothing
	if a := facts.acted(m.of, r.now, r.loc); a.Made > 0 {
		actions = r.outOf(a.Verified, a.Made)
	}
	return []string{
		r.Number(int64(m.response.Incidents)), r.Percent(facts.lowest(w, m.of, r.now).Rat(), 2), first, length(m.response.FirstWord, m.response.Incidents),
		length(m.response.Lasted, m.response.Ended), kept(""), kept(promise.Report), actions, kept(promise.Credit),
	}
}

func (r reader) outOf(part, all int) string {
	return r.T("site.track.of", "part", r.Number(int64(part)), "all", r.Number(int64(all)))
}
