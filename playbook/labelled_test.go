package playbook

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"

	"candor/incident"
	"candor/lang"
)

var (
	report = flag.Bool("report", false, "print precision and recall per rule and language (make playbook-report)")
	misses = flag.Bool("misses", false, "with -report: print every sentence and message a rule judges otherwise than its label")
)

// labelled is testdata/labelled/*.yaml: sentences and messages written for this project, judged by a person and not by a rule.
type labelled struct {
	Language  string `yaml:"language"`
	Sentences []struct {
		Text    string   `yaml:"text"`
		Signals []Signal `yaml:"signals"`
	} `yaml:"sentences"`
	Messages []labelledMessage `yaml:"messages"`
}

type labelledMessage struct {
	Kind     Kind          `yaml:"kind"`
	Impact   string        `yaml:"impact"`
	Text     string        `yaml:"text"`
	Present  []Signal      `yaml:"present"`
	Findings []FindingRule `yaml:"findings"`
}

func readLabelled(t testing.TB, language string) labelled {
	t.Helper()
	text, err := os.ReadFile("testdata/labelled/" + language + ".yaml")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not labelled", language)
	}
	if err != nil {
		t.Fatal(err)
	}
	var l labelled
	if err := yaml.UnmarshalWithOptions(text, &l, yaml.Strict()); err != nil {
		t.Fatalf("%s: %v", language, err)
	}
	return l
}

// A score counts how a rule agrees with a person.
type score struct{ right, wrong, missed int }

func (s *score) count(want, got bool) {
	switch {
	case want && got:
		s.right++
	case got:
		s.wrong++
	case want:
		s.missed++
	}
}

func (s score) precision() float64 { return share(s.right, s.right+s.wrong) }
func (s score) recall() float64    { return share(s.right, s.right+s.missed) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// A scoreboard holds a score per "language rule".
type scoreboard map[[2]string]*score

func (b scoreboard) of(language, rule string) *score {
	key := [2]string{language, rule}
	if b[key] == nil {
		b[key] = &score{}
	}
	return b[key]
}

// judge compares the rules of a language with every label of it.
func judge(t *testing.T, language string, signals, findings scoreboard) {
	l := readLabelled(t, language)
	set, err := Rules(lang.Tag(language))
	if err != nil {
		t.Fatal(err)
	}
	differ := func(rule string, want, got bool, text string) {
		if want != got && *misses {
			fmt.Printf("%s %s: label %v, rule %v: %q\n", language, rule, want, got, text)
		}
	}
	for _, s := range l.Sentences {
		r := set.Read(s.Text, lang.Tag(language))
		for _, signal := range Signals {
			want, got := slices.Contains(s.Signals, signal), r.Has(signal)
			signals.of(language, string(signal)).count(want, got)
			differ(string(signal), want, got, s.Text)
		}
	}
	for _, m := range l.Messages {
		r := set.Read(m.Text, lang.Tag(language))
		for _, signal := range Shown {
			want, got := slices.Contains(m.Present, signal), r.Has(signal)
			signals.of(language, string(signal)).count(want, got)
			differ(string(signal), want, got, m.Text)
		}
	}
	judgeFindings(t, language, l.Messages, findings, differ)
}

// judgeFindings compares the findings on whole messages, which depend on kind and impact.
func judgeFindings(t *testing.T, language string, messages []labelledMessage, board scoreboard, differ func(string, bool, bool, string)) {
	for _, m := range messages {
		_, found, err := Check(m.Text, Context{Language: lang.Tag(language), Kind: m.Kind, Impact: incident.Impact(m.Impact)})
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range FindingRules() {
			want, got := slices.Contains(m.Findings, rule), slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == rule })
			board.of(language, string(rule)).count(want, got)
			differ(string(rule), want, got, m.Text)
		}
	}
}

func TestTheLabelledTextsAreManyAndNameWhatExists(t *testing.T) {
	t.Parallel()
	for _, language := range RuleLanguages() {
		l := readLabelled(t, language)
		if len(l.Sentences) < 65 || len(l.Messages) < 13 {
			t.Errorf("%s: %d sentences, %d messages", language, len(l.Sentences), len(l.Messages))
		}
		for _, s := range l.Sentences {
			for _, signal := range s.Signals {
				if !slices.Contains(Signals, signal) {
					t.Errorf("%s: %q is no signal: %q", language, signal, s.Text)
				}
			}
		}
		for _, m := range l.Messages {
			for _, signal := range m.Present {
				if !slices.Contains(Shown[:], signal) {
					t.Errorf("%s: %q is not shown: %q", language, signal, m.Text)
				}
			}
			for _, rule := range m.Findings {
				if !slices.Contains(FindingRules(), rule) {
					t.Errorf("%s: no finding is called %q: %q", language, rule, m.Text)
				}
			}
			if !slices.Contains(Kinds[:], m.Kind) {
				t.Errorf("%s: no kind %q", language, m.Kind)
			}
		}
	}
}

// TestReport prints the scores; without -report it only sees to it that they can be counted.
func TestReport(t *testing.T) {
	signals, findings := scoreboard{}, scoreboard{}
	for _, language := range RuleLanguages() {
		judge(t, language, signals, findings)
	}
	if len(signals) == 0 {
		t.Error("nothing was judged")
	}
	if *report {
		printScores("signals", signals)
		printScores("findings", findings)
	}
}

func printScores(title string, board scoreboard) {
	total := scoreboard{}
	for key, s := range board {
		all := total.of("all", key[1])
		all.right, all.wrong, all.missed = all.right+s.right, all.wrong+s.wrong, all.missed+s.missed
	}
	fmt.Printf("\n%-9s %-28s %9s %6s %10s\n", "language", title, "precision", "recall", "labelled")
	for _, b := range []scoreboard{board, total} {
		keys := make([][2]string, 0, len(b))
		for key := range b {
			keys = append(keys, key)
		}
		slices.SortFunc(keys, func(x, y [2]string) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
		for _, key := range keys {
			s := b[key]
			if s.right+s.wrong+s.missed > 0 {
				fmt.Printf("%-9s %-28s %9.2f %6.2f %10d\n", key[0], key[1], s.precision(), s.recall(), s.right+s.missed)
			}
		}
	}
}
