package site

import (
	"time"

	"candor/component"
)

// A historyPage lists months, or the days of one.
type historyPage struct {
	shell
	Heading string
	Sub     string
	Months  []anchor
	Days    []dayView
	Rest    *anchor
	Older   *anchor
	Newer   *anchor
}

type anchor struct{ Href, Name, Count string }

// A month of the company's calendar.
type month struct {
	year  int
	month time.Month
}

func monthOf(t time.Time, loc *time.Location) month {
	y, m, _ := t.In(loc).Date()
	return month{y, m}
}

func parseMonth(s string) (month, bool) {
	t, err := time.Parse("2006-01", s)
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return month{}, false
	}
	return month{t.Year(), t.Month()}, true
}

func (m month) String() string { return m.begin(time.UTC).Format("2006-01") }

func (m month) begin(loc *time.Location) time.Time {
	return time.Date(m.year, m.month, 1, 0, 0, 0, 0, loc)
}

func (m month) add(n int) month { return monthOf(m.begin(time.UTC).AddDate(0, n, 0), time.UTC) }

func (m month) before(o month) bool {
	return m.begin(time.UTC).Before(o.begin(time.UTC))
}

// firstMonth is where the history begins: at the first incident, or now.
func (w *world) firstMonth(now time.Time) month {
	this := monthOf(now, w.settings.Zoned())
	if w.first.IsZero() {
		return this
	}
	if m := monthOf(w.first, w.settings.Zoned()); m.before(this) {
		return m
	}
	return this
}

const monthsListed = 600 // fifty years: a page, not a loop over whatever date somebody typed

func (f *Face) history(r reader, w *world) historyPage {
	p := historyPage{shell: f.shell(r, w, "history"), Heading: r.T("site.history")}
	p.Stale = r.blindness()
	p.Status = string(w.headline(r.now, r.isBlind()))
	first := w.firstMonth(r.now)
	for m := monthOf(r.now, w.settings.Zoned()); !m.before(first) && len(p.Months) < monthsListed; m = m.add(-1) {
		p.Months = append(p.Months, r.monthLink(m))
	}
	p.Sub = r.T("site.past")
	p.Days = r.days(w.past, r.pastFrom(), r.now)
	p.titled(p.Heading)
	p.until(nextMidnight(r.now, w.settings.Zoned()))
	return p
}

func (r reader) monthLink(m month) anchor {
	return anchor{Href: r.home + "history/" + m.String(), Name: r.Month(m.year, m.month)}
}

func (f *Face) month(r reader, w *world, m month, stories []story) historyPage {
	p := historyPage{shell: f.shell(r, w, "history/"+m.String()), Heading: r.Month(m.year, m.month), Sub: r.T("site.history.days")}
	p.Stale = r.blindness()
	p.Status = string(component.Unknown)
	if this := monthOf(r.now, w.settings.Zoned()); this == m {
		p.Status = string(w.headline(r.now, r.isBlind()))
		p.until(nextMidnight(r.now, w.settings.Zoned()))
	} else {
		newer := r.monthLink(m.add(1))
		p.Newer = &newer
		p.Status = ""
	}
	if w.firstMonth(r.now).before(m) {
		older := r.monthLink(m.add(-1))
		p.Older = &older
	}
	last := m.add(1).begin(r.loc).Add(-time.Second)
	if last.After(r.now) {
		last = r.now
	}
	p.Days = r.days(stories, m.begin(r.loc), last)
	p.titled(p.Heading)
	return p
}
