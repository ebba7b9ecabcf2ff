package api

import (
	"strings"
	"testing"
	"time"

	"candor/amends"
	"candor/desk"
	"candor/id"
	"candor/store/storetest"
)

// creditRun is a run of a month, reckoned by goodwill.
func (p *program) creditRun() string {
	p.t.Helper()
	run, err := p.desk.DraftRun(p.as(), desk.RunForm{Month: "2026-01", By: amends.ByGoodwill})
	p.must(err)
	p.reckon(run.ID)
	return string(run.ID)
}

func (p *program) reckon(x id.CreditRun) {
	p.t.Helper()
	_, err := p.desk.ReckonRun(p.as(), x, time.Now().Add(time.Minute))
	p.must(err)
}

func TestAProgramDraftsARunAndReadsWhatEachCustomerIsOwed(t *testing.T) {
	t.Parallel()
	p := newProgram(t, storetest.SQLite(t))
	p.answered(200, p.ask("PUT", "/api/v1/customers/A-1", map[string]any{"name": "Bakery", "language": "de", "plan": "pro", "fee": "12.50", "currency": "EUR"}))
	if w := p.ask("POST", "/api/v1/credit-runs", map[string]any{"by": "contract", "month": "2026-01"}); w.Code != 422 || !strings.Contains(w.Body.String(), "No contract terms") {
		t.Errorf("without terms: %d %s", w.Code, w.Body)
	}
	drafted := p.answered(202, p.ask("POST", "/api/v1/credit-runs", map[string]any{"by": "goodwill", "month": "2026-01"}))
	if drafted["state"] != "reckoning" || drafted["percent"] != 0.0 {
		t.Errorf("%v", drafted)
	}
	at := "/api/v1/credit-runs/" + drafted["id"].(string)
	p.reckon(id.CreditRun(drafted["id"].(string)))
	run := p.answered(200, p.ask("GET", at, nil))
	if run["state"] != "draft" || run["customers"] != 1.0 || run["nothing"].(map[string]any)["no_contract"] != 1.0 || len(run["digest"].(string)) != 64 {
		t.Errorf("%v", run)
	}
	one := p.answered(200, p.ask("GET", at+"/credits", nil))["credits"].([]any)[0].(map[string]any)
	if one["amount"] != "0.00" || one["currency"] != "EUR" || one["why"] != "no_contract" {
		t.Errorf("%v", one)
	}
	if all := p.answered(200, p.ask("GET", "/api/v1/credit-runs", nil))["runs"].([]any); len(all) != 1 {
		t.Errorf("%v", all)
	}
	p.answered(404, p.ask("GET", "/api/v1/credit-runs/"+string(id.New[id.CreditRun](time.Now()))+"/credits", nil))
}
