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
	written  ruleFile
	rules    []rule
	patterns []*pattern
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

// ReadRules reads a rule file and reports everything that is wrong with it.
func ReadRules(text []byte) (*Ruleset, error) {
	var file ruleFile
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return nil, err
	}
	set := &Ruleset{Language: file.Language, written: file}
	var faults []error
	for signal := range file.Signals {
		if !slices.Contains(Signals, signal) {
			faults = append(faults, fmt.Errorf("%s: no such signal", signal))
		}
	}
	b := builder{set: set, known: map[string][]int{}}
	for _, signal := range Signals {
		if w, ok := file.Signals[signal]; ok {
			set.rules = append(set.rules, b.rule(signal, w))
		}
	}
	if err := errors.Join(append(faults, b.faults...)...); err != nil {
		return nil, err
	}
	set.index = indexOf(set.patterns)
	return set, nil
}

// A builder numbers patterns; the same pattern has the same number wherever it is written.
type builder struct {
	set    *Ruleset
	known  map[string][]int
	faults []error
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
	patterns, err := compile(source, b.set.written.Words)
	if err != nil {
		b.faults = append(b.faults, fmt.Errorf("%s %s: %w", b.set.Language, signal, err))
	}
	for _, p := range patterns {
		b.known[source] = append(b.known[source], len(b.set.patterns))
		b.set.patterns = append(b.set.patterns, p)
	}
	return b.known[source]
}
