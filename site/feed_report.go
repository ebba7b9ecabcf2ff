package site

import (
	"context"
	"html"
	"slices"
	"strconv"
	"strings"

	"candor/id"
	"candor/report"
	"candor/store"
)

// A written report as a feed tells it.
type written struct {
	report   report.Report
	revision report.Revision // that stands now
	actions  []report.Action
}

// addReports finds the published reports of the newest incidents: each has an entry of its own.
func addReports(ctx context.Context, tx *store.Tx, stories []story) error {
	ids := make([]id.Incident, len(stories))
	for n, s := range stories {
		ids[n] = s.ID
	}
	published, err := tx.Reports.PublishedOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, r := range published {
		x := written{report: r}
		if x.revision, err = tx.Reports.Latest(ctx, r.ID); err != nil {
			return err
		}
		if x.actions, _, err = loadActions(ctx, tx, r.Incident); err != nil {
			return err
		}
		stories[slices.Index(ids, r.Incident)].written = &x
	}
	return nil
}

// reported is the entry of a report: the summary, the cause and what is done. The rest is on its page.
func (fd feed) reported(w *world, s story) feedEntry {
	x, title := s.written, fd.phrase(s.Title)
	var b strings.Builder
	for _, part := range []report.Part{report.Summary, report.Cause} {
		if text := fd.reader.plain(x.revision.Account.Words[part]); text != "" {
			b.WriteString("<p><strong>" + html.EscapeString(fd.T("report.part."+string(part))) + "</strong><br>" + lines(plainText(text)) + "</p>")
		}
	}
	if len(x.actions) > 0 {
		b.WriteString("<p><strong>" + html.EscapeString(fd.T("report.actions")) + "</strong></p><ul>")
		for _, a := range x.actions {
			v := fd.action(w, a, nil, nil)
			b.WriteString("<li>" + html.EscapeString(strings.Join(nonEmpty(v.Title.Text, v.Word, v.Due.Text), ". ")) + "</li>")
		}
		b.WriteString("</ul>")
	}
	return feedEntry{
		id: "tag:" + fd.host + ",2005:Report/" + strconv.FormatInt(s.Number, 10), link: fd.base + fd.home + "incidents/" + string(s.Code) + "/report",
		title: fd.T("report.title", "title", title.Text), lang: title.Lang, published: x.report.PublishedAt, updated: x.revision.At,
		html: b.String(), author: w.people[x.report.Author].Name,
	}
}

func nonEmpty(all ...string) []string {
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// inOrder puts reports among the incidents by when they came, and finds what is newest. Incidents alone stay as they are, by their beginning.
func (fd *feed) inOrder() {
	if slices.ContainsFunc(fd.entries, func(e feedEntry) bool { return strings.Contains(e.id, ":Report/") }) {
		slices.SortStableFunc(fd.entries, func(a, b feedEntry) int { return b.published.Compare(a.published) })
	}
	for _, e := range fd.entries {
		if e.updated.After(fd.updated) {
			fd.updated = e.updated
		}
	}
}
