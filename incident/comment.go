package incident

import (
	"time"

	"candor/id"
	"candor/lang"
)

// A Topic is what a conversation is below.
type Topic string

const (
	OnIncident Topic = "incident"
	OnReport   Topic = "report"
)

// A Thread is one conversation: everything said below one incident or one report. Object is its identifier.
type Thread struct {
	Topic  Topic
	Object string
}

// A Comment is what somebody wrote below an incident or a report, or what one of us answered there. It stays where it is: what is taken away
// leaves its place, the reason and who decided.
type Comment struct {
	ID   id.Comment
	Code id.Code
	Thread
	Number   int        // its place on the page, from 1; 0 for what never had one, and for an answer
	Answers  id.Comment // what one of us answers; empty for everybody else's
	Person   id.Person  // one of us
	Contact  id.Contact // whoever left a mail address
	Name     string     // as they want to be called
	Language lang.Tag
	Body     string // Markdown
	State    CommentState
	Signs    []Sign // why it was thought to be spam, and why it waits
	Origin   Origin

	At          time.Time // when it was written
	ShownAt     time.Time
	Reason      HideReason
	DecidedAt   time.Time
	DecidedBy   id.Person // who hid it or let it be shown; empty where nobody had to, and where its author withdrew it
	Flags       int       // readers who ask us to look at it
	FirstReport bool      // it is how a customer first told us
	Call        id.CallRequest
	// Announcement carries the letter about it: the question whether the address is theirs, or our answer to who wrote.
	Announcement id.Announcement
	ErasedAt     time.Time
}

// An Origin is what a check outside wants to know, and is emptied once it has been asked.
type Origin struct {
	IP    string `json:"ip,omitempty"`
	Agent string `json:"agent,omitempty"`
}

const (
	// LongestComment is in characters.
	LongestComment = 3000
	// LongestName of somebody who comments.
	LongestName = 60
	// MostLinks in one comment. Who reports a fault names a page or two.
	MostLinks = 3
	// CommentsOnPage are those of one address, so that it stays small however much is said.
	CommentsOnPage = 25
	// UndoWithin is how long a hidden comment's words are kept, so that a mistake can be put right; then they are erased.
	UndoWithin = 14 * 24 * time.Hour
	// ConfirmWithin is how long we wait for somebody to say that the address is theirs.
	ConfirmWithin = 48 * time.Hour
	// CheckWithin is how long a check outside may take. Then what we think ourselves decides.
	CheckWithin = 10 * time.Minute
)

// PageOf is the page on which a comment stands, from 1.
func PageOf(number int) int { return max(0, number-1)/CommentsOnPage + 1 }

// Closes is when a conversation closes: so many days after what it is about is over; zero while it is not.
func Closes(over time.Time, days int) time.Time {
	if over.IsZero() {
		return time.Time{}
	}
	return over.AddDate(0, 0, days)
}
