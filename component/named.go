package component

import (
	"strings"

	"candor/id"
)

// Named finds a component by what people write in a file: its id, its code or its name in any language, in any case. Groups are no services
// anybody uses, and what was archived is used no more. Of two with one name the first wins.
func Named(all []Component) func(string) (id.Component, bool) {
	byName := map[string]id.Component{}
	for _, c := range all {
		if c.Group || !c.ArchivedAt.IsZero() {
			continue
		}
		names := []string{string(c.ID), string(c.Code)}
		for _, name := range c.Name {
			names = append(names, name)
		}
		for _, name := range names {
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
