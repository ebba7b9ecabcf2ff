package markup

import (
	"bytes"
	"html"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
)

var (
	reader = sync.OnceValue[goldmark.Markdown](markdown)
	filter = sync.OnceValue[*bluemonday.Policy](allowed)
)

// HTML is md as a customer's browser may show it. What Check would refuse is cut or shown as plain text, so that something stored under
// an older, laxer rule still appears.
func HTML(md string) string {
	md = clean(md)
	if nested(md) {
		return plainHTML(md)
	}
	var out bytes.Buffer
	if err := reader().Convert([]byte(md), &out); err != nil {
		return plainHTML(md)
	}
	return string(filter().SanitizeBytes(out.Bytes()))
}

// plainHTML keeps paragraphs and lines and nothing else.
func plainHTML(md string) string {
	var b strings.Builder
	for paragraph := range strings.SplitSeq(md, "\n\n") {
		if paragraph = strings.Trim(paragraph, "\n"); paragraph != "" {
			b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(paragraph), "\n", "<br>\n") + "</p>\n")
		}
	}
	return b.String()
}
