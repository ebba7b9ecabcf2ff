package incident

// A Status is how far along an incident is, in Statuspage's words.
type Status string

const (
	Investigating Status = "investigating"
	Identified    Status = "identified"
	Monitoring    Status = "monitoring"
	Resolved      Status = "resolved"

	Scheduled  Status = "scheduled"
	InProgress Status = "in_progress"
	Verifying  Status = "verifying"
	Completed  Status = "completed"
)

// Statuses a kind of incident may have, in order.
func (k Kind) Statuses() []Status {
	if k == Maintenance {
		return []Status{Scheduled, InProgress, Verifying, Completed}
	}
	return []Status{Investigating, Identified, Monitoring, Resolved}
}

// MayBecome reports whether an update may set this status. Trouble may go in any direction, since a repair can fail; a maintenance that has
// begun cannot be unannounced; and what is over is opened again only by going back to work on it.
func (i Incident) MayBecome(next Status) bool {
	known := false
	for _, s := range i.Kind.Statuses() {
		known = known || s == next
	}
	if !known {
		return false
	}
	return next != Scheduled || i.Status == Scheduled || i.Status == ""
}
