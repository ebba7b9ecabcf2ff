package playbook

import (
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"candor/lang"
)

//go:embed rules/*.yaml
var ruleFiles embed.FS

// A ruleFile is how one language says things, as it is written. docs/checks.md explains the shape to whoever adds to it.
type ruleFile struct {
	Language string              `yaml:"language"`
	Words    map[string]string   `yaml:"words"`
	Signals  map[Signal]signRule `yaml:"signals"`
}

// A signRule says how a signal is recognised in one sentence, with examples that are its tests.
type signRule struct {
	Any    []string `yaml:"any"`
	All    []string `yaml:"all"`
	Unless []string `yaml:"unless"`
	Match  []string `yaml:"match"`
	Miss   []string `yaml:"miss"`
}

// A Ruleset recognises the signals of one language.
type Ruleset struct {
	Language string // "en", "zh"
	words    map[string]string
	rules    []rule
	patterns []pattern
	index    *index
}

// A rule holds numbers of patterns; several rules may share one. all is a choice of patterns for each thing that must be there.
type rule struct {
	signal      Signal
	any, unless []int
	all         [][]int
}

var loadRules = func() map[string]func() (*Ruleset, error) {
	load := map[string]func() (*Ruleset, error){}
	files, err := ruleFiles.ReadDir("rules")
	if err != nil {
		panic(err) // the build left its rules out
	}
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), ".yaml")
		load[name] = sync.OnceValues(func() (*Ruleset, error) {
			text, err := ruleFiles.ReadFile("rules/" + f.Name())
			if err != nil {
				return nil, err
			}
			return ReadRules(text)
		})
	}
	return load
}()

// RuleLanguages are the languages whose words are checked.
func RuleLanguages() []string { return slices.Sorted(maps.Keys(loadRules)) }

// Rules recognises what a text in a language says; both scripts of Chinese have one set.
func Rules(tag lang.Tag) (*Ruleset, error) {
	load, ok := loadRules[base(tag)]
	if !ok {
		return nil, fmt.Errorf("no rules for language %q", tag)
	}
	return load()
}

// Ready makes the rules of some languages, which takes a moment the first time.
func Ready(languages []lang.Tag) {
	for _, tag := range languages {
		_, _ = Rules(tag) // whoever reads with them hears of it
	}
}

// base is the language without script and country.
func base(tag lang.Tag) string {
	language, _, _ := strings.Cut(strings.ToLower(string(tag)), "-")
	return language
}

func readRuleFile(text []byte) (file ruleFile, err error) {
	err = yaml.UnmarshalWithOptions(text, &file, yaml.Strict())
	return file, err
}

// ReadRules reads a rule file and reports everything that is wrong with it.
func ReadRules(text []byte) (*Ruleset, error) {
	file, err := readRuleFile(text)
	if err != nil {
		return nil, err
	}
	set, b := &Ruleset{Language: file.Language, words: file.Words}, newBuilder(file.Words)
	for signal := range file.Signals {
		if !slices.Contains(Signals, signal) {
			b.faults = append(b.faults, fmt.Errorf("%s: no such signal", signal))
		}
	}
	for _, signal := range Signals {
		if w, ok := file.Signals[signal]; ok {
			set.rules = append(set.rules, b.rule(signal, w))
		}
	}
	if len(b.faults) > 0 {
		return nil, fmt.Errorf("rules of %q: %w", file.Language, errors.Join(b.faults...))
	}
	set.patterns, set.index = b.patterns(), b.index()
	return set, nil
}

// A builder numbers patterns; the same pattern has the same number wherever it is written.
type builder struct {
	words    map[string]string
	sketches []sketch
	known    map[string][]int
	faults   []error
}

func newBuilder(words map[string]string) *builder {
	return &builder{words: words, known: map[string][]int{}}
}

func (b *builder) patterns() []pattern {
	all, sources := make([]pattern, len(b.sketches)), make([]*string, len(b.sketches))
	for i, s := range b.sketches {
		all[i].source, all[i].before, all[i].after = s.source, s.before, s.after
		sources[i] = &all[i].source
	}
	pack(sources)
	return all
}

func (b *builder) index() *index {
	needs := make([][][]string, len(b.sketches))
	for i, s := range b.sketches {
		needs[i] = s.needs
	}
	return indexOf(needs)
}

func (b *builder) rule(signal Signal, w signRule) rule {
	r := rule{signal: signal}
	for _, source := range w.Any {
		r.any = append(r.any, b.numbers(signal, source)...)
	}
	for _, source := range w.All {
		r.all = append(r.all, b.numbers(signal, source))
	}
	for _, source := range w.Unless {
		r.unless = append(r.unless, b.numbers(signal, source)...)
	}
	return r
}

func (b *builder) numbers(signal Signal, source string) []int {
	if numbers, ok := b.known[source]; ok {
		return numbers
	}
	sketches, err := compile(source, b.words)
	if err != nil {
		b.faults = append(b.faults, fmt.Errorf("%s: %w", signal, err))
	}
	for _, s := range sketches {
		b.known[source] = append(b.known[source], len(b.sketches))
		b.sketches = append(b.sketches, s)
	}
	return b.known[source]
}
