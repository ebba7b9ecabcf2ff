// Package mirror keeps the page alive where Candor is not.
//
// S0's status page lay in the building that had no power. What customers read is therefore also written as plain files, by replaying the
// very handler that serves them: the mirrored page and the live one cannot differ. Links become relative, so that the files open from a
// disk; what needs Candor itself, a form or a choice of time zone, points to the live page.
package mirror

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
)

// maxFiles bounds a mirror: a link that always leads to another page must not fill a disk.
const maxFiles = 100_000

// ToDisk replays handler into root, beginning with the given addresses and following every link of the page's own. It answers how many
// files it wrote. public is where what cannot be a file is found.
func ToDisk(ctx context.Context, handler http.Handler, public *url.URL, from []string, root *os.Root) (files int, err error) {
	m := &mirror{handler: handler, public: public, root: root, seen: map[string]bool{}}
	for _, address := range from {
		m.want(address)
	}
	for len(m.wanted) > 0 {
		if err := ctx.Err(); err != nil {
			return files, err
		}
		address := m.wanted[0]
		m.wanted = m.wanted[1:]
		written, err := m.replay(ctx, address)
		if err != nil {
			return files, fmt.Errorf("mirror %s: %w", address, err)
		}
		if written {
			files++
		}
		if files > maxFiles {
			return files, fmt.Errorf("mirror: more than %d files", maxFiles)
		}
	}
	return files, nil
}

type mirror struct {
	handler http.Handler
	public  *url.URL
	root    *os.Root
	seen    map[string]bool
	wanted  []string
}

func (m *mirror) want(address string) {
	if !m.seen[address] {
		m.seen[address] = true
		m.wanted = append(m.wanted, address)
	}
}

func (m *mirror) replay(ctx context.Context, address string) (written bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, m.public.JoinPath(address).String(), nil)
	if err != nil {
		return false, err
	}
	r.Host = m.public.Host
	r.URL.Path, r.URL.RawPath, r.RequestURI = address, "", address
	r.RemoteAddr = "127.0.0.1:0"
	got := &answer{header: http.Header{}}
	m.handler.ServeHTTP(got, r)
	if got.status != http.StatusOK {
		return false, nil // a page that is not there has no file: the host's own 404 is right
	}
	body := got.body.Bytes()
	if strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
		if body, err = m.localise(address, body); err != nil {
			return false, err
		}
	}
	return true, m.write(File(address, got.header.Get("Content-Type")), body)
}

func (m *mirror) write(name string, body []byte) error {
	if err := m.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	// Readers see the old file or the new one, never half of one.
	if err := m.root.WriteFile(name+".tmp", body, 0o644); err != nil {
		return err
	}
	return m.root.Rename(name+".tmp", name)
}

// File is where an address lies in the mirror: a page becomes a folder with an index.html, which every plain web server serves under the
// page's own address; everything else keeps its name.
func File(address, contentType string) string {
	clean := strings.TrimPrefix(path.Clean("/"+address), "/")
	if strings.HasPrefix(contentType, "text/html") && path.Ext(clean) != ".html" {
		return path.Join(clean, "index.html")
	}
	return clean
}

// answer records what the handler says.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}
