package api

import (
	"slices"
	"testing"

	"candor/store/storetest"
)

func rules(of any) (all []string) {
	list, _ := of.([]any)
	for _, f := range list {
		all = append(all, f.(map[string]any)["rule"].(string))
	}
	return all
}

// A program is answered with what was pointed out, and is never asked once more.
func TestAProgramIsToldWhatWasPointedOut(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, db string) {
		p := newProgram(t, db)
		made := p.answered(201, p.ask("POST", "/api/v1/incidents", map[string]any{"body": english("Whoops. No data was lost.")}))
		first := made["updates"].([]any)[0].(map[string]any)
		if got := rules(first["findings"]); !slices.Contains(got, "contradicts_data_unsure") {
			t.Errorf("the first word: %v", got)
		}
		at := "/api/v1/incidents/" + made["id"].(string)
		said := p.answered(201, p.ask("POST", at+"/updates", map[string]any{"body": english("Still down. Your data is safe.")}))
		if got := rules(said["findings"]); !slices.Contains(got, "contradicts_data_unsure") {
			t.Errorf("an update: %v", got)
		}
		text := map[string]any{"text": "Your data is safe. Next update at 15:20.", "kind": "update"}
		if got := rules(p.answered(200, p.ask("POST", "/api/v1/check", text))["findings"]); slices.Contains(got, "contradicts_data_unsure") {
			t.Errorf("without an incident: %v", got)
		}
		text["incident"] = made["code"]
		if got := rules(p.answered(200, p.ask("POST", "/api/v1/check", text))["findings"]); !slices.Contains(got, "contradicts_data_unsure") {
			t.Errorf("the incident's field says that nobody knows: %v", got)
		}
		text["incident"] = "nothing"
		p.answered(404, p.ask("POST", "/api/v1/check", text))
	})
}
