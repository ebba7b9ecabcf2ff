package letter

import (
	"strings"
	"time"

	"candor/component"
	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/staff"
)

// News is an update of an incident, with what it refers to.
type News struct {
	Incident   incident.Incident
	Update     incident.Update
	Author     staff.Person // zero when a maintenance began or ended by itself
	CheckedBy  staff.Person // who says that data is not affected
	Components []component.Component
	// Customer says that the reader is a contact of a customer whom this affects: they have a page of their own, and may say that they know.
	Customer bool
	Accounts []string // of the reader's that this affects, where they have several: one person gets one letter, naming all of them
}

// Update tells subscribers what was just said.
func (d Desk) Update(n News) Letter {
	s := d.news(n)
	w, title := d.words(), unstopped(s.Title)
	s.Subject = w.T("mail.subject.plain", "label", s.Label, "title", title)
	if s.Board != nil {
		s.Subject = w.T("mail.subject.next", "label", s.Label, "title", title, "time", w.T("_zoned", "time", s.Board.Time, "zone", w.Zone(n.Update.NextBy, d.Zone)))
	}
	return d.withCalendar(d.told(s, typeUpdate, n, nil), n)
}

// Correction tells those who got the wrong word what stands now, and what stood there.
func (d Desk) Correction(n News, r incident.Revision) Letter {
	s, w := d.news(n), d.words()
	s.Subject = w.T("mail.subject.correction", "title", unstopped(s.Title))
	s.Label = w.T("mail.correction.label")
	now, note := d.free(r.Now)
	was, _ := d.free(r.Was)
	s.Notes = append([]string{w.T("mail.correction.intro")}, note...)
	s.Body = now
	s.After = []passage{{w.T("mail.correction.was"), was}}
	if r.Reason != "" {
		s.Notes = append(s.Notes, w.T("mail.correction.why", "reason", r.Reason))
	}
	return d.told(s, typeCorrection, n, &r)
}

// Upcoming reminds subscribers of a maintenance.
func (d Desk) Upcoming(n News) Letter {
	s, w := d.news(n), d.words()
	from, until := n.Incident.Window.From, n.Incident.Window.Until
	s.Subject = w.T("mail.subject.upcoming", "title", unstopped(s.Title), "when", w.DateTime(from, d.Zone))
	s.Board = &board{Label: w.T("mail.upcoming.label"), Time: w.Time(from, d.Zone), Both: w.Both(from, d.Zone), Note: w.Day(from, d.Zone)}
	if !until.IsZero() {
		s.Board.Note = w.T("mail.upcoming.note", "until", w.DateTime(until, d.Zone))
	}
	return d.withCalendar(d.told(s, typeUpcoming, n, nil), n)
}

// told prints a sheet in all the forms that channels carry.
func (d Desk) told(s sheet, kind string, n News, r *incident.Revision) Letter {
	l := s.print()
	l.Brief, l.Document = d.brief(n, s, l.Subject), d.document(kind, n, r)
	switch kind {
	case typeCorrection:
		l.SMS = d.textCorrection(n, *r)
	case typeUpcoming:
		l.SMS = d.textUpcoming(n)
	default:
		l.SMS = d.textUpdate(n)
	}
	return l
}

// news lays out what all letters about an incident have.
func (d Desk) news(n News) sheet {
	w, i, u := d.words(), n.Incident, n.Update
	title, titleNote := d.free(i.Title)
	body, note := d.free(u.Body)
	if len(note) == 0 {
		note = titleNote
	}
	at := w.T("mail.number", "number", u.Number, "at", w.DateTime(u.At, d.Zone))
	s := sheet{
		Language: d.Language, Masthead: w.T("mail.masthead", "company", d.Company), Title: title, Label: d.label(i, u),
		Notes: note, Body: body, Facts: d.facts(n),
		Links: []link{{w.T("mail.all"), d.page("/incidents/" + string(i.Code) + "#" + string(u.Code))}},
		Why:   w.T("mail.why", "company", d.Company), Closing: at, Preheader: preheader(body),
		Footer: []link{{w.T("mail.manage"), d.page("/manage/" + ManageSlot)}, {w.T("mail.unsubscribe"), d.page("/unsubscribe/" + UnsubscribeSlot)}},
	}
	s.dress(shown(i, u))
	if n.Customer {
		d.own(&s, n)
	}
	if i.Visibility == incident.Rehearsal {
		s.Rehearsal = w.T("mail.rehearsal")
		s.Why, s.Footer = w.T("mail.why.staff", "company", d.Company), nil
	}
	if !over(u) && i.Kind != incident.Maintenance {
		s.Since = w.T("mail.since", "time", w.T("_zoned", "time", w.Time(i.StartedAt, d.Zone), "zone", w.Zone(i.StartedAt, d.Zone)))
		if u.At.Sub(i.StartedAt) >= 20*time.Hour {
			s.Since = w.T("mail.since", "time", w.DateTime(i.StartedAt, d.Zone))
		}
	}
	if !u.NextBy.IsZero() {
		s.Board = &board{Label: w.T("mail.next.label"), Time: w.Time(u.NextBy, d.Zone), Both: w.Both(u.NextBy, d.Zone), Note: w.T("mail.next.note")}
		if u.NextReason != "" {
			s.Notes = append(s.Notes, w.T("mail.next.why", "reason", u.NextReason))
		}
	}
	s.Author = d.author(n.Author)
	if u.Automatic {
		s.Notes = append(s.Notes, w.T("mail.automatic"))
	}
	if s.Author == nil {
		s.Notes = append(s.Notes, w.T("mail.itself"))
	}
	return s
}

// over reports whether this update ended the incident; the incident itself may have gone on since.
func over(u incident.Update) bool {
	return u.Status == incident.Resolved || u.Status == incident.Completed
}

// shown is the status whose colour and mark the letter wears.
func shown(i incident.Incident, u incident.Update) component.Status {
	switch {
	case over(u):
		return component.Operational
	case i.Kind == incident.Maintenance:
		return component.Maintenance
	}
	return i.HeadlineStatus()
}

// label is the status in a word: what customers see broken, or which kind of trouble it is where nothing is.
func (d Desk) label(i incident.Incident, u incident.Update) string {
	w := d.words()
	switch {
	case over(u) || i.Kind == incident.Maintenance:
		return w.T("status.incident." + string(u.Status))
	case i.Kind != incident.Outage:
		return w.T("kind." + string(i.Kind))
	}
	return w.T("status.component." + string(shown(i, u)))
}

// free is what a person wrote, in the reader's language or, with a note, in another.
func (d Desk) free(t lang.Text) (words string, note []string) {
	words, used := t.In(d.Language, d.Fallback)
	if used != d.Language && words != "" {
		note = []string{d.words().T("mail.fallback", "language", d.Language.Name(), "other", used.Name())}
	}
	return words, note
}

func (d Desk) author(p staff.Person) *author {
	if p.Name == "" {
		return nil
	}
	title, _ := p.Title.In(d.Language, d.Fallback)
	return &author{Name: p.Name, Title: title, Mail: p.PublicMail, Phone: p.PublicPhone}
}

// unstopped lets a title end a clause of the subject.
func unstopped(title string) string { return strings.TrimRight(title, ".。 ") }

// preheader is what a mailbox shows behind the subject.
func preheader(body string) string {
	line := []rune(oneLine(strings.ReplaceAll(markup.Text(body), "\n", " ")))
	return string(line[:min(len(line), 140)])
}
