package letter

import (
	"time"

	"candor/incident"
	"candor/promise"
)

// DueSoon reminds us that a promise falls due: a word in minutes, a report in days.
func (d Desk) DueSoon(i incident.Incident, p promise.Promise) Letter {
	w, title := d.words(), d.titled(i.Title)
	if p.Kind == promise.NextUpdate {
		return d.note(w.T("mail.subject.due_soon", "title", title, "time", w.Both(p.DueAt, d.Zone)), w.T("mail.due_soon.title"),
			w.T("mail.due_soon.body", "title", title, "time", w.Both(p.DueAt, d.Zone)), d.whyStaff(), d.console(i, w.T("mail.due.button"))).print()
	}
	what, time := d.promised(p), w.DateTime(p.DueAt, d.Zone)
	return d.note(w.T("mail.subject.owed_soon", "title", title, "what", what, "time", time), w.T("mail.owed_soon.title", "what", what),
		w.T("mail.owed_soon.body", "title", title, "what", what, "time", time), d.whyStaff(), d.owed(i, p)).print()
}

// Due tells us that a promise is due; the page says so of one that was made to everybody.
func (d Desk) Due(i incident.Incident, p promise.Promise) Letter {
	w, title := d.words(), d.titled(i.Title)
	if p.Kind == promise.NextUpdate {
		return d.note(w.T("mail.subject.due", "title", title), w.T("mail.due.title"),
			w.T("mail.due.body", "title", title, "time", w.Both(p.DueAt, d.Zone)), d.whyStaff(), d.console(i, w.T("mail.due.button"))).print()
	}
	what, time := d.promised(p), w.DateTime(p.DueAt, d.Zone)
	return d.note(w.T("mail.subject.owed_now", "title", title, "what", what), w.T("mail.owed_now.title", "what", what),
		w.T("mail.owed_now.body", "title", title, "what", what, "time", time), d.whyStaff(), d.owed(i, p)).print()
}

// Overdue calls somebody else of us, because whoever promised has not kept it. late is by how much.
func (d Desk) Overdue(i incident.Incident, p promise.Promise, promiser string, late time.Duration) Letter {
	w, title, what := d.words(), d.titled(i.Title), d.promised(p)
	body := w.T("mail.overdue.body", "title", title, "what", what, "time", w.DateTime(p.DueAt, d.Zone), "late", w.Duration(late))
	if promiser != "" {
		body = w.T("mail.overdue.named", "title", title, "what", what, "time", w.DateTime(p.DueAt, d.Zone), "late", w.Duration(late), "name", promiser)
	}
	return d.note(w.T("mail.subject.overdue", "title", title, "what", what, "late", w.Duration(late)), w.T("mail.overdue.title"), body,
		d.whyStaff(), d.owed(i, p)).print()
}

// promised is what was promised, in a few words.
func (d Desk) promised(p promise.Promise) string {
	if p.Text != "" {
		return p.Text
	}
	return d.words().T("promise.what." + string(p.Kind))
}

// owed is where we keep it.
func (d Desk) owed(i incident.Incident, p promise.Promise) link {
	w := d.words()
	switch p.Kind {
	case promise.NextUpdate:
		return d.console(i, w.T("mail.due.button"))
	case promise.LegalNotice:
		button := d.console(i, w.T("mail.owed.deadlines"))
		button.URL += "/deadlines"
		return button
	}
	return d.console(i, w.T("mail.owed.button"))
}
