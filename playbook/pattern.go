package playbook

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// A pattern is one way of saying something. Its regexp is made when a sentence is first worth trying it on: most never are, making all takes a
// second, and the trees of all languages are as large as everything else a calm Candor holds.
type pattern struct {
	source        string
	before, after bool // what stands before and after it is no part of a word
	made          atomic.Pointer[regexp.Regexp]
}

// A sketch is a pattern before it has a number, with the letters it cannot do without. Each need is a choice: a sentence that lacks all
// letters of one need is not tried.
type sketch struct {
	source        string
	before, after bool
	needs         [][]string
}

// Go's \b knows ASCII only. The letter before or after is looked at and not part of what was said. The letters are those of the Latin
// languages, in lower case: \p{L} knows every script, in hundreds of ranges that are searched at each letter of a text.
const (
	edgeBefore = `(?:^|[^0-9_a-zß-öø-ʯ])`
	edgeAfter  = `(?:$|[^0-9_a-zß-öø-ʯ])`
)

var wordName = regexp.MustCompile(`\{[a-z][a-z_]*\}`)

// compile reads a pattern as the rule files write it: RE2, ~ at an end for the edge of a word, {name} for one of words. What is written
// as a choice becomes several patterns: each is smaller, and most of them are not tried.
func compile(source string, words map[string]string) ([]sketch, error) {
	written, err := expand(source, words)
	if err != nil {
		return nil, err
	}
	before, after := strings.HasPrefix(written, "~"), strings.HasSuffix(written, "~") && !strings.HasSuffix(written, `\~`)
	if before {
		written = written[1:]
	}
	if after {
		written = written[:len(written)-1]
	}
	if strings.Contains(strings.ReplaceAll(written, `\~`, ""), "~") {
		return nil, fmt.Errorf("%q: ~ stands at an end only", source)
	}
	tree, err := syntax.Parse(written, syntax.Perl|syntax.FoldCase)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", source, err)
	}
	lower(tree)
	ways := []*syntax.Regexp{tree}
	if tree.Op == syntax.OpAlternate {
		ways = tree.Sub
	}
	var small []*syntax.Regexp
	for _, way := range ways {
		small = append(small, parts(way)...)
	}
	sketches := make([]sketch, len(small))
	for i, way := range small {
		sketches[i] = sketch{source: way.String(), before: before, after: after, needs: needs(way)}
	}
	return sketches, nil
}

// whole is the pattern with its edges, as RE2 reads it.
func (p *pattern) whole() string {
	before, after := "", ""
	if p.before {
		before = edgeBefore
	}
	if p.after {
		after = edgeAfter
	}
	return before + "(?:" + p.source + ")" + after
}

func (p *pattern) re() *regexp.Regexp {
	re := p.made.Load()
	if re == nil {
		re = regexp.MustCompile(p.whole())
		p.made.Store(re)
	}
	return re
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

// wideGap is from where on "some letters between" means "later in the sentence": RE2 writes a counted gap out as often as it counts, and the
// matching of such a pattern takes ten times as long.
const wideGap = 30

// lower writes a pattern for text in lower case, which is matched several times faster than text in any case.
func lower(re *syntax.Regexp) {
	if re.Op == syntax.OpRepeat && re.Min == 0 && re.Max >= wideGap {
		re.Op = syntax.OpStar
	}
	if re.Op == syntax.OpLiteral {
		for i, r := range re.Rune {
			re.Rune[i] = unicode.ToLower(r)
		}
		re.Flags &^= syntax.FoldCase
	}
	if re.Op == syntax.OpCharClass {
		re.Rune = lowerClass(re.Rune)
	}
	for _, sub := range re.Sub {
		lower(sub)
	}
}

// lowerClass leaves the capitals out of a class that lists letters. One that leaves letters out is large, and stays as it is.
func lowerClass(ranges []rune) (out []rune) {
	size := 0
	for i := 0; i+1 < len(ranges); i += 2 {
		size += int(ranges[i+1]-ranges[i]) + 1
	}
	if size > 1000 {
		for _, capitals := range [][2]rune{{'A', 'Z'}, {'À', 'Þ'}, {'Ā', 'Ā'}, {'Α', 'Α'}, {'А', 'А'}} { // Latin, Greek, Cyrillic: see without
			ranges = without(ranges, capitals[0], capitals[1])
		}
		return ranges
	}
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if unicode.ToLower(r) != r || r == 'ſ' { // NFKC writes it s
				continue
			}
			if n := len(out); n > 0 && out[n-1] == r-1 {
				out[n-1] = r
				continue
			}
			out = append(out, r, r)
		}
	}
	if len(out) == 0 { // capitals alone, of a text that has none
		return ranges
	}
	return out
}

// stands reports whether the pattern is in a sentence: most are not, and to say only that is cheaper than to say where.
func (p *pattern) stands(sentence string) bool { return p.re().MatchString(sentence) }

// without is a class less some letters. A large class that holds a letter and not its capital is written out at once; of one that holds all
// of both, syntax.Regexp.String makes sure letter by letter, for milliseconds.
func without(ranges []rune, from, until rune) (out []rune) {
	for i := 0; i+1 < len(ranges); i += 2 {
		lo, hi := ranges[i], ranges[i+1]
		if lo < from {
			out = append(out, lo, min(hi, from-1))
		}
		if hi > until {
			out = append(out, max(lo, until+1), hi)
		}
	}
	return out
}

// find is where the pattern stands in a sentence that it is in, without the letters at its edges that were only looked at.
func (p *pattern) find(sentence string) Span {
	at := p.re().FindStringIndex(sentence)
	start, end := at[0], at[1]
	if first, size := utf8.DecodeRuneInString(sentence[start:end]); p.before && !inWord(first) {
		start += size
	}
	if last, size := utf8.DecodeLastRuneInString(sentence[start:end]); p.after && !inWord(last) {
		end -= size
	}
	return Span{start, end}
}

func inWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'ß' && r <= 'ö' || r >= 'ø' && r <= 'ʯ'
}
