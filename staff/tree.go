package staff

import (
	"slices"

	"candor/id"
	"candor/problem"
)

// A Tree says who calls whom when everybody is called in (S0): short lists that each of us can work through, instead of one person with
// two hundred numbers.
type Tree []Place

// A Place is one person's in the tree.
type Place struct {
	Person id.Person
	Under  id.Person // who calls them; empty at the top, whom Candor alone asks
	Deputy id.Person // takes over the branch if the person does not answer; empty: the nearest one above who did
}

// Validate says everything that is wrong, at once: a person twice, under or deputised by somebody who is not in the tree, or above
// themselves.
func (t Tree) Validate() error {
	var wrong problem.List
	for i, p := range t {
		switch {
		case p.Person == "" || t[:i].has(p.Person):
			wrong.Add(problem.Field("tree", "problem.tree.twice"))
		case p.Under != "" && !t.has(p.Under) || p.Deputy != "" && (!t.has(p.Deputy) || p.Deputy == p.Person):
			wrong.Add(problem.Field("tree", "problem.tree.missing"))
		case slices.Contains(t.above(p.Person), p.Person):
			wrong.Add(problem.Field("tree", "problem.tree.circle"))
		}
	}
	return wrong.Err()
}

func (t Tree) has(person id.Person) bool {
	_, ok := t.place(person)
	return ok
}

func (t Tree) place(person id.Person) (Place, bool) {
	i := slices.IndexFunc(t, func(p Place) bool { return p.Person == person })
	if i < 0 {
		return Place{}, false
	}
	return t[i], true
}

// above are the people over somebody, the nearest first. It ends in a circle, too.
func (t Tree) above(person id.Person) (all []id.Person) {
	p, ok := t.place(person)
	for ok && p.Under != "" && len(all) <= len(t) {
		all = append(all, p.Under)
		p, ok = t.place(p.Under)
	}
	return all
}
