package problem

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
)

// A kind that is added without a status would be answered as a fault of ours.
func TestEveryKindHasAStatusOfARefusal(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "problem.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != "Kind" {
			return true
		}
		word, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		seen++
		if _, known := statuses[Kind(word)]; !known {
			t.Errorf("%s has no status", spec.Names[0].Name)
		}
		return true
	})
	if seen != len(statuses) {
		t.Errorf("%d kinds, %d statuses", seen, len(statuses))
	}
}
