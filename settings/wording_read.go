package settings

import (
	"slices"
	"strings"
	"unicode/utf8"

	"candor/problem"
)

// A part is words, a place, or a choice between branches.
type part struct {
	verb     verb
	words    string
	place    Place
	branches map[string][]part // "if" and "else", or plural forms
}

type verb int

const (
	someWords verb = iota
	aPlace
	aCondition
	aNumber
)

// deepest is how far choices may stand within one another: beyond it nobody understands the text, and a reader that calls itself needs an end.
const deepest = 8

// forms are the plural forms of all languages, in CLDR's names; "other" is every one that is not there.
var forms = [...]string{"one", "few", "many", "other"}

// ReadWording reads a text, or says what is wrong with it and where: line and column count from 1, in characters.
func ReadWording(field, source string) (Wording, *problem.Problem) {
	r := reader{field: field, source: source}
	parts, stop := r.read(0)
	if r.wrong == nil && stop != "" {
		r.fault(r.last, "problem.wording.stray", "typed", stop)
	}
	if r.wrong != nil {
		return Wording{}, r.wrong
	}
	return Wording{parts}, nil
}

type reader struct {
	field, source string
	at            int // in bytes
	last          int // where the tag read last begins
	wrong         *problem.Problem
}

// read goes on to the end or to a tag that ends a branch, which it answers.
func (r *reader) read(depth int) (parts []part, stop string) {
	for r.wrong == nil {
		text, more := r.text()
		if text != "" {
			parts = append(parts, part{words: text})
		}
		if !more {
			break
		}
		tag, ok := r.tag()
		if !ok {
			break
		}
		name, rest, _ := strings.Cut(tag, " ")
		switch {
		case tag == "else" || tag == "end" || slices.Contains(forms[:], tag):
			return parts, tag
		case name == "if" && rest != "" || name == "plural" && rest != "":
			parts = append(parts, r.choice(name, strings.TrimSpace(rest), depth+1))
		default:
			parts = append(parts, part{verb: aPlace, place: r.place(tag)})
		}
	}
	return parts, ""
}

// text is what stands before the next tag, with doubled braces made single.
func (r *reader) text() (said string, more bool) {
	var b strings.Builder
	for {
		rest := r.source[r.at:]
		open := strings.IndexByte(rest, '{')
		if open < 0 {
			b.WriteString(rest)
			r.at = len(r.source)
			return b.String(), false
		}
		b.WriteString(rest[:open])
		r.at += open
		if !strings.HasPrefix(rest[open:], "{{") {
			return b.String(), true
		}
		b.WriteByte('{')
		r.at += 2
	}
}

// longestTag is generous; what is longer is a brace that was meant as one.
const longestTag = 60

func (r *reader) tag() (tag string, ok bool) {
	r.last = r.at
	inside := r.source[r.at+1:]
	end := strings.IndexAny(inside, "{}\n")
	if end < 0 || end > longestTag || inside[end] != '}' {
		r.fault(r.last, "problem.wording.open")
		return "", false
	}
	r.at += 1 + end + 1
	return strings.TrimSpace(inside[:end]), true
}

func (r *reader) place(name string) Place {
	p := Place(name)
	if !slices.Contains(Places[:], p) {
		r.fault(r.last, "problem.wording.place", "typed", shortened(name))
	}
	return p
}

// choice reads the branches of an if or a plural up to its end.
func (r *reader) choice(verbName, name string, depth int) part {
	began := r.last
	p := part{verb: aCondition, place: r.place(name), branches: map[string][]part{}}
	if depth > deepest {
		r.fault(began, "problem.wording.deep", "most", deepest)
		return p
	}
	branch := "if"
	if verbName == "plural" {
		p.verb = aNumber
		if r.wrong == nil && !p.place.counts() {
			r.fault(began, "problem.wording.number", "typed", name)
		}
		before, first := r.read(depth)
		if r.wrong == nil && (len(before) > 0 || !slices.Contains(forms[:], first)) {
			r.fault(began, "problem.wording.form")
		}
		branch = first
	}
	for r.wrong == nil {
		parts, stop := r.read(depth)
		p.branches[branch] = parts
		if stop == "end" || r.wrong != nil {
			break
		}
		_, twice := p.branches[stop]
		switch {
		case stop == "":
			r.fault(began, "problem.wording.end", "typed", verbName+" "+name)
		case twice || (stop == "else") != (p.verb == aCondition):
			r.fault(r.last, "problem.wording.stray", "typed", stop)
		}
		branch = stop
	}
	if _, other := p.branches["other"]; r.wrong == nil && p.verb == aNumber && !other {
		r.fault(began, "problem.wording.form")
	}
	return p
}

// fault keeps the first: what follows from it would only confuse.
func (r *reader) fault(at int, key string, args ...any) {
	if r.wrong != nil {
		return
	}
	before := r.source[:at]
	line := 1 + strings.Count(before, "\n")
	column := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	r.wrong = problem.Field(r.field, key, append(args, "line", line, "column", column)...)
}

// shortened keeps what somebody typed from filling the sentence about it.
func shortened(s string) string {
	const most = 30
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
