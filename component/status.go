package component

// A Status is what a component is doing for customers.
type Status string

const (
	Operational   Status = "operational"
	Degraded      Status = "degraded_performance"
	PartialOutage Status = "partial_outage"
	MajorOutage   Status = "major_outage"
	Maintenance   Status = "under_maintenance"
	Unknown       Status = "unknown"
)

// Statuses lists them from best to worst as a headline ranks them. Unknown ranks above maintenance and below any trouble we know of:
// it must never hide behind a planned window, and it must not drown a known outage.
var Statuses = [...]Status{Operational, Maintenance, Unknown, Degraded, PartialOutage, MajorOutage}

func (s Status) rank() int {
	for rank, known := range Statuses {
		if s == known {
			return rank
		}
	}
	return -1
}

// Valid reports whether s is one of Statuses.
func (s Status) Valid() bool { return s.rank() >= 0 }

// Worse reports whether s ranks worse than t.
func (s Status) Worse(t Status) bool { return s.rank() > t.rank() }

// WorstOf is the worst of several statuses; of none it is Unknown, because nobody looked.
func WorstOf(all ...Status) Status {
	if len(all) == 0 {
		return Unknown
	}
	worst := all[0]
	for _, s := range all[1:] {
		if s.Worse(worst) {
			worst = s
		}
	}
	return worst
}

// Statuspage is s as the Statuspage documents may say it: they know no unknown, and it is never told as operational.
func (s Status) Statuspage() Status {
	if s == Unknown {
		return Degraded
	}
	return s
}
