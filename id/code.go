package id

import (
	"crypto/rand"
	"strings"
)

// Code is the short public name an object carries in addresses of the page and in the Statuspage documents:
// twelve characters of a to z and 0 to 9, random, never reused for another object of any kind.
type Code string

const codeLetters = "abcdefghijklmnopqrstuvwxyz0123456789"

// NewCode draws a code. 36¹² possibilities make a clash over all kinds a matter for a UNIQUE constraint, not for design.
func NewCode() Code {
	var out strings.Builder
	for out.Len() < 12 {
		var b [24]byte
		rand.Read(b[:])
		for _, c := range b {
			// 252 is the largest multiple of 36 in a byte: above it the first letters would be likelier.
			if c < 252 && out.Len() < 12 {
				out.WriteByte(codeLetters[c%36])
			}
		}
	}
	return Code(out.String())
}

// ParseCode reports whether s has the form of a code.
func ParseCode(s string) (Code, bool) {
	if len(s) != 12 || strings.Trim(s, codeLetters) != "" {
		return "", false
	}
	return Code(s), true
}
