package lang

import (
	"fmt"
	"strconv"
	"strings"
)

// Words says things in one language. It is one pointer, made to be copied; the zero value speaks English.
type Words struct{ in *catalogue }

// For is the words of a language, English where it has no catalogue.
func For(tag Tag) Words {
	return Words{in: loaded().byTag[tag]}
}

func (w Words) catalogue() *catalogue {
	if w.in != nil {
		return w.in
	}
	return loaded().byTag[English]
}

// Tag is the language these words are in.
func (w Words) Tag() Tag { return w.catalogue().tag }

// Dir is the direction in which the language is written, as HTML calls it: "ltr" or "rtl".
func (w Words) Dir() string { return w.T("_dir") }

// Has reports whether the key has words in this language or in English, in the singular or as a count.
func (w Words) Has(key string) bool {
	c := w.catalogue()
	if _, ok := c.find(key); ok {
		return true
	}
	_, ok := c.find(key + "#other")
	return ok
}

// T is the text of a key, its placeholders filled from args, which alternate name and value: w.T("update.by", "name", p.Name). Whole
// numbers are written as the language writes them; a time, an amount or a share is the caller's to format. A placeholder without an
// argument stays visible.
func (w Words) T(key string, args ...any) string {
	t, ok := w.catalogue().find(key)
	if !ok {
		return missing(key)
	}
	return w.fill(t, args)
}

// N is the text of a key that counts, in the plural form n takes in this language. {n} is the number; args are as in T.
func (w Words) N(key string, n int, args ...any) string {
	c := w.catalogue()
	t, ok := c.texts[key+"#"+c.plural.form(n)]
	if !ok {
		// English's own form, since another language's plural of an English text would be wrong twice.
		english := loaded().byTag[English]
		if t, ok = english.texts[key+"#"+english.plural.form(n)]; !ok {
			return missing(key)
		}
	}
	return w.fill(t, append([]any{"n", n}, args...))
}

func missing(key string) string { return "⟦" + key + "⟧" }

func (w Words) fill(t text, args []any) string {
	if t.parts == nil {
		return t.raw
	}
	var b strings.Builder
	b.Grow(len(t.raw) + 16)
	for _, p := range t.parts {
		if p.name == "" {
			b.WriteString(p.words)
			continue
		}
		w.writeArg(&b, p.name, args)
	}
	return b.String()
}

func (w Words) writeArg(b *strings.Builder, name string, args []any) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			b.WriteString(w.plain(args[i+1]))
			return
		}
	}
	b.WriteString("{" + name + "}")
}

func (w Words) plain(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case int:
		return w.Number(int64(v))
	case int64:
		return w.Number(v)
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(value)
}

// numbered is the text of one of a row of keys: the ninth month, the third weekday.
func (w Words) numbered(prefix string, i int) string {
	return w.T(prefix + strconv.Itoa(i))
}
