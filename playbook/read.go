package playbook

import "candor/lang"

// A Reading is what a text says, and where.
type Reading struct {
	Tag       lang.Tag
	Text      string
	Sentences []Span
	Found     map[Signal][]Span // in the order of the text
}

// Has reports whether the text says it.
func (r Reading) Has(s Signal) bool { return len(r.Found[s]) > 0 }

// Read finds what a text says in a language; with no language it is detected. It fails only for a language that has no rules.
func Read(text string, tag lang.Tag) (Reading, error) {
	if tag == "" {
		tag = Detect(text)
	}
	set, err := Rules(tag)
	if err != nil {
		return Reading{}, err
	}
	return set.Read(text, tag), nil
}

// Read finds what a text says.
func (set *Ruleset) Read(text string, tag lang.Tag) Reading {
	n := normalise(text)
	r := Reading{Tag: tag, Text: text, Found: map[Signal][]Span{}}
	marks := make([]bool, set.index.count)
	for _, s := range n.sentences() {
		r.Sentences = append(r.Sentences, n.span(s.Start, s.End))
		sentence := n.text[s.Start:s.End]
		set.index.worth(sentence, marks)
		for _, rule := range set.rules {
			if at, ok := rule.find(sentence, marks[rule.first:]); ok {
				r.Found[rule.signal] = append(r.Found[rule.signal], n.span(s.Start+at.Start, s.Start+at.End))
			}
		}
	}
	return r
}

// find is where a sentence gives a signal. worth says which of the rule's patterns can match at all.
func (r rule) find(sentence string, worth []bool) (at Span, found bool) {
	try := func(p *pattern, i int) bool {
		if !worth[i] {
			return false
		}
		where, ok := p.find(sentence)
		if ok && !found {
			at, found = where, true
		}
		return ok
	}
	anyOf, allOf := len(r.any), len(r.any)+len(r.all)
	for i := 0; i < anyOf && !found; i++ {
		try(r.any[i], i)
	}
	if anyOf > 0 && !found {
		return Span{}, false
	}
	for i, p := range r.all {
		if !try(p, anyOf+i) {
			return Span{}, false
		}
	}
	where := at
	for i, p := range r.unless {
		if try(p, allOf+i) {
			return Span{}, false
		}
	}
	return where, found
}
