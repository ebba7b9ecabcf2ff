package reach

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"candor/audience"
)

// A BounceClass is what a mail that came back means for the one it was meant for.
type BounceClass string

// Classes of what comes back.
const (
	BounceHard      BounceClass = "hard"       // the address takes no mail, now or later
	BounceSoft      BounceClass = "soft"       // not this time: a full mailbox, a host that is away
	BouncePolicy    BounceClass = "policy"     // the receiver does not want it from us: the operator's to mend, not the recipient's fault
	BounceComplaint BounceClass = "complaint"  // the reader called it unwanted
	BounceAutoReply BounceClass = "auto_reply" // a machine answered for somebody who is away, or asks for proof of a person
	BounceUnknown   BounceClass = "unknown"    // it came back and does not say why
)

// Reasons that only returned mail knows, beside those of answers.
const (
	ReasonAutomatic  = "answered by a machine"
	ReasonChallenge  = "asks the sender to prove to be a person"
	ReasonComplained = "reader called it unwanted"
	ReasonDelayed    = "receiver keeps trying"
	ReasonNoReason   = "came back without a reason"
	ReasonQueued     = "receiver could not be reached"
)

// Returned is one recipient of a mail that came back.
type Returned struct {
	Address audience.Address // as the report names it; empty if it names nobody
	Class   BounceClass
	Status  string // the enhanced code, "5.1.1", or the plain one; empty if there is none
	Reason  string // one of the Reason constants: ours, never the receiver's words
}

// ReturnMail is a mail that came back to one of our addresses.
type ReturnMail struct {
	// Recipients are whom the mail reports on. None: it is neither bounce nor complaint nor automatic answer, but a person's letter or noise.
	Recipients []Returned
	MessageID  string   // its own, without angle brackets
	Answers    []string // the messages it answers, the nearest first, without angle brackets
	Digest     string   // the same for a mail that arrives twice: of its Message-ID, or of all of it if it has none
	From       string   // the address that it says it comes from
	Subject    string
	Text       string // what a person reads first; bounded
}

// Automatic reports whether a machine wrote it.
func (m ReturnMail) Automatic() bool { return len(m.Recipients) > 0 }

const (
	// MostReturned is how much of a mail is read: what a report says stands before the letter that it returns.
	MostReturned = 1 << 20
	// mostReturnedNames bounds the recipients of one report.
	mostReturnedNames = 500
	mostReturnedText  = 16 << 10
)

// ReadReturn reads a mail that came back, whatever it holds. It follows RFC 3464 and RFC 5965 where mail servers do, and the habits of
// those that write prose. What it says is a claim of whoever sent it: only the address it came to proves whose it is (B18).
func ReadReturn(raw []byte) ReturnMail {
	head := bytes.TrimLeft(bytes.TrimPrefix(raw[:min(len(raw), MostReturned)], []byte("\xef\xbb\xbf")), "\r\n")
	top := openMail(head, 0)
	m := ReturnMail{
		MessageID: strings.Trim(top.header.first("message-id"), "<> "),
		From:      firstAddress(top.header.text("from")),
		Subject:   top.header.text("subject"),
	}
	for _, field := range []string{"in-reply-to", "references"} {
		ids := strings.FieldsFunc(cutText(top.header.first(field), 4<<10), func(r rune) bool { return strings.ContainsRune("<> \t,", r) })
		if field == "references" {
			slices.Reverse(ids)
		}
		m.Answers = append(m.Answers, ids...)
	}
	sum := sha256.Sum256(raw)
	if m.MessageID != "" {
		sum = sha256.Sum256([]byte(m.MessageID))
	}
	m.Digest = hex.EncodeToString(sum[:16])
	all := judgeMail(top, 0)
	m.Recipients = all[:min(len(all), mostReturnedNames)]
	m.Text = cutText(top.words(), mostReturnedText)
	return m
}

// judgeMail is whom a mail reports on. A report that somebody forwarded is one, too.
func judgeMail(top *mailPart, depth int) []Returned {
	e := gatherEvidence(top)
	if all := e.complaints(); len(all) > 0 {
		return all
	}
	if all := e.statuses(); len(all) > 0 {
		return all
	}
	if all := e.json(); len(all) > 0 {
		return all
	}
	if e.succeeded { // it says that everybody got it
		return nil
	}
	ways := []func() []Returned{e.automatic, func() []Returned { return e.wrapped(depth) }, e.notice}
	if e.fromDaemon() {
		ways = []func() []Returned{e.notice, e.automatic, func() []Returned { return e.wrapped(depth) }}
	}
	for _, read := range ways {
		if all := read(); len(all) > 0 {
			return all
		}
	}
	return nil
}

// wrapped reads a report that came inside of another mail.
func (e *evidence) wrapped(depth int) []Returned {
	if depth >= 2 {
		return nil
	}
	for _, m := range e.originals {
		if all := judgeMail(m, depth+1); len(all) > 0 && all[0].Class != BounceAutoReply {
			return all
		}
	}
	return nil
}

// Of is what it says of one address. A letter to one address comes back for one, but an address that forwards comes back under the name of
// the other: then it is the first that is named.
func (m ReturnMail) Of(a audience.Address) Returned {
	for _, r := range m.Recipients {
		if r.Address.Key() == a.Key() {
			return r
		}
	}
	if len(m.Recipients) == 0 {
		return Returned{Class: BounceUnknown, Reason: ReasonNoReason}
	}
	return m.Recipients[0]
}

// evidence is what the parts of a mail are good for.
type evidence struct {
	top       *mailPart
	status    []string    // delivery status reports, as text
	feedback  []string    // complaints
	receipt   bool        // a disposition notification: somebody or something saw it
	texts     []string    // what people read, in order
	originals []*mailPart // the letter that came back, whole or its headers
	succeeded bool
}

// mostTexts bounds what prose is searched, in parts and in bytes of each.
const (
	mostTexts    = 20
	mostTextSize = 128 << 10
)

func gatherEvidence(top *mailPart) *evidence {
	e := &evidence{top: top}
	e.walk(top)
	return e
}

func (e *evidence) walk(p *mailPart) {
	switch {
	case p.kind == "message/delivery-status" || p.kind == "message/global-delivery-status" || p.kind == "message/x-delivery-status":
		e.status = append(e.status, p.text())
	case p.kind == "message/feedback-report":
		e.feedback = append(e.feedback, p.text())
	case p.kind == "message/disposition-notification" || p.kind == "message/global-disposition-notification":
		e.receipt = true
	case p.kind == "text/rfc822-headers" || p.kind == "message/rfc822-headers" || p.kind == "message/global-headers":
		e.originals = append(e.originals, openMail([]byte(p.text()+"\n\n"), mostDepth))
	case p.nested != nil:
		e.originals = append(e.originals, p.nested)
	case len(p.parts) > 0:
		for _, child := range p.parts {
			e.walk(child)
		}
	case strings.HasPrefix(p.kind, "text/") && len(e.texts) < mostTexts:
		e.prose(cutText(p.words(), mostTextSize))
	}
}

// prose files a text. Some servers write the fields of a report into it, with no part of their own.
func (e *evidence) prose(text string) {
	e.texts = append(e.texts, text)
	notice, _ := splitNotice(text)
	lower := strings.ToLower(notice)
	if at := lineStarting(lower, "feedback-type:"); at >= 0 && at < len(notice) {
		e.feedback = append(e.feedback, notice[at:])
	}
	for _, field := range []string{"reporting-mta:", "original-recipient:", "final-recipient:"} {
		if at := lineStarting(lower, field); at >= 0 && at < len(notice) {
			e.status = append(e.status, notice[at:])
			return
		}
	}
}

// lineStarting is where a line begins with the prefix, or -1.
func lineStarting(text, prefix string) int {
	if strings.HasPrefix(text, prefix) {
		return 0
	}
	at := strings.Index(text, "\n"+prefix)
	if at < 0 {
		return -1
	}
	return at + 1
}

// intended is whom the returned letter was addressed to.
func (e *evidence) intended() (all []string) {
	for _, m := range e.originals {
		for _, field := range []string{"x-hmxmroriginalrecipient", "to", "x-original-to", "delivered-to", "cc"} {
			all = append(all, addressesIn(m.header.text(field))...)
		}
		if len(all) > 0 {
			return all
		}
	}
	for _, text := range e.texts {
		if _, rest := splitNotice(text); rest != "" {
			all = append(all, addressesIn(openMail([]byte(rest), mostDepth).header.text("to"))...)
		}
	}
	return all
}

// cutText is at most so many bytes of text, and no half letter.
func cutText(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "")
}
