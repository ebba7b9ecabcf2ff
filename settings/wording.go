package settings

import (
	"strings"

	"candor/problem"
)

// A Wording is a prepared text with places that are filled in when it is used:
//
//	{components}                              the value of a place
//	{if since}, since {since}{else}…{end}     only where the place has a value
//	{plural count}{one}is{other}are{end}      the form a number takes in the language of the text
//	{{                                        a brace
//
// That is the whole language. It has no calls, no loops, no includes and no way to anything outside the places of its own list, so that
// whoever may edit a text may write nothing but a text (V6, V7, V8). Values are written as they are and never read again.
type Wording struct{ parts []part }

// A Place is what may be filled in.
type Place string

// Places of prepared words. A test counts them: what is added here can be read by everybody who edits a text.
const (
	Company    Place = "company"    // the company's name
	Components Place = "components" // what is affected, as a list; "our service" where nothing is named
	Named      Place = "named"      // the same list; nothing where nothing is named
	Count      Place = "count"      // how many components are named
	Since      Place = "since"      // when it began
	Lasted     Place = "lasted"     // how long it has lasted
)

// Places in the order they are explained.
var Places = [...]Place{Components, Named, Count, Company, Since, Lasted}

func (p Place) counts() bool { return p == Count }

// A Value is what stands in a place: words, and for a place that counts the number they say.
type Value struct {
	Said   string
	Number int
}

// A Filling is the values of the places. One that is missing says nothing.
type Filling map[Place]Value

// longestFilled bounds what a text becomes: a page, a mail and a feed can carry it. The time to fill it is bounded by the same, since every
// step either writes or moves on in a text that is bounded itself.
const longestFilled = 64 << 10

// Fill writes the text. form says which plural form a number takes in the language of the text.
func (w Wording) Fill(values Filling, form func(n int) string) (string, error) {
	f := filler{values: values, form: form}
	if !f.write(w.parts) {
		return "", problem.New(problem.Invalid, "problem.wording.filled", "limit", longestFilled>>10)
	}
	return f.String(), nil
}

type filler struct {
	strings.Builder
	values Filling
	form   func(n int) string
}

// write reports whether there was room for everything.
func (f *filler) write(parts []part) bool {
	for _, p := range parts {
		said := p.words
		if p.verb == aPlace {
			said = f.values[p.place].Said
		}
		if f.Len()+len(said) > longestFilled {
			return false
		}
		f.WriteString(said)
		if !f.write(f.chosen(p)) {
			return false
		}
	}
	return true
}

// chosen is the branch that a condition or a number takes.
func (f *filler) chosen(p part) []part {
	value := f.values[p.place]
	switch p.verb {
	case aCondition:
		if value.Said != "" && !(p.place.counts() && value.Number == 0) {
			return p.branches["if"]
		}
		return p.branches["else"]
	case aNumber:
		if branch, has := p.branches[f.form(value.Number)]; has {
			return branch
		}
		return p.branches["other"]
	}
	return nil
}
