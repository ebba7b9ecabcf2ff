package playbook

// An index finds the patterns worth trying on a sentence in one pass over its letters: hundreds of patterns tried one by one would take
// longer than a person types.
type index struct {
	byStart [1 << 16][]need // by the first two bytes
	needs   []uint8         // per pattern, one bit for each of its needs
}

// A need is letters that meet one need of one pattern; rest are those after the first two bytes.
type need struct {
	rest    string
	pattern int
	bit     uint8
}

func indexOf(patterns []*pattern) *index {
	x := &index{needs: make([]uint8, len(patterns))}
	for number, p := range patterns {
		for bit, choice := range p.needs {
			x.needs[number] |= 1 << bit
			for _, letters := range choice {
				at := start(letters)
				x.byStart[at] = append(x.byStart[at], need{letters[shortNeed:], number, 1 << bit})
			}
		}
	}
	return x
}

func start(s string) int { return int(s[0])<<8 | int(s[1]) }

// meet marks which needs of which patterns a sentence meets: a pattern with all of them met can match.
func (x *index) meet(sentence string, met []uint8) {
	clear(met)
	for i := 0; i+shortNeed <= len(sentence); i++ {
		rest := sentence[i+shortNeed:]
		for _, n := range x.byStart[start(sentence[i:])] {
			if len(rest) >= len(n.rest) && rest[:len(n.rest)] == n.rest {
				met[n.pattern] |= n.bit
			}
		}
	}
}
