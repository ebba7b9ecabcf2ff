package playbook

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// An index finds the patterns worth trying on a sentence in one pass over its letters: hundreds of patterns tried one by one would take
// longer than a person types. It lies in few large pieces, for it stays as long as Candor runs.
type index struct {
	singles, pairs, starts lookup  // needs of one byte, of two, and longer ones by their first three
	needs                  []uint8 // per pattern, one bit for each of its needs
}

// A need is letters, and which needs of which patterns they meet: many patterns need the same.
type need struct {
	letters string
	meets   []met
}

type met struct {
	pattern uint16
	bit     uint8
}

// A lookup holds needs at places, most of which have none: the bits say that from the nearest memory there is. A place's entry is how many
// places before it have one, counted from the last multiple of 64.
type lookup struct {
	bits   []uint64
	before []uint16 // entries before each word of bits
	first  []uint32 // per entry, the first of its needs; one more says where the last ends
	needs  []need
}

func (l *lookup) at(at uint32) []need {
	word, bit := l.bits[at>>6], uint64(1)<<(at&63)
	if word&bit == 0 {
		return nil
	}
	entry := int(l.before[at>>6]) + bits.OnesCount64(word&(bit-1))
	return l.needs[l.first[entry]:l.first[entry+1]]
}

// An entry is one choice of letters that one pattern needs, on its way into a lookup.
type entry struct {
	letters string
	place   uint32
	met     met
}

func lookupOf(places int, entries []entry) lookup {
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.letters, b.letters))
	})
	l := lookup{bits: make([]uint64, places/64), before: make([]uint16, places/64)}
	meets := make([]met, len(entries))
	for i, e := range entries {
		meets[i] = e.met
	}
	same := func(a, b entry) bool { return a.letters == b.letters } // so is their place
	distinct := 0
	for i := range entries {
		if i == 0 || !same(entries[i-1], entries[i]) {
			distinct++
		}
	}
	l.needs = make([]need, 0, distinct)
	for from := 0; from < len(entries); {
		until := from + 1
		for until < len(entries) && same(entries[from], entries[until]) {
			until++
		}
		at := entries[from].place
		if l.bits[at>>6]&(1<<(at&63)) == 0 {
			l.bits[at>>6] |= 1 << (at & 63)
			l.first = append(l.first, uint32(len(l.needs)))
		}
		l.needs = append(l.needs, need{entries[from].letters, meets[from:until:until]})
		from = until
	}
	l.first = slices.Clip(append(l.first, uint32(len(l.needs))))
	for i, n := 0, 0; i < len(l.bits); i++ {
		l.before[i] = uint16(n)
		n += bits.OnesCount64(l.bits[i])
	}
	letters := make([]*string, len(l.needs))
	for i := range l.needs {
		letters[i] = &l.needs[i].letters
	}
	pack(letters)
	return l
}

// pack moves texts into one piece of memory.
func pack(texts []*string) {
	size := 0
	for _, t := range texts {
		size += len(*t)
	}
	var all strings.Builder
	all.Grow(size)
	for _, t := range texts {
		all.WriteString(*t)
	}
	rest := all.String()
	for _, t := range texts {
		*t, rest = rest[:len(*t)], rest[len(*t):]
	}
}

// indexOf indexes what each pattern needs.
func indexOf(needs [][][]string) *index {
	x := &index{needs: make([]uint8, len(needs))}
	var count [4]int // of letters of one byte, of two, of more
	for _, choices := range needs {
		for _, choice := range choices {
			for _, letters := range choice {
				count[min(len(letters), 3)]++
			}
		}
	}
	singles, pairs, starts := make([]entry, 0, count[1]), make([]entry, 0, count[2]), make([]entry, 0, count[3])
	for number, choices := range needs {
		for bit, choice := range choices {
			x.needs[number] |= 1 << bit
			for _, letters := range choice {
				m := met{uint16(number), 1 << bit}
				switch len(letters) {
				case 1:
					singles = append(singles, entry{letters, uint32(letters[0]), m})
				case 2:
					pairs = append(pairs, entry{letters, pair(letters), m})
				default:
					starts = append(starts, entry{letters, three(letters), m})
				}
			}
		}
	}
	x.singles, x.pairs, x.starts = lookupOf(1<<8, singles), lookupOf(1<<16, pairs), lookupOf(1<<16, starts)
	return x
}

func pair(s string) uint32 { return uint32(s[0])<<8 | uint32(s[1]) }

// three spreads three bytes over the table; what falls together is told apart by its letters.
func three(s string) uint32 { return pair(s) ^ uint32(s[2])*0x1f35&0xffff }

// meet marks which needs of which patterns a sentence meets: a pattern with all of them met can match.
func (x *index) meet(sentence string, so []uint8) {
	clear(so)
	var seen [256]bool
	for i := range len(sentence) {
		if b := sentence[i]; !seen[b] {
			seen[b] = true
			note(so, x.singles.at(uint32(b)))
		}
		if i+2 > len(sentence) {
			return
		}
		note(so, x.pairs.at(pair(sentence[i:])))
		if i+3 > len(sentence) {
			continue
		}
		for _, n := range x.starts.at(three(sentence[i:])) {
			if len(sentence)-i >= len(n.letters) && sentence[i:i+len(n.letters)] == n.letters {
				n.note(so)
			}
		}
	}
}

func note(so []uint8, needs []need) {
	for _, n := range needs {
		n.note(so)
	}
}

func (n need) note(so []uint8) {
	for _, m := range n.meets {
		so[m.pattern] |= m.bit
	}
}
