package playbook

// An index finds the patterns worth trying on a sentence in one pass over its letters: hundreds of patterns tried one by one would take
// longer than a person types.
type index struct {
	pairs   [1 << 16][]need // needs of two bytes
	byStart [1 << 16][]need // longer ones, by their first three bytes
	needs   []uint8         // per pattern, one bit for each of its needs
}

// A need is letters that meet one need of one pattern.
type need struct {
	letters string
	pattern int
	bit     uint8
}

func indexOf(patterns []*pattern) *index {
	x := &index{needs: make([]uint8, len(patterns))}
	for number, p := range patterns {
		for bit, choice := range p.needs {
			x.needs[number] |= 1 << bit
			for _, letters := range choice {
				table, at := &x.pairs, pair(letters)
				if len(letters) > shortNeed {
					table, at = &x.byStart, three(letters)
				}
				table[at] = append(table[at], need{letters, number, 1 << bit})
			}
		}
	}
	return x
}

func pair(s string) int { return int(s[0])<<8 | int(s[1]) }

// three spreads three bytes over the table; what falls together is told apart by its letters.
func three(s string) int { return pair(s) ^ int(s[2])*0x1f35&0xffff }

// meet marks which needs of which patterns a sentence meets: a pattern with all of them met can match.
func (x *index) meet(sentence string, met []uint8) {
	clear(met)
	for i := 0; i+shortNeed <= len(sentence); i++ {
		for _, n := range x.pairs[pair(sentence[i:])] {
			met[n.pattern] |= n.bit
		}
		if i+shortNeed == len(sentence) {
			return
		}
		for _, n := range x.byStart[three(sentence[i:])] {
			if len(sentence)-i >= len(n.letters) && sentence[i:i+len(n.letters)] == n.letters {
				met[n.pattern] |= n.bit
			}
		}
	}
}
