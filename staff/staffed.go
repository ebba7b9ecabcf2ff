package staff

import "slices"

// Staffed reports whether anybody among these may do something now.
func Staffed(people []Person, r Right) bool {
	return slices.ContainsFunc(people, func(p Person) bool { return p.Active() && May(p.Roles, r) })
}
