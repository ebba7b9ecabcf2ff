package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestEachPointOfAScoreStandsBesideItsFact(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, all := h.callCentre(t, 4)
		v.must(v.post("/console/calls/next", url.Values{}))
		v.must(v.post("/console/calls/"+string(all[0].ID)+"/outcome", url.Values{"outcome": {"spoken_with"}, "incident": {string(i.ID)}}))
		page := v.get(incidentPath(i.Code) + "/score")
		wantSaid(t, page, "The first word: ", "Affected customers reached", "1 of 4", "2.3 of 9", "Not judged while the incident is open", "Arpan and Roskos-Ewoldsen")
		wantSaid(t, v.get(incidentPath(i.Code)), "How we owned it")

		form := v.get("/console/settings/scorecard")
		wantSaid(t, form, "Told first and fast", `name="scorecard.reached"`, "Ours: 9. ")
		weigh := url.Values{"version": {hidden(t, form, "version")}, "key": {hidden(t, form, "key")}, "scorecard.reached": {"40"}}
		v.must(v.post("/console/settings/scorecard", weigh))
		wantSaid(t, v.get(incidentPath(i.Code)+"/score"), "10 of 40")

		form = v.get("/console/settings/scorecard")
		weigh = url.Values{"version": {hidden(t, form, "version")}, "key": {hidden(t, form, "key")}, "scorecard.reached": {"101"}}
		refused := v.post("/console/settings/scorecard", weigh)
		if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, "from 0 to 100") || !strings.Contains(refused.body, `value="101"`) {
			t.Errorf("a weight of 101 is answered %d, and what was typed is lost", refused.status)
		}
	})
}
