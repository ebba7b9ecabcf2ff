package reach

import (
	"context"
	"errors"
	"time"

	"candor/id"
	"candor/lang"
	"candor/letter"
)

// Channel hands messages to one kind of address.
type Channel interface {
	// Name is the customer's word for the channel, "email"; it is stored with every delivery.
	Name() string
	// Open makes one connection. Its error says nothing about any message: none was sent, none has used up an attempt.
	Open(ctx context.Context) (Session, error)
}

// WhyClosed is what the ledger says of letters that wait because Open failed: what the error's Reason method says, which names no more than
// a class (V33), or only that it did.
func WhyClosed(open error) string {
	var known interface{ Reason() string }
	if errors.As(open, &known) {
		return known.Reason()
	}
	return ReasonNoConnection
}

// Session is one connection, used by one goroutine at a time.
//
// The caller makes each Result durable before the next Send: killed at any instant, Candor then repeats at most one message per open
// connection, with the same Message-ID.
type Session interface {
	// Send hands over m and says how that went. It returns within the channel's time limit, which is shorter than a lease.
	Send(ctx context.Context, m Message) Result
	Close() error
}

// A Writer is a Session that writes and signs a message before it may be sent, while the one before it is made durable. The next Send is
// given the same message, or the writing was in vain.
type Writer interface{ Write(m Message) }

// Failpoint is called by a channel at the instants a kill hurts most; the kill tests set it, nothing else does.
type Failpoint func(point string)

// Failpoints of a channel.
const (
	AfterDot = "after-dot" // the last byte of the message is on its way, the answer has not come
	After250 = "after-250" // the receiver has taken responsibility, nothing durable says so yet
)

// Hit calls f unless it is nil.
func (f Failpoint) Hit(point string) {
	if f != nil {
		f(point)
	}
}

// Message is what one recipient gets over one channel, ready to be sent.
type Message struct {
	Delivery  id.Delivery
	To        string    // a validated address
	Attempt   int       // 1 for the first
	InDoubt   bool      // nobody knows what became of the last attempt: look before you repeat
	MessageID string    // without angle brackets; the same for every attempt, so that a repeat can be recognised
	Date      time.Time // of the first attempt: a repeat must not look newer than what followed it

	From                Mailbox
	ReplyTo             string
	Subject, Text, HTML string
	Form                *Form    // instead of Text and HTML, to a channel that FillsForms; shared by pointer
	Own                 []string // the recipient's words for the form's slots
	Language            lang.Tag
	Class               Class

	Brief letter.Brief // for channels that carry less than a letter
	Data  []byte       // for machines: a JSON document, the recipient's own words filled in
	Keys  string       // what the channel needs beside the address (audience.Contact.Keys)

	UnsubscribeURL string // https; one-click (RFC 8058) in bulk mail
	ListID         string
	FeedbackID     string
	// Thread are the messages that a person of ours answers with this one, the newest last, without angle brackets. No machine said it by
	// itself then, and none may take it for such.
	Thread      []string
	ReturnPath  string // where bounces go, made by email.ReturnPath; empty means From
	Attachments []Attachment
}

// A Filler is a Channel that would rather have a letter's form than its text.
type Filler interface{ FillsForms() }

// Mailbox is a name and an address.
type Mailbox struct{ Name, Address string }

// Attachment is a small file, such as a calendar entry.
type Attachment struct {
	Name    string // as the reader sees it, with its extension
	Type    string // a MIME type with its parameters
	Content []byte
}

// Class says by what right a message is sent, which decides its headers.
type Class string

// Classes of messages.
const (
	// ClassBulk is what a subscriber asked for and can stop with one click.
	ClassBulk Class = "bulk"
	// ClassPersonal is caused by one person and meant for one: confirmation, reminder, sign-in, test. There is nothing to unsubscribe from.
	ClassPersonal Class = "personal"
	// ClassCode is a code that proves a number is theirs. It is paid from a purse of its own (B4).
	ClassCode Class = "code"
)
