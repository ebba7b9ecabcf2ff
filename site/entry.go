package site

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
)

// A document is what a maker made: bytes and what they are.
type document struct {
	status int // 0 is 200
	kind   *kind
	body   []byte
	until  time.Time // when the words change by themselves; zero: never
}

// A kind is everything about an answer that does not depend on its bytes. Its header values are made once and shared by every answer, so
// that serving allocates nothing; nobody may change them.
type kind struct {
	header    map[string][]string
	squeezing bool // worth compressing
}

// An entry is one address, rendered and kept in every encoding. It never changes; a newer one takes its place.
type entry struct {
	status   int
	kind     *kind
	plain    variant
	gzip     variant
	brotli   variant
	made     time.Time
	until    time.Time
	topics   []string
	facts    any // what was read for it alone, so that it can be rendered again while the database is away
	recipe   *recipe
	outdated time.Time // when a change invalidated it; zero while it is fresh. Guarded by the shelf's lock.
}

// A variant is one encoding with its headers, ready to be written. head and same are the heads of a whole answer and of one to a visitor
// who has it, for quick.go.
type variant struct {
	body     []byte
	etag     []string
	length   []string
	encoding []string
	head     []byte
	same     []byte
}

// A press remembers what it pressed last. The same document lives at several addresses ("/" and "/en/", with .json and without), and a
// page that was outdated without changing is the same again.
type press struct {
	mu   sync.Mutex
	last [32]*entry
	next int
}

func (p *press) entry(d document, now time.Time) *entry {
	if known := p.find(d); known != nil {
		return &entry{status: known.status, kind: known.kind, plain: known.plain, gzip: known.gzip, brotli: known.brotli, made: now, until: d.until}
	}
	e := newEntry(d, now) // outside the lock: it takes longer than everything else
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last[p.next%len(p.last)] = e
	p.next++
	return e
}

func (p *press) find(d document) *entry {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, known := range p.last {
		if known != nil && known.kind == d.kind && bytes.Equal(known.plain.body, d.body) {
			return known
		}
	}
	return nil
}

func newEntry(d document, now time.Time) *entry {
	e := &entry{status: d.status, kind: d.kind, made: now, until: d.until}
	if e.status == 0 {
		e.status = http.StatusOK
	}
	sum := sha256.Sum256(d.body)
	tag := base64.RawURLEncoding.EncodeToString(sum[:12])
	e.plain = newVariant(d.body, tag, "")
	if d.kind.squeezing {
		// A tag is strong, so each encoding has its own (RFC 9110, 8.8.1).
		e.gzip = newVariant(gzipped(d.body), tag+"-g", "gzip")
		e.brotli = newVariant(brotlied(d.body), tag+"-b", "br")
	}
	e.writeHeads()
	return e
}

func newVariant(body []byte, tag, encoding string) variant {
	v := variant{body: body, etag: []string{`"` + tag + `"`}, length: []string{strconv.Itoa(len(body))}}
	if encoding != "" {
		v.encoding = []string{encoding}
	}
	return v
}

// Setting a compressor up takes megabytes, and one change renders some thirty entries: they are used again. The pools hold nothing but what
// Reset empties, which is why they may be package variables.
var (
	gzips   = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestCompression); return z }}
	brotlis = sync.Pool{New: func() any { return brotli.NewWriterOptions(io.Discard, brotliOptions) }}
)

// A compressor is what gzip's and brotli's writers have in common.
type compressor interface {
	io.WriteCloser
	Reset(to io.Writer)
}

func gzipped(body []byte) []byte { return squeezed(&gzips, body) }

func brotlied(body []byte) []byte { return squeezed(&brotlis, body) }

func squeezed(pool *sync.Pool, body []byte) []byte {
	z := pool.Get().(compressor)
	defer pool.Put(z)
	var b bytes.Buffer
	z.Reset(&b)
	_, _ = z.Write(body)
	_ = z.Close()
	return b.Bytes()
}

// brotliOptions: level 11 saves another eighth and takes fifty times as long, in which five languages of an update would wait for the page.
// A window of 64 kB holds a whole page, and its compressor takes a fraction of the memory.
var brotliOptions = brotli.WriterOptions{Quality: 6, LGWin: 16}

// serve is the hot path: headers that are there already, one write. It allocates nothing of its own.
func (e *entry) serve(w http.ResponseWriter, r *http.Request) {
	v := e.pick(r.Header["Accept-Encoding"])
	h := w.Header()
	for name, value := range e.kind.header {
		h[name] = value
	}
	if v.encoding != nil {
		h["Content-Encoding"] = v.encoding
	}
	h["Etag"] = v.etag
	if e.isSame(v, r.Header["If-None-Match"]) {
		delete(h, "Content-Type")
		delete(h, "Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Length"] = v.length
	w.WriteHeader(e.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(v.body)
	}
}

// isSame reports whether a visitor with these tags has the variant already.
func (e *entry) isSame(v *variant, tags []string) bool {
	return e.status == http.StatusOK && matches(tags, v.etag[0])
}

func (e *entry) pick(accepted []string) *variant {
	if !e.kind.squeezing {
		return &e.plain
	}
	if len(accepted) != 1 {
		return &e.plain
	}
	switch a := accepted[0]; {
	case accepts(a, "br"):
		return &e.brotli
	case accepts(a, "gzip"):
		return &e.gzip
	}
	return &e.plain
}

// accepts reports whether an Accept-Encoding names the coding without refusing it by q=0.
func accepts(header, coding string) bool {
	for header != "" {
		var item string
		item, header, _ = strings.Cut(header, ",")
		name, weight, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		weight = strings.TrimSpace(weight)
		q, found := strings.CutPrefix(weight, "q=")
		return !found || strings.Trim(q, "0.") != ""
	}
	return false
}

// matches is If-None-Match's weak comparison (RFC 9110, 13.1.2).
func matches(headers []string, etag string) bool {
	for _, header := range headers {
		for header != "" {
			var item string
			item, header, _ = strings.Cut(header, ",")
			item = strings.TrimPrefix(strings.TrimSpace(item), "W/")
			if item == etag || item == "*" {
				return true
			}
		}
	}
	return false
}
