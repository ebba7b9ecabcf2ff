package playbook

import (
	"cmp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

const (
	shortNeed = 2   // bytes worth looking for
	mostNeeds = 8   // of a pattern, one bit each
	mostWays  = 600 // of writing one need; a choice that is wider is no need
)

// needs are choices of letters: whatever a pattern matches has at least one of each choice in it.
func needs(re *syntax.Regexp) [][]string {
	c := &collector{}
	c.add(re)
	c.flush()
	slices.SortStableFunc(c.needs, rarer)
	return c.needs[:min(len(c.needs), mostNeeds)]
}

// rarer puts choices first that few sentences meet: long letters, then few of them.
func rarer(a, b []string) int {
	return cmp.Or(cmp.Compare(shortest(b), shortest(a)), cmp.Compare(len(a), len(b)))
}

func shortest(ways []string) int {
	least := 5 // from here on longer is no rarer
	for _, w := range ways {
		least = min(least, len(w))
	}
	return least
}

// A collector walks a pattern from left to right. ways are all the letters that the part since the last gap can be.
type collector struct {
	ways  []string
	needs [][]string
}

func (c *collector) add(re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			c.add(sub)
		}
		return
	case syntax.OpCapture:
		c.add(re.Sub[0])
		return
	}
	if ways := exact(re); ways != nil {
		c.times(ways)
		return
	}
	switch re.Op {
	case syntax.OpPlus: // the first of them follows on what was before
		ways := exact(re.Sub[0])
		c.times(ways)
		if ways == nil {
			c.needs = append(c.needs, needs(re.Sub[0])...)
		}
		c.flush()
		return
	case syntax.OpAlternate:
		c.flush()
		if choice := anyOf(re.Sub); choice != nil {
			c.needs = append(c.needs, choice)
		}
		return
	case syntax.OpRepeat:
		c.flush()
		if re.Min > 0 {
			c.needs = append(c.needs, needs(re.Sub[0])...)
		}
		return
	}
	c.flush()
}

// times goes on with each of the ways after each of those so far.
func (c *collector) times(ways []string) {
	if len(ways) == 0 {
		c.flush()
		return
	}
	if c.ways == nil {
		c.ways = []string{""}
	}
	if len(c.ways)*len(ways) > mostWays {
		c.flush()
		c.ways = ways
		return
	}
	c.ways = products(c.ways, ways)
}

// flush ends what stands together. A way of too few letters would be found everywhere.
func (c *collector) flush() {
	if len(c.ways) > 0 && !slices.ContainsFunc(c.ways, common) {
		c.needs = append(c.needs, starts(c.ways))
	}
	c.ways = nil
}

// common reports whether letters are too few to be looked for: one is found everywhere, unless it is a figure or a sign.
func common(w string) bool {
	return len(w) == 0 || len(w) < shortNeed && (w[0] >= 'a' && w[0] <= 'z' || strings.ContainsAny(w, " .,\n"))
}

// starts leaves out the ways that another one begins: who looks for "user" finds "users".
func starts(ways []string) []string {
	slices.Sort(ways)
	kept := ways[:1]
	for _, w := range ways[1:] {
		if !strings.HasPrefix(w, kept[len(kept)-1]) {
			kept = append(kept, w)
		}
	}
	return kept
}

// anyOf is one choice for several patterns of which one matches: the rarest of each, together.
func anyOf(patterns []*syntax.Regexp) (choice []string) {
	for _, sub := range patterns {
		ways := needs(sub)
		if len(ways) == 0 {
			return nil
		}
		choice = append(choice, ways[0]...)
	}
	return starts(choice)
}

// exact are all the letters a pattern can be, nil if they are too many to list.
func exact(re *syntax.Regexp) []string {
	if width(re) == 0 {
		return nil
	}
	return written(re)
}

// width is how many ways of writing a pattern has, 0 if they are too many to list.
func width(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpCapture:
		return width(re.Sub[0])
	case syntax.OpQuest:
		if n := width(re.Sub[0]); n > 0 {
			return n + 1
		}
	case syntax.OpCharClass:
		return widthOfClass(re.Rune)
	case syntax.OpConcat:
		all := 1
		for _, sub := range re.Sub {
			if all *= width(sub); all == 0 || all > mostWays {
				return 0
			}
		}
		return all
	case syntax.OpAlternate:
		all := 0
		for _, sub := range re.Sub {
			n := width(sub)
			if all += n; n == 0 || all > mostWays {
				return 0
			}
		}
		return all
	case syntax.OpLiteral, syntax.OpEmptyMatch, syntax.OpWordBoundary, syntax.OpNoWordBoundary, syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine:
		return 1
	}
	return 0
}

// written lists the letters of a pattern that has a width.
func written(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpCapture:
		return written(re.Sub[0])
	case syntax.OpQuest:
		return append(written(re.Sub[0]), "")
	case syntax.OpCharClass:
		return writtenClass(re.Rune)
	case syntax.OpConcat:
		all := []string{""}
		for _, sub := range re.Sub {
			all = products(all, written(sub))
		}
		return all
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			all = append(all, written(sub)...)
		}
		return all
	}
	return []string{""} // an edge
}

// widthOfClass lists few letters only; emoji are rare enough to be looked for one by one.
func widthOfClass(ranges []rune) (n int) {
	for i := 0; i+1 < len(ranges); i += 2 {
		most := 12
		if ranges[i] > unicode.MaxLatin1 {
			most = mostWays
		}
		if n += int(ranges[i+1]-ranges[i]) + 1; n > most {
			return 0
		}
	}
	return n
}

func writtenClass(ranges []rune) (ways []string) {
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			ways = append(ways, string(r))
		}
	}
	return ways
}

func products(before, after []string) []string {
	if len(before) == 1 && before[0] == "" {
		return after
	}
	all := make([]string, 0, len(before)*len(after))
	for _, b := range before {
		for _, a := range after {
			all = append(all, b+a)
		}
	}
	return all
}
