package playbook

import (
	"slices"

	"candor/lang"
)

// A Reading is what a text says, and where.
type Reading struct {
	Tag       lang.Tag
	Text      string
	Sentences []Span
	Found     map[Signal][]Span // in the order of the text
	normal    normal
	pieces    []Span // the sentences in the normal text
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

// longestRead is in bytes. Nothing longer is ever published, and nobody waits for it to be read.
const longestRead = 100_000

// ReadAll reads a text in every language it is written in. What has no rules, or is longer than any text, is left out.
func ReadAll(text lang.Text) map[lang.Tag]Reading {
	all := map[lang.Tag]Reading{}
	for tag, words := range text.Trimmed() {
		if len(words) > longestRead {
			continue
		}
		if r, err := Read(words, tag); err == nil {
			all[tag] = r
		}
	}
	return all
}

// Read finds what a text says.
func (set *Ruleset) Read(text string, tag lang.Tag) Reading {
	r := Reading{Tag: tag, Text: text, normal: normalise(text)}
	r.pieces = r.normal.sentences()
	for _, s := range r.pieces {
		r.Sentences = append(r.Sentences, r.normal.span(s.Start, s.End))
	}
	r.Found = set.find(r)
	return r
}

// find looks for the set's signals in a text that was cut into sentences already.
func (set *Ruleset) find(r Reading) map[Signal][]Span {
	found := map[Signal][]Span{}
	look := looker{set: set, met: make([]uint8, len(set.patterns)), seen: make([]sight, len(set.patterns))}
	for _, s := range r.pieces {
		look.at(r.normal.text[s.Start:s.End])
		for _, rule := range set.rules {
			if at, ok := look.gives(rule); ok {
				found[rule.signal] = append(found[rule.signal], r.normal.span(s.Start+at.Start, s.Start+at.End))
			}
		}
	}
	return found
}

// A looker looks at one sentence, at most once with each pattern.
type looker struct {
	set      *Ruleset
	sentence string
	number   int // of the sentence
	met      []uint8
	seen     []sight
}

// A sight is what one pattern saw, and in which sentence.
type sight struct {
	number int
	found  bool
}

func (l *looker) at(sentence string) {
	l.sentence = sentence
	l.number++
	l.set.index.meet(sentence, l.met)
}

func (l *looker) sees(pattern int) bool {
	if l.met[pattern] != l.set.index.needs[pattern] {
		return false
	}
	s := &l.seen[pattern]
	if s.number != l.number {
		s.number, s.found = l.number, l.set.patterns[pattern].stands(l.sentence)
	}
	return s.found
}

// one is the first of some patterns that is seen, or -1.
func (l *looker) one(patterns []int) int {
	if i := slices.IndexFunc(patterns, l.sees); i >= 0 {
		return patterns[i]
	}
	return -1
}

// gives is where the sentence gives a rule's signal: one of any, one of each of all, none of unless.
func (l *looker) gives(r rule) (at Span, found bool) {
	last := -1
	for _, choice := range r.all {
		if last = l.one(choice); last < 0 {
			return Span{}, false
		}
	}
	if len(r.any) > 0 {
		last = l.one(r.any)
	}
	if last < 0 || l.one(r.unless) >= 0 {
		return Span{}, false
	}
	return l.set.patterns[last].find(l.sentence), true
}
