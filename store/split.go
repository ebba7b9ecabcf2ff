package store

import (
	"errors"
	"strings"
)

// split cuts a migration into its statements. It knows '…', "…", -- and /* … */,
// which are the same in both databases; dollar quotes are not.
func split(text string) ([]string, error) {
	var all []string
	var one strings.Builder
	keep := func() {
		if s := strings.TrimSpace(one.String()); s != "" {
			all = append(all, s)
		}
		one.Reset()
	}
	for len(text) > 0 {
		n, comment, err := token(text)
		if err != nil {
			return nil, err
		}
		switch {
		case comment:
			one.WriteByte(' ') // it separated words
		case text[0] == ';':
			keep()
		default:
			one.WriteString(text[:n])
		}
		text = text[n:]
	}
	keep()
	return all, nil
}

// token measures the quoted text, the comment or the single byte that text
// begins with.
func token(text string) (n int, comment bool, err error) {
	switch {
	case strings.HasPrefix(text, "--"):
		if end := strings.IndexByte(text, '\n'); end >= 0 {
			return end, true, nil
		}
		return len(text), true, nil
	case strings.HasPrefix(text, "/*"):
		end := strings.Index(text[2:], "*/")
		if end < 0 {
			return 0, false, errors.New("a comment does not end")
		}
		if strings.Contains(text[2:2+end], "/*") {
			// PostgreSQL nests them, SQLite does not.
			return 0, false, errors.New("a comment begins inside a comment")
		}
		return 2 + end + 2, true, nil
	case text[0] == '\'' || text[0] == '"':
		// A doubled quote reads as two quoted texts in a row, which is as good.
		end := strings.IndexByte(text[1:], text[0])
		if end < 0 {
			return 0, false, errors.New("a quoted text does not end")
		}
		return 1 + end + 1, false, nil
	}
	return 1, false, nil
}
