package site

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"candor/lang"
	"candor/promise"
	"candor/store"
)

// A promisesPage is how the company keeps its word, month by month; or why that is not shown.
type promisesPage struct {
	shell
	Silent string // instead of figures
	Line   string
	Sums   []summed
	Rows   []monthRow
	Column []string
}

type summed struct{ Name, Word string }

type monthRow struct {
	Name  string
	Cells []string
}

// recordMonths bounds the page: two years say how a company keeps its word.
const recordMonths = 24

// promised is what the record is made of.
type promised struct {
	first time.Time
	all   []promise.Promise
}

func loadPromised(ctx context.Context, tx *store.Tx, w *world) (_ any, _ []string, err error) {
	var p promised
	if p.first, err = tx.Promises.First(ctx); err != nil {
		return nil, nil, err
	}
	p.all, err = tx.Promises.Record(ctx, monthOf(w.at, w.settings.Zoned()).add(1-recordMonths).begin(w.settings.Zoned()))
	return p, nil, err
}

// publication decides whether the figures may be seen, in one place for page, document and feed.
func (p promised) publication(w *world, now time.Time) promise.Publication {
	return promise.Publish(p.first, w.settings.Promises.Withheld, now)
}

// until is when the record changes by itself: a promise passes, lateness grows, a day ends, the record becomes public.
func (p promised) until(w *world, now time.Time) time.Time {
	next := nextMidnight(now, w.settings.Zoned())
	if !p.first.IsZero() {
		next = sooner(next, after(promise.PublishedFrom(p.first), now))
	}
	for _, x := range p.all {
		if x.Open() {
			next = sooner(next, passing(x.DueAt, now))
		}
	}
	return next
}

func (f *Face) promisesRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, tag: tag, topics: []string{topicIncidents}, load: loadPromised,
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			p := f.promises(f.reader(w, f.spoken(w, tag), now, blind), w, facts.(promised))
			return f.page("promises.html", p, p.Until)
		},
	}
}

func (f *Face) promises(r reader, w *world, facts promised) promisesPage {
	p := promisesPage{shell: f.shell(r, w, "promises")}
	p.Stale = r.blindness()
	p.Status = string(w.headline(r.now, r.isBlind()))
	p.titled(r.T("site.promises"))
	p.until(facts.until(w, r.now))
	if p.Silent = r.unpublished(w, facts); p.Silent != "" {
		return p
	}
	whole := promise.Count(slices.Clone(facts.all), r.now)
	p.Line = r.T("site.promises.line", "kept", r.Number(int64(whole.Kept)), "all", r.Number(int64(whole.Decided())))
	if whole.Decided() == 0 {
		p.Line = r.T("site.promises.undecided")
	}
	names := r.promiseColumns()
	for n, cell := range r.promiseCells(whole) {
		p.Sums = append(p.Sums, summed{names[n], cell})
	}
	p.Column = names
	for _, m := range promise.Record(facts.all, r.now, w.settings.Zoned()) {
		p.Rows = append(p.Rows, monthRow{r.Month(m.Year, m.Month), r.promiseCells(m.Tally)})
	}
	return p
}

// unpublished says why the record of promises is not shown; empty if it is.
func (r reader) unpublished(w *world, facts promised) string {
	switch facts.publication(w, r.now) {
	case promise.Withheld:
		company := w.settings.Company
		if company == "" {
			company = r.T("site.company.none")
		}
		return r.T("site.promises.withheld", "company", company)
	case promise.Unpublished:
		if facts.first.IsZero() {
			return r.T("site.promises.none")
		}
		return r.T("site.promises.later", "date", r.Date(promise.PublishedFrom(facts.first), w.settings.Zoned()))
	}
	return ""
}

func (r reader) promiseColumns() (names []string) {
	for _, key := range []string{"made", "kept", "late", "by", "longest", "open_now", "automatic", "dropped", "share", "interval"} {
		names = append(names, r.T("site.promises."+key))
	}
	return names
}

func (r reader) promiseCells(t promise.Tally) []string {
	number := func(n int) string { return r.Number(int64(n)) }
	length := func(d time.Duration) string {
		if d == 0 {
			return "–"
		}
		return r.Duration(d)
	}
	return []string{
		number(t.Made), number(t.Kept), number(t.KeptLate + t.Overdue), length(t.Late.Median), length(t.Late.Longest), number(t.Pending), number(t.Automatic),
		number(t.Dropped), r.Share(int64(t.Kept), int64(t.Decided()), 1), length(t.Interval),
	}
}

// promisesDocument is the record for programs. Figures stand in it only while the page shows them.
type promisesDocument struct {
	Company     string              `json:"company"`
	Publication promise.Publication `json:"publication"`
	Public      *time.Time          `json:"public_from,omitempty"`
	AsOf        time.Time           `json:"as_of"`
	Total       *tallyDocument      `json:"total,omitempty"`
	Months      []monthDocument     `json:"months"`
}

type tallyDocument struct {
	Made      int `json:"made"`
	Kept      int `json:"kept"`
	KeptLate  int `json:"kept_late"`
	Overdue   int `json:"overdue"`
	Automatic int `json:"automatic"`
	Dropped   int `json:"dropped"`
	Pending   int `json:"pending"`
	Decided   int `json:"decided"`

	LateMedian     int64 `json:"late_median_seconds"`
	LateLongest    int64 `json:"late_longest_seconds"`
	IntervalMedian int64 `json:"interval_median_seconds"`
}

type monthDocument struct {
	Month string `json:"month"`
	tallyDocument
}

func tallyOf(t promise.Tally) tallyDocument {
	seconds := func(d time.Duration) int64 { return int64(d / time.Second) }
	return tallyDocument{
		t.Made, t.Kept, t.KeptLate, t.Overdue, t.Automatic, t.Dropped, t.Pending, t.Decided(),
		seconds(t.Late.Median), seconds(t.Late.Longest), seconds(t.Interval),
	}
}

func (f *Face) promisesJSONRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, tag: tag, topics: []string{topicIncidents}, load: loadPromised,
		write: func(w *world, facts any, now, _ time.Time) (document, error) {
			p := facts.(promised)
			out := promisesDocument{Company: w.settings.Company, Publication: p.publication(w, now), AsOf: now.UTC().Truncate(time.Second), Months: []monthDocument{}}
			switch {
			case out.Publication == promise.Published:
				total := tallyOf(promise.Count(slices.Clone(p.all), now))
				out.Total = &total
				for _, m := range promise.Record(p.all, now, w.settings.Zoned()) {
					out.Months = append(out.Months, monthDocument{month{m.Year, m.Month}.String(), tallyOf(m.Tally)})
				}
			case out.Publication == promise.Unpublished && !p.first.IsZero():
				from := promise.PublishedFrom(p.first).UTC().Truncate(time.Second)
				out.Public = &from
			}
			body, err := json.Marshal(out)
			return document{kind: f.kinds.json, body: append(body, '\n'), until: p.until(w, now)}, err
		},
	}
}
