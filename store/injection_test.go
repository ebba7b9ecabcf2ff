package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// V1: a statement is made of literals, constants and the few pieces listed here, none of which holds what a stranger sent. Everything else
// goes in as an argument.
var pieces = map[string]bool{
	"skipLocked": true, "lockShared": true, "rowsOf": true, "rowsEnding": true, "placeholder": true, // made of numbers or of nothing
	"next": true, "list": true, "rows": true, "exclusion": true, // placeholders, however many there are
	"where": true, "of": true, "side": true, "clash": true, // one of a few literals
	"query": true, // a literal, lengthened by pieces
}

var statement = regexp.MustCompile(`\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\b\s`)

func TestNoStatementIsGluedFromWhatStrangersSend(t *testing.T) {
	t.Parallel()
	set := token.NewFileSet()
	files, statements := sources(t, set), 0
	constants := constantsOf(files)
	inspect(files, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.BinaryExpr:
			if node.Op == token.ADD && holdsStatement(node) {
				statements++
				for _, foreign := range foreignPieces(node, constants) {
					t.Errorf("%s: %s is glued into a statement", set.Position(node.Pos()), foreign)
				}
				return false
			}
		case *ast.CallExpr:
			if f, ok := node.Fun.(*ast.SelectorExpr); ok && strings.HasPrefix(f.Sel.Name, "Sprint") && holdsStatement(node) {
				t.Errorf("%s: a statement is made by %s", set.Position(node.Pos()), f.Sel.Name)
			}
		}
		return true
	})
	if statements < 50 {
		t.Errorf("only %d statements were looked at: this test looks in the wrong place", statements)
	}
	if got := foreignPieces(mustParse(t, "`SELECT ` + columns + ` FROM x ORDER BY ` + sort"), map[string]bool{"columns": true}); len(got) != 1 || got[0] != "sort" {
		t.Errorf("a planted fault is seen as %v", got)
	}
}

// No other package speaks SQL, so this one is where to look.
func TestOnlyTheStoreSpeaksToTheDatabase(t *testing.T) {
	t.Parallel()
	err := fs.WalkDir(os.DirFS(".."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasPrefix(name, "store/") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), "../"+name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imported := range file.Imports {
			if imported.Path.Value == `"database/sql"` {
				t.Errorf("%s imports database/sql", name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sources are the package's own files, without its tests.
func sources(t *testing.T, set *token.FileSet) (files []*ast.File) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

func inspect(files []*ast.File, f func(ast.Node) bool) {
	for _, file := range files {
		ast.Inspect(file, f)
	}
}

func constantsOf(files []*ast.File) map[string]bool {
	constants := map[string]bool{}
	inspect(files, func(node ast.Node) bool {
		if decl, ok := node.(*ast.GenDecl); ok && decl.Tok == token.CONST {
			for _, spec := range decl.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					constants[name.Name] = true
				}
			}
		}
		return true
	})
	return constants
}

func holdsStatement(node ast.Node) (holds bool) {
	ast.Inspect(node, func(node ast.Node) bool {
		if lit, ok := node.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			s, _ := strconv.Unquote(lit.Value)
			holds = holds || statement.MatchString(s)
		}
		return true
	})
	return holds
}

// foreignPieces are the operands of a sum that are neither literals nor constants nor on the list.
func foreignPieces(e ast.Expr, constants map[string]bool) []string {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return append(foreignPieces(e.X, constants), foreignPieces(e.Y, constants)...)
	case *ast.BasicLit:
		return nil
	case *ast.Ident:
		if constants[e.Name] || pieces[e.Name] {
			return nil
		}
		return []string{e.Name}
	case *ast.CallExpr:
		return foreignPieces(e.Fun, constants)
	case *ast.SelectorExpr:
		if e.Sel.Name == "String" { // of a strings.Builder: its name says what was written to it
			return foreignPieces(e.X, constants)
		}
		return foreignPieces(e.Sel, constants)
	}
	return []string{"an expression"}
}

func mustParse(t *testing.T, source string) ast.Expr {
	t.Helper()
	e, err := parser.ParseExpr(source)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
