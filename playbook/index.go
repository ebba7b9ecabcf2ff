package playbook

import "slices"

// An index finds the patterns worth trying on a sentence in one pass over its letters: hundreds of patterns tried one by one would take
// longer than a person types.
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

// A lookup is a table of few entries among many places. Most letters of most sentences are in none, which the bits say from the nearest
// memory there is.
type lookup struct {
	bits  []uint64
	place []uint16 // in lists
	lists [][]need
}

func newLookup(places int) lookup {
	return lookup{bits: make([]uint64, places/64), place: make([]uint16, places)}
}

// clip gives back what growing left over.
func (l *lookup) clip() {
	for i, list := range l.lists {
		for j := range list {
			list[j].meets = slices.Clone(list[j].meets)
		}
		l.lists[i] = slices.Clone(list)
	}
}

func (l *lookup) add(at int, letters string, m met) {
	if l.bits[at>>6]&(1<<(at&63)) == 0 {
		l.bits[at>>6] |= 1 << (at & 63)
		l.place[at] = uint16(len(l.lists)) // there are no more places than that
		l.lists = append(l.lists, nil)
	}
	list := &l.lists[l.place[at]]
	for i := range *list {
		if (*list)[i].letters == letters {
			(*list)[i].meets = append((*list)[i].meets, m)
			return
		}
	}
	*list = append(*list, need{letters, []met{m}})
}

func (l *lookup) at(at int) []need {
	if l.bits[at>>6]&(1<<(at&63)) == 0 {
		return nil
	}
	return l.lists[l.place[at]]
}

func indexOf(patterns []*pattern) *index {
	x := &index{singles: newLookup(1 << 8), pairs: newLookup(1 << 16), starts: newLookup(1 << 16), needs: make([]uint8, len(patterns))}
	for number, p := range patterns {
		needs := p.needs
		p.needs = nil
		for bit, choice := range needs {
			x.needs[number] |= 1 << bit
			for _, letters := range choice {
				m := met{uint16(number), 1 << bit}
				switch len(letters) {
				case 1:
					x.singles.add(int(letters[0]), letters, m)
				case 2:
					x.pairs.add(pair(letters), letters, m)
				default:
					x.starts.add(three(letters), letters, m)
				}
			}
		}
	}
	x.singles.clip()
	x.pairs.clip()
	x.starts.clip()
	return x
}

func pair(s string) int { return int(s[0])<<8 | int(s[1]) }

// three spreads three bytes over the table; what falls together is told apart by its letters.
func three(s string) int { return pair(s) ^ int(s[2])*0x1f35&0xffff }

// meet marks which needs of which patterns a sentence meets: a pattern with all of them met can match.
func (x *index) meet(sentence string, so []uint8) {
	clear(so)
	var seen [256]bool
	for i := range len(sentence) {
		if b := sentence[i]; !seen[b] {
			seen[b] = true
			note(so, x.singles.at(int(b)))
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
