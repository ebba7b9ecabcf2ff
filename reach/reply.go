package reach

import (
	"strings"
	"time"
	"unicode"

	"candor/id"
)

// A Reply is what a customer wrote back about a letter, or a machine for them: a receipt with words, and who answered it.
type Reply struct {
	Receipt
	Contact  id.Contact
	Incident id.Incident // that the letter was about; empty if it was about none
	Standing ReplyStanding
	// MessageID, Sender and Subject are the mail's own: what it takes to answer in the same thread. A text message has none.
	MessageID, Sender, Subject string

	AnsweredAt   time.Time
	AnsweredBy   id.Person
	Answer       string          // Markdown
	Announcement id.Announcement // that carries the answer; empty if it was given otherwise, or none is needed
}

// A ReplyStanding is whether somebody has to answer.
type ReplyStanding string

const (
	ReplyOpen      ReplyStanding = "open"
	ReplyAnswered  ReplyStanding = "answered"
	ReplyAutomatic ReplyStanding = "automatic" // a machine wrote it: shown, never answered (RFC 3834)
)

// ReplyStandings in the order staff care about them.
var ReplyStandings = [...]ReplyStanding{ReplyOpen, ReplyAnswered, ReplyAutomatic}

const (
	mostSubject   = 200 // runes
	mostMessageID = 400 // bytes: two of them fit a line
)

// NewReply is the reply that a receipt begins, if it is one: staff's answers to their own reminders have no contact.
func NewReply(r Receipt, was Delivery, about id.Incident, m ReturnMail) (Reply, bool) {
	if r.Kind != SaysReply && r.Kind != SaysAway || was.Contact == "" {
		return Reply{}, false
	}
	x := Reply{Receipt: r, Contact: was.Contact, Incident: about, Standing: ReplyOpen, Sender: headerText(m.From), Subject: headerText(m.Subject)}
	if r.Kind == SaysAway {
		x.Standing = ReplyAutomatic
	}
	if plainID(m.MessageID) {
		x.MessageID = m.MessageID
	}
	return x, true
}

// headerText is what a stranger's header says, as one line of a page or of a header of ours.
func headerText(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	if long := []rune(s); len(long) > mostSubject {
		s = string(long[:mostSubject])
	}
	return s
}

// plainID reports whether a Message-ID may stand in a header of ours as it is.
func plainID(s string) bool {
	return s != "" && len(s) <= mostMessageID && strings.Contains(s, "@") &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '<' || r == '>' })
}
