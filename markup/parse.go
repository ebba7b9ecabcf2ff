package markup

import (
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown leaves out three of goldmark's parsers: raw HTML in both its forms, and link references, whose definitions vanish from the
// text and can be used to make one line cost as much as a thousand.
func markdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(
				util.Prioritized(parser.NewSetextHeadingParser(), 100),
				util.Prioritized(parser.NewThematicBreakParser(), 200),
				util.Prioritized(parser.NewListParser(), 300),
				util.Prioritized(parser.NewListItemParser(), 400),
				util.Prioritized(parser.NewCodeBlockParser(), 500),
				util.Prioritized(parser.NewATXHeadingParser(), 600),
				util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
				util.Prioritized(parser.NewBlockquoteParser(), 800),
				util.Prioritized(parser.NewParagraphParser(), 1000)),
			parser.WithInlineParsers(
				util.Prioritized(parser.NewCodeSpanParser(), 100),
				util.Prioritized(parser.NewLinkParser(), 200),
				util.Prioritized(parser.NewAutoLinkParser(), 300),
				util.Prioritized(emphasis{parser.NewEmphasisParser()}, 500)),
			parser.WithASTTransformers(util.Prioritized(tame{}, 100)))),
		goldmark.WithExtensions(
			extension.Strikethrough,
			extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"}))),
		goldmark.WithRendererOptions(html.WithHardWraps()))
}

// allowed is everything a customer can ever be shown. It is the second lock: the parser already has no way to say anything else.
func allowed() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "del", "ul", "ol", "li", "code", "pre", "blockquote")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^` + rel + `$`)).OnElements("a")
	p.AllowURLSchemes(schemes...)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	return p
}

// schemes are what a link may begin with.
var schemes = []string{"http", "https", "mailto", "tel"}

// rel keeps our reputation from being lent to a commenter's link, and an opened page from reaching back.
const rel = "nofollow noopener"

// linkable reports whether an address may be followed from our page: the web, mail and telephone, and nothing relative, since the same
// words also stand in mails and feeds. "https:evil.example" has no host to us and one to a browser. The address is judged as the page
// would write it, escaped, which is how the filter judges it too; where the two disagree a link without an address would be left.
func linkable(destination []byte) bool {
	address, err := url.Parse(string(util.URLEscape(destination, true)))
	if err != nil {
		return false
	}
	switch scheme := strings.ToLower(address.Scheme); scheme {
	case "http", "https":
		return address.Host != ""
	default:
		return slices.Contains(schemes, scheme) && address.Opaque != ""
	}
}

// tame rewrites what the page has no place for: headings become strong paragraphs, pictures their description, and links that lead
// nowhere we allow the words they stand on.
type tame struct{}

func (tame) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	var headings, hollow []ast.Node
	_ = ast.Walk(doc, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch node := node.(type) {
		case *ast.Heading:
			headings = append(headings, node)
		case *ast.Image:
			hollow = append(hollow, node)
		case *ast.Link:
			node.Title = nil
			node.SetAttributeString("rel", []byte(rel))
			if !linkable(node.Destination) {
				hollow = append(hollow, node)
			}
		case *ast.AutoLink:
			node.SetAttributeString("rel", []byte(rel))
			if node.AutoLinkType == ast.AutoLinkURL && !linkable(node.URL(reader.Source())) {
				node.AppendChild(node, ast.NewString(node.Label(reader.Source())))
				hollow = append(hollow, node)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, heading := range headings {
		strong, paragraph := ast.NewEmphasis(2), ast.NewParagraph()
		for child := range children(heading) {
			strong.AppendChild(strong, child)
		}
		paragraph.AppendChild(paragraph, strong)
		heading.Parent().ReplaceChild(heading.Parent(), heading, paragraph)
	}
	// Innermost first, so that a picture inside a picture's description is gone before its words move up.
	for _, node := range slices.Backward(hollow) {
		for child := range children(node) {
			node.Parent().InsertBefore(node.Parent(), node, child)
		}
		node.Parent().RemoveChild(node.Parent(), node)
	}
}

// children goes through a node's children while the loop moves them elsewhere.
func children(parent ast.Node) iter.Seq[ast.Node] {
	return func(yield func(ast.Node) bool) {
		for child := parent.FirstChild(); child != nil; {
			next := child.NextSibling()
			if !yield(child) {
				return
			}
			child = next
		}
	}
}
