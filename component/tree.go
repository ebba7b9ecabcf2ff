package component

import (
	"cmp"
	"slices"
	"time"

	"candor/id"
)

// A Node is a component with its children, as a page shows them.
type Node struct {
	Component
	Children []Node
}

// Tree arranges a flat list by groups and positions. Archived components are left out, and private ones too unless they are asked for; what
// lies in a group that is left out is left out with it. A leaf whose group is unknown stands at the top rather than nowhere.
func Tree(all []Component, withPrivate bool) []Node {
	shown := map[id.Component]bool{}
	known := map[id.Component]bool{}
	children := map[id.Component][]Component{}
	for _, c := range all {
		known[c.ID] = true
		shown[c.ID] = c.ArchivedAt.IsZero() && (withPrivate || !c.Private)
	}
	for _, c := range all {
		parent := c.GroupID
		if !known[parent] || parent == c.ID {
			parent = ""
		}
		if shown[c.ID] {
			children[parent] = append(children[parent], c)
		}
	}
	seen := map[id.Component]bool{}
	return nodes(children, "", seen)
}

// nodes builds one level. seen breaks a circle of groups, which no form makes but a damaged database could.
func nodes(children map[id.Component][]Component, parent id.Component, seen map[id.Component]bool) []Node {
	level := children[parent]
	slices.SortStableFunc(level, func(a, b Component) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	var out []Node
	for _, c := range level {
		if seen[c.ID] {
			continue
		}
		seen[c.ID] = true
		n := Node{Component: c}
		if c.Group {
			n.Children = nodes(children, c.ID, seen)
			n.Status = worstOfNodes(n.Children)
			n.Since = newest(n.Children)
		}
		out = append(out, n)
	}
	return out
}

func worstOfNodes(children []Node) Status {
	statuses := make([]Status, len(children))
	for n, c := range children {
		statuses[n] = c.Status
	}
	return WorstOf(statuses...)
}

func newest(children []Node) (t time.Time) {
	for _, c := range children {
		t = later(t, c.Since)
	}
	return t
}

// Leaves are the components of a tree that are no groups, in the order of the page.
func Leaves(tree []Node) []Component {
	var leaves []Component
	for _, n := range tree {
		if !n.Group {
			leaves = append(leaves, n.Component)
		}
		leaves = append(leaves, Leaves(n.Children)...)
	}
	return leaves
}
