package site

import (
	"strings"
	"unicode"
)

// A piece of a corrected text: the same in both, or words that went out, or words that came in.
type piece struct{ Same, Out, In string }

// diffLimit bounds the table a comparison fills: 600 × 600 words are more than anybody corrects in one update. Beyond, the whole text is
// shown as replaced, which is still the truth.
const diffLimit = 600

// pieces compares two texts word by word. Long stretches that did not change are cut, because the whole text stands above.
func pieces(was, now string) []piece {
	a, b := splitWords(was), splitWords(now)
	if len(a) > diffLimit || len(b) > diffLimit {
		return []piece{{Out: was}, {In: now}}
	}
	return shorten(compare(a, b))
}

// splitWords keeps each word with the space behind it; a Chinese character is a word.
func splitWords(s string) []string {
	var words []string
	start := 0
	var last rune
	for i, c := range s {
		if i > 0 && (unicode.IsSpace(last) && !unicode.IsSpace(c) || unicode.Is(unicode.Han, c) || unicode.Is(unicode.Han, last)) {
			words = append(words, s[start:i])
			start = i
		}
		last = c
	}
	if start < len(s) {
		words = append(words, s[start:])
	}
	return words
}

// compare finds the longest common subsequence, in the plain way.
func compare(a, b []string) []piece {
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
				continue
			}
			length[i][j] = max(length[i+1][j], length[i][j+1])
		}
	}
	var out []piece
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = appendPiece(out, piece{Same: a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && length[i+1][j] >= length[i][j+1]:
			out = appendPiece(out, piece{Out: a[i]})
			i++
		default:
			out = appendPiece(out, piece{In: b[j]})
			j++
		}
	}
	return out
}

func appendPiece(all []piece, p piece) []piece {
	if n := len(all) - 1; n >= 0 {
		last := &all[n]
		switch {
		case p.Same != "" && last.Same != "":
			last.Same += p.Same
			return all
		case p.Out != "" && last.Same == "" && last.In == "":
			last.Out += p.Out
			return all
		case p.In != "" && last.Same == "":
			last.In += p.In
			return all
		}
	}
	return append(all, p)
}

const keepAround = 40 // bytes of what stayed, on each side of a change

func shorten(all []piece) []piece {
	for n := range all {
		s := all[n].Same
		if len(s) <= 3*keepAround {
			continue
		}
		head, tail := strings.ToValidUTF8(s[:keepAround], ""), strings.ToValidUTF8(s[len(s)-keepAround:], "")
		switch {
		case n == 0:
			all[n].Same = "… " + tail
		case n == len(all)-1:
			all[n].Same = head + " …"
		default:
			all[n].Same = head + " … " + tail
		}
	}
	return all
}
