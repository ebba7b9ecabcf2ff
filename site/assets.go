package site

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"slices"
	"time"

	"candor/look"
)

//go:embed assets/site.css
var siteCSS []byte

//go:embed assets/candor.js
var script []byte

// assets are the pages' files. Their names carry the hash of their bytes, so a browser keeps them for a year and still never mixes
// an old sheet with a new page.
type assets struct {
	css, js string
	push    string // only the subscription page loads it
	worker  *entry
	byPath  map[string]*entry
}

func newAssets(k kinds) assets {
	a := assets{byPath: map[string]*entry{}}
	a.css = a.add("/assets/candor.", ".css", slices.Concat(look.CSS, []byte("\n"), siteCSS), k.css)
	a.js = a.add("/assets/candor.", ".js", script, k.js)
	a.push = a.add("/assets/push.", ".js", pushScript, k.js)
	a.worker = newEntry(document{kind: k.worker, body: worker}, time.Time{})
	return a
}

func (a *assets) add(prefix, suffix string, body []byte, k *kind) string {
	sum := sha256.Sum256(body)
	path := prefix + hex.EncodeToString(sum[:6]) + suffix
	a.byPath[path] = newEntry(document{kind: k, body: body}, time.Time{})
	return path
}

func (f *Face) showAsset(w http.ResponseWriter, r *http.Request) error {
	e, ok := f.assets.byPath[r.URL.Path]
	if !ok {
		return errNoPage
	}
	e.serve(w, r)
	return nil
}
