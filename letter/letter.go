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
	SMS                 string // as a text message, of few parts
	Brief               Brief  // for channels that carry less
	Document            []byte // JSON, for programs; with the slots in it
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
)

// A Form is a letter cut where recipients differ, so that the hundred thousandth costs two copies and no rendering.
type Form struct {
	Subject    string
	Files      []File
	SMS        string
	Brief      Brief
	text, html []string
	document   []string
}

// Form cuts the letter.
func (l Letter) Form() Form {
	return Form{Subject: l.Subject, Files: l.Files, SMS: l.SMS, Brief: l.Brief, text: cut(l.Text), html: cut(l.HTML), document: cut(string(l.Document))}
}

// cut alternates what is everybody's with which slot comes next.
func cut(s string) (parts []string) {
	for {
		manage, unsubscribe := strings.Index(s, ManageSlot), strings.Index(s, UnsubscribeSlot)
		switch {
		case manage >= 0 && (unsubscribe < 0 || manage < unsubscribe):
			parts = append(parts, s[:manage], ManageSlot)
			s = s[manage+len(ManageSlot):]
		case unsubscribe >= 0:
			parts = append(parts, s[:unsubscribe], UnsubscribeSlot)
			s = s[unsubscribe+len(UnsubscribeSlot):]
		default:
			return append(parts, s)
		}
	}
}

// Fill makes one recipient's text and HTML.
func (f Form) Fill(manage, unsubscribe string) (text, html string) {
	return fill(f.text, manage, unsubscribe), fill(f.html, manage, unsubscribe)
}

// Document makes one recipient's document.
func (f Form) Document(manage, unsubscribe string) []byte {
	return []byte(fill(f.document, manage, unsubscribe))
}

func fill(parts []string, manage, unsubscribe string) string {
	var b strings.Builder
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	b.Grow(size)
	for _, p := range parts {
		switch p {
		case ManageSlot:
			b.WriteString(manage)
		case UnsubscribeSlot:
			b.WriteString(unsubscribe)
		default:
			b.WriteString(p)
		}
	}
	return b.String()
}

func (d Desk) words() lang.Words { return lang.For(d.Language) }

// page is a path of the public page in the reader's language.
func (d Desk) page(rest string) string { return d.Base + "/" + d.Language.Path() + rest }
