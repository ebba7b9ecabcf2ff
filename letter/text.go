package letter

import (
	"strings"
	"unicode"

	"candor/markup"
)

const width = 72

// text prints the sheet for readers of plain text.
func (s sheet) text() string {
	var t plain
	if s.Rehearsal != "" {
		t.block(s.Rehearsal)
	}
	t.block(strings.TrimSpace(strings.ToUpper(s.Label) + " " + s.Since))
	t.more(s.Title)
	if b := s.Board; b != nil {
		t.block(strings.ToUpper(b.Label) + " " + b.Both)
		t.more(b.Note)
	}
	for _, note := range s.Notes {
		t.block(note)
	}
	t.block(s.Words)
	t.block(markup.Text(s.Body))
	for _, p := range s.After {
		t.block(p.Head)
		t.block(markup.Text(p.Body))
	}
	if a := s.Author; a != nil {
		t.block(a.Name)
		t.more(a.Title)
		t.more(strings.TrimSpace(a.Mail + "  " + a.Phone))
	}
	if s.Button != nil {
		t.link(*s.Button)
		t.more(s.Aside)
	}
	t.facts(s.Facts)
	for _, l := range s.Links {
		t.link(l)
	}
	t.block("-- ")
	t.more(s.Why)
	for _, l := range s.Footer {
		t.more(l.Words + ":")
		t.raw(l.URL)
	}
	t.more(s.Closing)
	return t.b.String()
}

// plain gathers lines.
type plain struct{ b strings.Builder }

// block begins after an empty line; nothing makes no block.
func (t *plain) block(words string) {
	if words == "" {
		return
	}
	if t.b.Len() > 0 {
		t.b.WriteByte('\n')
	}
	t.more(words)
}

func (t *plain) more(words string) {
	if words == "" {
		return
	}
	if words == "-- " { // the signature's separator keeps its space (RFC 3676)
		t.raw(words)
		return
	}
	for line := range strings.SplitSeq(words, "\n") {
		t.raw(wrapped(line, ""))
	}
}

// link keeps an address whole on a line of its own, where every reader finds it.
func (t *plain) link(l link) {
	t.block(l.Words + ":")
	t.raw(l.URL)
}

func (t *plain) raw(line string) { t.b.WriteString(line + "\n") }

// facts are two columns, as wide as the widest name.
func (t *plain) facts(all []fact) {
	if len(all) == 0 {
		return
	}
	t.b.WriteByte('\n')
	widest := 0
	for _, f := range all {
		widest = max(widest, columns(f.Name))
	}
	for _, f := range all {
		head := f.Name + ":" + strings.Repeat(" ", widest-columns(f.Name)+2)
		indent := strings.Repeat(" ", widest+3)
		value := strings.ReplaceAll(strings.TrimSpace(f.Value+"\n"+f.Rest), "\n", "\n"+indent)
		lines := strings.Split(head+value, "\n")
		for _, line := range lines {
			t.raw(wrapped(line, indent))
		}
	}
}

// wrapped breaks a line at spaces, and between the characters of a script that has none.
func wrapped(line, indent string) string {
	var b strings.Builder
	at, space := 0, ""
	for _, word := range breakable(line) {
		w := columns(word)
		if strings.TrimSpace(word) == "" {
			space += word
			at += w
			continue
		}
		if at+w > width && b.Len() > len(indent) {
			b.WriteString("\n" + indent)
			at, space = len(indent), ""
		}
		b.WriteString(space + word)
		space = ""
		at += w
	}
	return b.String()
}

// breakable cuts a line into words, runs of space and single wide characters. Closing punctuation stays with what it closes.
func breakable(line string) (parts []string) {
	var part []rune
	flush := func() {
		if len(part) > 0 {
			parts = append(parts, string(part))
			part = nil
		}
	}
	for _, r := range line {
		switch {
		case r == ' ':
			if len(part) > 0 && part[len(part)-1] != ' ' {
				flush()
			}
		case strings.ContainsRune("，。、：；？！」』）", r):
			if len(part) == 0 && len(parts) > 0 {
				parts[len(parts)-1] += string(r)
				continue
			}
		case wide(r):
			flush()
			part = append(part, r)
			flush()
			continue
		default:
			if len(part) > 0 && part[len(part)-1] == ' ' {
				flush()
			}
		}
		part = append(part, r)
	}
	flush()
	return parts
}

func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFF60
}

func columns(s string) (n int) {
	for _, r := range s {
		n++
		if wide(r) {
			n++
		}
	}
	return n
}
