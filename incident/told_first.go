package incident

import "time"

// ToldFirst answers "who told whom first": by how much our first word came before (positive) or after (negative) the first customer's
// report. It is known only if somebody reported.
func (i Incident) ToldFirst() (lead time.Duration, known bool) {
	if i.FirstReportAt.IsZero() || i.DeclaredAt.IsZero() {
		return 0, false
	}
	return i.FirstReportAt.Sub(i.DeclaredAt), true
}
