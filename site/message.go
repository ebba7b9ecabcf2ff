package site

import (
	"net/http"
	"time"

	"candor/problem"
)

// A messagePage says one thing: that something was done, is not there, or cannot be shown now.
type messagePage struct {
	shell
	Heading string
	Lines   []string
}

// A notice follows a form; its words are keys.
type notice struct{ heading, line string }

// notices are the pages after a POST. They hold nothing about anybody, so they can be kept like any other.
var notices = map[string]notice{
	"asked":     {"site.notice.asked", "site.notice.asked.line"},
	"confirmed": {"site.notice.confirmed", "site.notice.confirmed.line"},
	"changed":   {"site.notice.changed", "site.notice.changed.line"},
	"ended":     {"site.notice.ended", "site.notice.ended.line"},
}

func (f *Face) noticePage(r reader, w *world, n notice) messagePage {
	p := messagePage{shell: f.shell(r, w, ""), Heading: r.T(n.heading), Lines: []string{r.T(n.line)}}
	p.Canonical, p.NoIndex, p.Status = "", true, ""
	p.titled(p.Heading)
	return p
}

// privatePage stands where the page will be until the company publishes it.
func (f *Face) privatePage(r reader, w *world) messagePage {
	p := f.noticePage(r, w, notice{"site.private", "site.private.line"})
	p.Home, p.Site, p.Support, p.Made = "", "", nil, moment{}
	p.Company = r.T("site.company.none")
	p.Logo = ""
	p.Title = p.Heading
	return p
}

// failurePage is a real page in the reader's language, as far as the address tells it.
func (f *Face) failurePage(req *http.Request, p *problem.Problem, now time.Time) messagePage {
	w := f.world.Load()
	if w == nil {
		w = &world{at: now}
	}
	tag, ok := languageOf(req.URL.Path)
	if !ok {
		tag = w.languages()[0]
	}
	r := f.reader(w, tag, now, time.Time{})
	page := f.noticePage(r, w, notice{})
	page.Heading = r.T("site.failure")
	if p.Kind == problem.NotFound {
		page.Heading = r.T("site.notfound")
	}
	page.Lines = []string{r.T(p.Key, p.Args...)}
	page.titled(page.Heading)
	if !w.settings.Published {
		page.Company, page.Logo, page.Site, page.Support = r.T("site.company.none"), "", "", nil
		page.Title = page.Heading
	}
	return page
}
