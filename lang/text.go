package lang

import (
	"strings"
)

// A Text is what a person wrote, in each language they wrote it in: a title, a body, a component's name. It is JSON's object of tag and
// words. What was not translated is shown in another language rather than withheld, and the page says so.
type Text map[Tag]string

// In is the text for a reader: in their language, else in the fallback (the company's own), else in the first language that has any.
// Where used is not the language asked for, the face says so beside it. An empty text is "" in the language asked for.
func (t Text) In(tag, fallback Tag) (s string, used Tag) {
	for _, try := range []Tag{tag, fallback} {
		if s := t[try]; !isBlank(s) {
			return s, try
		}
	}
	for _, try := range loaded().tags {
		if s := t[try]; !isBlank(s) {
			return s, try
		}
	}
	return "", tag
}

// Empty reports whether nobody wrote anything in any language we speak.
func (t Text) Empty() bool {
	s, _ := t.In("", "")
	return s == ""
}

// Trimmed is the text without space around the words and without languages left blank or not spoken here.
func (t Text) Trimmed() Text {
	trimmed := make(Text, len(t))
	for tag, s := range t {
		if !isBlank(s) && tag.Known() {
			trimmed[tag] = strings.TrimSpace(s)
		}
	}
	return trimmed
}

func isBlank(s string) bool { return strings.TrimSpace(s) == "" }
