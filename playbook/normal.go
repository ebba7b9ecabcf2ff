package playbook

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A Span is a piece of a text, in bytes of the text as it was given.
type Span struct{ Start, End int }

// A normal text is what patterns look at: NFKC in lower case with straight quotes and single spaces, a line break only where one thought
// ends. at[i] is where byte i came from, and at[len(text)] the end.
type normal struct {
	text     string
	at       []int
	original string
}

// wrapped is how long a line is before its break is taken for an editor's wrapping and not for the writer's full stop.
const wrapped = 60

func normalise(original string) normal {
	n := normaliser{original: original, out: make([]byte, 0, len(original)), at: make([]int, 0, len(original)+1)}
	var it norm.Iter
	it.InitString(norm.NFKC, original)
	for !it.Done() {
		from := it.Pos()
		for _, r := range string(it.Next()) {
			n.add(r, from)
		}
	}
	n.at = append(n.at, len(original))
	return normal{text: string(n.out), at: n.at, original: original}
}

type normaliser struct {
	original string
	out      []byte
	at       []int
	line     int // runes since the last break
}

func (n *normaliser) add(r rune, from int) {
	switch {
	case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f':
		n.lineBreak(from)
		return
	case unicode.IsSpace(r):
		if last := n.last(); last == ' ' || last == '\n' || last == 0 {
			return
		}
		r = ' '
	case unicode.Is(unicode.Cf, r) && r != '\u200d': // soft hyphens, byte order marks; the joiner holds emoji together
		return
	case r == '*' || r == '_' || r == '`':
		if n.emphasis(r, from) {
			return
		}
	default:
		r = unicode.ToLower(plainQuote(r))
	}
	n.write(r, from)
}

// emphasis reports whether a mark is Markdown's and not a word's or an emoticon's.
func (n *normaliser) emphasis(r rune, from int) bool {
	before, _ := utf8.DecodeLastRuneInString(n.original[:from])
	after, _ := utf8.DecodeRuneInString(n.original[from+1:])
	if r == '_' && letterOrDigit(before) && letterOrDigit(after) {
		return false
	}
	return before == r || after == r || letterOrDigit(before) || letterOrDigit(after)
}

func letterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// lineBreak ends a thought, unless an editor broke a long line: then the next line goes on with it.
func (n *normaliser) lineBreak(from int) {
	rest := strings.TrimLeft(n.original[from+1:], " \t\r")
	first, _ := utf8.DecodeRuneInString(rest)
	goesOn := n.line >= wrapped && (unicode.IsLetter(first) || unicode.IsDigit(first)) && !unicode.Is(unicode.Han, first)
	switch last := n.last(); {
	case last == 0 || last == '\n' || goesOn && last == ' ':
	case goesOn:
		n.write(' ', from)
	case last == ' ':
		n.out[len(n.out)-1] = '\n'
	default:
		n.write('\n', from)
	}
	n.line = 0
}

func (n *normaliser) last() byte {
	if len(n.out) == 0 {
		return 0
	}
	return n.out[len(n.out)-1]
}

func (n *normaliser) write(r rune, from int) {
	size := len(n.out)
	n.out = utf8.AppendRune(n.out, r)
	for range len(n.out) - size {
		n.at = append(n.at, from)
	}
	n.line++
}

func plainQuote(r rune) rune {
	switch r {
	case '’', '‘', 'ʼ', '´', '‛':
		return '\''
	case '“', '”', '„', '«', '»', '‟':
		return '"'
	case '‐', '‑':
		return '-'
	}
	return r
}

// span is where a piece of the normal text stands in the original. Marks and spaces that were dropped behind it are not part of what was said.
func (n normal) span(start, end int) Span {
	from := n.at[start]
	return Span{from, from + len(strings.TrimRight(n.original[from:n.at[end]], " \t\r\n*_`\u00a0\u200b"))}
}

// upper reports whether the original letter behind byte i is a capital.
func (n normal) upper(i int) bool {
	if i >= len(n.text) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(n.original[n.at[i]:])
	return unicode.IsUpper(r)
}
