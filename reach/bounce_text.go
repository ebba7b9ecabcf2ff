package reach

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
)

// text is a part's content in UTF-8, with plain line feeds.
func (p *mailPart) text() string {
	return lineFeeds(toUTF8(p.decoded(), p.param["charset"]))
}

// words are what a person reads of a part: of a mail the first text in it, of HTML its text.
func (p *mailPart) words() string {
	if len(p.parts) > 0 {
		return p.firstWords()
	}
	if p.nested != nil {
		return ""
	}
	text := p.text()
	if p.kind == "text/html" || p.kind == "text/plain" && looksLikeHTML(text) {
		return htmlWords(text)
	}
	return text
}

func (p *mailPart) firstWords() string {
	for _, kind := range []string{"text/plain", "multipart/", "text/html"} {
		for _, child := range p.parts {
			if strings.HasPrefix(child.kind, kind) {
				if text := child.words(); strings.TrimSpace(text) != "" {
					return text
				}
			}
		}
	}
	return ""
}

func looksLikeHTML(text string) bool {
	head := strings.ToLower(strings.TrimSpace(cutText(text, 200)))
	return strings.HasPrefix(head, "<html") || strings.HasPrefix(head, "<!doctype html")
}

func lineFeeds(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// toUTF8 reads bytes in the charset they claim, or in the likeliest if the claim is missing or wrong.
func toUTF8(b []byte, charset string) string {
	charset = strings.ToLower(strings.Trim(charset, `"' `))
	if bytes.Contains(b, []byte("\x1b$")) { // never told wrongly: nothing else writes these
		if out, err := japanese.ISO2022JP.NewDecoder().Bytes(b); err == nil {
			return strings.ToValidUTF8(string(out), "\uFFFD")
		}
	}
	if utf8.Valid(b) && !strings.HasPrefix(charset, "utf-16") {
		return string(b)
	}
	if enc, err := htmlindex.Get(charset); err == nil && charset != "utf-8" {
		if out, err := enc.NewDecoder().Bytes(b); err == nil {
			return strings.ToValidUTF8(string(out), "\uFFFD")
		}
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(out)
}

func charsetReader(charset string, r io.Reader) (io.Reader, error) {
	b, err := io.ReadAll(io.LimitReader(r, 64<<10))
	return strings.NewReader(toUTF8(b, charset)), err
}

// htmlWords is the text of HTML, with a line for every block.
func htmlWords(text string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(text))
	z.SetMaxBuf(MostReturned)
	hidden := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			if hidden == "" {
				out.WriteString(strings.ReplaceAll(string(z.Text()), "\u00a0", " "))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "script", "style", "title":
				hidden = string(name)
			case "br", "p", "div", "tr", "li", "table", "h1", "h2", "h3", "h4", "hr", "pre", "blockquote":
				out.WriteByte('\n')
			case "td", "th":
				out.WriteByte(' ')
			default:
				if strings.Contains(string(name), "@") { // <user@example.com>, written by somebody who did not escape it
					out.WriteString(" " + string(name) + " ")
				}
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case hidden:
				hidden = ""
			case "p", "div", "tr", "li", "table", "h1", "h2", "h3", "h4":
				out.WriteByte('\n')
			}
		}
	}
}
