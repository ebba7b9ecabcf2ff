package letter

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"candor/incident"
	"candor/markup"
)

// withCalendar adds the window of a maintenance as a calendar entry, which a later letter about it replaces.
func (d Desk) withCalendar(l Letter, n News) Letter {
	w := n.Incident.Window
	if n.Incident.Kind != incident.Maintenance || w.From.IsZero() || w.Until.IsZero() || over(n.Update) {
		return l
	}
	title, _ := n.Incident.Title.In(d.Language, d.Fallback)
	body, _ := n.Update.Body.In(d.Language, d.Fallback)
	host := "candor"
	if u, err := url.Parse(d.Base); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	var c calendar
	c.line("BEGIN:VCALENDAR")
	c.line("VERSION:2.0")
	c.line("PRODID:-//Candor//EN")
	c.line("METHOD:PUBLISH")
	c.line("BEGIN:VEVENT")
	c.line("UID:" + string(n.Incident.Code) + "@" + host)
	c.line(fmt.Sprintf("SEQUENCE:%d", n.Update.Number))
	c.line("DTSTAMP:" + stamp(n.Update.At))
	c.line("DTSTART:" + stamp(w.From))
	c.line("DTEND:" + stamp(w.Until))
	c.line("SUMMARY:" + calendarText.Replace(d.Company+": "+title))
	c.line("DESCRIPTION:" + calendarText.Replace(markup.Text(body)))
	c.line("URL:" + d.page("/incidents/"+string(n.Incident.Code)))
	c.line("TRANSP:TRANSPARENT") // the reader is not busy because we are
	c.line("END:VEVENT")
	c.line("END:VCALENDAR")
	l.Files = append(l.Files, File{Name: "maintenance.ics", Type: "text/calendar; charset=utf-8; method=PUBLISH", Content: []byte(c.b.String())})
	return l
}

// calendarText escapes (RFC 5545 §3.3.11).
var calendarText = strings.NewReplacer("\\", "\\\\", ";", "\\;", ",", "\\,", "\r\n", "\\n", "\n", "\\n", "\r", "")

func stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

type calendar struct{ b strings.Builder }

// line folds after 75 bytes, never inside a character (RFC 5545 §3.1).
func (c *calendar) line(s string) {
	limit := 75
	for len(s) > limit {
		cut := limit
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		c.b.WriteString(s[:cut] + "\r\n ")
		s, limit = s[cut:], 74
	}
	c.b.WriteString(s + "\r\n")
}
