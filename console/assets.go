package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"candor/lang"
	"candor/look"
	"candor/problem"
	"candor/store"
)

// htmx-4.0.1.min.js is htmx.org@4.0.1 as npm has it (BSD Zero-Clause, htmx-LICENSE), vendored so that no page asks another host; a test
// compares its hash. We use neither hx-on nor js: values, so our policy allows no eval.
//
//go:embed assets/*
var assets embed.FS

var assetTypes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

// showAsset serves the files under every page. They change only with the binary, so an ETag is all they need.
func (f *Face) showAsset(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	body, err := asset(name)
	dot := strings.LastIndexByte(name, '.')
	if err != nil || dot < 0 || assetTypes[name[dot:]] == "" {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	sum := sha256.Sum256(body)
	w.Header().Set("Content-Type", assetTypes[name[dot:]])
	w.Header().Set("Cache-Control", "public, max-age=0, must-revalidate")
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	return nil
}

func asset(name string) ([]byte, error) {
	if name == "candor.css" {
		return look.CSS, nil
	}
	body, err := assets.ReadFile("assets/" + name)
	if name == "console.css" {
		body = append(body, tabRules()...)
	}
	return body, err
}

// tabRules show the text of the language whose tab is chosen: one rule per catalogue, so that a new language needs no new sheet.
func tabRules() string {
	var rules strings.Builder
	for _, tag := range lang.All() {
		fmt.Fprintf(&rules, ".words:has(#t-%s:checked) .for-%s{display:block}\n", tag, tag)
	}
	rules.WriteString(".words:not(:has(.tabs)) .write{display:block}\n")
	return rules.String()
}

// showBlob serves a picture that was drawn anew when it came in: a face, a logo.
func (f *Face) showBlob(w http.ResponseWriter, r *http.Request) error {
	var b store.Blob
	err := f.db.Read(r.Context(), func(tx *store.Tx) (err error) {
		b, err = tx.Blobs.ByHash(r.Context(), r.PathValue("hash"))
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", b.Type)
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	http.ServeContent(w, r, "", b.CreatedAt, bytes.NewReader(b.Body))
	return nil
}
