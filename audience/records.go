package audience

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"candor/problem"
)

const (
	longestLine   = 64 << 10
	longestRecord = 100 // lines that one quoted cell may span
)

// records reads a table line by line. It differs from encoding/csv in one thing that matters here: a quotation mark that is never closed
// costs its own line and not the rest of the file.
type records struct {
	in    *bufio.Reader
	comma byte
	line  int      // of the last line read, from 1
	again []string // lines to be read once more
}

// A record is one row of cells and the line it began on.
type record struct {
	line  int
	cells []string
	fault *problem.Problem // the cells cannot be read
}

func newRecords(in io.Reader) *records {
	return &records{in: bufio.NewReaderSize(in, longestLine)}
}

// next answers io.EOF after the last one. Empty lines are no records.
func (r *records) next() (record, error) {
	for {
		text, fault, err := r.readLine()
		if err != nil {
			return record{}, err
		}
		if fault != nil {
			return record{line: r.line, fault: fault}, nil
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		if strings.IndexByte(text, '"') < 0 {
			return record{line: r.line, cells: strings.Split(text, string(rune(r.comma)))}, nil
		}
		return r.quoted(text)
	}
}

// quoted reads a record with quotation marks, which may go on over several lines. A mark that is not closed within them gives the lines
// after its own back.
func (r *records) quoted(text string) (record, error) {
	begun := r.line
	var more []string
	for {
		cells, closed := cut(text, r.comma)
		if closed {
			return record{line: begun, cells: cells}, nil
		}
		next, fault, err := "", (*problem.Problem)(nil), error(nil)
		if len(more) < longestRecord && len(text) < longestLine {
			next, fault, err = r.readLine()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return record{}, err
		}
		if err != nil || fault != nil || len(more) >= longestRecord || len(text) >= longestLine {
			r.again = append(more, r.again...)
			r.line = begun
			return record{line: begun, fault: problem.New(problem.Invalid, "problem.import.quote")}, nil
		}
		more = append(more, next)
		text += "\n" + next
	}
}

// cut splits a text with quotation marks into cells; closed is false if the last mark is open.
func cut(text string, comma byte) (cells []string, closed bool) {
	for {
		trimmed := strings.TrimLeft(text, " ")
		if !strings.HasPrefix(trimmed, `"`) {
			cell, rest, more := strings.Cut(text, string(rune(comma)))
			cells = append(cells, cell)
			if !more {
				return cells, true
			}
			text = rest
			continue
		}
		var cell strings.Builder
		rest := trimmed[1:]
		for {
			end := strings.IndexByte(rest, '"')
			if end < 0 {
				return nil, false
			}
			cell.WriteString(rest[:end])
			rest = rest[end+1:]
			if !strings.HasPrefix(rest, `"`) {
				break
			}
			cell.WriteByte('"')
			rest = rest[1:]
		}
		// What stands between the closing mark and the next delimiter belongs to the cell: some programs forget to double a mark.
		tail, after, more := strings.Cut(rest, string(rune(comma)))
		cell.WriteString(strings.TrimRight(tail, " "))
		cells = append(cells, cell.String())
		if !more {
			return cells, true
		}
		text = after
	}
}

// readLine reads one line without its end. One that is too long or no text is skipped and named.
func (r *records) readLine() (string, *problem.Problem, error) {
	r.line++
	if len(r.again) > 0 {
		text := r.again[0]
		r.again = r.again[1:]
		return text, nil, nil
	}
	line, err := r.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.in.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return "", nil, err
		}
		return "", problem.New(problem.Invalid, "problem.import.long"), nil
	}
	if err != nil && (len(line) == 0 || !errors.Is(err, io.EOF)) {
		return "", nil, err
	}
	if !utf8.Valid(line) {
		return "", problem.New(problem.Invalid, "problem.import.bytes"), nil
	}
	text := strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r")
	return text, nil, nil
}

// delimiter finds what separates the cells: the mark that most often gives the first lines the same number of cells, more than one.
func delimiter(start []byte) byte {
	lines := strings.Split(string(start), "\n")
	if len(lines) > 1 {
		lines = lines[:len(lines)-1] // the last may be cut
	}
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.TrimSpace(line) == "" })
	best, most := byte(','), 0
	for _, comma := range []byte{',', ';', '\t'} {
		first, score := 0, 0
		for i, line := range lines[:min(len(lines), 50)] {
			cells, closed := cut(strings.TrimSuffix(line, "\r"), comma)
			if i == 0 {
				first = len(cells)
			}
			if closed && len(cells) > 1 && len(cells) == first {
				score += len(cells)
			}
		}
		if score > most {
			best, most = comma, score
		}
	}
	return best
}
