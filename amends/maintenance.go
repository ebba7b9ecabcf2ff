package amends

import (
	"cmp"
	"slices"
)

// holes are the announced stretches that these terms do not count as downtime, merged and within the frame.
func (t Terms) holes(c Case, f frame, say *reckoning) []span {
	if len(c.Announce) == 0 {
		return nil
	}
	if t.Maintenance == Counts || t.Maintenance == "" {
		say.line("credit.maintenance.counts")
		return nil
	}
	announced := slices.Clone(c.Announce)
	slices.SortStableFunc(announced, func(a, b Maintained) int { return cmp.Compare(a.Start.UnixNano(), b.Start.UnixNano()) })
	var kept []span
	for _, m := range announced {
		s := between(m.Start, m.End)
		if f.bounded {
			s = s.within(f.span)
		}
		from, to := stamp{m.Start.In(f.zone)}, stamp{m.End.In(f.zone)}
		switch {
		case s.empty():
		case t.Maintenance == IfDefined && t.Defined != nil && m.tooLate(t.Defined.NoticeHours):
			say.line("credit.maintenance.notice", "from", from, "to", to, "hours", number{t.Defined.NoticeHours.rat()})
		default:
			say.line("credit.maintenance.window", "from", from, "to", to)
			kept = append(kept, s)
		}
	}
	kept = merged(kept)
	if t.Maintenance != IfDefined || t.Defined == nil || t.Defined.MostSecondsS == nil || sum(kept).Cmp(t.Defined.MostSecondsS.rat()) <= 0 {
		return kept
	}
	say.line("credit.maintenance.limit", "seconds", number{t.Defined.MostSecondsS.rat()})
	return first(kept, t.Defined.MostSecondsS)
}

// tooLate reports that a maintenance was not announced in time, or nobody says when it was: then it is downtime, since the company has
// the proof and not the customer.
func (m Maintained) tooLate(notice *Number) bool {
	return notice != nil && (m.Notice == nil || m.Notice.Cmp(notice.rat()) < 0)
}

// first are the spans up to so many seconds together: an hour a month is the first hour, what comes after it counts.
func first(spans []span, most *Number) (kept []span) {
	left := floor(mul(most.rat(), whole(1e9)), whole(1)).Int64()
	for _, s := range spans {
		if left <= 0 {
			break
		}
		s.to = min(s.to, s.from+left)
		left -= s.to - s.from
		kept = append(kept, s)
	}
	return kept
}
