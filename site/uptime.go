package site

import (
	"candor/component"
)

// An uptimePage gives the figures and says how they are made.
type uptimePage struct {
	shell
	Caption string
	Columns []string
	Rows    []uptimeRow
}

type uptimeRow struct {
	Name   phrase
	Shares []string
}

func (f *Face) uptime(r reader, w *world) uptimePage {
	p := uptimePage{shell: f.shell(r, w, "uptime"), Caption: r.T("site.uptime.caption", "days", barDays)}
	p.Stale = r.blindness()
	p.Status = string(w.headline(r.now, r.isBlind()))
	this := monthOf(r.now, w.settings.Zoned())
	months := []month{this, this.add(-1), this.add(-2)}
	p.Columns = append(p.Columns, r.T("site.uptime.window", "days", barDays))
	for _, m := range months {
		p.Columns = append(p.Columns, r.Month(m.year, m.month))
	}
	p.Columns = append(p.Columns, r.T("site.uptime.maintenance"), r.T("site.uptime.unknown"))
	for _, c := range w.leaves {
		p.Rows = append(p.Rows, r.uptimeRow(w, c, months))
	}
	p.titled(r.T("site.uptime"))
	p.until(nextMidnight(r.now, w.settings.Zoned()))
	return p
}

func (r reader) uptimeRow(w *world, c component.Component, months []month) uptimeRow {
	history := component.History(c, w.intervals[c.ID])
	whole := component.Measure(history, component.DaysBack(barDays, r.now, r.loc), r.now)
	row := uptimeRow{Name: r.phrase(c.Name), Shares: []string{r.share(whole)}}
	for _, m := range months {
		row.Shares = append(row.Shares, r.share(component.Month(history, m.year, m.month, r.now, r.loc)))
	}
	for _, s := range []component.Status{component.Maintenance, component.Unknown} {
		spent := "–"
		if d := whole.Tally.In(s); d > 0 {
			spent = r.Duration(d)
		}
		row.Shares = append(row.Shares, spent)
	}
	return row
}
