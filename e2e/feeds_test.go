package e2e

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// feedFaults checks a document by the rules of its kind. Nothing here knows what the program meant to say.
func feedFaults(kind string, body []byte) []string {
	var f faults
	switch {
	case strings.HasPrefix(kind, "application/atom+xml"):
		f.atom(body)
	case strings.HasPrefix(kind, "application/rss+xml"):
		f.rss(body)
	case strings.HasPrefix(kind, "application/feed+json"):
		f.jsonFeed(body)
	case strings.HasPrefix(kind, "text/calendar"):
		f.calendar(body)
	case strings.HasPrefix(kind, "image/svg+xml"):
		f.check(strings.Contains(string(body), `xmlns="http://www.w3.org/2000/svg"`), "SVG without its namespace")
	}
	return f.all
}

type faults struct{ all []string }

func (f *faults) check(so bool, format string, args ...any) {
	if !so {
		f.all = append(f.all, fmt.Sprintf(format, args...))
	}
}

func (f *faults) absolute(what, address string) {
	u, err := url.Parse(address)
	f.check(err == nil && (u.IsAbs() && (u.Host != "" || u.Opaque != "")), "%s: not an absolute IRI: %q", what, address)
}

func (f *faults) rfc3339(what, s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	f.check(err == nil, "%s: %q is no RFC 3339 date", what, s)
	return t
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Src  string `xml:"src,attr"`
	Body string `xml:",chardata"`
	Tree string `xml:",innerxml"`
}

type atomPerson struct {
	Name []string `xml:"http://www.w3.org/2005/Atom name"`
}

type atomCommon struct {
	ID      []string     `xml:"http://www.w3.org/2005/Atom id"`
	Title   []atomText   `xml:"http://www.w3.org/2005/Atom title"`
	Updated []string     `xml:"http://www.w3.org/2005/Atom updated"`
	Author  []atomPerson `xml:"http://www.w3.org/2005/Atom author"`
	Links   []atomLink   `xml:"http://www.w3.org/2005/Atom link"`
}

type atomEntry struct {
	atomCommon
	Published []string   `xml:"http://www.w3.org/2005/Atom published"`
	Content   []atomText `xml:"http://www.w3.org/2005/Atom content"`
	Summary   []atomText `xml:"http://www.w3.org/2005/Atom summary"`
}

// atom is RFC 4287: what section 4 requires of a feed and of each entry.
func (f *faults) atom(body []byte) {
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		atomCommon
		Entries []atomEntry `xml:"http://www.w3.org/2005/Atom entry"`
	}
	if err := xml.Unmarshal(body, &feed); err != nil {
		f.check(false, "Atom: %v", err)
		return
	}
	f.atomCommon("feed", feed.atomCommon)
	self := 0
	for _, l := range feed.Links {
		if l.Rel == "self" {
			self++
		}
	}
	f.check(self == 1, "feed: %d links rel=self, should be one", self)
	ids := map[string]bool{}
	for i, e := range feed.Entries {
		at := fmt.Sprintf("entry %d", i+1)
		f.atomCommon(at, e.atomCommon)
		f.check(len(e.Author) > 0 || len(feed.Author) > 0, "%s: no author, nor the feed", at)
		f.check(len(e.Content) <= 1 && len(e.Summary) <= 1 && len(e.Published) <= 1, "%s: content, summary or published twice", at)
		for _, p := range e.Published {
			f.rfc3339(at+" published", p)
		}
		alternate := false
		for _, l := range e.Links {
			alternate = alternate || l.Rel == "" || l.Rel == "alternate"
		}
		f.check(alternate || len(e.Content) == 1, "%s: neither content nor an alternate link", at)
		for _, c := range append(e.Content, e.Summary...) {
			f.atomText(at, c)
		}
		for _, id := range e.ID {
			f.check(!ids[id], "%s: id %s a second time", at, id)
			ids[id] = true
		}
	}
}

func (f *faults) atomCommon(at string, c atomCommon) {
	f.check(len(c.ID) == 1, "%s: %d ids", at, len(c.ID))
	f.check(len(c.Title) == 1, "%s: %d titles", at, len(c.Title))
	f.check(len(c.Updated) == 1, "%s: %d updated", at, len(c.Updated))
	for _, id := range c.ID {
		f.absolute(at+" id", id)
	}
	for _, u := range c.Updated {
		f.rfc3339(at+" updated", u)
	}
	for _, t := range c.Title {
		f.atomText(at+" title", t)
		f.check(strings.TrimSpace(t.Body) != "", "%s: empty title", at)
	}
	for _, a := range c.Author {
		f.check(len(a.Name) == 1 && a.Name[0] != "", "%s: an author without a name", at)
	}
	for _, l := range c.Links {
		f.absolute(at+" link", l.Href)
	}
}

func (f *faults) atomText(at string, t atomText) {
	switch t.Type {
	case "", "text", "html":
		f.check(!strings.Contains(t.Tree, "<") || strings.Contains(t.Tree, "<![CDATA["), "%s: type %q holds elements", at, t.Type)
	case "xhtml":
		f.check(strings.Contains(t.Tree, "http://www.w3.org/1999/xhtml"), "%s: xhtml without its div", at)
	default:
		f.check(false, "%s: type %q", at, t.Type)
	}
}

// rss is the RSS Advisory Board's RSS 2.0.
func (f *faults) rss(body []byte) {
	var feed struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Channel []struct {
			Title         []string   `xml:"title"`
			Description   []string   `xml:"description"`
			Links         []rssLink  `xml:"link"`
			LastBuildDate []string   `xml:"lastBuildDate"`
			Language      []string   `xml:"language"`
			TTL           []string   `xml:"ttl"`
			Items         []rssEntry `xml:"item"`
		} `xml:"channel"`
	}
	if err := xml.Unmarshal(body, &feed); err != nil {
		f.check(false, "RSS: %v", err)
		return
	}
	f.check(feed.Version == "2.0", "version %q", feed.Version)
	f.check(len(feed.Channel) == 1, "%d channels", len(feed.Channel))
	for _, c := range feed.Channel {
		f.check(len(c.Title) == 1 && c.Title[0] != "", "channel: title %q", c.Title)
		f.check(len(c.Description) == 1 && c.Description[0] != "", "channel: description %q", c.Description)
		plain := 0
		for _, l := range c.Links {
			if l.XMLName.Space == "" {
				plain++
				f.absolute("channel link", strings.TrimSpace(l.Body))
			}
		}
		f.check(plain == 1, "channel: %d links", plain)
		for _, d := range c.LastBuildDate {
			f.rfc822("lastBuildDate", d)
		}
		guids := map[string]bool{}
		for i, item := range c.Items {
			f.rssItem(fmt.Sprintf("item %d", i+1), item, guids)
		}
	}
}

type rssLink struct {
	XMLName xml.Name
	Body    string `xml:",chardata"`
}

type rssEntry struct {
	Title       []string `xml:"title"`
	Description []string `xml:"description"`
	Link        []string `xml:"link"`
	PubDate     []string `xml:"pubDate"`
	Author      []string `xml:"author"`
	GUID        []struct {
		Permalink string `xml:"isPermaLink,attr"`
		Body      string `xml:",chardata"`
	} `xml:"guid"`
}

func (f *faults) rssItem(at string, item rssEntry, guids map[string]bool) {
	f.check(len(item.Title) <= 1 && len(item.Description) <= 1 && len(item.Title)+len(item.Description) > 0, "%s: neither title nor description, or one twice", at)
	f.check(len(item.Link) <= 1, "%s: %d links", at, len(item.Link))
	for _, l := range item.Link {
		f.absolute(at+" link", l)
	}
	f.check(len(item.PubDate) <= 1, "%s: %d dates", at, len(item.PubDate))
	for _, d := range item.PubDate {
		f.rfc822(at+" pubDate", d)
	}
	for _, a := range item.Author {
		f.check(strings.Contains(a, "@"), "%s: author %q is no mail address", at, a)
	}
	f.check(len(item.GUID) == 1, "%s: %d guids", at, len(item.GUID))
	for _, g := range item.GUID {
		if g.Permalink != "false" {
			f.absolute(at+" guid, a permalink,", g.Body)
		}
		f.check(!guids[g.Body], "%s: guid %s a second time", at, g.Body)
		guids[g.Body] = true
	}
}

func (f *faults) rfc822(what, s string) {
	_, zoned := time.Parse(time.RFC1123Z, s)
	_, named := time.Parse(time.RFC1123, s)
	f.check(zoned == nil || (named == nil && (strings.HasSuffix(s, " GMT") || strings.HasSuffix(s, " UT"))), "%s: %q is no RFC 822 date", what, s)
}

// jsonFeed is jsonfeed.org's version 1.1.
func (f *faults) jsonFeed(body []byte) {
	var feed struct {
		Version     string
		Title       string
		HomePageURL string           `json:"home_page_url"`
		FeedURL     string           `json:"feed_url"`
		Author      json.RawMessage  // deprecated in 1.1
		Items       *json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(body, &feed); err != nil {
		f.check(false, "JSON Feed: %v", err)
		return
	}
	f.check(feed.Version == "https://jsonfeed.org/version/1.1", "version %q", feed.Version)
	f.check(feed.Title != "", "no title")
	f.check(feed.Author == nil, "author is deprecated in 1.1")
	f.absolute("home_page_url", feed.HomePageURL)
	f.absolute("feed_url", feed.FeedURL)
	var items []struct {
		ID            any
		URL           string
		ContentHTML   *string `json:"content_html"`
		ContentText   *string `json:"content_text"`
		DatePublished string  `json:"date_published"`
		DateModified  string  `json:"date_modified"`
		Authors       []struct{ Name, URL, Avatar string }
	}
	if feed.Items == nil || json.Unmarshal(*feed.Items, &items) != nil {
		f.check(false, "items is no list")
		return
	}
	ids := map[any]bool{}
	for i, item := range items {
		at := fmt.Sprintf("item %d", i+1)
		id, _ := item.ID.(string)
		f.check(id != "" && !ids[id], "%s: id %v missing, no string, or a second time", at, item.ID)
		ids[id] = true
		f.check(item.ContentHTML != nil || item.ContentText != nil, "%s: neither content_html nor content_text", at)
		f.absolute(at+" url", item.URL)
		for _, d := range []string{item.DatePublished, item.DateModified} {
			if d != "" {
				f.rfc3339(at, d)
			}
		}
		for _, a := range item.Authors {
			f.check(a.Name+a.URL+a.Avatar != "", "%s: an empty author", at)
		}
	}
}

// xmllint answers what the tool says about a document that is XML.
func xmllint(t *testing.T, body []byte) string {
	t.Helper()
	path, err := exec.LookPath("xmllint")
	if err != nil {
		if out, err := exec.Command("../scripts/debian-install", "libxml2-utils").CombinedOutput(); err != nil {
			lacking(t, fmt.Errorf("xmllint: %w\n%s", err, out))
		}
		path = "xmllint"
	}
	cmd := exec.CommandContext(t.Context(), path, "--noout", "--nonet", "-")
	cmd.Stdin = strings.NewReader(string(body))
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%v\n%s", err, out)
	}
	return string(out)
}
