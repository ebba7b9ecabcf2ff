package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A test that cannot fail is a defect: what the other tests look for is planted here and must be found.
func TestPlantedFaultsAreFound(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'self' http://stranger.invalid; script-src 'self'; style-src 'unsafe-inline'")
		io.WriteString(w, `<!DOCTYPE html><html><head><title>Planted</title></head><body>
<h1 style="color:#bbb;background:#fff">Pale</h1><img src="http://stranger.invalid/x.png"><div style="width:2000px">wide</div>
<script>document.title = "the policy let it pass"</script></body></html>`)
	}))
	defer server.Close()
	b := newTab(t)
	b.visit(server.URL)

	found := map[string]bool{}
	for _, v := range b.violations() {
		found[v.ID] = true
	}
	for _, rule := range []string{"color-contrast", "image-alt", "html-has-lang"} {
		if !found[rule] {
			t.Errorf("axe did not find %s, only %v", rule, found)
		}
	}
	if s := b.seen.strangers(server.URL); len(s) != 1 || s[0] != "http://stranger.invalid/x.png" {
		t.Errorf("strangers asked: %q", s)
	}
	if said := strings.Join(b.seen.complaints(), "\n"); !strings.Contains(said, "Content Security Policy") {
		t.Errorf("the console's complaint about the policy was not heard: %q", said)
	}
	if n := b.seen.transferred(); n < 400 || n > 2000 {
		t.Errorf("transferred %d bytes", n)
	}
	if got := evaluate[string](b, `document.title`); got != "Planted" {
		t.Errorf("the page's policy is not in force: title %q", got)
	}
	if wide := evaluate[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide < 600 {
		t.Errorf("sideways by %d px", wide)
	}
}
