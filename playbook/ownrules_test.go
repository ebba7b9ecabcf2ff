package playbook

import (
	"strings"
	"testing"

	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/settings"
)

const roadmap = `
words:
  soon: 'soon|shortly'
rules:
  - name: roadmap
    language: en
    level: warn
    kinds: [notice, update]
    impacts: [major, critical]
    any: ['~road ?map~', '~(?:{soon}) on our list~']
    unless: ['~map of the road~']
    why: Customers want to know about today.
    instead: Leave plans for the report.
    source: Handbook, 4.2
    match: ['It is on our roadmap.', 'Soon on our list.']
    miss: ['We repair the road.']
  - name: shouting
    level: hint
    any: ['!!']
    why: Nobody is calmed by it.
    instead: One full stop.
    match: ['Wieder da!!', 'It works!!']
    miss: ['Wieder da.']
`

func TestACompanysOwnRulesAreReadLikeOurs(t *testing.T) {
	t.Parallel()
	if wrong := CheckOwnRules("words.rules", roadmap); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	house := HouseOf(settings.Words{Rules: roadmap})
	for _, c := range []struct {
		name, text string
		context    Context
		rule       FindingRule
		level      Level
	}{
		{"what its customers mind", "This is on our Roadmap.", Context{Kind: Update, Impact: incident.ImpactMajor, House: house}, "own/roadmap", Warn},
		{"at another impact", "This is on our roadmap.", Context{Kind: Update, Impact: incident.ImpactMinor, House: house}, "own/roadmap", ""},
		{"in another kind of text", "This is on our roadmap.", Context{Kind: Report, Impact: incident.ImpactMajor, House: house}, "own/roadmap", ""},
		{"in another language", "Das steht auf der Roadmap.", Context{Language: lang.German, Kind: Update, Impact: incident.ImpactMajor, House: house}, "own/roadmap", ""},
		{"a rule for every language", "Alles geht wieder!!", Context{Language: lang.German, Kind: Update, House: house}, "own/shouting", Hint},
	} {
		if got := found(t, c.text, c.context)[c.rule]; got != c.level {
			t.Errorf("%s: %q, want %q", c.name, got, c.level)
		}
	}
	_, findings, err := Check("On our roadmap.", Context{Language: lang.English, Kind: Update, Impact: incident.ImpactMajor, House: house})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Rule == "own/roadmap" && (f.Why(lang.For(lang.English)) != "Customers want to know about today." || f.Source != "Handbook, 4.2" || f.Excerpt != "roadmap") {
			t.Errorf("%+v", f)
		}
	}
}

func TestARuleThatDoesNotHoldIsRefusedWithWhatIsWrong(t *testing.T) {
	t.Parallel()
	change := func(old, new string) string {
		if !strings.Contains(roadmap, old) {
			t.Fatalf("%q is not there to be changed", old)
		}
		return strings.Replace(roadmap, old, new, 1)
	}
	for name, c := range map[string]struct{ text, key string }{
		"no YAML":                      {"rules: [", "problem.rules.yaml"},
		"a field that is not known":    {change("any:", "some:"), "problem.rules.yaml"},
		"text where a list belongs":    {"rules: yes", "problem.rules.yaml"},
		"no name":                      {change("name: roadmap", "name: ''"), "problem.rules.name"},
		"a name with a space":          {change("name: roadmap", "name: road map"), "problem.rules.name"},
		"one name twice":               {roadmap + strings.TrimPrefix(roadmap[strings.Index(roadmap, "  - name: shouting"):], "\n"), "problem.rules.twice"},
		"a language we cannot read":    {change("language: en", "language: tlh"), "problem.rules.language"},
		"a level for contradictions":   {change("level: warn", "level: ask"), "problem.rules.level"},
		"a kind there is not":          {change("[notice, update]", "[notice, poem]"), "problem.rules.where"},
		"an impact there is not":       {change("[major, critical]", "[huge]"), "problem.rules.where"},
		"no pattern":                   {change("any: ['!!']", "unless: ['!!']"), "problem.rules.patterns"},
		"a pattern without an end":     {change("'!!'", "'(!!'"), "problem.rules.pattern"},
		"look-around":                  {change("'!!'", "'(?=!)!'"), "problem.rules.pattern"},
		"a repetition of millions":     {change("'!!'", "'(?:(?:!{1000}){1000}){1000}'"), "problem.rules.pattern"},
		"a repetition that takes long": {change("'!!'", "'!!(?:abcdefghij){900}'"), "problem.rules.large"},
		"a word nobody defined":        {change("{soon}", "{later}"), "problem.rules.pattern"},
		"a word made of itself":        {change("soon: 'soon|shortly'", "soon: 'soon|{soon}'"), "problem.rules.pattern"},
		"a pattern like a novel":       {change("'!!'", "'"+strings.Repeat("a", 501)+"'"), "problem.rules.long"},
		"nothing said about why":       {change("    why: Nobody is calmed by it.\n", ""), "problem.rules.why"},
		"no example of a miss":         {change("    miss: ['Wieder da.']\n", ""), "problem.rules.examples"},
		"an example it misses":         {change("'It works!!'", "'It works!'"), "problem.rules.match"},
		"an example it must miss":      {change("'Wieder da.'", "'Da!!'"), "problem.rules.miss"},
	} {
		wrong := CheckOwnRules("words.rules", c.text)
		if len(wrong) == 0 || wrong[0].Key != c.key || wrong[0].Field != "words.rules" {
			t.Errorf("%s: %v, want %s", name, wrong, c.key)
		}
		for _, p := range wrong {
			if said := lang.For(lang.German).T(p.Key, p.Args...); strings.Contains(said, "⟦") {
				t.Errorf("%s: %q", name, said)
			}
		}
		if h := HouseOf(settings.Words{Rules: c.text}); h == nil {
			t.Errorf("%s: no house", name)
		}
	}
}

// Whatever a company writes is refused or works, and never takes the program down.
func FuzzOwnRules(f *testing.F) {
	f.Add(roadmap, "It is on our roadmap!!")
	f.Add("rules: [{name: a, level: hint, any: ['~{when}~'], why: a, instead: b, match: [a], miss: [b]}]", "Next at 15:20.")
	f.Add("words: {a: '{a}'}\nrules:\n- name: x", "")
	f.Fuzz(func(t *testing.T, rules, text string) {
		wrong := CheckOwnRules("words.rules", rules)
		for _, p := range wrong {
			if p.Kind != problem.Invalid {
				t.Fatalf("%v", p)
			}
		}
		_, findings, err := Check(text, Context{Kind: Update, House: HouseOf(settings.Words{Rules: rules})})
		if err != nil {
			t.Fatal(err)
		}
		for _, finding := range findings {
			inText(t, text, finding.Span)
		}
	})
}
