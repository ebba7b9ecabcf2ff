package site

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"candor/lang"
	"candor/markup"
	"candor/store"
)

// calendarBack is how long an ended maintenance stays in the calendar, so that a reader's own does not lose it on the day.
const calendarBack = 90 * 24 * time.Hour

const calendarSize = 200

func (f *Face) calendarRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, feed: true,
		topics: []string{topicComponents, topicIncidents},
		load: func(ctx context.Context, tx *store.Tx, w *world) (any, []string, error) {
			all, err := tx.Incidents.Maintenances(ctx, w.at.Add(-calendarBack), calendarSize)
			if err != nil {
				return nil, nil, err
			}
			stories, err := w.withUpdates(ctx, tx, all, nil)
			return stories, nil, err
		},
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			r := f.reader(w, tag, now, blind)
			return document{kind: f.kinds.calendar, body: r.calendar(w, facts.([]story), hostOf(f.public))}, nil
		},
	}
}

// calendar is RFC 5545: lines of 75 octets at most, CRLF, text escaped.
func (r reader) calendar(w *world, stories []story, host string) []byte {
	var c ics
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Candor//Status//"+strings.ToUpper(string(r.Tag())))
	c.line("CALSCALE", "GREGORIAN")
	c.line("METHOD", "PUBLISH")
	c.text("X-WR-CALNAME", r.T("site.calendar.name", "company", w.settings.Company))
	c.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")
	for _, s := range stories {
		if !s.Window.From.IsZero() {
			r.event(&c, w, s, host)
		}
	}
	c.line("END", "VCALENDAR")
	return []byte(c.String())
}

func (r reader) event(c *ics, w *world, s story, host string) {
	const utc = "20060102T150405Z"
	end := s.Window.Until
	if !s.ResolvedAt.IsZero() && s.ResolvedAt.After(s.Window.From) {
		end = s.ResolvedAt // what happened, once it is over
	}
	title := r.phrase(s.Title)
	c.line("BEGIN", "VEVENT")
	c.line("UID", string(s.Code)+"@"+host)
	c.line("DTSTAMP", s.UpdatedAt.UTC().Format(utc))
	c.line("LAST-MODIFIED", s.UpdatedAt.UTC().Format(utc))
	c.line("SEQUENCE", itoa(max(0, len(s.updates)-1)))
	c.line("DTSTART", s.Window.From.UTC().Format(utc))
	if end.After(s.Window.From) {
		c.line("DTEND", end.UTC().Format(utc))
	}
	language := ""
	if title.Lang != "" {
		language = ";LANGUAGE=" + title.Lang
	}
	c.text("SUMMARY"+language, title.Text)
	c.text("DESCRIPTION", r.eventText(w, s))
	c.line("STATUS", "CONFIRMED")
	c.line("TRANSP", "TRANSPARENT")
	c.line("URL", r.base+r.incidentPath(s.Code))
	c.line("END", "VEVENT")
}

func (r reader) eventText(w *world, s story) string {
	var parts []string
	if names := r.names(w, s.Affected); names != "" {
		parts = append(parts, r.T("site.affects", "names", names))
	}
	parts = append(parts, r.T("site.feed.fact", "name", r.T("site.fact.status"), "word", r.T("status.incident."+string(s.Status))))
	if body, used := s.latest().Body.In(r.Tag(), r.fallback); body != "" {
		parts = append(parts, markup.Text(body))
		if used != r.Tag() {
			parts = append(parts, r.note(string(used)))
		}
	}
	return strings.Join(parts, "\n\n")
}

// An ics writes content lines.
type ics struct{ strings.Builder }

// text is a line whose value is free text (RFC 5545, 3.3.11).
func (c *ics) text(name, value string) {
	value = strings.Map(func(r rune) rune {
		if r == '\n' || r >= ' ' && r != 0x7f {
			return r
		}
		return -1
	}, strings.ToValidUTF8(value, "\uFFFD"))
	c.line(name, strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(value))
}

// line folds at 75 octets, never inside a character (RFC 5545, 3.1).
func (c *ics) line(name, value string) {
	rest := name + ":" + value
	room := 75
	for len(rest) > room {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		c.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], 74
	}
	c.WriteString(rest + "\r\n")
}
