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
	index    index
}

type rule struct {
	signal           Signal
	any, all, unless []*pattern
	first            int // number of its first pattern; the others follow
}

func (r rule) patterns() []*pattern { return slices.Concat(r.any, r.all, r.unless) }

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
	base, _, _ := strings.Cut(strings.ToLower(string(tag)), "-")
	load, ok := loadRules[base]
	if !ok {
		return nil, fmt.Errorf("no rules for language %q", tag)
	}
	return load()
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
	count := 0
	for _, signal := range Signals {
		w, ok := file.Signals[signal]
		if !ok {
			continue
		}
		r := rule{signal: signal, first: count}
		for _, part := range []struct {
			from []string
			to   *[]*pattern
		}{{w.Any, &r.any}, {w.All, &r.all}, {w.Unless, &r.unless}} {
			for _, source := range part.from {
				p, err := compile(source, file.Words)
				if err != nil {
					faults = append(faults, fmt.Errorf("%s %s: %w", file.Language, signal, err))
					continue
				}
				*part.to = append(*part.to, p)
			}
		}
		count += len(r.any) + len(r.all) + len(r.unless)
		set.rules = append(set.rules, r)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	set.index = indexOf(set.rules, count)
	return set, nil
}
