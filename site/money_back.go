package site

import (
	"candor/incident"
	"candor/promise"
	"candor/settings"
)

// moneyBack says of an outage how money comes back for it: by when that is decided, by itself, or to who asks. It never says how much. After the
// end only a decision that is still owed is said, and that it was made.
func (r reader) moneyBack(w *world, s story) string {
	if s.Kind != incident.Outage {
		return ""
	}
	for _, p := range s.promises {
		if p.Kind != promise.Credit || p.Update == "" {
			continue
		}
		if !p.KeptAt.IsZero() {
			return r.T("site.credits.decided")
		}
		if p.Open() {
			return r.T("site.credits.by", "time", r.by(p.DueAt))
		}
	}
	if !s.Open() {
		return ""
	}
	switch w.settings.Credits.Word {
	case settings.CreditsAutomatic:
		return r.T("site.credits.automatic")
	case settings.CreditsAsked:
		return r.T("site.credits.asked")
	}
	return ""
}
