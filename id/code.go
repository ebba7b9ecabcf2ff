package id

import (
	"crypto/rand"
	"strings"
	"time"
)

// Code is the short public name an object carries in addresses of the page and in the Statuspage documents:
// twelve characters of a to z and 0 to 9, random, never reused for another object of any kind.
type Code string

const codeLetters = "abcdefghijklmnopqrstuvwxyz0123456789"

// NewCode draws a code. 26 × 36¹¹ possibilities make a clash over all kinds a matter for a UNIQUE constraint, not for design. It begins with
// a letter because an update's code is also the anchor of its place on the page, and an HTML id that begins with a digit cannot be selected.
func NewCode() Code {
	var out strings.Builder
	for out.Len() < 12 {
		var b [24]byte
		rand.Read(b[:])
		for _, c := range b {
			// 252 is the largest multiple of 36 in a byte: above it the first letters would be likelier.
			if c >= 252 || out.Len() == 12 || out.Len() == 0 && c%36 >= 26 {
				continue
			}
			out.WriteByte(codeLetters[c%36])
		}
	}
	return Code(out.String())
}

// NewCodeNear draws a code whose first four characters are the time, to the millisecond, within twenty minutes: what is made by the million
// then falls into one place of an index after another, and not into a million places. The other eight are chance.
func NewCodeNear(now time.Time) Code {
	code := []byte(NewCode())
	n := now.UnixMilli() % (26 * 36 * 36 * 36)
	for i := 3; i > 0; i-- {
		code[i] = codeLetters[n%36]
		n /= 36
	}
	code[0] = codeLetters[n]
	return Code(code)
}

// ParseCode reports whether s has the form of a code.
func ParseCode(s string) (Code, bool) {
	if len(s) != 12 || strings.Trim(s, codeLetters) != "" {
		return "", false
	}
	return Code(s), true
}
