package playbook

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
)

// A pattern is one way of saying something, with the letters it cannot do without: without one of them in a sentence it is not tried.
type pattern struct {
	re    *regexp.Regexp
	needs []string
}

// Go's \b knows ASCII only. The letter before or after is looked at and not part of what was said: that is the first group.
const (
	edgeBefore = `(?:^|[^\p{L}\p{M}\p{N}_])`
	edgeAfter  = `(?:$|[^\p{L}\p{M}\p{N}_])`
)

var wordName = regexp.MustCompile(`\{[a-z][a-z_]*\}`)

// compile reads a pattern as the rule files write it: RE2, ~ at an end for the edge of a word, {name} for one of words.
func compile(source string, words map[string]string) (*pattern, error) {
	written, err := expand(source, words)
	if err != nil {
		return nil, err
	}
	before, after := "", ""
	if strings.HasPrefix(written, "~") {
		written, before = written[1:], edgeBefore
	}
	if strings.HasSuffix(written, "~") && !strings.HasSuffix(written, `\~`) {
		written, after = written[:len(written)-1], edgeAfter
	}
	if strings.Contains(strings.ReplaceAll(written, `\~`, ""), "~") {
		return nil, fmt.Errorf("%q: ~ stands at an end only", source)
	}
	tree, err := syntax.Parse(written, syntax.Perl|syntax.FoldCase)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", source, err)
	}
	lower(tree)
	re, err := regexp.Compile(before + "(" + tree.String() + ")" + after)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", source, err)
	}
	return &pattern{re: re, needs: needs(tree.Simplify())}, nil
}

func expand(source string, words map[string]string) (string, error) {
	var err error
	for range 6 { // words may be made of words
		if !wordName.MatchString(source) {
			return source, err
		}
		source = wordName.ReplaceAllStringFunc(source, func(name string) string {
			word, ok := words[name[1:len(name)-1]]
			if !ok {
				err = fmt.Errorf("no word %s", name)
			}
			return "(?:" + word + ")"
		})
	}
	return "", fmt.Errorf("%q: words made of themselves", source)
}

// lower writes a pattern for text in lower case, which is matched several times faster than text in any case.
func lower(re *syntax.Regexp) {
	if re.Op == syntax.OpLiteral {
		for i, r := range re.Rune {
			re.Rune[i] = unicode.ToLower(r)
		}
		re.Flags &^= syntax.FoldCase
	}
	for _, sub := range re.Sub {
		lower(sub)
	}
}

// shortNeed is the least that is worth looking for: one Chinese character, three letters.
const shortNeed = 3

// needs are letters of which a match has at least one; nil where nothing can be said.
func needs(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if s := string(re.Rune); len(s) >= shortNeed {
			return []string{s}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return needs(re.Sub[0])
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			one := needs(sub)
			if one == nil {
				return nil
			}
			all = append(all, one...)
		}
		return all
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if one := needs(sub); rarer(one, best) {
				best = one
			}
		}
		return best
	}
	return nil
}

// rarer prefers long letters, then few: they are tried for less often.
func rarer(a, b []string) bool {
	if a == nil || b == nil {
		return a != nil
	}
	x, y := shortest(a), shortest(b)
	return x > y || x == y && len(a) < len(b)
}

func shortest(words []string) int {
	least := len(words[0])
	for _, w := range words {
		if len(w) < least {
			least = len(w)
		}
	}
	return least
}

// find is where the pattern stands in a sentence.
func (p *pattern) find(sentence string) (Span, bool) {
	at := p.re.FindStringSubmatchIndex(sentence)
	if at == nil {
		return Span{}, false
	}
	return Span{at[2], at[3]}, true
}
