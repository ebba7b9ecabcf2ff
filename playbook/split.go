package playbook

import "regexp/syntax"

const (
	smallProgram = 300 // instructions: RE2 in Go takes a slow road for programs of more than 500
	mostParts    = 40  // that one pattern is written out into
)

// parts are patterns of which one matches wherever re does: its choices written out until each is small, so that it is quick, and has
// letters of its own that most sentences lack.
func parts(re *syntax.Regexp) []*syntax.Regexp {
	all := []*syntax.Regexp{re}
	for {
		n, widest := -1, smallProgram
		var choice int
		for i, one := range all {
			if size := sizeOf(one); size > widest {
				if at := widestChoice(one); at >= 0 || one.Op == syntax.OpAlternate {
					n, widest, choice = i, size, at
				}
			}
		}
		if n < 0 {
			return all
		}
		written := writtenOut(all[n], choice)
		if len(all)+len(written) > mostParts {
			return all
		}
		all = append(append(all[:n:n], written...), all[n+1:]...)
	}
}

// writtenOut is a(b|c)d as abd and acd; choice is where the choice stands, ignored where all of it is one.
func writtenOut(re *syntax.Regexp, choice int) (all []*syntax.Regexp) {
	if re.Op == syntax.OpAlternate {
		return re.Sub
	}
	for _, way := range bare(re.Sub[choice]).Sub {
		one := *re
		one.Sub = append(append(append([]*syntax.Regexp{}, re.Sub[:choice]...), flat(way)...), re.Sub[choice+1:]...)
		all = append(all, &one)
	}
	return all
}

// flat are the pieces of a sequence, so that choices within them can be written out too.
func flat(re *syntax.Regexp) []*syntax.Regexp {
	if re = bare(re); re.Op == syntax.OpConcat {
		return re.Sub
	}
	return []*syntax.Regexp{re}
}

// widestChoice is where the largest choice of a sequence stands, or -1.
func widestChoice(re *syntax.Regexp) int {
	at, widest := -1, 0
	if re.Op != syntax.OpConcat {
		return at
	}
	for i, sub := range re.Sub {
		if sub = bare(sub); sub.Op == syntax.OpAlternate {
			if size := sizeOf(sub); size > widest {
				at, widest = i, size
			}
		}
	}
	return at
}

func bare(re *syntax.Regexp) *syntax.Regexp {
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	return re
}

// sizeOf is about how many instructions a pattern becomes.
func sizeOf(re *syntax.Regexp) int {
	size := 1
	if re.Op == syntax.OpLiteral {
		size = len(re.Rune)
	}
	for _, sub := range re.Sub {
		size += sizeOf(sub)
	}
	if re.Op == syntax.OpRepeat {
		return size * max(re.Max, re.Min, 1)
	}
	return size
}
