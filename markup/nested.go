package markup

import (
	"strings"
)

// Some ways of nesting and repeating cost goldmark the square of their length: 64 kB of ">" takes 2.6 s. Nobody writes so to be read, and
// under these bounds the slowest text we could devise takes 15 to 25 ms (bomb_test.go prints it).
const (
	deepest      = 8    // quotes and lists opened on one line
	furthest     = 40   // columns before the last of them
	mostBrackets = 32   // opened and not closed in one paragraph
	mostInBlock  = 400  // marks of emphasis, links and code in one paragraph
	mostInText   = 8000 // the same in the whole text, outside code blocks
	mostLinks    = 1500 // addresses that become links by themselves
	mostOpened   = 4000 // quotes and lists in one text, each line of a quote counting
	mostLines    = 4000
	inlineMarks  = "*_~`[](<!"
)

// nested reports whether a text is built to exhaust a parser. It reads every byte once.
func nested(md string) bool {
	var n nesting
	for line := range strings.Lines(md) {
		if n.add(strings.TrimSuffix(line, "\n")); n.tooMuch() {
			return true
		}
	}
	return false
}

// nesting counts what one text has opened so far.
type nesting struct {
	fence             string // what closes the open code block; empty outside one
	lines, deep, far  int
	inBlock, inText   int
	brackets, openMax int
	opened, links     int
}

func (n *nesting) tooMuch() bool {
	return n.lines > mostLines || n.deep > deepest || n.far > furthest ||
		n.inBlock > mostInBlock || n.inText > mostInText || n.openMax > mostBrackets || n.opened > mostOpened || n.links > mostLinks
}

func (n *nesting) add(line string) {
	n.lines++
	if n.insideFence(line) {
		return
	}
	if strings.Trim(line, " \t") == "" || startsItem(line) {
		n.inBlock, n.brackets = 0, 0
	}
	n.countContainers(line)
	n.countMarks(line)
}

// insideFence follows fenced code blocks that stand at the margin, since what is quoted in them, such as a log, is full of marks and
// costs nothing. It knows only fences that no other reading of the line is possible for.
func (n *nesting) insideFence(line string) bool {
	trimmed := strings.TrimLeft(line, " ")
	if len(line)-len(trimmed) > 3 {
		return n.fence != ""
	}
	if n.fence != "" {
		rest := strings.TrimRight(trimmed, " \t")
		if strings.HasPrefix(rest, n.fence) && strings.Trim(rest, n.fence[:1]) == "" {
			n.fence = ""
		}
		return true
	}
	for _, mark := range []string{"`", "~"} {
		info := strings.TrimLeft(trimmed, mark)
		if run := len(trimmed) - len(info); run >= 3 && !strings.Contains(info, mark) {
			n.fence = trimmed[:run]
			n.inBlock, n.brackets = 0, 0
			return true
		}
	}
	return false
}

// startsItem reports whether a line begins a bullet, whatever stands before it, and so a paragraph of its own.
func startsItem(line string) bool {
	trimmed := strings.TrimLeft(line, " ")
	return len(line)-len(trimmed) <= 3 && len(trimmed) > 2 && strings.ContainsRune("-+*", rune(trimmed[0])) && trimmed[1] == ' ' &&
		strings.Trim(trimmed[2:], " \t") != ""
}

func (n *nesting) countContainers(line string) {
	n.deep, n.far = 0, 0
	for column := 0; column < len(line); {
		width := containerAt(line[column:])
		if width == 0 {
			return
		}
		if line[column] != ' ' && line[column] != '\t' {
			n.deep++
			n.opened++
			n.far = column
		}
		column += width
	}
}

// containerAt is the width of the quote mark, list mark or space at the start of s, 0 if there is none.
func containerAt(s string) int {
	switch s[0] {
	case ' ', '\t', '>':
		return 1
	case '-', '+', '*':
		return spacedAfter(s, 1)
	}
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if digits == 0 || digits > 9 || digits == len(s) || s[digits] != '.' && s[digits] != ')' {
		return 0
	}
	return spacedAfter(s, digits+1)
}

func spacedAfter(s string, width int) int {
	if len(s) == width || s[width] == ' ' || s[width] == '\t' {
		return width
	}
	return 0
}

func (n *nesting) countMarks(line string) {
	for _, start := range []string{"://", "www.", "@"} {
		n.links += strings.Count(line, start)
	}
	for i := range len(line) {
		if strings.IndexByte(inlineMarks, line[i]) >= 0 {
			n.inBlock++
			n.inText++
		}
		switch line[i] {
		case '[':
			n.brackets++
			n.openMax = max(n.openMax, n.brackets)
		case ']':
			n.brackets = max(0, n.brackets-1)
		}
	}
}
