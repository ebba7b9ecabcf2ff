package letter

import (
	"strings"
	"time"

	"candor/markup"
	"candor/staff"
)

// An Exchange is what a customer wrote to us, and what one of us answers.
type Exchange struct {
	Subject   string // theirs, of one line
	WrittenAt time.Time
	Body      string // ours, Markdown
	Author    staff.Person
	Thread    []string // the names of our letter and of theirs
}

// Answer brings the answer of one of us, by name, in the thread that the customer opened. Their own words are not repeated: they have them,
// and nothing a stranger typed goes out under our name.
func (d Desk) Answer(x Exchange) Letter {
	w := d.words()
	s := d.note(answering(x.Subject), w.T("mail.answer.title", "company", d.Company), "", w.T("mail.why.answer", "company", d.Company), link{})
	if x.Subject == "" {
		s.Subject = s.Title
	}
	s.Notes = []string{w.T("mail.answer.note", "when", w.DateTime(x.WrittenAt, d.Zone))}
	s.Body, s.Preheader, s.Author = x.Body, preheader(x.Body), d.author(x.Author)
	l := s.print()
	l.Thread = x.Thread
	l.SMS = plainly.Replace(oneLine(w.T("sms.answer", "company", d.Company, "text", oneLine(markup.Text(x.Body)), "author", x.Author.Name)))
	return l
}

// answering is a subject that says so once.
func answering(subject string) string {
	if len(subject) >= 3 && strings.EqualFold(subject[:3], "re:") {
		return subject
	}
	return "Re: " + subject
}
