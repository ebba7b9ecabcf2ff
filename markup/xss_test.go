package markup

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// One payload a line; ⏎ stands for a line break, ⇥ for a tab, ␀ for NUL.
//
//go:embed testdata/xss.txt
var corpus string

// More of it, in families: every element with a handler, every scheme in every sort of link, what breaks out of which context.
//
//go:embed testdata/xss_more.txt
var families string

func payloads() []string {
	undo := strings.NewReplacer("⏎", "\n", "⇥", "\t", "␀", "\x00")
	return strings.Split(strings.TrimSpace(undo.Replace(strings.ReplaceAll(corpus+families, "\n", "\x1e"))), "\x1e")
}

// V15 of the threat list: stored script from a comment, an alert's label or a translation that was pasted from somewhere.
func TestV15NothingAStrangerWritesActsOnThePage(t *testing.T) {
	t.Parallel()
	all := payloads()
	if len(all) < 500 {
		t.Fatalf("the corpus has %d payloads; was it cut?", len(all))
	}
	for _, payload := range all {
		for _, md := range []string{payload, "before " + payload + " after", "- " + payload, "> " + payload, "# " + payload, "**" + payload + "**", payload + "\n\n" + payload, strings.Repeat("> ", 9) + payload} {
			if fault := danger(HTML(md)); fault != "" {
				t.Errorf("%q\nbecomes %q:\n%s", md, HTML(md), fault)
			}
			if text := Text(md); strings.ContainsAny(text, "\x00\x1b\x7f\r\u202e") {
				t.Errorf("%q\nas text still holds what cannot be seen: %q", md, text)
			}
		}
	}
}

func TestV15TheInspectionSeesWhatItLooksFor(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"<script>alert(1)</script>", "<p onclick=x>x</p>", "<img src=x>", "<a href=\"javascript:alert(1)\" rel=\"nofollow noopener\">x</a>",
		"<a href=\"java\tscript:alert(1)\" rel=\"nofollow noopener\">x</a>", "<a href=\"//evil.example\" rel=\"nofollow noopener\">x</a>", "<!-- x -->",
		"<a href=\"https://a.example\">x</a>", "<code class=x>x</code>", "<svg></svg>", "<ol start=x><li>x</li></ol>", "<p>\xff</p>",
	} {
		if danger(bad) == "" {
			t.Errorf("%q passes for harmless", bad)
		}
	}
}

var mayStand = map[atom.Atom][]string{
	atom.P: nil, atom.Br: nil, atom.Strong: nil, atom.Em: nil, atom.Del: nil, atom.Ul: nil, atom.Ol: {"start"}, atom.Li: nil,
	atom.A: {"href", "rel"}, atom.Code: nil, atom.Pre: nil, atom.Blockquote: nil,
}

// danger is the first thing in a fragment that is not on the allow-list, as a browser would parse it.
func danger(fragment string) string {
	if !utf8.ValidString(fragment) {
		return "not UTF-8"
	}
	nodes, err := html.ParseFragment(strings.NewReader(fragment), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return err.Error()
	}
	for _, top := range nodes {
		if fault := dangerIn(top); fault != "" {
			return fault
		}
		for node := range top.Descendants() {
			if fault := dangerIn(node); fault != "" {
				return fault
			}
		}
	}
	return ""
}

func dangerIn(node *html.Node) string {
	if node.Type == html.TextNode {
		return ""
	}
	attributes, ok := mayStand[node.DataAtom]
	if node.Type != html.ElementNode || !ok || node.Namespace != "" {
		return fmt.Sprintf("a node of type %d: %s", node.Type, node.Data)
	}
	given := map[string]string{}
	for _, attribute := range node.Attr {
		if !slices.Contains(attributes, attribute.Key) || attribute.Namespace != "" {
			return fmt.Sprintf("<%s %s=%q>", node.Data, attribute.Key, attribute.Val)
		}
		given[attribute.Key] = attribute.Val
	}
	if start, ok := given["start"]; ok && (start == "" || strings.Trim(start, "0123456789") != "") {
		return "start=" + start
	}
	if node.DataAtom != atom.A {
		return ""
	}
	if given["rel"] != rel {
		return "a link without rel: " + given["href"]
	}
	for _, start := range []string{"http://", "https://", "mailto:", "tel:"} {
		if strings.HasPrefix(strings.ToLower(given["href"]), start) {
			return ""
		}
	}
	return "a link to " + given["href"]
}

func FuzzHTML(f *testing.F) {
	for _, payload := range payloads() {
		f.Add(payload)
	}
	for _, unit := range units {
		f.Add(strings.Repeat(unit, 20))
	}
	f.Fuzz(func(t *testing.T, md string) {
		if fault := danger(HTML(md)); fault != "" {
			t.Errorf("%q\nbecomes %q:\n%s", md, HTML(md), fault)
		}
		if text := Text(md); !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\x1b\x7f\r\u202e") {
			t.Errorf("%q\nas text is %q", md, text)
		}
	})
}
