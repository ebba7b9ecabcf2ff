package letter

import (
	"time"

	"candor/component"
	"candor/incident"
	"candor/lang"
)

// note lays out a letter to one person, about one thing, with one button.
func (d Desk) note(subject, title, body, why string, button link) sheet {
	w := d.words()
	s := sheet{
		Language: d.Language, Subject: subject, Preheader: preheader(body), Masthead: w.T("mail.masthead", "company", d.Company),
		Title: title, Words: body, Why: why,
	}
	if button.URL != "" {
		s.Button = &button
	}
	s.dress(component.Operational)
	s.Mark, s.Colour = "", "#15181c"
	return s
}

// Confirm asks whether the address is theirs. path opens the page that confirms.
func (d Desk) Confirm(path string) Letter {
	w := d.words()
	s := d.note(w.T("mail.subject.confirm", "company", d.Company), w.T("mail.confirm.title"), w.T("mail.confirm.body", "company", d.Company),
		w.T("mail.why.confirm", "company", d.Company), link{w.T("mail.confirm.button"), d.Base + path})
	s.Aside = w.T("mail.confirm.note")
	return s.print()
}

// Manage brings the link to a subscription.
func (d Desk) Manage(path string) Letter {
	w := d.words()
	return d.note(w.T("mail.subject.manage", "company", d.Company), w.T("mail.manage.title"), w.T("mail.manage.body"),
		w.T("mail.why", "company", d.Company), link{w.T("mail.manage.button"), d.Base + path}).print()
}

// Effect asks one of a sample afterwards whether they got the word and know what to do. The button opens a page that asks: opening it says
// nothing yet (B5).
func (d Desk) Effect(i incident.Incident) Letter {
	w, title := d.words(), d.titled(i.Title)
	s := d.note(w.T("mail.subject.effect"), w.T("mail.effect.title"), w.T("mail.effect.body", "title", title),
		w.T("mail.effect.why", "company", d.Company), link{w.T("mail.effect.button"), d.page("/effect/" + PageSlot + "/" + string(i.Code))})
	s.Aside = w.T("mail.effect.note")
	return s.print()
}

// Approval tells us that words wait for a second person.
func (d Desk) Approval(i incident.Incident) Letter {
	w, title := d.words(), d.titled(i.Title)
	return d.note(w.T("mail.subject.approval", "title", title), w.T("mail.approval.title"), w.T("mail.approval.body", "title", title),
		d.whyStaff(), link{w.T("mail.approval.button"), d.Base + "/console#waiting"}).print()
}

// Alert tells us that an alert opened a draft.
func (d Desk) Alert(i incident.Incident) Letter {
	w, title := d.words(), d.titled(i.Title)
	return d.note(w.T("mail.subject.alert", "title", title), w.T("mail.alert.title"), w.T("mail.alert.body", "title", title),
		d.whyStaff(), d.console(i, d.words().T("mail.alert.button"))).print()
}

// Flood tells us that our form reached its limit: somebody may be trying to bomb strangers through it (B3).
func (d Desk) Flood() Letter {
	w := d.words()
	return d.note(w.T("mail.subject.flood"), w.T("mail.flood.title"), w.T("mail.flood.body"),
		d.whyStaff(), link{w.T("mail.flood.button"), d.Base + "/console/subscribers"}).print()
}

// Returns tells us that more of our letters come back than receivers bear from anybody.
func (d Desk) Returns(bounced, complained int64) Letter {
	w := d.words()
	return d.note(w.T("mail.subject.returns"), w.T("mail.returns.title"),
		w.T("mail.returns.body", "bounced", w.Number(bounced), "complained", w.Number(complained)),
		d.whyStaff(), link{w.T("mail.returns.button"), d.Base + "/console/reach"}).print()
}

// HeldBack tells us that so many come back that what can wait is held back.
func (d Desk) HeldBack(bounced, complained int64) Letter {
	w := d.words()
	return d.note(w.T("mail.subject.held_back"), w.T("mail.held_back.title"),
		w.T("mail.held_back.body", "bounced", w.Number(bounced), "complained", w.Number(complained)),
		d.whyStaff(), link{w.T("mail.held_back.button"), d.Base + "/console/reach"}).print()
}

// Test shows that mail works.
func (d Desk) Test() Letter {
	w := d.words()
	return d.note(w.T("mail.subject.test", "company", d.Company), w.T("mail.test.title"), w.T("mail.test.body"), d.whyStaff(), link{}).print()
}

// Invitation brings the link by which a person chooses a password.
func (d Desk) Invitation(path string) Letter {
	w := d.words()
	return d.note(w.T("mail.subject.invitation", "company", d.Company), w.T("mail.invitation.title"), w.T("mail.invitation.body", "company", d.Company),
		d.whyStaff(), link{w.T("mail.invitation.button"), d.Base + path}).print()
}

// CallIn asks one of us to come. The button opens a page that asks for an answer: opening it says nothing yet.
func (d Desk) CallIn(i incident.Incident, wait time.Duration, by, note, path string) Letter {
	w, title := d.words(), d.titled(i.Title)
	body := w.T("mail.call_in.body", "title", title, "wait", w.Duration(wait))
	if note != "" {
		body = w.T("mail.call_in.noted", "body", body, "name", by, "note", note)
	}
	return d.note(w.T("mail.subject.call_in", "title", title), w.T("mail.call_in.title", "name", by), body, d.whyStaff(),
		link{w.T("mail.call_in.button"), d.Base + path}).print()
}

func (d Desk) whyStaff() string { return d.words().T("mail.why.staff", "company", d.Company) }

// console is the incident where we work on it.
func (d Desk) console(i incident.Incident, button string) link {
	return link{button, d.Base + "/console/incidents/" + string(i.Code)}
}

func (d Desk) titled(t lang.Text) string {
	title, _ := d.free(t)
	return unstopped(title)
}
