package markup

import "strings"

// commentRel says besides that a stranger wrote it, which search engines want to know (B8).
const commentRel = "ugc " + rel

// Comment is HTML for what a stranger wrote. The filter writes a quote in words as an entity, so that the attribute is found nowhere else.
func Comment(md string) string {
	return strings.ReplaceAll(HTML(md), `rel="`+rel+`"`, `rel="`+commentRel+`"`)
}
