package playbook

// A Kind of text decides what is asked of it: a first notice cannot know the cause, a report must.
type Kind string

// Kinds of text.
const (
	Notice     Kind = "notice"
	Update     Kind = "update"
	Resolved   Kind = "resolved"
	Report     Kind = "report"
	ApologyFor Kind = "apology"
)

// Kinds in the order they are offered.
var Kinds = [...]Kind{Notice, Update, Resolved, Report, ApologyFor}

// open reports whether something is still broken when the text goes out.
func (k Kind) open() bool { return k == Notice || k == Update }
