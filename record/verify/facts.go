package verify

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"candor/id"
	"candor/promise"
	"candor/record"
)

// facts are what the log says, kept as far as the pages show it.
type facts struct {
	pending    map[string]bool
	sealed     int
	erased     map[int64]erasure
	excused    map[string]int64 // what may have been erased, by incident or comment: the number of the entry that says so
	incidents  map[string]*incidentFacts
	order      []string // incidents as they were first recorded
	updates    map[string]*updateFacts
	promises   map[string]*promise.Promise
	components map[string]string // status of each
	comments   map[string]*commentFacts
}

// commentFacts are what was recorded of a comment, or of our answer to one.
type commentFacts struct {
	incident string
	topic    string
	number   int64 // of the entry
	place    int   // on the page; 0 for an answer
	gone     bool
	language string
	body     string
	erased   bool
}

// an erasure is seals of an entry that can no longer be opened.
type erasure struct {
	fact string
	why  string // what must say that they were erased: an incident or a comment
}

type incidentFacts struct {
	code    string
	says    map[string]string
	titles  map[string]string
	updates []string
	report  int64             // the entry of the newest revision of its report; 0 for none
	parts   map[string]string // its words: "cause.en"
}

// updateFacts are an update's words, each time they changed.
type updateFacts struct {
	incident string
	at       time.Time
	number   int64
	versions []version
}

// a version is what an update said from an entry on; words that were erased since are not in it.
type version struct {
	number int64
	body   map[string]string
}

func newFacts() *facts {
	return &facts{
		pending: map[string]bool{}, erased: map[int64]erasure{}, excused: map[string]int64{}, incidents: map[string]*incidentFacts{},
		updates: map[string]*updateFacts{}, promises: map[string]*promise.Promise{}, components: map[string]string{},
		comments: map[string]*commentFacts{},
	}
}

// note takes one entry in, after looking whether what is opened of it was sealed.
func (f *facts) note(number int64, e record.Entry, opened map[int64]record.Openings) error {
	words, err := f.open(number, e, opened[number])
	if err != nil {
		return err
	}
	switch e.Kind {
	case record.Incident:
		f.incident(e, words)
	case record.Update, record.Revision, record.Blackout:
		f.update(number, e, words)
	case record.Made, record.Kept, record.Withdrawn, record.Automatic:
		f.promise(e)
	case record.Comment:
		f.comment(number, e, words)
	case record.Tombstone:
		if c := f.comments[e.Says["comment"]]; c != nil {
			c.gone = true
		}
	case record.Report:
		i := f.on(e.Says["incident"])
		i.report, i.parts = number, words
	case record.Interval:
		if e.Says["to"] == "" {
			f.components[e.Says["component"]] = e.Says["status"]
		}
	}
	if e.Kind == record.Blackout {
		f.excused[e.Says["incident"]] = number
	}
	if e.Kind == record.Tombstone {
		f.excused[e.Says["comment"]] = number
	}
	return nil
}

func (f *facts) open(number int64, e record.Entry, opened record.Openings) (words map[string]string, err error) {
	words = make(map[string]string, len(opened))
	for name, o := range opened {
		seal, sealed := e.Seals[name]
		if !sealed || !o.Opens(name, seal) {
			return nil, differs("the record", number, "%s of %q is not what was sealed: it was changed", name, e.Fact)
		}
		words[name] = o.Words
	}
	f.sealed += len(e.Seals)
	if len(opened) < len(e.Seals) {
		why := e.Says["incident"]
		if e.Kind == record.Comment {
			why = e.Says["comment"]
		}
		f.erased[number] = erasure{e.Fact, why}
	}
	return words, nil
}

// sealsHold looks whether everything that can no longer be opened was taken away in the open.
func (l *log) sealsHold() error {
	f := l.facts
	first := int64(-1)
	for number, x := range f.erased {
		if by, said := f.excused[x.why]; (!said || by < number) && (first < 0 || number < first) {
			first = number
		}
	}
	if first >= 0 {
		return differs("the record", first, "words of %q can no longer be read, and no later entry says that they were taken out", f.erased[first].fact)
	}
	return nil
}

func (f *facts) incident(e record.Entry, words map[string]string) {
	i := f.on(e.Says["incident"])
	i.says, i.titles = e.Says, named(words, "title.")
}

// on is what is known about an incident, which may begin with any entry: those of one instant are in no order.
func (f *facts) on(code string) *incidentFacts {
	i := f.incidents[code]
	if i == nil {
		i = &incidentFacts{code: code}
		f.incidents[code], f.order = i, append(f.order, code)
	}
	return i
}

func (f *facts) update(number int64, e record.Entry, words map[string]string) {
	code := e.Says["update"]
	u := f.updates[code]
	if u == nil {
		u = &updateFacts{incident: e.Says["incident"], number: number}
		f.updates[code] = u
		i := f.on(u.incident)
		i.updates = append(i.updates, code)
	}
	if e.Kind == record.Update {
		u.at, _ = record.ParseInstant(e.At)
	}
	u.versions = append(u.versions, version{number, named(words, "body.")})
}

func (f *facts) comment(number int64, e record.Entry, words map[string]string) {
	place, _ := strconv.Atoi(e.Says["number"])
	body, opened := words["body"]
	f.comments[e.Says["comment"]] = &commentFacts{
		incident: e.Says["incident"], topic: e.Says["topic"], number: number, place: place, language: e.Says["language"], body: body, erased: !opened,
	}
}

// promise builds it up again from what was recorded of it.
func (f *facts) promise(e record.Entry) {
	x := e.Says["promise"]
	p := f.promises[x]
	if p == nil {
		p = &promise.Promise{ID: id.Promise(x), Kind: promise.Kind(e.Says["kind"])}
		f.promises[x] = p
	}
	at, _ := record.ParseInstant(e.At)
	switch e.Kind {
	case record.Made:
		p.MadeAt = at
		p.DueAt, _ = record.ParseInstant(e.Says["due_at"])
	case record.Kept:
		p.KeptAt = at
	case record.Withdrawn:
		p.WithdrawnAt = at
	case record.Automatic:
		p.Automatic = true
	}
}

// named are the words whose name begins so, by what follows.
func named(words map[string]string, prefix string) map[string]string {
	out := map[string]string{}
	for name := range maps.Keys(words) {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			out[rest] = words[name]
		}
	}
	return out
}
