package amends

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"candor/lang"
)

var ruleNamed = regexp.MustCompile(`(?:add\((?:Question|Hint|Fault), |Rule: )"(\w+)"`)

// Whoever gets a question looks it up in docs/credits.md, and finds every model and granularity there.
func TestEveryQuestionAndEveryModelIsInTheDocument(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../docs/credits.md")
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, name := range []string{"lint.go", "lint_tables.go"} {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range ruleNamed.FindAllStringSubmatch(string(source), -1) {
			words = append(words, m[1])
		}
	}
	if len(words) < 18 {
		t.Fatalf("only %q", words)
	}
	for _, m := range []ModelType{Tiers, PerBlock, Step, DaysPerBlock, BandsDays, BandsHours, ProRata, AffectedRatio, Multiplier, ClockHour, DailyMax, Belgium, FlatMonths, NoClause} {
		words = append(words, string(m))
	}
	for _, k := range []CountKind{EachSecond, WholeMinutes, MinDuration, RoundUp, RoundNearest, ErrorMinutes, ErrorRates, FullIntervals} {
		words = append(words, string(k))
	}
	slices.Sort(words)
	for _, word := range slices.Compact(words) {
		if !strings.Contains(string(doc), "`"+word+"`") {
			t.Errorf("docs/credits.md does not name %s", word)
		}
	}
}

func TestTermsAreAskedAboutWhereTheyBite(t *testing.T) {
	t.Parallel()
	frame := func(more string) string {
		return `{"id": "x", "period": "calendar_month", "tz": "UTC", "granularity": {"kind": "exact"}, "maintenance": "counts", "claim": {"rule": "automatic"}, ` + more + `}`
	}
	for _, c := range []struct{ name, terms, want string }{
		{
			"two rows own an edge", frame(`"commitment": "99.9", "model": {"type": "tiers", "tiers": [{"lt": "99.9", "ge": "99", "pct": "10"}, {"le": "99", "pct": "25"}]}`),
			"question overlap Rows 1, 2 all cover 99% (25,920 s of downtime within 30 days). The first of them is applied, row 1, 10%. Is that meant?",
		},
		{
			"a row behind another", frame(`"commitment": "99.9", "model": {"type": "tiers", "tiers": [{"lt": "99.9", "pct": "10"}, {"lt": "95", "pct": "25"}]}`),
			"question overlap Rows 1, 2 all cover 0% ≤ … < 95% (129,600 s < … ≤ 2,592,000 s of downtime within 30 days). The first of them is applied, row 1, 10%. Is that meant? | " +
				"question unreachable Row 2 (25%) never applies. Are its edges right?",
		},
		{
			"a worse month pays less", frame(`"commitment": "99.9", "model": {"type": "tiers", "tiers": [{"lt": "99.9", "ge": "95", "pct": "25"}, {"lt": "95", "pct": "10"}]}`),
			"question worse_pays_less At 0% ≤ … < 95% (129,600 s < … ≤ 2,592,000 s of downtime within 30 days) the contract pays 10%, although a better uptime pays 25%. Is that meant?",
		},
		{
			"a broken promise that pays nothing", frame(`"commitment": "99.99", "model": {"type": "tiers", "tiers": [{"lt": "99.9", "pct": "10"}]}`),
			"question broken_and_unpaid 99.99% is promised, but 99.9% < … < 99.99% breaks the promise and pays nothing (259.2 s < … < 2,592 s of downtime within 30 days). Is that meant?",
		},
		{
			"nothing at the bottom", frame(`"commitment": "99.9", "model": {"type": "tiers", "tiers": [{"lt": "99.9", "ge": "99", "pct": "10"}]}`),
			"question gap No row covers 0% ≤ … < 99%. Within 30 days that is 25,920 s < … ≤ 2,592,000 s of downtime, for which the contract, as printed, pays nothing. Which row is meant?",
		},
		{"each or part thereof", frame(`"model": {"type": "per_block", "block_s": "1800", "pct": "5"}`), "question each_or_part"},
		{
			"the words and the figure differ", frame(`"note": "5% per hour or fraction", "model": {"type": "per_block", "block_s": "3600", "pct": "5", "round": "floor"}`),
			"question each_or_part The words say “or fraction”, the figure says floor for a block of 3,600 s",
		},
		{"nobody's midnight", strings.Replace(frame(`"model": {"type": "none"}`), `"tz": "UTC", `, "", 1), "question no_zone"},
		{"no such zone", strings.Replace(frame(`"model": {"type": "none"}`), `"UTC"`, `"Mars/Olympus"`, 1), `fault cannot_be_reckoned tz: "Mars/Olympus" is no time zone`},
		{"a minute at the threshold", strings.Replace(frame(`"model": {"type": "none"}`), `"exact"`, `"error_minutes", "threshold": "5"`, 1), "question edge_of_a_minute Does a minute with exactly 5% errors count?"},
		{"a row above the cap", frame(`"commitment": "99.9", "cap": "50%", "model": {"type": "tiers", "tiers": [{"lt": "99.9", "pct": "100"}]}`), "question cap_below_row Row 1 pays 100%, and the contract pays 50% at most"},
		{"two promises", frame(`"commitment": "99.95", "model": {"type": "prorata", "only_if_uptime_lt": "99.9"}`), "question another_promise 99.95% is promised, but credits begin below 99.9%."},
		{"no figures at all", frame(`"model": {"type": "per_block"}`), "fault cannot_be_reckoned block_s is missing or not above 0 | fault cannot_be_reckoned pct is missing or not above 0"},
	} {
		var said []string
		for _, f := range made(t, c.terms).Lint() {
			if f.Level != Hint {
				said = append(said, string(f.Level)+" "+string(f.Rule)+" "+f.In(english))
			}
		}
		if got := strings.Join(said, " | "); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

var english = lang.For(lang.English)

func made(t *testing.T, text string) (terms Terms) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &terms); err != nil {
		t.Fatal(err)
	}
	return terms
}
