package console

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/staff"
)

var digestField = regexp.MustCompile(`name="digest" value="([0-9a-f]{64})"`)

// over ends an incident whose shop was down.
func (h *house) over(t *testing.T, i incident.Incident) {
	t.Helper()
	ctx := staff.As(t.Context(), staff.Actor{System: "test"})
	word := desk.Word{Author: i.Lead, Status: incident.Resolved, Body: lang.Text{"en": "It works again.", "de": "Es geht wieder."}}
	for _, a := range i.Affected {
		word.Affected = append(word.Affected, incident.Affected{Component: a.Component, Status: component.Operational})
	}
	if _, err := h.desk.Post(ctx, i.ID, word); err != nil {
		t.Fatal(err)
	}
}

// sentTo is where an act leads.
func (v *visitor) sentTo(a answer) string {
	v.t.Helper()
	v.must(a)
	return a.to
}

func (h *house) reckon(t *testing.T, at string) {
	t.Helper()
	if _, err := h.desk.ReckonRun(staff.As(t.Context(), staff.Actor{System: "test"}), id.CreditRun(strings.TrimPrefix(at, runsPath+"/")), time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
}

func TestFinanceGoesFromAResolvedIncidentToAnApprovedRun(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, all := h.callCentre(t, 4)
		h.over(t, i)
		wantSaid(t, v.get(incidentPath(i.Code)), "What customers are owed", "Nobody has reckoned it yet")
		refused := v.post(runsPath, url.Values{"incident": {string(i.Code)}, "by": {"contract"}})
		if refused.status != http.StatusUnprocessableEntity {
			t.Fatalf("without terms: %d", refused.status)
		}
		wantSaid(t, refused, "No contract terms are kept yet")
		terms := url.Values{"name": {"standard"}, "body": {startBlocks}, "from": {"2024-04-10T09:00"}, "until": {"2024-04-10T10:30"}, "fee": {"99"}, "currency": {"EUR"}, "do": {"look"}}
		look := v.post(termsPath, terms)
		wantSaid(t, look, "14.85 EUR", "What a careful reader asks", "Keep these terms")
		terms.Set("do", "keep")
		v.must(v.post(termsPath, terms))
		terms.Set("body", `{"period": "never"}`)
		wrong := v.post(termsPath+"/standard", terms)
		wantSaid(t, wrong, "Nobody can reckon with these terms", "&#34;never&#34;")
		wantSaid(t, v.get(creditsPath), "standard", "for everybody else", "Over, and nobody has reckoned what is owed")

		at := v.sentTo(v.post(runsPath, url.Values{"incident": {string(i.Code)}, "by": {"contract"}}))
		wantSaid(t, v.get(at), "being reckoned", `data-live="3"`)
		h.reckon(t, at)
		wantSaid(t, v.get("/console"), "Credits that wait for finance", "The shop is closed")
		page := v.get(at)
		wantSaid(t, page, "19.80 EUR", "4 customers", "Who gets most", "Customer 00", "Everybody gets something", "2.00 EUR to less than 5.00 EUR", "Approve 19.80 EUR")
		bad := v.post(at+"/rules", url.Values{"act": {"give"}, "percent": {"500"}, "reason": {"sorry"}, "plans": {"Pro"}})
		wantSaid(t, bad, "one and a half times", `value="500"`, `value="sorry"`)
		edited := strings.TrimSuffix(v.sentTo(v.post(at+"/rules", url.Values{"act": {"give"}, "percent": {"10"}, "reason": {"it was a bad day"}, "plans": {"Pro"}})), "#rules")
		h.reckon(t, edited)
		page = v.get(edited)
		wantSaid(t, page, "39.60 EUR", "Give at least 10 % of the fee", "plan Pro", "it was a bad day", "4 of them of our own accord")
		wantSaid(t, v.get(at), "dropped")

		pencil := v.get(edited + "/customers/" + string(all[1].ID))
		wantSaid(t, pencil, "Customer 01", "9.90 EUR", "With a pencil", "it was a bad day", "To be credited: 9.90 EUR")
		wantSaid(t, v.get(edited+"/customers?why=goodwill"), "Customer 03", "98.97 EUR")
		if none := v.get(edited + "/customers?why=kept"); !strings.Contains(none.body, "Nobody here") {
			t.Error("somebody whose contract owes nothing is listed")
		}
		file := v.get(edited + "/credits.csv")
		if rows := strings.Split(strings.TrimSpace(file.body), "\n"); len(rows) != 5 || !strings.Contains(file.body, "\nK-00,Customer 00,Pro,99.00,EUR,standard,") {
			t.Errorf("%q", file.body)
		}
		digest := digestField.FindStringSubmatch(page.body)
		if digest == nil {
			t.Fatal("there is nothing to approve")
		}
		if old := v.post(edited+"/approve", url.Values{"digest": {strings.Repeat("0", 64)}}); old.status != http.StatusConflict {
			t.Errorf("approved without having looked: %d", old.status)
		}
		v.must(v.post(edited+"/approve", url.Values{"digest": digest[1:]}))
		wantSaid(t, v.get(edited), "approved", "Approved by Dana Whitfield")
		wantSaid(t, v.get(creditsPath), "No run waits for anybody", "39.60 EUR")
		wantSaid(t, v.get(incidentPath(i.Code)), "39.60 EUR", "approved")
	})
}
