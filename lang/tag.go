package lang

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// A Tag names a language a reader can choose, as it stands in the path of a page: "de", "zh-Hant".
type Tag string

// Handles for the languages the first release speaks. Nothing is decided by them; the catalogues decide what is spoken.
const (
	English            Tag = "en"
	German             Tag = "de"
	Spanish            Tag = "es"
	Indonesian         Tag = "id"
	ChineseTraditional Tag = "zh-Hant"
)

// All are the languages that have a catalogue, English first, then by tag. The slice is the caller's own.
func All() []Tag {
	return slices.Clone(loaded().tags)
}

// Parse accepts the tag of a language that has a catalogue, in any case, and returns it as it is written in paths.
func Parse(s string) (Tag, error) {
	for _, tag := range loaded().tags {
		if strings.EqualFold(string(tag), s) {
			return tag, nil
		}
	}
	return "", fmt.Errorf("no catalogue for language %q", cut(s, 35))
}

// Known reports whether the language has a catalogue.
func (t Tag) Known() bool {
	_, ok := loaded().byTag[t]
	return ok
}

// Path is the language's segment in a URL, without slashes.
func (t Tag) Path() string { return string(t) }

// Name is what the language calls itself: a reader looks for their own word, not for ours.
func (t Tag) Name() string { return For(t).T("_name") }

// longestAccept bounds the work a stranger's header can cause; browsers send under 200 bytes.
const longestAccept = 1000

// Match picks the language for a visitor who has not chosen one, from their browser's Accept-Language header. A reader of zh-TW or zh-HK
// gets zh-Hant. Without any kinship between what is accepted and what is offered it is the fallback.
func Match(acceptLanguage string, offered []Tag, fallback Tag) Tag {
	return Offer(offered, fallback).Match(acceptLanguage)
}

// An Offering matches many visitors against the same languages. Preparing one costs more than using it, so a busy page keeps it.
type Offering struct {
	tags     []Tag
	matcher  language.Matcher
	fallback Tag
}

// Offer prepares to match visitors against these languages.
func Offer(tags []Tag, fallback Tag) Offering {
	supported := make([]language.Tag, len(tags))
	for i, tag := range tags {
		supported[i] = language.Make(string(tag))
	}
	return Offering{tags: slices.Clone(tags), matcher: language.NewMatcher(supported), fallback: fallback}
}

// Match picks the language for one visitor, as the function Match does.
func (o Offering) Match(acceptLanguage string) Tag {
	if acceptLanguage == "" || len(acceptLanguage) > longestAccept || len(o.tags) == 0 {
		return o.fallback
	}
	accepted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(accepted) == 0 {
		return o.fallback
	}
	_, index, confidence := o.matcher.Match(accepted...)
	if confidence == language.No {
		return o.fallback
	}
	return o.tags[index]
}

// cut keeps what a stranger sent from filling a log line.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
