package site

import (
	"log/slog"
	"net/url"
	"strings"
	"testing"
)

func TestNoStartIsAFileAndAFolder(t *testing.T) {
	f := New(nil, nil, &url.URL{Scheme: "https", Host: "status.example"}, slog.New(slog.DiscardHandler))
	starts := f.Starts()
	for _, file := range starts {
		for _, other := range starts {
			// A page is its folder's index; a document is a file.
			if strings.HasPrefix(file, "/api/") && strings.HasPrefix(other, file+"/") {
				t.Errorf("%s is a file and the folder of %s", file, other)
			}
		}
	}
	if len(starts) < 20 {
		t.Errorf("only %d addresses to begin with: %q", len(starts), starts)
	}
}
