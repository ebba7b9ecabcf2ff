package api

import (
	"log/slog"
	"net/url"
	"strings"
	"testing"
)

// A path's {id} that no field takes up would leave every request to nobody.
func TestEveryPathSaysWhatItIsAbout(t *testing.T) {
	a := New(nil, nil, &url.URL{Scheme: "http", Host: "status.example"}, slog.New(slog.DiscardHandler))
	seen := 0
	for _, r := range a.Routes() {
		method, path, _ := strings.Cut(r.Pattern, " ")
		if !strings.Contains(path, "{id}") {
			continue
		}
		seen++
		item := a.document().Paths[path]
		op := item.Get
		switch method {
		case "POST":
			op = item.Post
		case "PUT":
			op = item.Put
		case "PATCH":
			op = item.Patch
		case "DELETE":
			op = item.Delete
		}
		if len(op.Parameters) == 0 || op.Parameters[0].In != "path" || op.Parameters[0].Name != "id" {
			t.Errorf("%s does not read its id", r.Pattern)
		}
	}
	if seen < 10 {
		t.Errorf("only %d routes have an id", seen)
	}
}
