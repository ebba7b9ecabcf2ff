package component

import (
	"strings"

	"candor/id"
)

// Named finds a component by what people write in a file: its id, its code or its name in any language, in any case. Of two with one name
// the first wins.
func Named(all []Component) func(string) (id.Component, bool) {
	byName := map[string]id.Component{}
	for _, c := range all {
		for _, name := range c.Names() {
			if key := strings.ToLower(strings.TrimSpace(name)); key != "" && byName[key] == "" {
				byName[key] = c.ID
			}
		}
	}
	return func(name string) (id.Component, bool) {
		c, ok := byName[strings.ToLower(strings.TrimSpace(name))]
		return c, ok
	}
}

// Names are what people and programs may call it. Groups are no services anybody uses, and what was archived is used no more: they have none.
func (c Component) Names() []string {
	if c.Group || !c.ArchivedAt.IsZero() {
		return nil
	}
	names := []string{string(c.ID), string(c.Code)}
	for _, name := range c.Name {
		names = append(names, name)
	}
	return names
}
