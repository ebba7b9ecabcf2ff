package letter

import (
	"strings"
	"time"

	"candor/lang"
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

// Comment asks whether somebody wrote the comment that was left with their address. Nothing of what was written is in it: a stranger may have
// typed both (B3). path opens the page that shows it.
func (d Desk) Comment(title lang.Text, path string) Letter {
	w := d.words()
	s := d.note(w.T("mail.subject.comment", "company", d.Company), w.T("mail.comment.title"), w.T("mail.comment.body", "title", d.titled(title)),
		w.T("mail.comment.why", "company", d.Company), link{w.T("mail.comment.button"), d.Base + path})
	s.Aside = w.T("mail.comment.note")
	return s.print()
}

// A CommentAnswer is what one of us wrote below a comment.
type CommentAnswer struct {
	Title     lang.Text // of what the comment is about
	WrittenAt time.Time // when they commented
	Body      string    // ours, Markdown
	Author    staff.Person
	Path      string // of the comment, without its language
}

// Answered brings what one of us wrote below a comment to who wrote that.
func (d Desk) Answered(x CommentAnswer) Letter {
	w := d.words()
	subject := w.T("mail.subject.answered", "name", x.Author.Name)
	s := d.note(subject, subject, "", w.T("mail.comment.why", "company", d.Company), link{w.T("mail.answered.button"), d.page(x.Path)})
	s.Notes = []string{w.T("mail.answered.note", "title", d.titled(x.Title), "when", w.DateTime(x.WrittenAt, d.Zone))}
	s.Body, s.Preheader, s.Author = x.Body, preheader(x.Body), d.author(x.Author)
	return s.print()
}
