package site

import (
	"html"
	"strings"
	"time"

	"candor/lang"
	"candor/promise"
)

// promisesAtomRecipe is the record as a feed: an entry per month, which changes while the month's promises do. It has no entries while the
// figures are not published.
func (f *Face) promisesAtomRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, tag: tag, feed: true, topics: []string{topicIncidents}, load: loadPromised,
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			p := facts.(promised)
			body, err := encode(f.promisesFeed(f.reader(w, tag, now, blind), w, p, at))
			return document{kind: f.kinds.atom, body: body, until: nextMidnight(now, w.settings.Zoned())}, err
		},
	}
}

func (f *Face) promisesFeed(r reader, w *world, p promised, at string) atomFeed {
	updated := p.first
	if updated.IsZero() {
		updated = w.at
	}
	page, id := r.base+r.home+"promises", "tag:"+hostOf(f.public)+",2005:Promises"
	feed := atomFeed{
		Lang: string(r.Tag()), ID: id, Title: r.T("site.promises.feed", "company", w.settings.Company), Author: atomAuthor{w.settings.Company},
		Links: []atomLink{{"alternate", "text/html", page}, {"self", "application/atom+xml", r.base + at}},
	}
	if p.publication(w, r.now) == promise.Published {
		names := r.promiseColumns()
		for _, m := range promise.Record(p.all, r.now, w.settings.Zoned()) {
			var b strings.Builder
			b.WriteString("<ul>")
			for n, cell := range r.promiseCells(m.Tally) {
				b.WriteString("<li>" + html.EscapeString(r.T("site.feed.fact", "name", names[n], "word", cell)) + "</li>")
			}
			b.WriteString("</ul>")
			began, changed := month{m.Year, m.Month}.begin(w.settings.Zoned()), p.changed(w, m, r.now)
			feed.Entries = append(feed.Entries, atomEntry{
				ID: id + "/" + month{m.Year, m.Month}.String(), Published: r.stamp(began), Updated: r.stamp(changed),
				Link: atomLink{"alternate", "text/html", page}, Title: atomText{Text: r.Month(m.Year, m.Month)}, Content: atomText{Type: "html", Text: b.String()},
			})
			if changed.After(updated) {
				updated = changed
			}
		}
	}
	feed.Updated = r.stamp(updated)
	return feed
}

// changed is when a month's row last said something new.
func (p promised) changed(w *world, m promise.Month, now time.Time) time.Time {
	at := month{m.Year, m.Month}.begin(w.settings.Zoned())
	for _, x := range p.all {
		if monthOf(x.MadeAt, w.settings.Zoned()) != (month{m.Year, m.Month}) {
			continue
		}
		for _, t := range []time.Time{x.MadeAt, x.KeptAt, x.WithdrawnAt, x.DueAt} {
			if t.After(at) && !t.After(now) {
				at = t
			}
		}
	}
	return at
}

func (r reader) stamp(t time.Time) string { return t.In(r.loc).Format(time.RFC3339) }
