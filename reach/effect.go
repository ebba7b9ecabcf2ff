package reach

import (
	"slices"
	"time"

	"candor/id"
)

// An Answer is what a customer said afterwards to "did you get it, do you know what to do?".
type Answer string

const (
	KnowsWhatToDo Answer = "yes"     // got it, and knows what to do
	KnowsNot      Answer = "no"      // got it, and does not
	NotGot        Answer = "not_got" // whatever a server took: it did not arrive
)

// Answers in the order they are offered.
var Answers = [...]Answer{KnowsWhatToDo, KnowsNot, NotGot}

// Valid reports whether it is one of them.
func (a Answer) Valid() bool { return slices.Contains(Answers[:], a) }

// An Effect is what came of asking a sample after an incident.
type Effect struct {
	Incident id.Incident
	At       time.Time
	Level    Level
	Affected int64            // whom it was drawn from
	Asked    int64            // who was drawn
	Letters  int64            // of them, who has an address to be asked at
	Answers  map[Answer]int64 // the last of each who answered
}

// Answered is how many did.
func (e Effect) Answered() (n int64) {
	for _, each := range e.Answers {
		n += each
	}
	return n
}

// Share is how many of those who answered said an answer, in percent, and by how many points that may be off for all who were affected, 19
// times in 20. Who does not answer may know less than who does: that error no sample shows, so Answered stands beside it.
func (e Effect) Share(of ...Answer) (percent, margin float64, known bool) {
	var some int64
	for _, a := range of {
		some += e.Answers[a]
	}
	margin, known = Margin(int(some), int(e.Answered()), int(e.Affected))
	if !known {
		return 0, 0, false
	}
	return 100 * float64(some) / float64(e.Answered()), margin, true
}
