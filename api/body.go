package api

import (
	"errors"
	"maps"

	"github.com/danielgtaylor/huma/v2"
)

// What a program may send (B12). Our deepest document, the settings, needs six levels.
const (
	maxBody  = 256 << 10
	maxDepth = 32
)

var errDeep = errors.New("nested deeper than 32 levels")

// shallowFormats refuse a deeply nested body before it is built in memory: each level costs a decoder far more than its one byte.
func shallowFormats(all map[string]huma.Format) map[string]huma.Format {
	out := maps.Clone(all)
	for name, f := range out {
		decode := f.Unmarshal
		f.Unmarshal = func(data []byte, v any) error {
			if depth(data) > maxDepth {
				return errDeep
			}
			return decode(data, v)
		}
		out[name] = f
	}
	return out
}

// depth is how deeply JSON nests. What is no JSON may be counted wrongly, and is refused by the decoder.
func depth(data []byte) (deepest int) {
	now, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			now++
			deepest = max(deepest, now)
		case c == ']' || c == '}':
			now--
		}
	}
	return deepest
}
