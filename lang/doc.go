// Package lang makes Candor speak the reader's language.
//
// A customer reads the page, the mail and every label in the language they chose, with the times, dates and figures written as they
// write them; and a share is cut, never rounded up, so that nobody is told 100 % who had a minute of darkness.
//
// All of a language is one file, catalogues/<tag>.json: its words by key, and under keys that begin with an underscore its own name,
// months, weekdays, patterns, signs and plural rule. Adding a language means adding that file and nothing else. A text may hold
// {placeholders}; a text that counts has one key per plural form (late#one, late#other). A word that a language lacks appears in
// English, and one that English lacks as ⟦key⟧, because a gap that can be seen is mended.
//
// Arguments are inserted as plain text: html/template escapes the result like any other string.
package lang
