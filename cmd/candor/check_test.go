package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func check(t *testing.T, in string, args ...string) (code int, out, said string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), append([]string{"check"}, args...), terminal{strings.NewReader(in), &stdout, &stderr})
	return code, stdout.String(), stderr.String()
}

func TestACheckEndsWithWhatItFound(t *testing.T) {
	file := filepath.Join(t.TempDir(), "word.txt")
	careful := "No shop can be reached since 14:05 UTC. We do not know the cause yet. Next update at 14:20 UTC."
	if err := os.WriteFile(file, []byte(careful), 0o600); err != nil {
		t.Fatal(err)
	}
	rules := filepath.Join(t.TempDir(), "own.yaml")
	own := "rules: [{name: roadmap, level: warn, any: ['~roadmap~'], why: Today counts., instead: Today., match: [Our roadmap.], miss: [Our road.]}]"
	if err := os.WriteFile(rules, []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, in string
		args     []string
		want     int
	}{
		{"nothing is wrong", "", []string{"--kind", "notice", "--impact", "critical", file}, 0},
		{"a hint does not count", "It is slow. Next update at 14:20 UTC.", []string{"--kind", "notice", "-"}, 0},
		{"something is", "We apologise for any inconvenience.", []string{"--kind", "notice", "-"}, 1},
		{"the language is detected", "Wir entschuldigen uns für etwaige Unannehmlichkeiten.", []string{"--kind", "notice", "-"}, 1},
		{"a rule of the house", "It is on our roadmap. Next update at 14:20 UTC.", []string{"--rules", rules, "-"}, 1},
		{"rules that do not hold", "a", []string{"--rules", file, "-"}, 2},
		{"no such rules", "a", []string{"--rules", file + ".not", "-"}, 2},
		{"no such kind", "a", []string{"--kind", "poem", "-"}, 2},
		{"no such impact", "a", []string{"--impact", "huge", "-"}, 2},
		{"no such language", "a", []string{"--lang", "tlh", "-"}, 2},
		{"no such file", "", []string{file + ".not"}, 2},
		{"no text", " \n", []string{"-"}, 2},
		{"no file named", "", nil, 2},
	} {
		if code, out, said := check(t, c.in, c.args...); code != c.want {
			t.Errorf("%s: %d, want %d: %s%s", c.name, code, c.want, out, said)
		}
	}
}

func TestACheckAnswersAProgram(t *testing.T) {
	code, out, _ := check(t, "Wir entschuldigen uns für etwaige Unannehmlichkeiten.", "--lang", "de", "--kind", "resolved", "--json", "-")
	const want = `{"lang":"de","present":{"admits_fault":false,"apologises_unconditionally":false,"conditional_apology":true,"deflects_to_vendor":false,` +
		`"next_update_time":false,"says_cause_or_unknown":false,"corrective_action":false,"data_safety_statement":false,"customer_steps":false,` +
		`"compensation":false,"contact":false,"flippant_tone":false,"track_record":false,"thanks":false,"asks_forbearance":false},"findings":[{"rule":`
	if code != 1 || !strings.HasPrefix(out, want) {
		t.Errorf("%d %s", code, out)
	}
	var answer struct {
		Findings []map[string]any `json:"findings"`
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil || len(answer.Findings) == 0 {
		t.Fatal(err, out)
	}
	for _, f := range answer.Findings {
		if len(f) != 8 || f["why"] == "" || f["instead"] == "" || f["source"] == "" {
			t.Errorf("%v", f)
		}
	}
	code, out, _ = check(t, "No shop can be reached. We are looking into it. Next update at 15:20 UTC.", "--kind", "notice", "--json", "-")
	if code != 0 || !strings.HasSuffix(out, `"findings":[]}`+"\n") {
		t.Errorf("%d %s", code, out)
	}
}
