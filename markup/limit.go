package markup

import (
	"strings"
	"unicode/utf8"

	"candor/problem"
)

// Limit is the most bytes of Markdown one text may have. The longest report we read in the field has 28 kB.
const Limit = 64 << 10

// Check says whether a text can be published as it stands. It returns a problem, never another error.
func Check(md string) error {
	if len(md) > Limit {
		return problem.New(problem.TooLarge, "problem.text.long", "limit", Limit>>10)
	}
	if nested(clean(md)) {
		return problem.New(problem.Invalid, "problem.text.nested")
	}
	return nil
}

// clean cuts a text to Limit and drops what no reader can see: control characters, which also break feeds and mail, and the two marks
// that turn the direction of writing around and so can disguise a link.
func clean(md string) string {
	if len(md) > Limit {
		end := Limit
		for end > 0 && !utf8.RuneStart(md[end]) {
			end--
		}
		md = md[:end]
	}
	md = strings.ReplaceAll(md, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case r < 0x20, r >= 0x7f && r < 0xa0, r == '\u202d', r == '\u202e', r == '\ufffe', r == '\uffff', r == '\ufeff':
			return -1
		}
		return r
	}, md)
}
