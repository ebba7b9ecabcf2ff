package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"candor/staff"
	"candor/store/storetest"
)

func TestAFileOfCustomersIsPreviewedThenTakenIn(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := newProgram(t, database)
		file := "id,name,email,components\nA-1,Bakery,anna@bakery.test,Shop\nA-2,Smith,nobody,\nA-3,Mill,mill@mill.test,Ferry\n"
		count := func() int { return len(p.answered(200, p.ask("GET", "/api/v1/customers", nil))["customers"].([]any)) }

		look := p.answered(200, p.ask("POST", "/api/v1/customers/import?preview=true", file))
		faults := look["faults"].([]any)
		if look["added"] != 1.0 || look["refused"] != 2.0 || look["written"] != false || len(faults) != 2 || count() != 0 {
			t.Errorf("preview: %v, %d customers", look, count())
		}
		if f := faults[1].(map[string]any); f["line"] != 4.0 || f["column"] != 4.0 || f["heading"] != "components" || !strings.Contains(f["reason"].(string), "Ferry") {
			t.Errorf("the second fault: %v", f)
		}
		if strict := p.answered(200, p.ask("POST", "/api/v1/customers/import?strict=true", file)); strict["written"] != false || count() != 0 {
			t.Errorf("strict: %v", strict)
		}
		if done := p.answered(200, p.ask("POST", "/api/v1/customers/import", file)); done["added"] != 1.0 || done["written"] != true || count() != 1 {
			t.Errorf("import: %v", done)
		}
		p.answered(422, p.ask("POST", "/api/v1/customers/import", "colour,shape\nred,round\n"))
		found := p.answered(200, p.ask("GET", "/api/v1/customers?search=ANNA%40bakery.test", nil))["customers"].([]any)
		if len(found) != 1 || found[0].(map[string]any)["id"] != "A-1" {
			t.Errorf("search: %v", found)
		}
	})
}

func TestACustomerIsPutShownAndErased(t *testing.T) {
	p := newProgram(t, storetest.SQLite(t))
	at := "/api/v1/customers/" + url.PathEscape("A/1 ü")
	form := map[string]any{"name": "Bakery", "contacts": []any{map[string]any{"channel": "email", "address": "anna@bakery.test"}}}
	put := p.answered(200, p.ask("PUT", at, form))
	if put["id"] != "A/1 ü" || put["name"] != "Bakery" {
		t.Errorf("%v", put)
	}
	form["name"] = "Bakery & Sons"
	byOurs := "/api/v1/customers/" + put["customer"].(string)
	if again := p.answered(200, p.ask("PUT", byOurs, form)); again["customer"] != put["customer"] || again["name"] != "Bakery & Sons" {
		t.Errorf("%v", again)
	}
	for what, bad := range map[string]map[string]any{
		"a wrong address":    {"contacts": []any{map[string]any{"channel": "email", "address": "x\r\ny@z"}}},
		"a channel of no us": {"contacts": []any{map[string]any{"channel": "push", "address": "https://x.test/"}}},
		"no such zone":       {"timezone": "Mars/Olympus"},
		"no such component":  {"components": []any{map[string]any{"id": "cmp_1"}}},
		"a fee of nothing":   {"fee": "12"},
	} {
		if w := p.ask("PUT", at, bad); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", what, w.Code, w.Body)
		}
	}
	held := p.ask("GET", at+"/export", nil)
	if held.Code != 200 || !strings.Contains(held.Body.String(), "anna@bakery.test") {
		t.Errorf("%d %s", held.Code, held.Body)
	}
	p.answered(204, p.ask("DELETE", at, nil))
	p.answered(404, p.ask("GET", at, nil))
	if shown := p.ask("GET", byOurs, nil); shown.Code != 200 || strings.Contains(shown.Body.String(), "Bakery") || !strings.Contains(shown.Body.String(), "erased_at") {
		t.Errorf("%d %s", shown.Code, shown.Body)
	}
}

func TestB12AFileWithoutEndIsRefusedAndKeepsWhatWasRead(t *testing.T) {
	p := newProgram(t, storetest.SQLite(t))
	var file strings.Builder
	file.WriteString("id,email,note\n")
	for filler := strings.Repeat("x", 60_000); file.Len() < maxImport+1; {
		file.WriteString("A,a@bakery.test," + filler + "\n")
	}
	p.answered(413, p.ask("POST", "/api/v1/customers/import?preview=true", file.String()))
	p.api.importing <- struct{}{}
	p.api.importing <- struct{}{}
	p.answered(429, p.ask("POST", "/api/v1/customers/import", "a@bakery.test\n"))
}

func TestWhoMaySeeCustomersMayNotChangeThem(t *testing.T) {
	p := newProgram(t, storetest.SQLite(t))
	secret, _, err := p.desk.AddToken(p.as(), "reader", []staff.Right{staff.Know})
	if err != nil {
		t.Fatal(err)
	}
	p.secret = secret
	p.answered(200, p.ask("GET", "/api/v1/customers", nil))
	p.answered(403, p.ask("POST", "/api/v1/customers/import", "a@bakery.test\n"))
	p.answered(403, p.ask("PUT", "/api/v1/customers/A", map[string]any{}))
	p.answered(403, p.ask("DELETE", "/api/v1/customers/A", nil))
}
