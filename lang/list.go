package lang

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// List names several things in one breath: "DNS, mail and websites".
func (w Words) List(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := items[len(items)-1]
	head := items[0]
	for _, item := range items[1 : len(items)-1] {
		head = w.T("_list.middle", "a", head, "b", item)
	}
	pattern := "_list.end"
	if len(items) == 2 {
		pattern = "_list.two"
	}
	if w.changesAnd(last) {
		pattern = "_list.end.before.text"
	}
	return w.T(pattern, "a", head, "b", last)
}

// changesAnd reports whether "and" sounds different before this word, as the Spanish "y" becomes "e" before "incidentes" but not before
// "hielo". The catalogue lists the beginnings, and the exceptions with a "!".
func (w Words) changesAnd(next string) bool {
	next = strings.ToLower(next)
	changes := false
	for _, start := range strings.Fields(w.T("_list.end.before")) {
		exception, isException := strings.CutPrefix(start, "!")
		if isException && strings.HasPrefix(next, exception) {
			return false
		}
		changes = changes || strings.HasPrefix(next, start)
	}
	return changes
}

// Sort puts items in the order a reader of the language looks names up in, and "Server 2" before "Server 10". Equal names keep their
// order.
func Sort[T any](w Words, items []T, key func(T) string) {
	collator := collate.New(language.Make(string(w.Tag())), collate.Numeric)
	var buffer collate.Buffer
	type keyed struct {
		item T
		key  []byte
	}
	all := make([]keyed, len(items))
	for i, item := range items {
		all[i] = keyed{item, collator.KeyFromString(&buffer, key(item))}
	}
	slices.SortStableFunc(all, func(a, b keyed) int { return bytes.Compare(a.key, b.key) })
	for i := range all {
		items[i] = all[i].item
	}
}
