package playbook

// An index finds the patterns worth trying on a sentence in one pass over its letters: hundreds of patterns tried one by one would take
// longer than a person types.
type index struct {
	byStart map[[shortNeed]byte][]need
	always  []int // patterns that need no particular letters
	count   int
}

type need struct {
	letters string
	pattern int
}

func indexOf(rules []rule, count int) index {
	x := index{byStart: map[[shortNeed]byte][]need{}, count: count}
	for _, r := range rules {
		for i, p := range r.patterns() {
			if p.needs == nil {
				x.always = append(x.always, r.first+i)
			}
			for _, letters := range p.needs {
				start := [shortNeed]byte([]byte(letters[:shortNeed]))
				x.byStart[start] = append(x.byStart[start], need{letters, r.first + i})
			}
		}
	}
	return x
}

// worth marks the patterns that can match a sentence.
func (x index) worth(sentence string, marks []bool) {
	clear(marks)
	for _, p := range x.always {
		marks[p] = true
	}
	for i := 0; i+shortNeed <= len(sentence); i++ {
		for _, n := range x.byStart[[shortNeed]byte{sentence[i], sentence[i+1], sentence[i+2]}] {
			if !marks[n.pattern] && len(sentence)-i >= len(n.letters) && sentence[i:i+len(n.letters)] == n.letters {
				marks[n.pattern] = true
			}
		}
	}
}
