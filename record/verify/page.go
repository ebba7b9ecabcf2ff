package verify

import (
	"bytes"
	"context"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"candor/lang"
	"candor/markup"
)

// A page is what somebody who reads it sees of what the log knows.
type page struct {
	lang      string
	languages []string // those it is offered in
	links     []string
	title     string
	titleLang string
	updates   []shownUpdate
	comments  []shownUpdate          // answers of ours among them; what is gone has no text
	parts     map[string]shownUpdate // of a report
}

type shownUpdate struct{ code, at, lang, text string }

func languagePath(tag string) string { return lang.Tag(tag).Path() }

// path is the page's language as an address begins.
func (p page) path() string { return languagePath(p.lang) + "/" }

func (t Task) readPage(ctx context.Context, from Source, path string) (p page, err error) {
	b, err := from(ctx, path)
	if err != nil {
		return p, err
	}
	p.parts = map[string]shownUpdate{}
	doc, err := html.Parse(bytes.NewReader(b))
	if err != nil {
		return p, differs(path, -1, "it is no page: %v", err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch {
		case n.Data == "html":
			p.lang = attribute(n, "lang")
		case n.Data == "link" && attribute(n, "rel") == "alternate" && attribute(n, "hreflang") != "":
			p.languages = append(p.languages, attribute(n, "hreflang"))
		case n.Data == "a":
			p.links = append(p.links, attribute(n, "href"))
		case n.Data == "h1" && attribute(n, "id") == "headline":
			p.title, p.titleLang = squeeze(textOf(n)), orElse(attribute(n, "lang"), p.lang)
		case n.Data == "li" && n.Parent != nil && strings.HasPrefix(attribute(n.Parent, "class"), "updates"):
			p.updates = append(p.updates, shown(n, p.lang, t.Host))
		case n.Data == "li" && n.Parent != nil && attribute(n.Parent, "class") == "comments", n.Data == "div" && attribute(n, "class") == "answer":
			p.comments = append(p.comments, shown(n, p.lang, t.Host))
		case n.Data == "section" && attribute(n, "class") == "part" && attribute(n, "id") != "":
			p.parts[attribute(n, "id")] = shown(n, p.lang, t.Host)
		}
	}
	if len(p.languages) == 0 {
		p.languages = []string{orElse(p.lang, "en")}
	}
	return p, nil
}

// shown is one update, comment or part of a report: its address on the page, its instant and its words.
func shown(li *html.Node, language, host string) (u shownUpdate) {
	u.code = attribute(li, "id")
	for n := range li.Descendants() {
		if n.Type != html.ElementNode || n.Data == "div" && attribute(n.Parent, "class") == "answer" && n.Parent != li {
			continue
		}
		if n.Data == "time" && u.at == "" {
			u.at = attribute(n, "datetime")
		}
		if n.Data == "div" && attribute(n, "class") == "said" && u.lang == "" {
			u.lang, u.text = orElse(attribute(n, "lang"), language), readable(n, host)
		}
	}
	return u
}

// proofread is how words that were recorded read on a page.
func proofread(md, host string) string {
	doc, err := html.Parse(strings.NewReader(markup.HTML(md)))
	if err != nil {
		return ""
	}
	return readable(doc, host)
}

// readable is what a reader takes from it: the words, and where links to others lead. Links of the page's own are written otherwise on a
// mirror, so they are left out; host is the page's own.
func readable(n *html.Node, host string) string {
	var b strings.Builder
	for x := range n.Descendants() {
		switch {
		case x.Type == html.TextNode:
			b.WriteString(x.Data + " ")
		case x.Type == html.ElementNode && x.Data == "a":
			if u, err := url.Parse(attribute(x, "href")); err == nil && u.Host != "" && u.Host != host {
				b.WriteString("<" + u.String() + "> ")
			}
		}
	}
	return squeeze(b.String())
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for x := range n.Descendants() {
		if x.Type == html.TextNode {
			b.WriteString(x.Data)
		}
	}
	return b.String()
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
