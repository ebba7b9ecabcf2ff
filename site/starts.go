package site

import "strings"

// Starts are the addresses a mirror begins with: every page, feed and document whose address is fixed. The rest is found by following
// links. Statuspage's documents are mirrored under their .json addresses alone: without the ending, one would be a file and the folder of
// others.
func (f *Face) Starts() []string {
	var all []string
	for _, r := range f.table() {
		method, path, _ := strings.Cut(strings.TrimSuffix(r.pattern, "{$}"), " ")
		if method != "GET" || strings.Contains(path, "{") || strings.HasPrefix(path, "/api/") && !strings.HasSuffix(path, ".json") {
			continue
		}
		all = append(all, path)
	}
	return all
}
