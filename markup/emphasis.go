package markup

import (
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// emphasis lets Chinese be emphasised. CommonMark asks for a space or punctuation on the far side of a mark that touches punctuation,
// which Chinese does not write: "**全部恢復了。**我們" would keep its asterisks. A Chinese, Japanese or Korean neighbour counts as that space.
type emphasis struct{ parser.InlineParser }

func (e emphasis) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, _ := block.PeekLine()
	node := e.InlineParser.Parse(parent, block, pc)
	mark, ok := node.(*parser.Delimiter)
	if !ok || mark.Char != '*' {
		return node
	}
	after, _ := utf8.DecodeRune(line[mark.OriginalLength:])
	if mark.OriginalLength == len(line) {
		after = '\n'
	}
	if isEastAsian(after) && !unicode.IsSpace(before) {
		mark.CanClose = true
	}
	if isEastAsian(before) && !unicode.IsSpace(after) {
		mark.CanOpen = true
	}
	return node
}

func isEastAsian(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo)
}
