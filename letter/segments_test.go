package letter

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func TestATextIsCountedAsTheNetworksBillIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what     string
		text     string
		encoding Encoding
		units    int
		parts    int
	}{
		{"nothing is no message", "", GSM7, 0, 0},
		{"160 letters are one message", strings.Repeat("a", 160), GSM7, 160, 1},
		{"161 letters are two, for each part gives seven to its header", strings.Repeat("a", 161), GSM7, 161, 2},
		{"306 are two", strings.Repeat("a", 306), GSM7, 306, 2},
		{"307 are three", strings.Repeat("a", 307), GSM7, 307, 3},
		{"an umlaut costs one", strings.Repeat("ä", 160), GSM7, 160, 1},
		{"a euro costs two", strings.Repeat("€", 80), GSM7, 160, 1},
		{"81 euros are two messages", strings.Repeat("€", 81), GSM7, 162, 2},
		{"every character of the extension costs two", "\f^{}\\[~]|€", GSM7, 20, 1},
		{"an escape pair is never cut: 152 and a euro leave one empty place", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), GSM7, 306, 3},
		{"70 Chinese characters are one message", strings.Repeat("網", 70), UCS2, 70, 1},
		{"71 are two", strings.Repeat("網", 71), UCS2, 71, 2},
		{"134 are two", strings.Repeat("網", 134), UCS2, 134, 2},
		{"135 are three", strings.Repeat("網", 135), UCS2, 135, 3},
		{"an emoji makes everything UCS-2, and costs two", strings.Repeat("a", 68) + "🔥", UCS2, 70, 1},
		{"one letter more makes two messages", strings.Repeat("a", 69) + "🔥", UCS2, 71, 2},
		{"a surrogate pair is never cut", strings.Repeat("a", 66) + "🔥" + strings.Repeat("a", 66), UCS2, 134, 3},
		{"an accent that GSM-7 lacks makes everything UCS-2", "el próximo aviso", UCS2, 16, 1},
		{"a curly apostrophe does, too", "it’s", UCS2, 4, 1},
		{"a backtick is not in GSM-7", "`", UCS2, 1, 1},
	} {
		got := InSegments(c.text)
		if got.Encoding != c.encoding || got.Units != c.units || len(got.Parts) != c.parts {
			t.Errorf("%s: %s, %d units, %d parts; want %s, %d, %d", c.what, got.Encoding, got.Units, len(got.Parts), c.encoding, c.units, c.parts)
		}
	}
}

// The alphabet is typed by hand, so it is counted by machine: 127 characters beside the escape, none twice.
func TestTheAlphabetHasEveryCharacterOnce(t *testing.T) {
	t.Parallel()
	seen := map[rune]bool{}
	for _, r := range gsmBasic + gsmExtended {
		if seen[r] {
			t.Errorf("%q stands twice", r)
		}
		seen[r] = true
	}
	if n := utf8.RuneCountInString(gsmBasic); n != 127 {
		t.Errorf("the default alphabet has %d characters beside the escape, want 127", n)
	}
	if n := utf8.RuneCountInString(gsmExtended); n != 10 {
		t.Errorf("the extension has %d characters, want 10", n)
	}
}

func FuzzPartsJoinToTheText(f *testing.F) {
	for _, s := range []string{"", "a", strings.Repeat("€", 200), strings.Repeat("🔥", 100), strings.Repeat("網站", 70) + "a", strings.Repeat("a", 152) + "€|€" + strings.Repeat("b", 300), "a\x00b\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "�")
		s := InSegments(text)
		if got := strings.Join(s.Parts, ""); got != text {
			t.Fatalf("%q became %q", text, got)
		}
		most := sizes[s.Encoding].part
		if len(s.Parts) == 1 {
			most = sizes[s.Encoding].whole
		}
		units := 0
		for _, p := range s.Parts {
			if !utf8.ValidString(p) || p == "" {
				t.Fatalf("a part is %q", p)
			}
			n := 0
			for _, r := range p {
				n += s.Encoding.cost(r)
			}
			if s.Encoding == UCS2 && n != len(utf16.Encode([]rune(p))) {
				t.Fatalf("%q counts %d UTF-16 units", p, n)
			}
			if n > most {
				t.Fatalf("a part of %d units, most are %d", n, most)
			}
			units += n
		}
		if units != s.Units {
			t.Fatalf("parts have %d units, the text %d", units, s.Units)
		}
		if s.Units <= sizes[s.Encoding].whole && len(s.Parts) > 1 {
			t.Fatalf("%d units in %d parts", s.Units, len(s.Parts))
		}
	})
}
