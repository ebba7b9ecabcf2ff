// Package candor_test keeps the shape of the house: see docs/architecture.md.
package candor_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A ring lists packages from the inside out. A package may import any ring
// before its own, and what stands before it in its own ring unless apart.
type ring struct {
	name     string
	packages []string
	apart    bool // tools, and faces, do not import one another
}

var rings = []ring{
	{name: "words", packages: []string{"id", "money", "problem", "lang", "markup", "look"}},
	{name: "nouns", packages: []string{
		// The cadence a company chooses is by impact and its mail has addresses, so incident and audience come before settings.
		"component", "staff", "incident", "promise", "audience", "settings", "playbook",
		"letter", "reach", "report", "amends", "risk", "monitor", "record",
	}},
	{name: "ways", packages: []string{"outward"}}, // what several tools speak through
	{name: "tools", apart: true, packages: []string{
		"store",
		"reach/email", "reach/sms", "reach/voice", "reach/push", "reach/webhook", "reach/chat", "reach/social", "reach/dry",
		"probe", "mirror", "ledger", "record/verify",
	}},
	{name: "verbs", packages: []string{"desk", "duty"}},
	{name: "faces", apart: true, packages: []string{"site", "console", "api", "intake"}},
	{name: "wiring", packages: []string{"demo", "app", "cmd/candor"}},
}

// outside the rings: the root, development tools and helpers of tests.
func outside(pkg string) bool {
	return pkg == "." || strings.HasPrefix(pkg, "tools/") || testOnly(pkg)
}

func testOnly(pkg string) bool {
	return pkg == "e2e" || strings.HasPrefix(pkg, "e2e/") || strings.HasSuffix(filepath.Base(pkg), "test")
}

// place is a package's ring and its position there.
func place(pkg string) (ringIndex, position int, ok bool) {
	for r, ring := range rings {
		if p := slices.Index(ring.packages, pkg); p >= 0 {
			return r, p, true
		}
	}
	return 0, 0, false
}

// A graph says which packages of this module each of them imports.
type graph map[string][]string

// faults names every import that points outward and every homeless package.
func (g graph) faults() (all []string) {
	for _, from := range slices.Sorted(maps.Keys(g)) {
		if outside(from) {
			continue
		}
		if _, _, ok := place(from); !ok {
			all = append(all, from+" is in no ring")
			continue
		}
		for _, to := range g[from] {
			if why := refusal(from, to); why != "" {
				all = append(all, fmt.Sprintf("%s imports %s, which %s", from, to, why))
			}
		}
	}
	return all
}

// refusal says why from may not import to; empty if it may.
func refusal(from, to string) string {
	if outside(to) {
		return "is not part of the product"
	}
	fromRing, fromPlace, _ := place(from)
	toRing, toPlace, ok := place(to)
	switch {
	case !ok:
		return "is in no ring"
	case toRing < fromRing:
		return ""
	case toRing > fromRing:
		return "is further out"
	case rings[fromRing].apart:
		return "is another of the " + rings[fromRing].name
	case toPlace > fromPlace:
		return "comes later in its ring"
	}
	return ""
}

func TestImportsPointInward(t *testing.T) {
	packages := load(t)
	g := graph{}
	for path, p := range packages {
		g[path] = p.imports
	}
	for _, fault := range g.faults() {
		t.Error(fault)
	}
}

func TestTheCheckerFindsWrongImports(t *testing.T) {
	for _, c := range []struct {
		what     string
		from, to string
		want     string
	}{
		{"a noun may use a word", "incident", "id", ""},
		{"a noun may use an earlier noun", "letter", "incident", ""},
		{"the store may use nouns", "store", "record", ""},
		{"a verb may use a tool", "duty", "reach/email", ""},
		{"a noun may not use a later noun", "incident", "letter", "incident imports letter, which comes later in its ring"},
		{"a noun may not use the store", "incident", "store", "incident imports store, which is further out"},
		{"a tool may not use another", "reach/email", "store", "reach/email imports store, which is another of the tools"},
		{"nor an earlier one another way round", "store", "reach/email", "store imports reach/email, which is another of the tools"},
		{"a face may not use another", "console", "site", "console imports site, which is another of the faces"},
		{"a tool may not use a verb", "mirror", "duty", "mirror imports duty, which is further out"},
		{"the product may not use a test helper", "desk", "store/storetest", "desk imports store/storetest, which is not part of the product"},
		{"nor a development tool", "desk", "tools/cmd/smtpsink", "desk imports tools/cmd/smtpsink, which is not part of the product"},
		{"a package has a ring", "util", "id", "util is in no ring"},
		{"what is imported has a ring", "desk", "util", "desk imports util, which is in no ring"},
	} {
		t.Run(c.what, func(t *testing.T) {
			got := strings.Join(graph{c.from: {c.to}}.faults(), "; ")
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Nouns decide; they take now, and touch neither disk nor network.
func TestNounsArePure(t *testing.T) {
	packages := load(t)
	for _, noun := range rings[1].packages {
		p, ok := packages[noun]
		if !ok {
			continue // of a later release
		}
		for _, impure := range []string{"database/sql", "net/http", "os"} {
			if slices.Contains(p.standard, impure) {
				t.Errorf("%s is a noun and imports %s", noun, impure)
			}
		}
		for _, file := range p.files {
			fset := token.NewFileSet()
			parsed, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, pos := range clocks(parsed) {
				t.Errorf("%s: a noun takes now, it does not look at the clock", fset.Position(pos))
			}
		}
	}
}

// clocks finds every use of time.Now, time.Since and time.Until, called or
// handed on, under whatever name time was imported.
func clocks(file *ast.File) (all []token.Pos) {
	name := ""
	for _, i := range file.Imports {
		if path, _ := strconv.Unquote(i.Path.Value); path == "time" {
			name = "time"
			if i.Name != nil {
				name = i.Name.Name
			}
		}
	}
	if name == "." {
		return []token.Pos{file.Pos()} // nothing can be told apart then
	}
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && name != "" && x.Name == name && slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name) {
			all = append(all, sel.Pos())
		}
		return true
	})
	return all
}

func TestTheClockIsFound(t *testing.T) {
	for code, want := range map[string]int{
		`import "time"; var t = time.Now()`:                      1,
		`import "time"; var now = time.Now`:                      1,
		`import x "time"; var t = x.Since(x.Now())`:              2,
		`import . "time"; var t = Now()`:                         1,
		`import "time"; var d = time.Minute`:                     0,
		`var time struct{ Now func() }; func f() { time.Now() }`: 0,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x; "+code, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(clocks(file)); got != want {
			t.Errorf("%s: found %d, want %d", code, got, want)
		}
	}
}

type pkg struct {
	imports  []string // of this module, relative to it
	standard []string // all others
	files    []string
}

// load asks go list, so that build tags and nested modules are respected.
func load(t *testing.T) map[string]pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Dir,Imports,GoFiles", "./...")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	all := map[string]pkg{}
	for d := json.NewDecoder(out); ; {
		var p struct {
			ImportPath, Dir  string
			Imports, GoFiles []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all[inModule(p.ImportPath)] = read(p.Dir, p.Imports, p.GoFiles)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	if len(all) < 2 {
		t.Fatalf("go list found only %v", all)
	}
	return all
}

const module = "candor"

func inModule(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

func read(dir string, imports, files []string) (p pkg) {
	for _, i := range imports {
		if i == module || strings.HasPrefix(i, module+"/") {
			p.imports = append(p.imports, inModule(i))
		} else {
			p.standard = append(p.standard, i)
		}
	}
	for _, f := range files {
		p.files = append(p.files, filepath.Join(dir, f))
	}
	return p
}
