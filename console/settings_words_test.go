package console

import (
	"net/http"
	"testing"
)

const ownRule = `rules:
  - name: roadmap
    level: warn
    any: ['~roadmap~']
    why: Customers want to know about today.
    instead: Leave plans for the report.
    match: ['It is on our roadmap.']
    miss: ['We repair the road.']`

func TestACompanysOwnWordsAreReadBesideTheForm(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.components(t, v, "Mail")
		const path = "/console/settings/words"
		form := formOnPage(v.get(path))
		form.Set("words.glossary.en", "# ours\nRCA = report on the cause\nfailover")
		refused := v.post(path, form)
		if refused.status != http.StatusUnprocessableEntity {
			t.Fatalf("a line without its plain word: %d", refused.status)
		}
		wantSaid(t, refused, "Line 3 is no entry", "failover", "RCA = report on the cause")

		form = formOnPage(refused)
		form.Set("words.glossary.en", "RCA = report on the cause")
		form.Set("words.rules", ownRule+"\n    mist: []")
		refused = v.post(path, form)
		wantSaid(t, refused, "cannot be read at line 9", "It is on our roadmap.", "RCA = report on the cause")

		form = formOnPage(refused)
		form.Set("words.rules", ownRule)
		kept := v.must(v.post(path, form))
		wantSaid(t, kept, "Kept.", "name: roadmap")

		write := formOnPage(v.get("/console/declare"))
		write.Set("body.en", "The RCA is on our roadmap.")
		page := v.post("/console/declare/words", write)
		wantSaid(t, page, "Customers want to know about today.", "Leave plans for the report.", "Your own glossary", "report on the cause", "Your own rules")
	})
}
