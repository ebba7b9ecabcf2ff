package candor_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	linkInText = regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)
	namedTest  = regexp.MustCompile("([\\w/]+_test\\.go): ((?:`\\w+`(?:, )?)+)")
	testIn     = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	marked     = regexp.MustCompile(`^Test([VBFT]\d+)[A-Z]`)
)

func page(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEveryLinkOfTheDocumentsLeadsSomewhere(t *testing.T) {
	pages, err := filepath.Glob("docs/*.md")
	if err != nil || len(pages) < 10 {
		t.Fatal(pages, err)
	}
	for _, path := range append(pages, "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "tools/README.md") {
		for _, link := range linkInText.FindAllStringSubmatch(page(t, path), -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), link[1])); err != nil {
				t.Errorf("%s leads to %s: %v", path, link[1], err)
			}
		}
	}
}

// Who looks for the test of an attack finds it where docs/security.md says, and every attack with a test has its row there.
func TestEveryAttackIsListedWithItsTests(t *testing.T) {
	table := page(t, "docs/security.md")
	where := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, found := range testIn.FindAllStringSubmatch(page(t, path), -1) {
			where[filepath.ToSlash(path)+" "+found[1]] = found[1]
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for at, name := range where {
		if mark := marked.FindStringSubmatch(name); mark != nil && !strings.Contains(table, "\n| "+mark[1]+" |") {
			t.Errorf("%s has no row %s", at, mark[1])
		}
	}
	listed := 0
	for _, cell := range namedTest.FindAllStringSubmatch(table, -1) {
		for name := range strings.SplitSeq(cell[2], ", ") {
			listed++
			if name = strings.Trim(name, "`"); where[cell[1]+" "+name] == "" {
				t.Errorf("%s is not in %s", name, cell[1])
			}
		}
	}
	if listed < 50 {
		t.Errorf("only %d tests are listed", listed)
	}
}
