package staff

import (
	"slices"

	"candor/id"
)

// Under is who calls somebody; empty at the top, and for who is not in the tree.
func (t Tree) Under(person id.Person) id.Person {
	p, _ := t.place(person)
	return p.Under
}

// Arranged reports whether anybody chose who calls whom; else the tree is only TreeOf's guess.
func Arranged(people []Person) bool {
	return slices.ContainsFunc(people, func(p Person) bool { return p.Active() && p.Under != "" })
}

// InTurn is everybody of the tree, level by level: the order in which they are called when one at a time is enough.
func (t Tree) InTurn() (order []id.Person) {
	for level := []id.Person{""}; len(level) > 0 && len(order) <= len(t); {
		var below []id.Person
		for _, above := range level {
			for _, p := range t {
				if p.Under == above {
					below = append(below, p.Person)
				}
			}
		}
		order, level = append(order, below...), below
	}
	return order
}

// TreeOf is the tree of those who may be called in, as each of them says who calls them. Where nobody chose, owners stand at the top and
// the first of them calls everybody, the second being the deputy: a company that never thought of it is called in all the same.
func TreeOf(people []Person) (t Tree) {
	var owners []id.Person
	active := map[id.Person]bool{}
	for _, p := range people {
		if !p.Active() {
			continue
		}
		active[p.ID] = true
		if p.Has(Owner) {
			owners = append(owners, p.ID)
		}
	}
	for _, p := range people {
		if !p.Active() {
			continue
		}
		place := Place{Person: p.ID, Under: p.Under, Deputy: p.Deputy}
		if !active[place.Under] || place.Under == p.ID {
			place.Under = ""
			if !p.Has(Owner) && len(owners) > 0 {
				place.Under = owners[0]
			}
		}
		if !active[place.Deputy] || place.Deputy == p.ID {
			place.Deputy = ""
			if len(owners) > 1 && p.ID == owners[0] {
				place.Deputy = owners[1]
			}
		}
		t = append(t, place)
	}
	for n, p := range t {
		for _, above := range t.above(p.Person) {
			if above == p.Person {
				t[n].Under = "" // a circle has no top: nobody in it would be asked
			}
		}
	}
	return t
}
