package site

import (
	"html/template"
	"time"

	"candor/lang"
	"candor/markup"
)

// A reader is for whom a page is made: their language, their zone, and the moment they look.
type reader struct {
	lang.Words
	fallback lang.Tag // the company's own language, for free text that was not translated
	loc      *time.Location
	now      time.Time
	base     string    // the public URL, without a slash at its end
	home     string    // "/de/"
	blind    time.Time // since when the page cannot read its own records; zero while it can
}

// isBlind reports whether what the page knows is too old to call anything operational.
func (r reader) isBlind() bool { return !r.blind.IsZero() }

// blindness is the sentence that says so, with the page's own age.
func (r reader) blindness() string {
	if !r.isBlind() {
		return ""
	}
	return r.T("site.blind", "time", r.by(r.blind))
}

// A moment is an instant as the page prints it: exact for machines, short in its column, whole under the pointer.
type moment struct{ ISO, Text, Full string }

func (r reader) moment(t time.Time, text string) moment {
	if t.IsZero() {
		return moment{}
	}
	return moment{ISO: t.In(r.loc).Format(time.RFC3339), Text: text, Full: r.whole(t)}
}

// whole is an instant nobody can mistake: its day, the company's zone and UTC.
func (r reader) whole(t time.Time) string {
	return r.T("site.time.day", "date", r.Day(t, r.loc), "time", r.Both(t, r.loc))
}

// clock is the time of day, with its day where that is not the reader's today.
func (r reader) clock(t time.Time) moment {
	return r.moment(t, r.clockText(t))
}

func (r reader) clockText(t time.Time) string {
	if sameDay(t, r.now, r.loc) {
		return r.Time(t, r.loc)
	}
	if t.In(r.loc).Year() != r.now.In(r.loc).Year() {
		return r.T("site.time.day", "date", r.Day(t, r.loc), "time", r.Time(t, r.loc))
	}
	return r.T("site.time.day", "date", r.ShortDate(t, r.loc), "time", r.Time(t, r.loc))
}

// by is a deadline inside a sentence, with both zones.
func (r reader) by(t time.Time) string {
	if sameDay(t, r.now, r.loc) {
		return r.Both(t, r.loc)
	}
	return r.T("site.time.day", "date", r.ShortDate(t, r.loc), "time", r.Both(t, r.loc))
}

func (r reader) utc(t time.Time) string {
	if _, offset := t.In(r.loc).Zone(); offset == 0 {
		return ""
	}
	return r.T("site.time.utc", "time", r.Time(t, time.UTC))
}

func sameDay(a, b time.Time, loc *time.Location) bool {
	ay, am, ad := a.In(loc).Date()
	by, bm, bd := b.In(loc).Date()
	return ay == by && am == bm && ad == bd
}

// startOfDay is midnight in the zone; where a clock change swallows it, the day's first instant.
func startOfDay(t time.Time, loc *time.Location) time.Time {
	y, m, d := t.In(loc).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, loc)
}

// A phrase is a short free text; Lang is set where it is in another language than the page.
type phrase struct{ Text, Lang string }

func (r reader) phrase(t lang.Text) phrase {
	s, used := t.In(r.Tag(), r.fallback)
	return phrase{Text: s, Lang: r.foreign(s, used)}
}

func (r reader) foreign(s string, used lang.Tag) string {
	if s == "" || used == r.Tag() {
		return ""
	}
	return string(used)
}

// note tells the reader, visibly, that a text is not in their language.
func (r reader) note(tag string) string {
	if tag == "" {
		return ""
	}
	return r.T("site.fallback", "language", lang.Tag(tag).Name())
}

// A passage is a longer free text as HTML, with the note that belongs under it.
type passage struct {
	Body template.HTML
	Lang string
	Note string
}

func (r reader) passage(t lang.Text) passage {
	s, used := t.In(r.Tag(), r.fallback)
	tag := r.foreign(s, used)
	return passage{Body: safeHTML(s), Lang: tag, Note: r.note(tag)}
}

// safeHTML is the only place where a string becomes markup: markup.HTML has sanitised it (V15).
func safeHTML(md string) template.HTML { return template.HTML(markup.HTML(md)) }
