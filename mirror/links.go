package mirror

import (
	"bytes"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/net/html"
)

// carries says which attribute of which element names another address.
var carries = map[string]string{"a": "href", "link": "href", "img": "src", "script": "src", "form": "action", "use": "href", "source": "src"}

// localise makes a page's links lead to the files beside it, and wants what they lead to.
func (m *mirror) localise(address string, body []byte) ([]byte, error) {
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for n := range doc.Descendants() {
		attribute := carries[n.Data]
		if n.Type != html.ElementNode || attribute == "" {
			continue
		}
		for i := range n.Attr {
			if n.Attr[i].Key == attribute {
				n.Attr[i].Val = m.link(address, kindOf(n), n.Attr[i].Val)
			}
		}
	}
	var out bytes.Buffer
	err = html.Render(&out, doc)
	return out.Bytes(), err
}

// kindOf is the element, or "file" for a link that says it leads to no page.
func kindOf(n *html.Node) string {
	for _, a := range n.Attr {
		if n.Data == "a" && a.Key == "type" && a.Val != "text/html" {
			return "file"
		}
	}
	return n.Data
}

func (m *mirror) link(from, element, to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" && (u.Scheme != m.public.Scheme || u.Host != m.public.Host) || u.Path == "" {
		return to
	}
	target := u.Path
	if !path.IsAbs(target) {
		target = path.Join(path.Dir(from), target)
	}
	live := m.public.ResolveReference(&url.URL{Path: target, RawQuery: u.RawQuery, Fragment: u.Fragment}).String()
	if element == "form" || u.RawQuery != "" {
		return live
	}
	m.want(target)
	here := path.Dir(File(from, "text/html"))
	relative, err := filepath.Rel(here, guess(element, target))
	if err != nil {
		return live
	}
	out := url.URL{Path: filepath.ToSlash(relative), Fragment: u.Fragment}
	return out.String()
}

// guess is the file an address will become: what has an ending is no page.
func guess(element, target string) string {
	if element == "a" && !strings.Contains(path.Base(target), ".") {
		return File(target, "text/html")
	}
	return File(target, "")
}
