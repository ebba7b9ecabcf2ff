package lang

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// speak puts a catalogue of a test's own in place of a real one, falling back to another.
func speak(t *testing.T, plural string, english map[string]string, own map[string]string) Words {
	t.Helper()
	build := func(flat map[string]string) *catalogue {
		c := &catalogue{tag: "xx", texts: map[string]text{}, plural: pluralRules[plural]}
		for key, words := range flat {
			c.texts[key] = parseText(words)
		}
		return c
	}
	c := build(own)
	c.english = build(english)
	return Words{in: c}
}

func TestTextsAreFilledByName(t *testing.T) {
	t.Parallel()
	w := speak(t, "one", map[string]string{"_number.group": ",", "_number.group.from": "4", "only.english": "in English, {name}"}, map[string]string{
		"plain":   "No braces {} { x} here",
		"by":      "{name} is called at {time}",
		"twice":   "{name}, {name}",
		"reached": "{reached} of {all}",
	})
	for _, row := range []struct {
		says string
		got  string
		want string
	}{
		{"a text without placeholders is itself", w.T("plain"), "No braces {} { x} here"},
		{"arguments come in any order", w.T("by", "time", "15:21", "name", "Luis Ortega"), "Luis Ortega is called at 15:21"},
		{"a name may be used twice", w.T("twice", "name", "Luis"), "Luis, Luis"},
		{"whole numbers are grouped", w.T("reached", "reached", 4812, "all", int64(4815)), "4,812 of 4,815"},
		{"a missing argument stays visible", w.T("by", "name", "Luis"), "Luis is called at {time}"},
		{"a name without a value is no argument", w.T("by", "time", "15:21", "name"), "{name} is called at 15:21"},
		{"an argument is never read as a pattern", w.T("twice", "name", "{name}"), "{name}, {name}"},
		{"an argument is plain text, markup and all", w.T("twice", "name", "<b>"), "<b>, <b>"},
		{"a type that names itself is asked", w.T("twice", "name", fmt.Errorf("no")), "no, no"},
		{"a word this language lacks appears in English", w.T("only.english", "name", "Ana"), "in English, Ana"},
		{"a word nobody has is visibly missing", w.T("nobody.has"), "⟦nobody.has⟧"},
	} {
		if row.got != row.want {
			t.Errorf("%s: got %q, want %q", row.says, row.got, row.want)
		}
	}
}

func TestCountsTakeTheFormTheirLanguageWants(t *testing.T) {
	t.Parallel()
	forms := map[string]string{
		"_number.group": " ", "_number.group.from": "5",
		"c#one": "{n} one by {who}", "c#few": "{n} few by {who}", "c#many": "{n} many by {who}", "c#other": "{n} other by {who}",
	}
	for rule, want := range map[string][]string{
		"none":     {"0 other", "1 other", "2 other", "5 other", "11 other", "12 other", "21 other", "22 other", "112 other"},
		"one":      {"0 other", "1 one", "2 other", "5 other", "11 other", "12 other", "21 other", "22 other", "112 other"},
		"zero-one": {"0 one", "1 one", "2 other", "5 other", "11 other", "12 other", "21 other", "22 other", "112 other"},
		"polish":   {"0 many", "1 one", "2 few", "5 many", "11 many", "12 many", "21 many", "22 few", "112 many"},
		"russian":  {"0 many", "1 one", "2 few", "5 many", "11 many", "12 many", "21 one", "22 few", "112 many"},
	} {
		w := speak(t, rule, nil, forms)
		var got []string
		for _, n := range []int{0, 1, 2, 5, 11, 12, 21, 22, 112} {
			got = append(got, w.N("c", n, "who", "Dana")[:len(w.N("c", n, "who", "Dana"))-len(" by Dana")])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", rule, diff)
		}
	}
	if got, want := speak(t, "one", nil, nil).N("nobody.has", 3), "⟦nobody.has⟧"; got != want {
		t.Errorf("a count nobody has words for: got %q, want %q", got, want)
	}
}

func TestTheZeroWordsSpeakEnglish(t *testing.T) {
	t.Parallel()
	if got := (Words{}).Tag(); got != English {
		t.Errorf("zero words speak %s", got)
	}
	if got := For("tlh").Tag(); got != English {
		t.Errorf("words of an unknown language speak %s", got)
	}
	if w := For(German); !w.Has("headline.operational") || w.Has("headline.nonsense") {
		t.Error("Has does not tell a key from a made-up one")
	}
}

func TestEveryLanguageSaysItsOwnName(t *testing.T) {
	t.Parallel()
	got := map[Tag]string{}
	for _, tag := range All() {
		got[tag] = tag.Name()
	}
	want := map[Tag]string{
		English: "English", German: "Deutsch", Spanish: "Español", Indonesian: "Bahasa Indonesia", ChineseTraditional: "繁體中文",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if All()[0] != English {
		t.Errorf("the first language is %s", All()[0])
	}
}

func TestParseKnowsTheLanguagesWithACatalogue(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Tag{"de": German, "DE": German, "zh-hant": ChineseTraditional, "zh-Hant": ChineseTraditional} {
		got, err := Parse(in)
		if err != nil || got != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", "fr", "zh", "../en", "en.json", "en/"} {
		if got, err := Parse(in); err == nil {
			t.Errorf("Parse(%q) = %q, want an error", in, got)
		}
	}
	if got := ChineseTraditional.Path(); got != "zh-Hant" {
		t.Errorf("path is %q", got)
	}
}

func TestABrowsersLanguagesAreMatchedToOurs(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		says, header string
		want         Tag
	}{
		{"no header", "", Spanish},
		{"an exact one", "de", German},
		{"a region of one", "de-AT,en;q=0.5", German},
		{"Taiwan reads traditional Chinese", "zh-TW,zh;q=0.9,en;q=0.8", ChineseTraditional},
		{"Hong Kong reads traditional Chinese", "zh-HK", ChineseTraditional},
		{"the second choice where the first is not offered", "fr,id;q=0.4", Indonesian},
		{"weights before order", "en;q=0.2,de;q=0.9", German},
		{"none of ours", "fr,ja", Spanish},
		{"garbage", ";;;q=,,\x00", Spanish},
		{"a header made to hurt", longHeader(), Spanish},
	} {
		if got := Match(row.header, All(), Spanish); got != row.want {
			t.Errorf("%s: Match(%.30q) = %s, want %s", row.says, row.header, got, row.want)
		}
	}
	if got := Match("de", []Tag{English, Spanish}, English); got != English {
		t.Errorf("a language that is spoken but not offered: got %s", got)
	}
	if got := Match("de", nil, English); got != English {
		t.Errorf("nothing offered: got %s", got)
	}
}

func longHeader() string {
	header := "de"
	for range 2000 {
		header += ",de-a-b-c"
	}
	return header
}

func BenchmarkTPlain(b *testing.B) {
	w := For(German)
	for b.Loop() {
		w.T("headline.operational")
	}
}

func BenchmarkTFilled(b *testing.B) {
	w := For(German)
	for b.Loop() {
		w.T("estimate.range", "from", "15:21", "to", "16:00")
	}
}

func BenchmarkTFallsBackToEnglish(b *testing.B) {
	w := For(German)
	for b.Loop() {
		w.T("nobody.has")
	}
}

func BenchmarkMatch(b *testing.B) {
	offered := Offer(All(), English)
	for b.Loop() {
		offered.Match("zh-TW,zh;q=0.9,en;q=0.8")
	}
}
