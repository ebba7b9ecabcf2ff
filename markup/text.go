package markup

import (
	"bufio"
	"bytes"
	"fmt"
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"
	render "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// Text is md as it reads in a text mail, a text message or a feed that takes no HTML: "text (address)" for a link, "- " or a number
// before each item, "> " before a quote. What was struck out stays between ~~, because without a mark it would read as still true.
func Text(md string) string {
	md = clean(md)
	if nested(md) {
		return strings.TrimSpace(md)
	}
	source := []byte(md)
	p := plain{source: source}
	return strings.TrimSpace(p.blocks(reader().Parser().Parse(text.NewReader(source)), "\n\n"))
}

// plain writes a tree as text.
type plain struct{ source []byte }

func (p plain) blocks(parent ast.Node, between string) string {
	var said []string
	for child := parent.FirstChild(); child != nil; child = child.NextSibling() {
		if s := p.block(child); s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, between)
}

func (p plain) block(node ast.Node) string {
	switch node := node.(type) {
	case *ast.List:
		return p.list(node)
	case *ast.Blockquote:
		return indent(p.blocks(node, "\n\n"), "> ", "> ")
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		return indent(strings.TrimRight(string(node.Lines().Value(p.source)), "\n"), "    ", "    ")
	case *ast.ThematicBreak:
		return "---"
	}
	return p.inline(node)
}

func (p plain) list(list *ast.List) string {
	between := "\n"
	if !list.IsTight {
		between = "\n\n"
	}
	var said []string
	number := list.Start
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if list.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		said = append(said, indent(p.blocks(item, between), mark, strings.Repeat(" ", len(mark))))
	}
	return strings.Join(said, between)
}

// indent puts first before the first line and rest before each further one that is not empty.
func indent(s, first, rest string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		prefix := rest
		if i == 0 {
			prefix = first
		}
		lines[i] = strings.TrimRight(prefix+line, " ")
	}
	return strings.Join(lines, "\n")
}

func (p plain) inline(parent ast.Node) string {
	var b strings.Builder
	for child := parent.FirstChild(); child != nil; child = child.NextSibling() {
		p.writeInline(&b, child)
	}
	return b.String()
}

func (p plain) writeInline(b *strings.Builder, node ast.Node) {
	switch node := node.(type) {
	case *ast.Text:
		b.WriteString(p.words(node))
		if node.SoftLineBreak() || node.HardLineBreak() {
			b.WriteString("\n")
		}
	case *ast.String:
		b.Write(node.Value)
	case *ast.Link:
		b.WriteString(withAddress(p.inline(node), string(node.Destination)))
	case *ast.AutoLink:
		b.Write(node.Label(p.source))
	case *extension.Strikethrough:
		b.WriteString("~~" + p.inline(node) + "~~")
	default:
		b.WriteString(p.inline(node))
	}
}

// words undoes Markdown's escapes and entities in the one pass that the page undoes them in, so that "\\&amp;" reads the same in a mail.
// In code a backslash is a backslash.
func (p plain) words(node *ast.Text) string {
	value := node.Value(p.source)
	if node.IsRaw() || node.Parent().Kind() == ast.KindCodeSpan {
		return string(value)
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	render.DefaultWriter.Write(w, value)
	_ = w.Flush() // into memory
	return html.UnescapeString(b.String())
}

// withAddress names a link's address unless the words already are it. tame has left only links that lead somewhere.
func withAddress(words, destination string) string {
	for _, scheme := range []string{"mailto:", "tel:"} {
		destination = strings.TrimPrefix(destination, scheme)
	}
	if words == destination || words == "" {
		return destination
	}
	return words + " (" + destination + ")"
}
