package playbook

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"candor/incident"
	"candor/lang"
	"candor/problem"
)

// ownPrefix begins the names of a company's own rules, so that none is taken for one of ours.
const ownPrefix FindingRule = "own/"

const (
	mostOwnRules   = 100
	mostPatterns   = 20  // of one rule, any, all and unless together
	longestPattern = 500 // characters: a pattern is a phrase, not a program
	longestSaying  = 500
	mostExamples   = 20
)

// An ownFile is what a company writes: docs/checks.md explains the shape.
type ownFile struct {
	Words map[string]string `yaml:"words"`
	Rules []ownRule         `yaml:"rules"`
}

// An ownRule is one thing a company's customers mind, with examples that it must hold before anybody is bothered with it.
type ownRule struct {
	Name      string            `yaml:"name"`
	Language  lang.Tag          `yaml:"language"` // empty: texts in every language
	Level     Level             `yaml:"level"`
	Kinds     []Kind            `yaml:"kinds"`
	Impacts   []incident.Impact `yaml:"impacts"`
	Incidents []incident.Kind   `yaml:"incidents"`
	Any       []string          `yaml:"any"`
	All       []string          `yaml:"all"`
	Unless    []string          `yaml:"unless"`
	Why       string            `yaml:"why"`
	Instead   string            `yaml:"instead"`
	Source    string            `yaml:"source"`
	Match     []string          `yaml:"match"`
	Miss      []string          `yaml:"miss"`
}

func ownSignal(n int) Signal { return Signal("own/" + strconv.Itoa(n)) }

// CheckOwnRules says everything that is wrong with a company's rules; the field is the caller's.
func CheckOwnRules(field, text string) problem.List {
	wrong := checkOwnRules(text)
	for _, p := range wrong {
		p.Field = field
	}
	return wrong
}

func checkOwnRules(text string) problem.List {
	file, wrong := readOwnFile(text)
	if len(wrong) > 0 || len(file.Rules) == 0 {
		return wrong
	}
	sets := ownSets(file)
	for _, language := range RuleLanguages() {
		_, faults := sets[language]()
		wrong = append(wrong, faults...)
	}
	if len(wrong) > 0 {
		return distinctProblems(wrong)
	}
	for n, r := range file.Rules {
		r.holds(&wrong, sets, n)
	}
	return wrong
}

// readOwnFile reads everything but the patterns and the examples.
func readOwnFile(text string) (file ownFile, wrong problem.List) {
	if strings.TrimSpace(text) == "" {
		return file, nil
	}
	if err := yaml.UnmarshalWithOptions([]byte(text), &file, yaml.Strict()); err != nil {
		return ownFile{}, problem.List{notYAML(err)}
	}
	if len(file.Rules) > mostOwnRules {
		return ownFile{}, problem.List{problem.Field("", "problem.rules.many", "most", mostOwnRules)}
	}
	for n, r := range file.Rules {
		r.check(&wrong, file.Rules[:n], n)
	}
	return file, wrong
}

func ownSets(file ownFile) map[string]func() (*Ruleset, problem.List) {
	sets := map[string]func() (*Ruleset, problem.List){}
	if len(file.Rules) == 0 {
		return sets
	}
	for _, language := range RuleLanguages() {
		sets[language] = sync.OnceValues(func() (*Ruleset, problem.List) { return ownSet(language, file) })
	}
	return sets
}

// notYAML says where a file cannot be read, in the reader's own line numbers and without the parser's drawing of it.
func notYAML(err error) *problem.Problem {
	said := err.Error()
	if fault := yaml.Error(nil); errors.As(err, &fault) {
		return problem.Field("", "problem.rules.yaml", "line", fault.GetToken().Position.Line, "said", short(fault.GetMessage()))
	}
	return problem.Field("", "problem.rules.yaml", "line", 1, "said", short(said))
}

func short(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}

var ruleName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,49}$`)

// check is everything about one rule but its patterns and examples.
func (r ownRule) check(wrong *problem.List, before []ownRule, n int) {
	name := r.called(n)
	refuse := func(key string, args ...any) {
		wrong.Add(problem.Field("", "problem.rules."+key, append([]any{"rule", name}, args...)...))
	}
	switch {
	case !ruleName.MatchString(r.Name):
		refuse("name")
	case slices.ContainsFunc(before, func(b ownRule) bool { return b.Name == r.Name && b.Language == r.Language }):
		refuse("twice")
	}
	if r.Language != "" && !slices.Contains(RuleLanguages(), base(r.Language)) {
		refuse("language", "typed", r.Language)
	}
	if r.Level != Hint && r.Level != Warn { // ask is for a contradiction with a field, which no pattern sees
		refuse("level")
	}
	known := func(what string, ok bool) {
		if !ok {
			refuse("where", "what", what)
		}
	}
	for _, k := range r.Kinds {
		known(string(k), slices.Contains(Kinds[:], k))
	}
	for _, i := range r.Impacts {
		known(string(i), i.Valid() || i == incident.ImpactMaintenance)
	}
	for _, k := range r.Incidents {
		known(string(k), slices.Contains(incident.Kinds[:], k))
	}
	patterns := slices.Concat(r.Any, r.All, r.Unless)
	if len(r.Any)+len(r.All) == 0 || len(patterns) > mostPatterns {
		refuse("patterns", "most", mostPatterns)
	}
	for _, p := range patterns {
		if len([]rune(p)) > longestPattern {
			refuse("long", "most", longestPattern)
		}
	}
	if r.Why == "" || r.Instead == "" {
		refuse("why")
	}
	for _, said := range []string{r.Why, r.Instead, r.Source} {
		if len([]rune(said)) > longestSaying {
			refuse("long", "most", longestSaying)
		}
	}
	if len(r.Match) == 0 || len(r.Miss) == 0 || len(r.Match)+len(r.Miss) > mostExamples {
		refuse("examples", "most", mostExamples)
	}
}

func (r ownRule) called(n int) string {
	if r.Name == "" {
		return "#" + strconv.Itoa(n+1)
	}
	return r.Name
}

// ownSet are the rules for texts in one language, made like our own. Their patterns may use the words that the language has a name for.
func ownSet(language string, file ownFile) (*Ruleset, problem.List) {
	words := map[string]string{}
	if ours, err := Rules(lang.Tag(language)); err == nil {
		maps.Copy(words, ours.words)
	}
	maps.Copy(words, file.Words)
	var wrong problem.List
	set, b := &Ruleset{Language: language, words: words}, newBuilder(words)
	for n, r := range file.Rules {
		if r.Language != "" && base(r.Language) != language {
			continue
		}
		b.faults = nil
		first := len(b.sketches)
		set.rules = append(set.rules, b.rule(ownSignal(n), signRule{Any: r.Any, All: r.All, Unless: r.Unless}))
		for _, err := range b.faults {
			wrong.Add(problem.Field("", "problem.rules.pattern", "rule", r.called(n), "said", short(reason(err))))
		}
		if slices.ContainsFunc(b.sketches[first:], sketch.tooLarge) {
			wrong.Add(problem.Field("", "problem.rules.large", "rule", r.called(n)))
		}
	}
	set.patterns, set.index = b.patterns(), b.index()
	return set, wrong
}

// largestProgram bounds how long one pattern can look at one letter: RE2 writes a counted repetition out as often as it counts.
const largestProgram = 3000

// tooLarge reports whether a pattern takes too long, whatever it is looked for in.
func (s sketch) tooLarge() bool {
	tree, err := syntax.Parse(s.source, syntax.Perl)
	if err != nil {
		return true
	}
	program, err := syntax.Compile(tree.Simplify())
	return err != nil || len(program.Inst) > largestProgram
}

// reason is the innermost of an error about a pattern, with the pattern: who wrote it knows which language it is for.
func reason(err error) string {
	said := err.Error()
	if _, rest, cut := strings.Cut(said, ": "); cut {
		return rest
	}
	return said
}

// holds tries a rule's examples, each in the rule's language or in the one it is written in.
func (r ownRule) holds(wrong *problem.List, sets map[string]func() (*Ruleset, problem.List), n int) {
	sees := func(example string) bool {
		tag := r.Language
		if tag == "" {
			tag = Detect(example)
		}
		set, _ := sets[base(tag)]()
		return set.Read(example, tag).Has(ownSignal(n))
	}
	for _, example := range r.Match {
		if !sees(example) {
			wrong.Add(problem.Field("", "problem.rules.match", "rule", r.Name, "example", example))
		}
	}
	for _, example := range r.Miss {
		if sees(example) {
			wrong.Add(problem.Field("", "problem.rules.miss", "rule", r.Name, "example", example))
		}
	}
}

// distinctProblems leaves out what was said of several languages.
func distinctProblems(all problem.List) (out problem.List) {
	seen := map[string]bool{}
	for _, p := range all {
		if said := fmt.Sprint(p.Key, p.Args); !seen[said] {
			seen[said] = true
			out = append(out, p)
		}
	}
	return out
}
