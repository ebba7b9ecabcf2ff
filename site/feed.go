package site

import (
	"bytes"
	"context"
	"encoding/xml"
	"html"
	"net/url"
	"strconv"
	"strings"
	"time"

	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/store"
)

// feedSize is what Statuspage's feeds hold.
const feedSize = 25

// A feed is the newest incidents as both XML formats and JSON tell them. Everything in it is a string; encoding/xml and encoding/json do
// the escaping, so that no text can break out of its element (V39).
type feed struct {
	reader
	host    string
	title   string
	self    string
	site    string
	author  string
	updated time.Time
	head    string // of the public record, as it was signed but without the signature; empty before its first entry
	entries []feedEntry
}

type feedEntry struct {
	id        string
	link      string
	title     string
	lang      string
	published time.Time
	updated   time.Time
	html      string
	author    string
}

func (f *Face) loadFeed(ctx context.Context, tx *store.Tx, w *world) (any, []string, error) {
	stories, err := w.loadNewest(ctx, tx, feedSize, isAny)
	if err != nil {
		return nil, nil, err
	}
	return stories, nil, addReports(ctx, tx, stories)
}

func (f *Face) feed(r reader, w *world, stories []story, self string) feed {
	company := w.settings.Company
	fd := feed{
		reader: r,
		host:   hostOf(f.public),
		title:  r.T("site.feed.title", "company", company),
		self:   r.base + self,
		site:   r.base + r.home,
		author: company,
	}
	if w.head.Size > 0 {
		fd.head = strings.TrimSpace(w.head.String())
	}
	if self == "/history.atom" || self == "/history.rss" {
		fd.site = r.base + "/"
	}
	for _, s := range stories {
		if len(s.updates) == 0 {
			continue
		}
		e := fd.entry(w, s)
		fd.entries = append(fd.entries, e)
		if s.written != nil {
			fd.entries = append(fd.entries, fd.reported(w, s))
		}
	}
	fd.inOrder()
	if fd.updated.IsZero() {
		fd.updated = w.changed
	}
	return fd
}

func (fd feed) entry(w *world, s story) feedEntry {
	title := fd.phrase(s.Title)
	return feedEntry{
		id:        "tag:" + fd.host + ",2005:Incident/" + strconv.FormatInt(s.Number, 10),
		link:      fd.site + "incidents/" + string(s.Code),
		title:     title.Text,
		lang:      title.Lang,
		published: s.updates[len(s.updates)-1].At,
		updated:   s.lastWord(),
		html:      fd.body(w, s),
		author:    w.people[s.speaker()].Name,
	}
}

// lastWord is when something was last said or put right.
func (s story) lastWord() time.Time {
	last := s.latest().At
	for _, u := range s.updates {
		for _, rev := range u.Revisions {
			if rev.At.After(last) {
				last = rev.At
			}
		}
	}
	return last
}

// body is the form that readers of Statuspage's feeds parse: newest first, the first <strong> is the state, a repeated one is "Update".
func (fd feed) body(w *world, s story) string {
	var b strings.Builder
	if s.Kind == incident.Maintenance && !s.Window.From.IsZero() {
		until := s.Window.Until
		if until.IsZero() {
			until = s.Window.From
		}
		b.WriteString("<p><strong>" + fd.T("site.feed.scheduled", "from", fd.when(s.Window.From, false), "until", fd.when(until, true)) + "</strong></p>")
	}
	for n, u := range s.updates {
		word := html.EscapeString(fd.T("status.incident." + string(u.Status)))
		if n+1 < len(s.updates) && s.updates[n+1].Status == u.Status {
			word = html.EscapeString(fd.T("site.feed.update"))
		}
		text, used := u.Body.In(fd.Tag(), fd.fallback)
		b.WriteString("<p><small>" + fd.when(u.At, true) + "</small><br><strong>" + word + "</strong> - " + lines(markup.Text(text)))
		for _, line := range fd.lines(w, s, n, used) {
			b.WriteString("<br />" + html.EscapeString(line))
		}
		b.WriteString("</p>")
	}
	return b.String()
}

// lines are the fields a reader of the page sees around the words: who said it, what it changed, when the next one comes.
func (fd feed) lines(w *world, s story, n int, used lang.Tag) []string {
	u := s.updates[n]
	var all []string
	if used != fd.Tag() && used != "" {
		all = append(all, fd.note(string(used)))
	}
	for _, rev := range u.Revisions {
		all = append(all, fd.correction(w, rev).Line)
	}
	for _, b := range u.Blackouts {
		all = append(all, fd.blackout(w, b))
	}
	if n == 0 {
		for _, f := range fd.facts(w, s)[1:] {
			all = append(all, fd.T("site.feed.fact", "name", f.Name, "word", f.Word))
		}
		if s.Open() && !u.NextBy.IsZero() {
			all = append(all, fd.T("site.due", "time", fd.whole(u.NextBy)))
		}
	}
	if name := w.people[u.Author].Name; name != "" {
		all = append(all, fd.T("site.feed.author", "name", name))
	}
	return all
}

// when is a date with the marks Statuspage's own script looks for.
func (fd feed) when(t time.Time, zone bool) string {
	at := t.In(fd.loc)
	args := []any{
		"mon", html.EscapeString(fd.T("_month.short." + strconv.Itoa(int(at.Month())))),
		"day", "<var data-var='date'>" + strconv.Itoa(at.Day()) + "</var>",
		"time", "<var data-var='time'>" + html.EscapeString(fd.Time(t, fd.loc)) + "</var>",
	}
	if !zone {
		return fd.T("site.feed.when.bare", args...)
	}
	return fd.T("site.feed.when", append(args, "zone", html.EscapeString(fd.Zone(t, fd.loc)))...)
}

func lines(text string) string {
	return strings.ReplaceAll(html.EscapeString(strings.ReplaceAll(text, "\r\n", "\n")), "\n", "<br />")
}

func hostOf(public *url.URL) string { return public.Hostname() }

// encode writes XML with its declaration.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", " ")
	err := e.Encode(v)
	b.WriteByte('\n')
	return b.Bytes(), err
}
