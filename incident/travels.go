package incident

import (
	"maps"

	"candor/lang"
)

// Travels reports whether an update is carried to every affected customer, or waits for them on the page: the first word, a change of the
// status, of what we say about their data or of what they must do, and the end travel. "Still working on it" does not, except to those who
// chose every update: who is woken four times an hour stops reading.
func (u Update) Travels(last Update) bool {
	return u.Number == 1 || u.Status != last.Status || u.ChangesSteps(last) ||
		u.Fields.Data.State != last.Fields.Data.State || !maps.Equal(u.Fields.Data.Classes, last.Fields.Data.Classes)
}

// ChangesSteps reports whether customers must now do something else than before: who acknowledged the earlier word has not heard of it.
func (u Update) ChangesSteps(last Update) bool {
	is, was := steps(u.Fields.Data.Steps), steps(last.Fields.Data.Steps)
	return len(is) > 0 && !maps.Equal(is, was)
}

// steps leaves out the languages nobody wrote in.
func steps(t lang.Text) map[lang.Tag]string {
	written := map[lang.Tag]string{}
	for tag, text := range t {
		if text != "" {
			written[tag] = text
		}
	}
	return written
}
