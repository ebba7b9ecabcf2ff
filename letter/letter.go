package letter

import (
	"strings"
	"time"

	"candor/lang"
)

// A Letter is one mail before it has a recipient.
type Letter struct {
	Subject, Text, HTML string
	Files               []File
	SMS                 string   // as a text message, of few parts
	Brief               Brief    // for channels that carry less
	Document            []byte   // JSON, for programs; with the slots in it
	Thread              []string // the messages it answers, the newest last
}

// A File goes with a letter.
type File struct {
	Name    string
	Type    string
	Content []byte
}

// A Desk is where letters are written: the company, and the language of the reader.
type Desk struct {
	Company  string
	Base     string // the public address, without a slash at its end
	Language lang.Tag
	Fallback lang.Tag // of free text: the company's own language
	Zone     *time.Location
	TwoWay   bool // answers to text messages come back to us
}

// The tokens that stand for a recipient's own until Form.Fill; of the alphabet of tokens, so that no escaping touches them.
const (
	ManageSlot      = "slotmanage000-your-own-token-here0"
	UnsubscribeSlot = "slotunsub0000-your-own-token-here0"
	PageSlot        = "slotpage00000-your-own-token-here0" // of a customer's own page
)

// Slots in the order of a recipient's Own words.
var Slots = []string{ManageSlot, UnsubscribeSlot, PageSlot}

// Own are one recipient's tokens.
type Own struct{ Manage, Unsubscribe, Page string }

// Words are the tokens in the order of Slots.
func (o Own) Words() []string { return []string{o.Manage, o.Unsubscribe, o.Page} }

// A Form is a letter cut where recipients differ, so that the hundred thousandth costs two copies and no rendering.
type Form struct {
	Subject    string
	Files      []File
	Thread     []string
	Brief      Brief // as it stands in the letter: Short makes a recipient's
	sms        []string
	text, html []string
	document   []string
}

// Form cuts the letter.
func (l Letter) Form() Form {
	return Form{Subject: l.Subject, Files: l.Files, Thread: l.Thread, Brief: l.Brief, sms: cut(l.SMS), text: cut(l.Text), html: cut(l.HTML), document: cut(string(l.Document))}
}

// cut alternates what is everybody's with which slot comes next.
func cut(s string) (parts []string) {
	for {
		at, next := len(s), ""
		for _, slot := range Slots {
			if n := strings.Index(s, slot); n >= 0 && n < at {
				at, next = n, slot
			}
		}
		if next == "" {
			return append(parts, s)
		}
		parts = append(parts, s[:at], next)
		s = s[at+len(next):]
	}
}

// Fill makes one recipient's text and HTML.
func (f Form) Fill(o Own) (text, html string) {
	return fill(f.text, o), fill(f.html, o)
}

// SMS makes one recipient's text message.
func (f Form) SMS(o Own) string { return fill(f.sms, o) }

// Document makes one recipient's document.
func (f Form) Document(o Own) []byte { return []byte(fill(f.document, o)) }

// Short makes one recipient's brief.
func (f Form) Short(o Own) Brief {
	b := f.Brief
	b.URL = fill(cut(b.URL), o)
	return b
}

func fill(parts []string, o Own) string {
	var b strings.Builder
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	b.Grow(size)
	for _, p := range parts {
		switch p {
		case ManageSlot:
			b.WriteString(o.Manage)
		case UnsubscribeSlot:
			b.WriteString(o.Unsubscribe)
		case PageSlot:
			b.WriteString(o.Page)
		default:
			b.WriteString(p)
		}
	}
	return b.String()
}

func (d Desk) words() lang.Words { return lang.For(d.Language) }

// page is a path of the public page in the reader's language.
func (d Desk) page(rest string) string { return d.Base + "/" + d.Language.Path() + rest }
