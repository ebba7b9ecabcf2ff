package component

import (
	"slices"

	"candor/id"
)

// Touched are the components whose users feel that some are broken: those, what depends on one of them, however far up, and the groups
// that hold one, because whoever uses a group uses what is in it. Archived components touch nobody. In the order of all.
func Touched(all []Component, broken []id.Component) []id.Component {
	touched := map[id.Component]bool{}
	for _, x := range broken {
		touched[x] = true
	}
	for grown := true; grown; {
		grown = false
		for _, c := range all {
			if !touched[c.ID] && c.ArchivedAt.IsZero() && slices.ContainsFunc(c.DependsOn, func(x id.Component) bool { return touched[x] }) {
				touched[c.ID], grown = true, true
			}
		}
	}
	for _, c := range all {
		if touched[c.ID] && c.GroupID != "" {
			touched[c.GroupID] = true
		}
	}
	var list []id.Component
	for _, c := range all {
		if touched[c.ID] && c.ArchivedAt.IsZero() {
			list = append(list, c.ID)
		}
	}
	return list
}
