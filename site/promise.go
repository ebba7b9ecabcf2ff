package site

import "candor/incident"

// A promiseMark says whether this word came when it was promised.
type promiseMark struct{ Class, Icon, Word string }

func (r reader) promiseMark(s story, u incident.Update) *promiseMark {
	if p, ok := s.keptBy(u.ID); ok {
		if late := p.Late(p.KeptAt); late > 0 {
			return &promiseMark{Class: "late", Icon: "missed", Word: r.late(late)}
		}
		return &promiseMark{Class: "kept", Icon: "kept", Word: r.T("site.promised", "time", r.clockText(p.DueAt))}
	}
	if u.Number == 1 && s.Kind != incident.Maintenance {
		return &promiseMark{Class: "kept", Word: r.T("site.firstword")}
	}
	return nil
}
