package api

import (
	"os"
	"strings"
	"testing"

	"candor/store/storetest"
)

// Who writes a program looks into docs/api.md first: what is not in its table is not there for them.
func TestEveryResourceStandsInTheDocument(t *testing.T) {
	text, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	paths := newProgram(t, storetest.SQLite(t)).api.document().Paths
	if len(paths) < 40 {
		t.Errorf("only %d paths", len(paths))
	}
	for path := range paths {
		short := strings.ReplaceAll(strings.TrimPrefix(path, "/api/v1"), "{id}", "ID")
		abbreviated := "…" + short[strings.LastIndexByte(short, '/'):]
		if page := string(text); !strings.Contains(page, "`"+short+"`") && !strings.Contains(page, "`"+abbreviated+"`") {
			t.Errorf("%s is not in the table", path)
		}
	}
}
