package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const (
	factTerms = "../../testdata/facts/sla-terms.json"
	factCases = "../../testdata/facts/sla-cases.json"
)

func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const oneCase = `{"cases": [{"id": "april", "terms": "atlassian-premium", "fee": "1000.00", "currency": "USD", "month": "2024-04",
	"outages": [{"start": "2024-04-10T09:00:00Z", "end": "2024-04-10T10:00:00Z"}]}]}`

func TestAProgramGetsACreditAsOneObject(t *testing.T) {
	code, out, said := call(t, "credits", "compute", "--terms", factTerms, "--cases", written(t, oneCase), "--json")
	const want = `{"results":[{"id":"april","total_seconds":"2592000","downtime_seconds":"3600","uptime_fraction":"3595/36",` +
		`"uptime_pct_2dp":"99.86","tier":0,"credit_pct":"10","credit":"100.00","credit_minor":10000,"explanation":["Period: `
	if code != 0 || !strings.HasPrefix(out, want) {
		t.Errorf("%d %s%s", code, out, said)
	}
}

func TestLookUpsAndDeadlinesComeBackAsTheyCame(t *testing.T) {
	code, out, said := call(t, "credits", "compute", "--terms", factTerms, "--cases", factCases, "--json")
	if code != 0 {
		t.Fatal(code, said)
	}
	var got, want struct {
		LookUps   []map[string]any `json:"tier_lookup"`
		Deadlines []map[string]any `json:"claim_deadlines"`
	}
	facts, err := os.ReadFile(factCases)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(facts, &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if len(want.LookUps) == 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestRowsAreAnsweredWithoutTheAnswerInThem(t *testing.T) {
	cases := written(t, `{"tier_lookup": [{"terms": "github-enterprise", "uptime_pct": "99.0"}, {"terms": "nobody", "uptime_pct": "99"}, {"terms": "vultr", "uptime_pct": "99"}],
		"claim_deadlines": [
			{"terms": "cloudflare-business", "incident_end": "2024-12-20", "holidays": ["2024-12-25", "2024-12-26"]},
			{"terms": "rcpnet", "incident_end": "2024-04-10T22:30:00-05:00"},
			{"terms": "rackspace-classic", "incident_end": "2024-05-01T03:00:00Z"},
			{"terms": "house-default", "incident_end": "2024-05-01"},
			{"terms": "goodwill-flat-month", "incident_end": "2012-09-10"},
			{"terms": "vultr", "incident_end": "soon"}]}`)
	code, out, _ := call(t, "credits", "compute", "--terms", factTerms, "--cases", cases, "--json")
	if code != 1 {
		t.Errorf("exit %d, want 1: %s", code, out)
	}
	for _, want := range []string{
		`{"credit_pct":"0","gap":true,"terms":"github-enterprise","tier":null,"uptime_pct":"99.0"}`,
		`"error":"there are no terms \"nobody\""`,
		`"error":"the model of vultr is bands_hours and has no rows by uptime"`,
		`"deadline":"2024-12-31"`,
		`"deadline":"2024-04-13T22:30:00-05:00"`,
		`"deadline":"2024-05-30","incident_end":"2024-05-01T03:00:00Z"`, // it ended on 30 April in Chicago
		`"deadline":null,"incident_end":"2024-05-01"`,
		`"deadline":"2012-09-19"`,
		`"error":"incident_end: `,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

func TestOneBadCaseDoesNotSpoilTheOthers(t *testing.T) {
	good := strings.TrimSuffix(strings.TrimPrefix(oneCase, `{"cases": [`), `]}`)
	for name, bad := range map[string]string{
		"fee is missing":                         `{"id": "x", "terms": "twilio", "currency": "USD", "month": "2024-04"}`,
		"a fee is negative":                      `{"id": "x", "terms": "twilio", "fee": "-1", "currency": "USD", "month": "2024-04"}`,
		"is not a decimal number":                `{"id": "x", "terms": "twilio", "fee": "1e9", "currency": "USD", "month": "2024-04"}`,
		"is not a currency":                      `{"id": "x", "terms": "twilio", "fee": "1", "currency": "Taler", "month": "2024-04"}`,
		"not a month such as":                    `{"id": "x", "terms": "twilio", "fee": "1", "currency": "USD", "month": "April"}`,
		"not a quarter such as":                  `{"id": "x", "terms": "slack-2019", "fee": "1", "currency": "USD", "quarter": "2024-Q5"}`,
		"no time zone":                           `{"id": "x", "terms": "twilio", "fee": "1", "currency": "USD", "month": "2024-04", "tz": "Mars/Olympus"}`,
		"there are no terms":                     `{"id": "x", "terms": "none", "fee": "1", "currency": "USD"}`,
		"renewal_fee is missing":                 `{"id": "x", "terms": "dreamhost-shared", "fee": "1", "currency": "USD"}`,
		"ends before it starts":                  `{"id": "x", "terms": "vultr", "fee": "1", "currency": "USD", "outages": [{"start": "2024-04-02T00:00:00Z", "end": "2024-04-01T00:00:00Z"}]}`,
		"has no start or no end":                 `{"id": "x", "terms": "vultr", "fee": "1", "currency": "USD", "outages": [{"start": "2024-04-02T00:00:00Z"}]}`,
		"minutes are given":                      `{"id": "x", "terms": "twilio", "fee": "1", "currency": "USD", "month": "2024-04", "minutes": [{"count": 1, "error_pct": "9"}]}`,
		"9000 intervals are given":               `{"id": "x", "terms": "aws-lambda", "fee": "1", "currency": "USD", "month": "2024-04", "intervals": [{"count": 9000, "error_pct": "9"}]}`,
		"weight is not between":                  `{"id": "x", "terms": "house-weighted", "fee": "1", "currency": "USD", "month": "2024-04", "outages": [{"start": "2024-04-01T00:00:00Z", "end": "2024-04-02T00:00:00Z", "weight": "2"}]}`,
		"is no way of rounding":                  `{"id": "x", "terms": "twilio", "fee": "1", "currency": "USD", "month": "2024-04", "rounding": "sideways"}`,
		"the service did not exist":              `{"id": "x", "terms": "do-droplet", "fee": "1", "currency": "USD", "month": "2024-04", "exists": ["2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z"]}`,
		"the credit is more than can be counted": `{"id": "x", "terms": "goodwill-flat-month", "fee": "99999999999999999999", "currency": "USD"}`,
	} {
		code, out, said := call(t, "credits", "compute", "--terms", factTerms, "--cases", written(t, `{"cases": [`+bad+`,`+good+`]}`), "--json")
		var answer struct {
			Results []struct{ ID, Error, Credit string }
		}
		if err := json.Unmarshal([]byte(out), &answer); err != nil || code != 1 || len(answer.Results) != 2 {
			t.Fatalf("%s: %d %v %s%s", name, code, err, out, said)
		}
		if bad, good := answer.Results[0], answer.Results[1]; bad.ID != "x" || !strings.Contains(bad.Error, name) || good.Credit != "100.00" {
			t.Errorf("%s: %+v", name, answer.Results)
		}
	}
}

func TestCreditsCalledWronglyEndWithTwo(t *testing.T) {
	for name, args := range map[string][]string{
		"no files":          {"compute"},
		"no such file":      {"compute", "--terms", factTerms, "--cases", "nowhere.json"},
		"no JSON":           {"compute", "--terms", written(t, "terms"), "--cases", factCases},
		"no cases in it":    {"compute", "--terms", factTerms, "--cases", written(t, "{}")},
		"no such language":  {"compute", "--terms", factTerms, "--cases", factCases, "--lang", "tlh"},
		"no such case":      {"explain", "--terms", factTerms, "--cases", factCases, "--id", "gone"},
		"nothing to lint":   {"lint"},
		"not even an array": {"lint", written(t, `"terms"`)},
	} {
		if code, out, said := call(t, append([]string{"credits"}, args...)...); code != exitUsage {
			t.Errorf("%s: %d, want %d: %s%s", name, code, exitUsage, out, said)
		}
	}
}

func TestAReckoningIsReadInTheReadersLanguage(t *testing.T) {
	code, out, _ := call(t, "credits", "explain", "--terms", factTerms, "--cases", factCases, "--id", "cur-idr2", "--lang", "de")
	if code != 0 || !strings.Contains(out, "gedruckt 99,86") || !strings.Contains(out, "14.999,90 IDR") || strings.Contains(out, "cur-jpy") {
		t.Errorf("%d %s", code, out)
	}
}

func TestLintAsksAboutTheContractsThatContradictThemselves(t *testing.T) {
	code, out, _ := call(t, "credits", "lint", "--json", factTerms)
	var answer struct {
		Findings []struct{ Terms, Level, Rule, Says string }
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil || code != exitNo {
		t.Fatal(code, err, out)
	}
	var asked []string
	for _, f := range answer.Findings {
		if f.Level != "hint" {
			asked = append(asked, f.Terms+" "+f.Rule)
		}
	}
	want := []string{"github-enterprise kept_and_paid", "github-enterprise gap", "vultr gap", "techdiversities gap", "techdiversities gap"}
	if !slices.Equal(asked, want) {
		t.Errorf("got %q", asked)
	}
	clear := written(t, `{"id": "clear", "period": "calendar_month", "tz": "UTC", "commitment": "99.9", "granularity": {"kind": "exact"}, "maintenance": "counts",
		"model": {"type": "tiers", "tiers": [{"lt": "99.9", "pct": "10"}]}, "cap": "10%", "claim": {"rule": "automatic"}}`)
	if code, out, _ := call(t, "credits", "lint", clear); code != 0 || out != "" {
		t.Errorf("%d %s", code, out)
	}
}

func TestADraftNeedsItsFilesAndAnIncident(t *testing.T) {
	database := "sqlite:" + filepath.Join(t.TempDir(), "candor.db")
	contracts := written(t, `{"contracts": [{"terms": {"id": "tenth", "period": "calendar_month", "tz": "UTC", "granularity": {"kind": "exact"}, "maintenance": "counts",
		"model": {"type": "tiers", "tiers": [{"lt": "99.9", "pct": "10"}]}}}]}`)
	for _, c := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no contracts", []string{"--contracts", "nowhere.json", "abcdefghijkl"}, exitUsage, "nowhere.json"},
		{"goodwill in words", []string{"--contracts", contracts, "--goodwill-months", "one", "abcdefghijkl"}, exitUsage, "goodwill"},
		{"no such incident", []string{"--contracts", contracts, "abcdefghijkl"}, exitNo, "draft"},
	} {
		code, out, said := call(t, append([]string{"credits", "draft", "--database", database}, c.args...)...)
		if code != c.code || !strings.Contains(said, c.want) {
			t.Errorf("%s: %d %s%s", c.name, code, out, said)
		}
	}
}
