package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestALegalDeadlineIsCountedFromWhatStaffRecordAndTakenBackInTheOpen(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, _ := h.callCentre(t, 0)
		at := "/console/incidents/" + string(i.Code) + "/deadlines"
		record := func(key string, form url.Values) answer {
			form.Set("key", key)
			return v.post(at, form)
		}
		wantSaid(t, v.get("/console/incidents/"+string(i.Code)), "Legal deadlines")
		wantSaid(t, v.get(at), "This is not legal advice", "Nothing is due by what is on record", "GDPR: aware, with reasonable certainty")

		wantSaid(t, v.must(record("1", url.Values{"what": {"aware|gdpr"}})), "GDPR art. 33: authority", "left, due", "nature of the breach", "Recorded.")
		wantSaid(t, v.get("/console"), "GDPR art. 33: authority", "See the deadline")
		wantSaid(t, v.get("/console/deadlines"), "GDPR art. 33: authority", "The shop is closed")

		refused := record("2", url.Values{"what": {"not_required|gdpr-33"}, "reason": {"  "}})
		if refused.status != http.StatusUnprocessableEntity {
			t.Errorf("a clock is ended without a reason: %d", refused.status)
		}
		wantSaid(t, refused, "Write why", `<option value="not_required|gdpr-33" selected>`)
		wantSaid(t, v.must(record("3", url.Values{"what": {"not_required|gdpr-33"}, "reason": {"A risk is unlikely: the disks were encrypted"}})),
			"not required. A risk is unlikely", "Nothing is due by what is on record")
		wantSaid(t, v.must(record("4", url.Values{"what": {"retracted|gdpr-33|not_required"}, "reason": {"One disk was not"}})), "taken back", "left, due")
		wantSaid(t, v.must(record("5", url.Values{"what": {"submitted|gdpr-33"}})), "GDPR art. 33: authority: sent")

		table := v.get(at + ".csv")
		if table.header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.Contains(table.body, "GDPR art. 33,authority,told") || !strings.Contains(table.body, "not legal advice") {
			t.Errorf("the table: %v %s", table.header, table.body)
		}
		wantSaid(t, v.get(at+".json"), `"clock":"gdpr-33"`, `"state":"told"`, `"event":"retracted"`)
		for _, odd := range []string{"", "|", "aware|", "aware|nobody", "submitted|nothing", "retracted|gdpr", "moved|gdpr-33|x|y|z"} {
			if a := record("odd"+odd, url.Values{"what": {odd}, "reason": {"r"}}); a.status != http.StatusUnprocessableEntity {
				t.Errorf("%q is answered %d", odd, a.status)
			}
		}
	})
}

func TestTheCompanyChoosesItsRulesAndIsToldWhatIsWrongWithItsOwn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		at := "/console/settings/promises"
		page := v.get(at)
		wantSaid(t, page, "Do not publish it", "GDPR art. 33", "German states")
		form := func(more ...string) url.Values {
			f := url.Values{"key": {more[0]}, "version": {hidden(t, v.get(at), "version")}}
			for n := 1; n < len(more); n += 2 {
				f.Add(more[n], more[n+1])
			}
			return f
		}
		refused := v.post(at, form("1", "promises.free", "2026-12-24, soon", "promises.clocks", `[{"id":"acme"}]`))
		wantSaid(t, refused, "“soon” is not a day", "These rows cannot be used", "soon", "acme")
		if refused.status != http.StatusUnprocessableEntity {
			t.Errorf("rows that count nothing are kept: %d", refused.status)
		}
		row := `[{"id": "acme", "family": "acme", "regime": "Contract with Acme", "step": "first notice", "trigger": "an outage of theirs", "starts": "aware", "amount": 2, "unit": "business_days", "recipient": "Acme", "status": "seen"}]`
		wantSaid(t, v.must(v.post(at, form("2", "promises.clocks", row))), "Kept.", "Contract with Acme")
		wantSaid(t, v.must(v.post(at, form("3", "promises.clocks", row, "promises.regimes[]", "acme", "promises.withheld", "1", "promises.free", "2026-12-24"))), "Kept.", "2026-12-24")
		i, _ := h.callCentre(t, 0)
		only := v.get("/console/incidents/" + string(i.Code) + "/deadlines")
		wantSaid(t, only, "Contract with Acme: aware")
		if strings.Contains(only.body, "GDPR") {
			t.Error("rules the company does not answer to are offered")
		}
	})
}
