package email

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"sync"
	"time"

	"candor/reach"
)

// A stencil is a form as it goes on the wire, cut where letters differ: encoding the same text for each recipient was a quarter of the
// whole work of a mail. It is made from what go-mail writes and never writes anything itself but words that need no encoding; whatever
// could come out otherwise is composed directly.
type stencil struct {
	like   reach.Message // what all letters from this stencil have in common
	pieces []piece
	stuffs int // bytes that the wire has more than the letter
}

// A piece is the same in every letter, or a part of a recipient's own.
type piece struct {
	fixed    []byte
	hole     hole
	slot     int    // of holeSlot and holeBase64
	from, to int    // which bytes of what fills the hole
	around   []byte // of holeBase64: what is encoded, with the slot at an offset
	offset   int
}

type hole int

const (
	holeNone hole = iota
	holeDate
	holeMessageID
	holeUnsubscribe
	holeTo
	holeBoundary
	holeSlot
	holeBase64
)

// stencils are the latest, by form.
type stencils struct {
	mu  sync.Mutex
	all map[*reach.Form]*stencilOnce
}

type stencilOnce struct {
	once sync.Once
	*stencil
}

// maxStencils is more than are used at a time: five languages of a few announcements.
const maxStencils = 64

func (s *stencils) of(f *reach.Form) *stencilOnce {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.all[f]
	if found == nil {
		if s.all == nil || len(s.all) >= maxStencils {
			s.all = map[*reach.Form]*stencilOnce{}
		}
		found = &stencilOnce{}
		s.all[f] = found
	}
	return found
}

// write composes, by stencil if m has a form; into is memory it may use.
func (c *Channel) write(m reach.Message, into []byte) (letter, error) {
	if m.Form == nil || m.Class != reach.ClassBulk || len(m.Attachments) > 0 {
		return c.compose(m)
	}
	if m.From.Address == "" {
		m.From = c.config.From
	}
	made := c.stencils.of(m.Form)
	made.once.Do(func() { made.stencil = c.newStencil(m) })
	if made.stencil == nil || !made.fits(m) {
		return c.compose(m)
	}
	return c.fill(made.stencil, m, into)
}

// fits reports whether the letter differs from others only in what the stencil leaves open, and in a way that needs no encoding.
func (s *stencil) fits(m reach.Message) bool {
	l := &s.like
	if m.From != l.From || m.ReplyTo != l.ReplyTo || m.Subject != l.Subject || m.Language != l.Language || m.ListID != l.ListID ||
		m.FeedbackID != l.FeedbackID || len(m.Own) != len(m.Form.Slots) || m.Date.IsZero() {
		return false
	}
	for i, own := range m.Own {
		if len(own) != len(m.Form.Slots[i]) || !plain(own) {
			return false
		}
	}
	return sameScheme(m.UnsubscribeURL, l.UnsubscribeURL) && word(m.UnsubscribeURL) &&
		word(m.MessageID) && strings.Contains(m.MessageID, "@") && isASCII(m.To)
}

// sameScheme matters, because one click is promised for https only.
func sameScheme(a, b string) bool {
	for _, scheme := range [...]string{"https://", "http://"} {
		if strings.HasPrefix(a, scheme) {
			return strings.HasPrefix(b, scheme)
		}
	}
	return false
}

// plain reports whether neither quoted-printable nor the dots of SMTP could change the word.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return s != ""
}

// fill writes one recipient's letter.
func (c *Channel) fill(s *stencil, m reach.Message, into []byte) (l letter, err error) {
	if l, _, err = c.envelope(&m); err != nil {
		return l, err
	}
	out := into
	for i := range s.pieces {
		out = s.pieces[i].append(out, &m, l.to.text)
	}
	if len(c.signatures) == 0 {
		l.data, l.size = out, len(out)-s.stuffs
		return l, nil
	}
	signed, err := c.signatures.sign(out)
	if err != nil {
		return l, err
	}
	l.size = len(signed)
	l.data, err = stuff(signed)
	return l, err
}

func (p *piece) append(out []byte, m *reach.Message, to string) []byte {
	switch p.hole {
	case holeDate:
		return m.Date.AppendFormat(out, time.RFC1123Z)
	case holeMessageID:
		return field(out, "Message-ID", m.MessageID)
	case holeUnsubscribe:
		return field(out, "List-Unsubscribe", m.UnsubscribeURL)
	case holeTo:
		return field(out, "To", to)
	case holeBoundary:
		return boundary(out, m.MessageID)
	case holeSlot:
		return append(out, m.Own[p.slot][p.from:p.to]...)
	case holeBase64:
		var raw, encoded [128]byte
		own := raw[:copy(raw[:], p.around)]
		copy(own[p.offset:], m.Own[p.slot])
		base64.StdEncoding.Encode(encoded[:], own)
		return append(out, encoded[p.from:p.to]...)
	}
	return append(out, p.fixed...)
}

// field is a header line with one word in angle brackets. A word that would make the line longer than 76 goes to the next, as go-mail has it.
func field(out []byte, name, word string) []byte {
	out = append(out, name...)
	out = append(out, ':')
	if len(name)+len(word)+2 >= 71 {
		out = append(out, "\r\n"...)
	}
	out = append(out, " <"...)
	out = append(out, word...)
	return append(out, ">\r\n"...)
}

// newStencil cuts what go-mail makes of the form, or answers nil if a letter made from the cuts is not the same to the byte.
func (c *Channel) newStencil(m reach.Message) *stencil {
	for _, slot := range m.Form.Slots {
		if !plain(slot) || len(slot) > 64 {
			return nil
		}
	}
	author, err := parseAddress(m.From.Address)
	if err != nil {
		return nil
	}
	blank := m
	blank.Own = m.Form.Slots
	blank.Text, blank.HTML = m.Form.Text, m.Form.HTML
	content, err := render(blank, author.text, "blank@blank.example")
	if err != nil {
		return nil
	}
	s := &stencil{like: m}
	if len(c.signatures) == 0 {
		data, err := stuff(content)
		if err != nil {
			return nil
		}
		s.stuffs = len(data) - len(content)
		content = data
	}
	if !s.cut(content, m) || !s.fits(m) {
		return nil
	}
	return s.proved(c, m)
}

// proved compares one letter with what composing it directly gives: a new release of the encoder must not garble letters unseen.
func (s *stencil) proved(c *Channel, m reach.Message) *stencil {
	unsigned := &Channel{config: c.config} // two signatures of the same letter need not be the same
	want, err := unsigned.compose(m)
	if err != nil {
		return nil
	}
	got, err := unsigned.fill(s, m, nil)
	if err != nil {
		return nil
	}
	if len(c.signatures) > 0 { // the stencil's letter waits for its signature before it is stuffed
		if got.data, err = stuff(got.data); err != nil {
			return nil
		}
	}
	if !bytes.Equal(got.data, want.data) {
		return nil
	}
	return s
}

// cut finds the holes.
func (s *stencil) cut(content []byte, m reach.Message) bool {
	head := bytes.Index(content, []byte("\r\n\r\n")) + 2
	if head < 2 {
		return false
	}
	for _, line := range headers(content[:head]) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		switch string(name) {
		case "Date":
			s.fix([]byte("Date: "))
			s.pieces = append(s.pieces, piece{hole: holeDate})
			s.fix([]byte("\r\n"))
		case "Message-ID":
			s.pieces = append(s.pieces, piece{hole: holeMessageID})
		case "List-Unsubscribe":
			s.pieces = append(s.pieces, piece{hole: holeUnsubscribe})
		case "To":
			s.pieces = append(s.pieces, piece{hole: holeTo})
		default:
			s.bounded(line, m.MessageID)
		}
	}
	rest := content[head:]
	for _, text := range []string{m.Form.Text, m.Form.HTML} {
		var ok bool
		if rest, ok = s.slots(rest, clean(text), m); !ok {
			return false
		}
	}
	s.bounded(rest, m.MessageID)
	return true
}

// headers are the logical lines of a header.
func headers(head []byte) (lines [][]byte) {
	for line := range bytes.Lines(head) {
		if n := len(lines); n > 0 && (line[0] == ' ' || line[0] == '\t') {
			lines[n-1] = append(slices.Clip(lines[n-1]), line...)
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

func (s *stencil) fix(b []byte) {
	if n := len(s.pieces); n > 0 && s.pieces[n-1].hole == holeNone {
		s.pieces[n-1].fixed = append(s.pieces[n-1].fixed, b...)
		return
	}
	s.pieces = append(s.pieces, piece{fixed: bytes.Clone(b)})
}

// bounded fixes b but for the boundaries in it.
func (s *stencil) bounded(b []byte, messageID string) {
	mark := boundary(nil, messageID)
	for {
		before, after, found := bytes.Cut(b, mark)
		s.fix(before)
		if !found {
			return
		}
		s.pieces = append(s.pieces, piece{hole: holeBoundary})
		b = after
	}
}

// slots cuts the slots of one encoded text out of rest, and answers what comes behind the last.
func (s *stencil) slots(rest []byte, text string, m reach.Message) ([]byte, bool) {
	coded := foreign(text)
	for at := 0; ; {
		offset, slot := nextSlot(text[at:], m.Form.Slots)
		if slot < 0 {
			return rest, true
		}
		offset += at
		word := m.Form.Slots[slot]
		at = offset + len(word)
		p := piece{hole: holeSlot, slot: slot}
		look, soft := word, "=\r\n"
		if coded {
			from, to := offset/3*3, min((at+2)/3*3, len(text))
			p = piece{hole: holeBase64, slot: slot, around: []byte(text[from:to]), offset: offset - from}
			look, soft = base64.StdEncoding.EncodeToString(p.around), "\r\n"
		}
		var ok bool
		if rest, ok = s.hole(rest, p, look, soft, m.MessageID); !ok {
			return nil, false
		}
	}
}

func nextSlot(text string, slots []string) (offset, slot int) {
	offset, slot = -1, -1
	for i, word := range slots {
		if at := strings.Index(text, word); at >= 0 && (offset < 0 || at < offset) {
			offset, slot = at, i
		}
	}
	return offset, slot
}

// hole finds look, which an encoder may have broken with soft, and cuts it out in one or two pieces.
func (s *stencil) hole(rest []byte, p piece, look, soft, messageID string) ([]byte, bool) {
	for at := range rest {
		if rest[at] != look[0] {
			continue
		}
		breaks, end, ok := spelt(rest[at:], look, soft)
		if !ok {
			continue
		}
		s.bounded(rest[:at], messageID)
		p.from = 0
		for _, b := range append(breaks, len(look)) {
			p.to = b
			s.pieces = append(s.pieces, p)
			if b < len(look) {
				s.fix([]byte(soft))
			}
			p.from = b
		}
		return rest[at+end:], true
	}
	return nil, false
}

// spelt reports whether b begins with look, where it is broken, and where it ends.
func spelt(b []byte, look, soft string) (breaks []int, end int, ok bool) {
	for i := range len(look) {
		if i > 0 && bytes.HasPrefix(b[end:], []byte(soft)) {
			breaks = append(breaks, i)
			end += len(soft)
		}
		if end >= len(b) || b[end] != look[i] {
			return nil, 0, false
		}
		end++
	}
	return breaks, end, true
}
