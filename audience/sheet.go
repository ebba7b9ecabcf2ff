package audience

import (
	"errors"
	"io"
	"strings"

	"candor/problem"
)

// A Sheet reads any other file of comma-separated values as a Table reads customers: whatever its characters and its delimiter, and a row
// that cannot be read costs no other.
type Sheet struct {
	records  *records
	headings []string
}

// OpenSheet reads the headings.
func OpenSheet(in io.Reader) (*Sheet, error) {
	r, err := begin(in)
	if err != nil {
		return nil, err
	}
	first, err := r.next()
	if errors.Is(err, io.EOF) {
		return nil, problem.New(problem.Invalid, "problem.import.empty")
	}
	if err != nil {
		return nil, err
	}
	s := &Sheet{records: r}
	for _, cell := range first.cells {
		s.headings = append(s.headings, strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(cell, "_", " ")), " ")))
	}
	return s, nil
}

// Has reports whether the file has a column.
func (s *Sheet) Has(heading string) bool {
	for _, h := range s.headings {
		if h == heading {
			return true
		}
	}
	return false
}

// Next answers a row's cells by heading and its line, what keeps it from being read, or io.EOF.
func (s *Sheet) Next() (line int, cells map[string]string, fault *problem.Problem, err error) {
	r, err := s.records.next()
	if err != nil || r.fault != nil {
		return r.line, nil, r.fault, err
	}
	cells = make(map[string]string, len(s.headings))
	for i, cell := range r.cells {
		if i < len(s.headings) && cells[s.headings[i]] == "" {
			cells[s.headings[i]] = plain(cell)
		}
	}
	return r.line, cells, nil, nil
}
