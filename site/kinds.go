package site

// policy lets a page load its own files and nothing else; what a page cannot load cannot watch its readers.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
	"frame-ancestors 'none'; base-uri 'none'"

const (
	revalidate = "public, max-age=0, must-revalidate"
	immutable  = "public, max-age=31536000, immutable"
	noStore    = "no-store"
)

// kinds are the sorts of answers. The table is the whole policy of headers; a golden file holds it.
type kinds struct {
	page, form, json, problem, feedJSON, atom, rss, calendar, svg, version, css, js, worker, picture, recordText, recordNow, recordJSON, tile, markdown *kind
}

func newKinds() kinds {
	return kinds{
		page:     pageKind(revalidate),
		form:     onceOnly(pageKind(noStore)),
		json:     openKind("application/json; charset=utf-8", revalidate),
		problem:  onceOnly(openKind("application/json; charset=utf-8", noStore)),
		feedJSON: openKind("application/feed+json; charset=utf-8", revalidate),
		atom:     openKind("application/atom+xml; charset=utf-8", revalidate),
		rss:      openKind("application/rss+xml; charset=utf-8", revalidate),
		calendar: openKind("text/calendar; charset=utf-8", revalidate),
		svg:      svgKind(),
		version:  versionKind(),
		css:      fileKind("text/css; charset=utf-8", true),
		js:       fileKind("text/javascript; charset=utf-8", true),
		worker:   workerKind(),
		picture:  pictureKind(),
		markdown: markdownKind(),

		recordText: onceOnly(openKind("text/plain; charset=utf-8", "no-cache")),
		recordNow:  onceOnly(openKind("application/octet-stream", noStore)),
		recordJSON: onceOnly(openKind("application/json; charset=utf-8", "no-cache")), // what was erased must not be kept elsewhere
		tile:       onceOnly(openKind("application/octet-stream", immutable)),
	}
}

func pageKind(cache string) *kind {
	return &kind{squeezing: true, header: map[string][]string{
		"Content-Type":               {"text/html; charset=utf-8"},
		"Cache-Control":              {cache},
		"Content-Security-Policy":    {policy},
		"Cross-Origin-Opener-Policy": {"same-origin"},
		"Referrer-Policy":            {"no-referrer"},
		"Vary":                       {"Accept-Encoding"},
		"X-Content-Type-Options":     {"nosniff"},
	}}
}

// onceOnly is for what is made for one visitor and not kept: pressing it twice would cost ten times as much as making it, which whoever
// asks for addresses that are not there could turn against the page (B12).
func onceOnly(k *kind) *kind {
	k.squeezing = false
	delete(k.header, "Vary")
	return k
}

// openKind is for documents that other people's pages and programs read.
func openKind(contentType, cache string) *kind {
	return &kind{squeezing: true, header: map[string][]string{
		"Access-Control-Allow-Origin": {"*"},
		"Content-Type":                {contentType},
		"Cache-Control":               {cache},
		"Vary":                        {"Accept-Encoding"},
		"X-Content-Type-Options":      {"nosniff"},
	}}
}

// markdownKind is text that nobody's browser runs, whatever it takes it for.
func markdownKind() *kind {
	k := openKind("text/markdown; charset=utf-8", revalidate)
	k.header["Content-Security-Policy"] = []string{"default-src 'none'; sandbox"}
	return k
}

// svgKind is sandboxed: a picture opened in a tab of our origin runs nothing (V16).
func svgKind() *kind {
	k := openKind("image/svg+xml; charset=utf-8", "public, max-age=30, must-revalidate")
	k.header["Content-Security-Policy"] = []string{"default-src 'none'; sandbox"}
	return k
}

func versionKind() *kind {
	k := openKind("application/json; charset=utf-8", noStore)
	k.squeezing = false // fewer bytes than the header that would announce it
	delete(k.header, "Vary")
	return k
}

func fileKind(contentType string, squeezing bool) *kind {
	return &kind{squeezing: squeezing, header: map[string][]string{
		"Content-Type":           {contentType},
		"Cache-Control":          {immutable},
		"Vary":                   {"Accept-Encoding"},
		"X-Content-Type-Options": {"nosniff"},
	}}
}

// workerKind may load nothing: all it shows comes with the message.
func workerKind() *kind {
	k := fileKind("text/javascript; charset=utf-8", true)
	k.header["Cache-Control"] = []string{revalidate}
	k.header["Content-Security-Policy"] = []string{"default-src 'none'"}
	return k
}

// pictureKind has no type: a picture brings what Candor encoded it as.
func pictureKind() *kind {
	return &kind{header: map[string][]string{
		"Cache-Control":           {immutable},
		"Content-Security-Policy": {"default-src 'none'; sandbox"},
		"X-Content-Type-Options":  {"nosniff"},
	}}
}
