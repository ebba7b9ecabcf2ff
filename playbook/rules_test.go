package playbook

import (
	"slices"
	"testing"

	"candor/lang"
)

// Every rule brings examples of what it must and must not recognise.
func TestEveryRuleHoldsItsExamples(t *testing.T) {
	t.Parallel()
	for _, language := range RuleLanguages() {
		set, err := Rules(lang.Tag(language))
		if err != nil {
			t.Errorf("%s: %v", language, err)
			continue
		}
		for i := range set.patterns { // most are made only when a sentence is worth trying them on
			set.patterns[i].re()
		}
		text, err := ruleFiles.ReadFile("rules/" + language + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		file, err := readRuleFile(text)
		if err != nil {
			t.Fatal(err)
		}
		if set.Language != language {
			t.Errorf("%s says it is %q", language, set.Language)
		}
		for _, signal := range Signals {
			w := file.Signals[signal]
			for _, text := range w.Match {
				if !set.Read(text, lang.Tag(language)).Has(signal) {
					t.Errorf("%s: %s is missed in %q", language, signal, text)
				}
			}
			for _, text := range w.Miss {
				if found := set.Read(text, lang.Tag(language)).Found[signal]; len(found) > 0 {
					t.Errorf("%s: %s is seen in %q: %q", language, signal, text, text[found[0].Start:found[0].End])
				}
			}
		}
	}
}

func TestSentencesEndWhereAThoughtEnds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"It is down. We are looking.":                                                          {"It is down.", "We are looking."},
		"Back at 15.20. Next word at 3 p.m. today, in v2.1. Ok.":                               {"Back at 15.20.", "Next word at 3 p.m. today, in v2.1.", "Ok."},
		"Seit dem 12. September z. B. um 15 Uhr. Wir prüfen.":                                  {"Seit dem 12. September z. B. um 15 Uhr.", "Wir prüfen."},
		"服務中斷。我們正在處理！請稍候":                                                                      {"服務中斷。", "我們正在處理！", "請稍候"},
		"Resolved\nWe are **sorry**.\n\n- one\n- two":                                          {"Resolved", "We are **sorry**.", "- one", "- two"},
		"maaf ya kak... masih kami cek. nanti dikabari":                                        {"maaf ya kak... masih kami cek.", "nanti dikabari"},
		"A long line that an editor has broken where the window ended and\nthat goes on here.": {"A long line that an editor has broken where the window ended and\nthat goes on here."},
		"Write to help@example.com. Thanks!":                                                   {"Write to help@example.com.", "Thanks!"},
	} {
		n := normalise(text)
		var got []string
		for _, s := range n.sentences() {
			where := n.span(s.Start, s.End)
			got = append(got, text[where.Start:where.End])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q\n got %q\nwant %q", text, got, want)
		}
	}
}

func TestTheLanguageOfATextIsSeen(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]lang.Tag{
		"We are looking into it.":        lang.English,
		"Wir sehen uns das gerade an.":   lang.German,
		"Estamos revisando el problema.": lang.Spanish,
		"mhn maaf kak, sdg kami cek ya":  lang.Indonesian,
		"我們正在處理 API 的問題":                 lang.ChineseTraditional,
		"我们正在处理 API 的问题":                 ChineseSimplified,
		"":                               lang.English,
	} {
		if got := Detect(text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}
