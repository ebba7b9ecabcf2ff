package audience

import (
	"strings"

	"golang.org/x/text/language"

	"candor/lang"
)

// languageOf reads "de", "de_AT", "German" or "Deutsch"; empty if it is no language at all.
func languageOf(cell string, t *Table) lang.Tag {
	for _, tag := range lang.All() {
		if strings.EqualFold(tag.Name(), cell) || folded(inEnglish[tag]) == folded(cell) {
			return t.offering.Match(string(tag))
		}
	}
	tag, err := language.Parse(strings.ReplaceAll(cell, "_", "-"))
	if err != nil {
		return ""
	}
	return t.offering.Match(tag.String())
}

// inEnglish is what files in English call the languages; what they call themselves is in their catalogues.
var inEnglish = map[lang.Tag]string{
	lang.English: "English", lang.German: "German", "es": "Spanish", "id": "Indonesian", lang.ChineseTraditional: "Chinese",
}
