package playbook

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/settings"
)

// A House is what a company asks of its words besides what everybody is asked: the words its customers do not know, and rules of its own.
type House struct {
	glossary map[lang.Tag][]settings.Term
	rules    []ownRule
	sets     map[string]func() (*Ruleset, problem.List) // by base language, made when somebody writes in it
}

// HouseOf is what a company chose, once CheckOwnRules has let it through; rules that cannot be read find nothing.
func HouseOf(w settings.Words) *House {
	h := &House{glossary: w.Glossary}
	if file, wrong := readOwnFile(w.Rules); len(wrong) == 0 {
		h.rules, h.sets = file.Rules, ownSets(file)
	}
	return h
}

// house says what only this company would.
func (k *colleague) house() {
	if h := k.context.House; h != nil {
		k.jargon(h)
		k.ownRules(h)
	}
}

func (k *colleague) jargon(h *House) {
	said := map[string]bool{}
	for tag, terms := range h.glossary {
		if base(tag) != base(k.Tag) {
			continue
		}
		for _, term := range terms {
			at, ok := k.word(term.Jargon)
			if !ok || said[term.Jargon] {
				continue
			}
			said[term.Jargon] = true
			k.say(RuleJargon, Hint, at)
			k.findings[len(k.findings)-1].Own = &Saying{Instead: term.Plain}
		}
	}
}

// word is where a term stands by itself. As it is written in small letters it is found in any; with a capital (RCA) only as it is written.
func (r Reading) word(term string) (Span, bool) {
	if small := strings.ToLower(term); small == term {
		at := wholeWord(r.normal.text, small)
		if at < 0 {
			return Span{}, false
		}
		return r.normal.span(at, at+len(small)), true
	}
	at := wholeWord(r.Text, term)
	return Span{at, at + len(term)}, at >= 0
}

// wholeWord is where a word stands by itself, as it is written, or -1.
func wholeWord(text, word string) int {
	for from := 0; word != ""; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			break
		}
		at := from + i
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(word):])
		if !letterOrDigit(before) && !letterOrDigit(after) || hanIn(word) > 0 {
			return at
		}
		from = at + len(word)
	}
	return -1
}

func (k *colleague) ownRules(h *House) {
	made := h.sets[base(k.Tag)]
	if made == nil {
		return
	}
	set, _ := made()
	found := set.find(k.Reading)
	for n, rule := range h.rules {
		if rule.concerns(k.context) {
			for _, at := range found[ownSignal(n)] {
				k.say(ownPrefix+FindingRule(rule.Name), rule.Level, at)
				last := &k.findings[len(k.findings)-1]
				last.Own, last.Source = &Saying{Why: rule.Why, Instead: rule.Instead}, cmp.Or(rule.Source, ownSource)
			}
		}
	}
}

// ownSource stands where a company does not say whose experience is behind a rule.
const ownSource = "Your own rules"

// concerns reports whether a rule is about such a text at all.
func (r ownRule) concerns(c Context) bool {
	return (len(r.Kinds) == 0 || slices.Contains(r.Kinds, c.Kind)) && (len(r.Impacts) == 0 || slices.Contains(r.Impacts, c.Impact)) &&
		(len(r.Incidents) == 0 || slices.Contains(r.Incidents, cmp.Or(c.Incident, incident.Outage)))
}
