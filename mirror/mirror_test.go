package mirror

import (
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
)

// site is a page with the links a real one has.
func site() http.Handler {
	mux := http.NewServeMux()
	page := func(pattern, body string) {
		mux.HandleFunc("GET "+pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write([]byte("<!DOCTYPE html><title>x</title>" + body))
		})
	}
	page("/{$}", `<link rel="stylesheet" href="/assets/a.css"><a href="/de/">Deutsch</a><a href="/en/incidents/abc#u1">abc</a>
		<a href="https://elsewhere.example/x">away</a><a href="/?zone=UTC">UTC</a><a href="#here">here</a><form action="/en/subscribe" method="post"></form>`)
	page("/de/{$}", `<a href="../en/incidents/abc">abc</a><a href="http://status.example/gone">gone</a>`)
	page("/en/incidents/abc", `<a href="/">home</a><img src="/photos/p.jpg" alt="">`)
	mux.HandleFunc("GET /assets/a.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		w.Write([]byte("a{}"))
	})
	mux.HandleFunc("GET /photos/p.jpg", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("jpg")) })
	return mux
}

func TestAMirrorOpensFromDisk(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	n, err := ToDisk(t.Context(), site(), &url.URL{Scheme: "http", Host: "status.example"}, []string{"/"}, root)
	if err != nil || n != 5 {
		t.Fatalf("%d files, %v, want 5", n, err)
	}
	home := read(t, root, "index.html")
	for _, want := range []string{
		`href="assets/a.css"`, `href="de/index.html"`, `href="en/incidents/abc/index.html#u1"`, `href="https://elsewhere.example/x"`,
		`href="http://status.example/?zone=UTC"`, `href="#here"`, `action="http://status.example/en/subscribe"`,
	} {
		if !strings.Contains(home, want) {
			t.Errorf("the home page lacks %s:\n%s", want, home)
		}
	}
	if de := read(t, root, "de/index.html"); !strings.Contains(de, `href="../en/incidents/abc/index.html"`) {
		t.Errorf("the German page does not lead to the incident: %s", de)
	}
	if abc := read(t, root, "en/incidents/abc/index.html"); !strings.Contains(abc, `href="../../../index.html"`) || !strings.Contains(abc, `src="../../../photos/p.jpg"`) {
		t.Errorf("the incident does not lead back: %s", abc)
	}
	if _, err := fs.Stat(root.FS(), "gone/index.html"); err == nil {
		t.Error("a page that is not there has a file")
	}
}

func read(t *testing.T, root *os.Root, name string) string {
	t.Helper()
	b, err := root.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
