package email

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	stdmail "net/mail"
	"strings"
	"unicode/utf8"

	"github.com/wneessen/go-mail"

	"candor/reach"
)

// Longer lines are illegal (RFC 5322 §2.1.1) and the classic way to smuggle.
const maxLine = 998

// letter is a message as it goes on the wire: envelope and content.
type letter struct {
	from, to wireAddress
	utf8     bool   // some address needs SMTPUTF8
	data     []byte // CRLF lines, dot-stuffed, with the final dot
	size     int    // as the receiver counts it
}

// The recipient's address is at fault, not the message.
var errRecipient = errors.New("recipient address")

// compose builds the letter. Whatever is wrong with m is wrong for good: the caller makes it poison, or a dead address if it is
// errRecipient.
func (c *Channel) compose(m reach.Message) (l letter, err error) {
	if m.Form != nil {
		m.Text, m.HTML = m.Form.Fill(m.Own)
	}
	l, from, err := c.envelope(&m)
	if err != nil {
		return l, err
	}
	content, err := render(m, from, l.to.text)
	if err != nil {
		return l, err
	}
	if content, err = c.signatures.sign(content); err != nil {
		return l, err
	}
	l.size = len(content)
	l.data, err = stuff(content)
	return l, err
}

// envelope reads the addresses, and answers the one of the header From, too.
func (c *Channel) envelope(m *reach.Message) (l letter, author string, err error) {
	if l.to, err = parseAddress(m.To); err != nil {
		return l, "", fmt.Errorf("%w: %w", errRecipient, err)
	}
	if m.From.Address == "" {
		m.From = c.config.From
	}
	from, err := parseAddress(m.From.Address)
	if err != nil {
		return l, "", fmt.Errorf("from: %w", err)
	}
	l.from = from
	if m.ReturnPath != "" {
		if l.from, err = parseAddress(m.ReturnPath); err != nil {
			return l, "", fmt.Errorf("return path: %w", err)
		}
	}
	l.utf8 = l.from.utf8 || from.utf8 || l.to.utf8
	return l, from.text, nil
}

// render is go-mail's part: headers, encodings and MIME.
func render(m reach.Message, from, to string) ([]byte, error) {
	if err := checkHeaders(m); err != nil {
		return nil, err
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	msg.SetAddrHeaderFromMailAddress(mail.HeaderFrom, &stdmail.Address{Name: m.From.Name, Address: from})
	msg.SetAddrHeaderFromMailAddress(mail.HeaderTo, &stdmail.Address{Address: to})
	if m.ReplyTo != "" {
		reply, err := parseAddress(m.ReplyTo)
		if err != nil {
			return nil, fmt.Errorf("reply-to: %w", err)
		}
		msg.SetAddrHeaderFromMailAddress(mail.HeaderReplyTo, &stdmail.Address{Address: reply.text})
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.Date)
	msg.SetMessageIDWithValue(m.MessageID)
	setHeaders(msg, m)
	if err := setBody(msg, m); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Grow(2048 + 2*(len(m.Text)+len(m.HTML)))
	_, err := msg.WriteTo(&out)
	return out.Bytes(), err
}

// setHeaders says to machines what this is: automatic (RFC 3834) unless a person answers a person, from which list (RFC 2919), and how to stop it (RFC 8058).
func setHeaders(msg *mail.Msg, m reach.Message) {
	if n := len(m.Thread); n > 0 {
		msg.SetGenHeader(mail.HeaderInReplyTo, "<"+m.Thread[n-1]+">")
		msg.SetGenHeader(mail.HeaderReferences, "<"+strings.Join(m.Thread, "> <")+">")
	} else {
		msg.SetGenHeader("Auto-Submitted", "auto-generated")
	}
	msg.SetGenHeader(mail.HeaderXAutoResponseSuppress, "All")
	if m.Language != "" {
		msg.SetGenHeader("Content-Language", string(m.Language))
	}
	if m.FeedbackID != "" {
		msg.SetGenHeader("Feedback-ID", m.FeedbackID)
	}
	if m.ListID != "" {
		msg.SetGenHeader("List-Id", "<"+strings.Trim(m.ListID, "<>")+">")
	}
	if m.Class != reach.ClassBulk {
		return
	}
	msg.SetGenHeader(mail.HeaderPrecedence, "bulk")
	if m.UnsubscribeURL != "" {
		msg.SetGenHeader(mail.HeaderListUnsubscribe, "<"+m.UnsubscribeURL+">")
	}
	if strings.HasPrefix(m.UnsubscribeURL, "https://") { // one click is promised for https only (RFC 8058 §3.1); a first try may run on http
		msg.SetGenHeader(mail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
}

func setBody(msg *mail.Msg, m reach.Message) error {
	switch {
	case m.Text != "" && m.HTML != "":
		// The same for every attempt: a repeat is the same message to the byte, signature aside.
		if len(m.Attachments) == 0 {
			msg.SetBoundary(string(boundary(nil, m.MessageID)))
		}
		addText(msg.SetBodyString, mail.TypeTextPlain, m.Text)
		addText(msg.AddAlternativeString, mail.TypeTextHTML, m.HTML)
	case m.Text != "":
		addText(msg.SetBodyString, mail.TypeTextPlain, m.Text)
	case m.HTML != "":
		addText(msg.SetBodyString, mail.TypeTextHTML, m.HTML)
	default:
		return errors.New("message has no text")
	}
	for _, a := range m.Attachments {
		if a.Name == "" || controls(a.Name) || controls(a.Type) || !isASCII(a.Type) {
			return errors.New("attachment has a malformed name or type")
		}
		err := msg.AttachReader(a.Name, bytes.NewReader(a.Content), mail.WithFileContentType(mail.ContentType(a.Type)))
		if err != nil {
			return err
		}
	}
	return nil
}

// boundary is between the parts of the letter with this message id.
func boundary(to []byte, messageID string) []byte {
	sum := sha256.Sum256([]byte(messageID))
	return hex.AppendEncode(append(to, "candor-"...), sum[:12])
}

// addText sends mostly foreign letters in base64, which needs four bytes where quoted-printable needs nine.
func addText(add func(mail.ContentType, string, ...mail.PartOption), kind mail.ContentType, text string) {
	text = clean(text)
	if foreign(text) {
		add(kind, text, mail.WithPartEncoding(mail.EncodingB64))
		return
	}
	add(kind, text, mail.WithPartEncoding(mail.EncodingQP))
}

func foreign(text string) bool { return len(text)-asciiBytes(text) > len(text)/4 }

func asciiBytes(s string) (n int) {
	for i := range len(s) {
		if s[i] < utf8.RuneSelf {
			n++
		}
	}
	return n
}

// clean is text as it is encoded.
func clean(text string) string { return crlf(strings.ToValidUTF8(text, "\uFFFD")) }

// crlf makes every line end the legal one. The encoder's own rule for lone ones loses a line feed after "\r" and something else.
func crlf(s string) string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.ReplaceAll(s, "\n", "\r\n")
}

// checkHeaders refuses whatever could end a header line and start one of its own (B7). Encoding would hide most of it; an input that
// tries is not worth guessing at.
func checkHeaders(m reach.Message) error {
	for name, value := range map[string]string{"subject": m.Subject, "from": m.From.Name} {
		if controls(value) || !utf8.ValidString(value) {
			return fmt.Errorf("%s has a control character or is not UTF-8", name)
		}
	}
	for name, value := range map[string]string{
		"message id": m.MessageID, "language": string(m.Language), "list id": m.ListID,
		"feedback id": m.FeedbackID, "unsubscribe URL": m.UnsubscribeURL,
	} {
		if !word(value) {
			return fmt.Errorf("%s has something that no header may have", name)
		}
	}
	for _, name := range m.Thread {
		if !word(name) || name == "" {
			return errors.New("a message of the thread has a name that no header may have")
		}
	}
	if !strings.Contains(m.MessageID, "@") {
		return errors.New("message id is not of the form left@right")
	}
	if m.UnsubscribeURL != "" && !strings.HasPrefix(m.UnsubscribeURL, "https://") && !strings.HasPrefix(m.UnsubscribeURL, "http://") {
		return errors.New("unsubscribe URL is not a web address")
	}
	if m.Date.IsZero() {
		return errors.New("message has no date")
	}
	return nil
}

// word reports whether a header may hold the value as it is, and on one line.
func word(value string) bool {
	for i := range len(value) {
		if c := value[i]; c <= ' ' || c >= 0x7f || c == '<' || c == '>' {
			return false
		}
	}
	return len(value) <= 900
}

// stuff readies content for DATA and is the last gate before the wire: whatever made it, only CRLF lines of a legal length pass, and none
// of them is the dot that ends a message.
func stuff(content []byte) ([]byte, error) {
	out := make([]byte, 0, len(content)+len(content)/64+8)
	for rest := content; len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n')
		if end < 1 || rest[end-1] != '\r' || end-1 > maxLine || bytes.IndexByte(rest[:end-1], '\r') >= 0 {
			if end < 0 && bytes.IndexByte(rest, '\r') < 0 && len(rest) <= maxLine { // the last line may lack its end
				rest = append(bytes.Clone(rest), "\r\n"...)
				continue
			}
			return nil, errors.New("a line is too long or does not end in CRLF")
		}
		if rest[0] == '.' {
			out = append(out, '.')
		}
		out = append(out, rest[:end+1]...)
		rest = rest[end+1:]
	}
	if bytes.IndexByte(content, 0) >= 0 {
		return nil, errors.New("content has a NUL")
	}
	return append(out, ".\r\n"...), nil
}
