package lang

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// dynamicPrefixes are keys that code completes with a stored value, such as "kind." + incident.Kind. Whoever completes a key adds its
// beginning here.
var dynamicPrefixes = []string{
	"_month.", "_month.short.", "_weekday.", "_weekday.short.",
	"status.component.", "status.incident.", "impact.", "kind.", "headline.",
	"cause.", "cause.whose.", "attack.", "estimate.", "data.", "data.class.", "detected.", "role.", "prepared.",
	"site.blackout.", "site.link.", "chase.why.", "chase.end.", "callin.why.", "call.script.data.",
	"report.part.", "report.template.", "problem.action.state.", "report.impact.", "report.action.kind.", "report.action.state.", "report.step.",
	"site.comment.gone.", "site.comment.reason.", "site.comment.screen.",
	"promise.what.", "site.effect.", "site.me.channel.", "site.promises.", "site.track.", "site.me.known.", "site.me.way.", "site.redeem.how.", "site.redeem.objection.", "check.", "check.level.", "problem.rules.", "credit.rounding.", "problem.edit.",
}

func TestEveryWordIsUsedAndEveryWordUsedExists(t *testing.T) {
	t.Parallel()
	said, err := scan(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range usageFaults(said, readFlat(t, English), dynamicPrefixes) {
		t.Error(fault)
	}
}

// sayings are the strings of a source tree that are, or look like, keys.
type sayings struct {
	literals map[string]bool   // every string literal
	texts    map[string]string // keys given to T or to a problem, with where
	counts   map[string]string // keys given to N, with where
	begun    map[string]string // beginnings of keys completed on the spot, with where
	calls    *[]saying
}

// A saying is one place that says a key, with the names of the arguments it gives.
type saying struct {
	verb, key, where string
	names            []string
}

func usageFaults(said sayings, english flat, prefixes []string) []string {
	var faults []string
	for _, key := range slices.Sorted(maps.Keys(said.texts)) {
		if _, ok := english[key]; !ok {
			faults = append(faults, fmt.Sprintf("%s says %q, which no catalogue has", said.texts[key], key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(said.counts)) {
		if _, ok := english[key+"#other"]; !ok {
			faults = append(faults, fmt.Sprintf("%s counts %q, which no catalogue has", said.counts[key], key+"#other"))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(said.begun)) {
		if !slices.Contains(prefixes, key) {
			faults = append(faults, fmt.Sprintf("%s completes %q, which is not among dynamicPrefixes", said.begun[key], key))
		}
	}
	for _, call := range *said.calls {
		faults = append(faults, argumentFaults(call, english)...)
	}
	bases := map[string]bool{}
	for key := range english {
		base, _, _ := strings.Cut(key, "#")
		bases[base] = true
	}
	isDynamic := func(key string) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
	}
	for _, key := range slices.Sorted(maps.Keys(bases)) {
		if !said.literals[key] && !isDynamic(key) {
			faults = append(faults, fmt.Sprintf("%q is in the catalogues, but nothing says it", key))
		}
	}
	for _, prefix := range prefixes {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(bases)), func(key string) bool { return strings.HasPrefix(key, prefix) }) {
			faults = append(faults, fmt.Sprintf("no key begins with the dynamic prefix %q", prefix))
		}
	}
	return faults
}

// argumentFaults are the placeholders that a reader would see in braces, because nobody fills them.
func argumentFaults(call saying, english flat) []string {
	words, given := english[call.key], call.names
	if call.verb == "N" {
		words, given = english[call.key+"#other"], append([]string{"n"}, call.names...)
	}
	var faults []string
	for _, name := range parseText(words).placeholders() {
		if !slices.Contains(given, name) {
			faults = append(faults, fmt.Sprintf("%s says %q without its {%s}", call.where, call.key, name))
		}
	}
	return faults
}

func scan(tree fs.FS) (sayings, error) {
	said := sayings{literals: map[string]bool{}, texts: map[string]string{}, counts: map[string]string{}, begun: map[string]string{}, calls: new([]saying)}
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if base := path.Base(name); name != "." && (base[0] == '.' || base == "testdata" || base == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		source, template := isSource(name), isTemplate(name)
		if !source && !template {
			return nil
		}
		raw, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		if template {
			said.scanTemplate(name, string(raw))
			return nil
		}
		return said.scanGo(name, raw)
	})
	return said, err
}

func isSource(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
}

func isTemplate(name string) bool {
	return slices.Contains([]string{".html", ".txt", ".tmpl", ".xml"}, path.Ext(name))
}

var (
	action       = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	quoted       = regexp.MustCompile("\"((?:[^\"\\\\]|\\\\.)*)\"|`([^`]*)`")
	templateCall = regexp.MustCompile("(?:^|[\\s({.\\w$)])\\.(T|N)\\s+[\"`]([^\"`]+)[\"`]")
)

func (s sayings) scanTemplate(name, raw string) {
	for _, act := range action.FindAllString(raw, -1) {
		var names []string
		for _, lit := range quoted.FindAllStringSubmatch(act, -1) {
			s.literals[lit[1]+lit[2]] = true
			names = append(names, lit[1]+lit[2])
		}
		for _, call := range templateCall.FindAllStringSubmatch(act, -1) {
			s.said(call[1], call[2], name)
			*s.calls = append(*s.calls, saying{call[1], call[2], name, names})
		}
	}
}

func (s sayings) said(verb, key, where string) {
	if verb == "N" {
		s.counts[key] = where
		return
	}
	s.texts[key] = where
}

func (s sayings) scanGo(name string, raw []byte) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, raw, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(node ast.Node) bool {
		where := ""
		if node != nil {
			where = set.Position(node.Pos()).String()
		}
		switch node := node.(type) {
		case *ast.BasicLit:
			if lit, ok := literal(node); ok {
				s.literals[lit] = true
			}
		case *ast.CallExpr:
			s.scanCall(node, where)
		case *ast.KeyValueExpr:
			// problem.Problem{Key: "…"}: a dot tells a catalogue key from some other struct's Key.
			if name, ok := node.Key.(*ast.Ident); ok && name.Name == "Key" {
				if key, ok := literal(node.Value); ok && strings.Contains(key, ".") {
					s.texts[key] = where
				}
			}
		}
		return true
	})
	return nil
}

// scanCall looks for x.T("key", …), x.N("key", …), problem.New(kind, "key", …) and problem.Field(field, "key", …).
func (s sayings) scanCall(call *ast.CallExpr, where string) {
	function, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	verb, at := function.Sel.Name, -1
	from, _ := function.X.(*ast.Ident)
	switch {
	case verb == "T" || verb == "N":
		at = 0
	case from != nil && from.Name == "problem" && (verb == "New" || verb == "Field"):
		at = 1
	}
	if at < 0 || len(call.Args) <= at {
		return
	}
	if key, ok := literal(call.Args[at]); ok {
		s.said(verb, key, where)
		if call.Ellipsis == token.NoPos {
			*s.calls = append(*s.calls, saying{verb, key, where, argumentNames(call, at, verb)})
		}
		return
	}
	if sum, ok := call.Args[at].(*ast.BinaryExpr); ok {
		if start, ok := literal(sum.X); ok {
			s.begun[start] = where
		}
	}
}

// argumentNames are the names among a call's arguments after the key, and after the number of N.
func argumentNames(call *ast.CallExpr, at int, verb string) []string {
	first := at + 1
	if verb == "N" {
		first++
	}
	var names []string
	for i := first; i < len(call.Args); i += 2 {
		if name, ok := literal(call.Args[i]); ok {
			names = append(names, name)
		}
	}
	return names
}

func literal(node ast.Node) (string, bool) {
	lit, ok := node.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

func TestTheScanFindsWhatIsSaid(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{}
	for name, source := range map[string]string{
		"site/page.go": `package site
func f() { w.T("has.it"); w.T("lost.go", "a", 1); x.w.N("late", 3, "name", x); w.N("lost.count", n); w.T("kind." + k); w.T("un.listed." + k)
	_ = problem.New(problem.Conflict, "lost.problem"); _ = problem.Field("title", "lost.field"); _ = problem.Problem{Key: "lost.key"}; indirect := "has.indirect"
	w.T("at", "name", x, "time", t); w.T("at", "time", "name"); w.N("late", 3, "name", x); w.N("late", n); w.T("at", args...) }`,
		"site/page_test.go":         `package site; func g() { w.T("only.in.test"); _ = "unused.said.in.test" }`,
		"site/templates/page.html":  "<p>{{.T \"has.template\"}} {{$.Words.T `lost.raw` \"n\" (.W.N \"lost.template.count\" 3)}}{{.T \"at\" \"name\" .X}} \"unused.outside.action\"</p>",
		"site/testdata/golden.html": `{{.T "lost.in.testdata"}}`,
	} {
		tree[name] = &fstest.MapFile{Data: []byte(source)}
	}
	said, err := scan(tree)
	if err != nil {
		t.Fatal(err)
	}
	english := flat{
		"has.it": "", "at": "{name} {time}", "late#one": "{name}", "late#other": "{n} {name}", "kind.outage": "", "has.indirect": "", "has.template": "",
		"unused": "", "unused.said.in.test": "", "unused.outside.action": "", "unused.count#other": "",
	}
	var got []string
	for _, fault := range usageFaults(said, english, []string{"kind.", "dead."}) {
		got = append(got, position.ReplaceAllString(fault, ""))
	}
	want := []string{
		`site/page.go says "lost.field", which no catalogue has`,
		`site/page.go says "lost.go", which no catalogue has`,
		`site/page.go says "lost.key", which no catalogue has`,
		`site/page.go says "lost.problem", which no catalogue has`,
		`site/templates/page.html says "lost.raw", which no catalogue has`,
		`site/page.go counts "lost.count#other", which no catalogue has`,
		`site/templates/page.html counts "lost.template.count#other", which no catalogue has`,
		`site/page.go completes "un.listed.", which is not among dynamicPrefixes`,
		`site/page.go says "at" without its {name}`,
		`site/page.go says "late" without its {name}`,
		`site/templates/page.html says "at" without its {time}`,
		`"unused" is in the catalogues, but nothing says it`,
		`"unused.count" is in the catalogues, but nothing says it`,
		`"unused.outside.action" is in the catalogues, but nothing says it`,
		`"unused.said.in.test" is in the catalogues, but nothing says it`,
		`no key begins with the dynamic prefix "dead."`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

var position = regexp.MustCompile(`:\d+:\d+`)
