package site

import (
	"html/template"
	"strings"
	"time"
	"unicode/utf8"

	"candor/audience"
	"candor/component"
	"candor/lang"
	"candor/look"
)

// A shell is what stands around every page.
type shell struct {
	lang.Words
	Lang         string
	LanguageName string
	Title        string
	Summary      string
	Status       string // stored value of the status the page stands under; colours its upper edge
	Company      string
	Logo         string
	Home         string
	Path         string
	Canonical    string // empty on pages that are nobody's address: errors, private pages, mailed links
	NoIndex      bool
	Languages    []languageLink
	ZoneWord     string
	Zones        []zoneChoice
	Until        string // when the page's words change by themselves, for the script
	Stale        string
	Made         moment
	LogHead      string // the head of the public record as this page knew it
	Site         string
	Support      *support
	CSS, JS      string
	Marks        template.HTML
}

type languageLink struct {
	Tag, Name, Href, Absolute string
	Current                   bool
}

type zoneChoice struct {
	Name, Word string
	Current    bool
}

type support struct {
	Href template.URL
	Text string
}

// shell stands around a page at path, which begins with the reader's language: "incidents/abc".
func (f *Face) shell(r reader, w *world, path string) shell {
	s := shell{
		Words:        r.Words,
		Lang:         string(r.Tag()),
		LanguageName: r.T("_name"),
		Status:       string(component.Unknown),
		Company:      w.settings.Company,
		Home:         r.home,
		Path:         r.home + path,
		Canonical:    r.base + r.home + path,
		ZoneWord:     r.Zone(r.now, r.loc),
		Zones:        r.zones(w),
		Made:         r.moment(r.now, r.Both(r.now, r.loc)),
		Site:         w.settings.Site,
		Support:      supportOf(w.settings.Support),
		CSS:          f.assets.css,
		JS:           f.assets.js,
		Marks:        template.HTML(look.Marks),
	}
	if w.head.Size > 0 {
		s.LogHead = r.T("site.footer.head", "entries", r.Number(w.head.Size), "root", shortRoot(w.head))
	}
	if s.Company == "" {
		s.Company = r.T("site.company.none")
	}
	if w.settings.Logo != "" {
		s.Logo = "/photos/" + w.settings.Logo
	}
	for _, tag := range w.languages() {
		href := "/" + tag.Path() + "/" + path
		s.Languages = append(s.Languages, languageLink{
			Tag: string(tag), Name: tag.Name(), Href: href, Absolute: r.base + href, Current: tag == r.Tag(),
		})
	}
	return s
}

// titled is the text of the browser's tab: what is up first, whose page second.
func (s *shell) titled(page string) {
	s.Title = s.T("site.title", "page", page, "company", s.Company)
	if over := utf8.RuneCountInString(s.Title) - titleRoom; over > 0 {
		page = shortened(page, max(12, utf8.RuneCountInString(page)-over))
		s.Title = s.T("site.title", "page", page, "company", shortened(s.Company, 40))
	}
}

// titleRoom is what search results and tabs show of a title.
const titleRoom = 70

func (s *shell) until(t time.Time) {
	if !t.IsZero() {
		s.Until = t.UTC().Format(time.RFC3339)
	}
}

// supportOf makes a link of what is surely an address or a number, and nothing of the rest (V14).
func supportOf(s string) *support {
	if s == "" {
		return nil
	}
	if address, refused := audience.ParseAddress(s); refused == nil && !strings.ContainsAny(string(address), "?&%#\"'") {
		return &support{Href: template.URL("mailto:" + string(address)), Text: s}
	}
	return &support{Href: telephone(s), Text: unbroken(s)}
}
