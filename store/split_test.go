package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"candor/store"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		what, text string
		want       []string
	}{
		{"nothing is no statement", "  \n-- only a comment", nil},
		{"the last semicolon may be missing", "A; B", []string{"A", "B"}},
		{"an empty statement is none", "A;;\n;B;", []string{"A", "B"}},
		{"a semicolon in quotes is text", `A 'x;y'; B "c;d"`, []string{`A 'x;y'`, `B "c;d"`}},
		{"a doubled quote does not end the text", `A 'it''s; so'; B`, []string{`A 'it''s; so'`, "B"}},
		{"a semicolon in a comment is nothing", "A -- x; y\n, B; /* c; d */ E", []string{"A  \n, B", "E"}},
		{"a quote in a comment opens nothing", "A -- it's\n; B /* don't */", []string{"A", "B"}},
		{"a comment in quotes is text", "A '-- x' '/* y'; B", []string{"A '-- x' '/* y'", "B"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			got, err := store.Split(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, text := range []string{"A 'x", `A "x`, "A /* x", "A /* x /* y */"} {
		if got, err := store.Split(text); err == nil {
			t.Errorf("%q was split into %q", text, got)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("A 'it''s; so'; B -- c\n; /* d; */ \"e;\"")
	f.Fuzz(func(t *testing.T, text string) {
		once, err := store.Split(text)
		if err != nil {
			return
		}
		twice, err := store.Split(strings.Join(once, ";\n"))
		if err != nil || !slices.Equal(once, twice) {
			t.Errorf("%q, split again: %q, %v", once, twice, err)
		}
	})
}
