package letter

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// An Encoding is how a text message travels; one character that GSM-7 does not know makes the whole message more than twice as long.
type Encoding string

const (
	GSM7 Encoding = "gsm7" // 3GPP TS 23.038, 160 to a message or 153 to a part
	UCS2 Encoding = "ucs2" // 70 to a message or 67 to a part
)

// whole and part are how many units fit into a message that stands alone, and into each part of one that does not: the header that puts
// parts together again takes the rest (3GPP TS 23.040).
var sizes = map[Encoding]struct{ whole, part int }{GSM7: {160, 153}, UCS2: {70, 67}}

// gsmBasic is the default alphabet without its escape, gsmExtended what follows an escape and so costs two.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€"
)

// Segments is a text as the networks carry and bill it.
type Segments struct {
	Encoding Encoding
	Units    int      // septets or UTF-16 units
	Parts    []string // each is billed as one message
}

// InSegments counts and cuts a text. No part ends between an escape and its character, nor between the halves of a surrogate pair: half a
// character on either side is what phones show as a box. Text that is not UTF-8 counts as it would be sent, with U+FFFD.
func InSegments(text string) Segments {
	s := Segments{Encoding: encodingOf(text)}
	for _, r := range text {
		s.Units += s.Encoding.cost(r)
	}
	if text == "" {
		return s
	}
	if s.Units <= sizes[s.Encoding].whole {
		s.Parts = []string{text}
		return s
	}
	used, from := 0, 0
	for at, r := range text {
		c := s.Encoding.cost(r)
		if used+c > sizes[s.Encoding].part {
			s.Parts = append(s.Parts, text[from:at])
			used, from = 0, at
		}
		used += c
	}
	s.Parts = append(s.Parts, text[from:])
	return s
}

func encodingOf(text string) Encoding {
	for _, r := range text {
		if !strings.ContainsRune(gsmBasic, r) && !strings.ContainsRune(gsmExtended, r) {
			return UCS2
		}
	}
	return GSM7
}

// cost is how many units a character takes.
func (e Encoding) cost(r rune) int {
	switch {
	case e == GSM7 && strings.ContainsRune(gsmExtended, r):
		return 2
	case e == UCS2:
		return max(utf16.RuneLen(r), 1)
	}
	return 1
}

// plainly replaces the typographer's marks that GSM-7 lacks: a curly quotation mark is not worth a second message. Letters stay as long as
// they fit: a name without its accent is another name.
var plainly = strings.NewReplacer(
	"“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‘", "'", "’", "'", "‚", "'", "–", "-", "—", "-", "‑", "-", "−", "-", "…", "...",
	"\u00a0", " ", "\u202f", " ", "\u2009", " ", "\t", " ", "×", "x", "•", "-",
)

// shorten finds the longest beginning of words, cut between words, with which the text that compose makes of it fits into so many parts.
// What must be said anyway may take more by itself; then nothing of the words is left.
func shorten(words string, parts int, compose func(string) string) string {
	text := compose(words)
	for len(InSegments(text).Parts) > parts && words != "" {
		words = lessOf(words)
		rest := words
		if rest != "" {
			rest += "…"
		}
		text = compose(rest)
	}
	return text
}

// lessOf drops the last word, or the last character of a script that has no spaces.
func lessOf(words string) string {
	_, size := utf8.DecodeLastRuneInString(words)
	cut := len(words) - size
	if space := strings.LastIndexByte(words[:cut], ' '); space > len(words)-24 && space >= 0 {
		cut = space
	}
	return strings.TrimRight(words[:cut], " ,;:.-")
}
