package site

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"candor/incident"
	"candor/promise"
	"candor/staff"
)

// A board is the one dark thing on the page: a promise with its clock.
type board struct {
	Anchor  string
	Label   string
	Word    string // "Next update by"
	Due     moment
	Sub     string // under a date: the hour and the days left
	Late    string // "4 minutes late"
	Dial    *dial
	Tally   *tally
	Zones   string
	Silence string
	Author  *author
}

// A dial is a clock face for a wait of up to an hour, in whole minutes so that the template draws it without arithmetic.
type dial struct {
	Label          string
	Waits          bool
	From           int // minute of the hour at which the wait began
	Wait, WaitRest int
	Due            int
	Over, OverRest int
	Hand           int // degrees
}

// A tally is a row of ticks: a day, or a promise; a broken tick is a broken promise.
type tally struct {
	Label  string
	Width  int
	Spent  string
	Ticks  string
	Broken []string
}

// An author is a named human who can be reached.
type author struct {
	Name      string
	Title     *phrase
	Photo     string
	Mail      string
	Phone     string
	PhoneHref template.URL
}

func (r reader) author(p staff.Person) *author {
	if p.Name == "" {
		return nil
	}
	a := &author{Name: p.Name, Mail: p.PublicMail, Phone: unbroken(p.PublicPhone)}
	if title := r.phrase(p.Title); title.Text != "" {
		a.Title = &title
	}
	if p.Photo != "" {
		a.Photo = "/photos/" + p.Photo
	}
	if p.PublicPhone != "" {
		a.PhoneHref = telephone(p.PublicPhone)
	}
	return a
}

// telephone keeps of a number what a phone dials: digits and plus signs, and so nothing html/template would have to guard against.
func telephone(number string) template.URL {
	return template.URL("tel:" + strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c == '+' {
			return c
		}
		return -1
	}, number))
}

// unbroken keeps a number on one line.
func unbroken(number string) string { return strings.ReplaceAll(number, " ", "\u00a0") }

// promiseBoard shows when the next word comes, or how late it is.
func (r reader) promiseBoard(p promise.Promise, a *author) *board {
	late := p.Late(r.now)
	b := &board{
		Anchor: "next-update",
		Label:  r.T("site.board.label"),
		Word:   r.T("site.board.next"),
		Due:    r.clock(p.DueAt),
		Zones:  r.T("site.board.zones", "time", r.by(p.DueAt)),
		Author: a,
	}
	if late > 0 {
		b.Word = r.T("site.board.promised")
		b.Late = r.late(late)
		b.Silence = r.N("site.board.missed", p.MissedWords(r.now))
	} else {
		b.Silence = r.T("site.board.silence", "time", r.clockText(p.DueAt))
	}
	b.Dial = r.dial(p, late)
	return b
}

// late says how late, in minutes begun and done.
func (r reader) late(d time.Duration) string {
	switch minutes := int(d / time.Minute); {
	case minutes < 1:
		return r.T("site.late.moment")
	case minutes < 120:
		return r.N("site.late", minutes)
	}
	return r.T("site.late.long", "duration", r.Duration(d))
}

// dial is nil where the wait does not fit on a clock face.
func (r reader) dial(p promise.Promise, late time.Duration) *dial {
	wait := int(p.DueAt.Sub(p.MadeAt).Round(time.Minute) / time.Minute)
	if wait < 1 || wait > 60 || late >= time.Hour {
		return nil
	}
	due := p.DueAt.In(r.loc).Minute()
	d := &dial{Due: due, Hand: due * 6}
	if late > 0 {
		d.Over = max(1, int(late/time.Minute))
		d.OverRest = 60 - d.Over
		d.Label = r.T("site.dial.late", "due", r.clockText(p.DueAt), "now", r.Time(r.now, r.loc))
		return d
	}
	d.Waits, d.Wait, d.WaitRest = true, wait, 60-wait
	d.From = (due - wait + 60) % 60
	d.Label = r.T("site.dial", "from", r.clockText(p.MadeAt), "due", r.clockText(p.DueAt))
	return d
}

// reportBoard counts the days to a promised report.
func (r reader) reportBoard(i incident.Incident, a *author) *board {
	b := &board{
		Anchor: "report",
		Label:  r.T("site.report.label"),
		Word:   r.T("site.report.by"),
		Due:    r.moment(i.ReportDueAt, r.ShortDate(i.ReportDueAt, r.loc)),
		Zones:  r.T("site.board.zones", "time", r.by(i.ReportDueAt)),
		Author: a,
	}
	if late := r.now.Sub(i.ReportDueAt); late > 0 {
		b.Late = r.late(late)
		return b
	}
	b.Sub = r.daysLeft(i.ReportDueAt)
	b.Silence = r.T("site.report.silence")
	b.Tally = r.dayTally(i.ResolvedAt, i.ReportDueAt)
	return b
}

func (r reader) daysLeft(due time.Time) string {
	return r.N("site.days.left", r.daysBetween(r.now, due))
}

func (r reader) daysBetween(from, to time.Time) int {
	hours := startOfDay(to, r.loc).Sub(startOfDay(from, r.loc)).Hours()
	return max(0, int(hours/24+0.5)) // a day with a clock change has 23 or 25 hours
}

// dayTally has one tick per day of a wait; those that are gone are pale.
func (r reader) dayTally(from, to time.Time) *tally {
	all := r.daysBetween(from, to)
	if all < 1 || all > 60 {
		return nil
	}
	gone := min(all, r.daysBetween(from, r.now))
	return &tally{
		Label: r.T("site.tally.days", "all", all, "gone", gone),
		Width: all * 10,
		Spent: ticks(0, gone),
		Ticks: ticks(gone, all),
	}
}

// promiseTally has one tick per promise in order; the broken ones are broken.
func (r reader) promiseTally(kept []bool, label string) *tally {
	t := &tally{Label: label, Width: len(kept) * 10}
	from := 0
	for n, ok := range kept {
		if ok {
			continue
		}
		t.Ticks += ticks(from, n)
		t.Broken = append(t.Broken, "M"+strconv.Itoa(n*10+2)+".5 0v9m0 10v9")
		from = n + 1
	}
	t.Ticks += ticks(from, len(kept))
	return t
}

// ticks from the first to before the last place, ten units apart.
func ticks(from, to int) string {
	if to <= from {
		return ""
	}
	return "M" + strconv.Itoa(from*10+1) + " 14h" + strconv.Itoa((to-from)*10-1)
}
