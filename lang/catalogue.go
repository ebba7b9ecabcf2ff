package lang

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed catalogues/*.json
var files embed.FS

// loaded reads the catalogues once. They are part of the program, so one that does not parse is a broken build.
var loaded = sync.OnceValue(func() *shelf {
	s, err := load()
	if err != nil {
		panic(err)
	}
	return s
})

// A shelf is every catalogue the program carries. It never changes after load.
type shelf struct {
	tags  []Tag
	byTag map[Tag]*catalogue
}

// A catalogue is one language's file, its texts cut at their placeholders.
type catalogue struct {
	tag     Tag
	texts   map[string]text
	plural  pluralRule
	english *catalogue // where a missing word is looked up; nil in English itself
}

func load() (*shelf, error) {
	entries, err := files.ReadDir("catalogues")
	if err != nil {
		return nil, err
	}
	s := &shelf{byTag: make(map[Tag]*catalogue, len(entries))}
	for _, entry := range entries {
		tag := Tag(strings.TrimSuffix(entry.Name(), ".json"))
		c, err := read(tag)
		if err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", tag, err)
		}
		s.byTag[tag] = c
		s.tags = append(s.tags, tag)
	}
	slices.SortFunc(s.tags, englishFirst)
	if s.tags[0] != English {
		return nil, fmt.Errorf("catalogue %s is missing: it is what every other falls back to", English)
	}
	for _, tag := range s.tags[1:] {
		s.byTag[tag].english = s.byTag[English]
	}
	return s, nil
}

func englishFirst(a, b Tag) int {
	switch {
	case a == b:
		return 0
	case a == English:
		return -1
	case b == English:
		return 1
	}
	return strings.Compare(string(a), string(b))
}

func read(tag Tag) (*catalogue, error) {
	raw, err := files.ReadFile(path.Join("catalogues", string(tag)+".json"))
	if err != nil {
		return nil, err
	}
	var flat map[string]string
	if err := json.Unmarshal(raw, &flat); err != nil {
		return nil, err
	}
	c := &catalogue{tag: tag, texts: make(map[string]text, len(flat))}
	for key, words := range flat {
		c.texts[key] = parseText(words)
	}
	rule, ok := pluralRules[flat["_plural"]]
	if !ok {
		return nil, fmt.Errorf("_plural names no rule: %q", flat["_plural"])
	}
	c.plural = rule
	return c, nil
}

func (c *catalogue) find(key string) (text, bool) {
	if t, ok := c.texts[key]; ok {
		return t, true
	}
	if c.english == nil {
		return text{}, false
	}
	return c.english.find(key)
}

// A text is the words of one key. Without placeholders it has no parts and costs nothing to say.
type text struct {
	raw   string
	parts []part
}

// A part is either words or the name of a placeholder.
type part struct{ words, name string }

var placeholder = regexp.MustCompile(`\{[a-zA-Z][a-zA-Z0-9_]*\}`)

func parseText(raw string) text {
	t := text{raw: raw}
	end := 0
	for _, at := range placeholder.FindAllStringIndex(raw, -1) {
		if at[0] > end {
			t.parts = append(t.parts, part{words: raw[end:at[0]]})
		}
		t.parts = append(t.parts, part{name: raw[at[0]+1 : at[1]-1]})
		end = at[1]
	}
	if t.parts != nil && end < len(raw) {
		t.parts = append(t.parts, part{words: raw[end:]})
	}
	return t
}

// placeholders are the names a text asks for, sorted, each once.
func (t text) placeholders() []string {
	var names []string
	for _, p := range t.parts {
		if p.name != "" {
			names = append(names, p.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
