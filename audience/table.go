package audience

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"time"

	"candor/id"
	"candor/lang"
	"candor/problem"
)

// A Reading says how a table of customers is to be understood.
type Reading struct {
	Now       time.Time
	Language  lang.Tag // of customers who speak none of Offered
	Offered   []lang.Tag
	Zone      *time.Location // of instants without one
	Region    string         // country of phone numbers without a code; a column "country" goes before
	Component func(nameOrCode string) (id.Component, bool)
}

// A Row is one customer as a file describes them. What the file does not say is empty, and changes nothing.
type Row struct {
	Line     int
	Customer Customer // without ids; contacts in their order of preference
	Consent  Consent  // without Text: none
}

// A Fault is what kept one row out.
type Fault struct {
	Line    int
	Column  int    // from 1; zero: the row as a whole
	Heading string // of the column
	Problem *problem.Problem
}

// A Table reads customers from a file of comma-separated values, one at a time, so that a million need no more memory than one.
type Table struct {
	reading  Reading
	records  *records
	first    *record // read already: it was no heading
	unread   *Row
	headings []string
	columns  []column
	offering lang.Offering
	zones    map[string]bool
	tags     map[string]lang.Tag
}

// OpenTable looks at the beginning of a file: which characters, which delimiter, which columns. A file without headings is understood if it
// holds nothing but mail addresses.
func OpenTable(in io.Reader, reading Reading) (*Table, error) {
	records, err := begin(in)
	if err != nil {
		return nil, err
	}
	t := &Table{
		reading: reading, records: records, offering: lang.Offer(reading.Offered, reading.Language),
		zones: map[string]bool{"": true}, tags: map[string]lang.Tag{},
	}
	return t, t.readHeadings()
}

// begin looks at the beginning of a file: which characters, which delimiter.
func begin(in io.Reader) (*records, error) {
	text := bufio.NewReaderSize(decoded(in), longestLine)
	r := newRecords(text)
	start, err := text.Peek(32 << 10)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	r.in = text
	r.comma = delimiter(start)
	if sep, rest, _ := strings.Cut(string(start[:min(len(start), 8)]), "\n"); strings.HasPrefix(sep, "sep=") && rest != "" && len(sep) > 4 {
		r.comma = sep[4] // spreadsheets write it for each other
		if _, _, err := r.readLine(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (t *Table) readHeadings() error {
	first, err := t.records.next()
	if errors.Is(err, io.EOF) {
		return problem.New(problem.Invalid, "problem.import.empty")
	}
	if err != nil {
		return err
	}
	columns, recognised := columnsOf(first.cells)
	addresses := 0
	for i, cell := range first.cells {
		if _, refused := ParseAddress(cell); refused == nil {
			columns[i] = asMail
			addresses++
		}
	}
	switch {
	case addresses == 0 && recognised > 0:
		t.headings, t.columns = first.cells, columns
	case addresses > 0 && recognised == 0 && addresses == len(first.cells):
		t.headings, t.columns, t.first = make([]string, len(columns)), columns, &first
	default:
		return problem.New(problem.Invalid, "problem.import.headings")
	}
	return nil
}

// Ignored are the headings nobody understood; their cells are left alone.
func (t *Table) Ignored() (all []string) {
	for i, c := range t.columns {
		if h := strings.TrimSpace(t.headings[i]); c == asIgnored && h != "" {
			all = append(all, h)
		}
	}
	return all
}

// Next answers the next customer, or what is wrong with their row, or io.EOF.
func (t *Table) Next() (Row, []Fault, error) {
	if t.unread != nil {
		row := *t.unread
		t.unread = nil
		return row, nil, nil
	}
	record, err := t.nextRecord()
	if err != nil {
		return Row{}, nil, err
	}
	if record.fault != nil {
		return Row{}, []Fault{{Line: record.line, Problem: record.fault}}, nil
	}
	r := cells{table: t, line: record.line, row: Row{Line: record.line}}
	for i, cell := range record.cells {
		if i >= len(t.columns) {
			if strings.TrimSpace(cell) != "" {
				r.refuse(i, problem.New(problem.Invalid, "problem.import.cells"))
				break
			}
			continue
		}
		r.take(i, t.columns[i], plain(cell))
	}
	r.finish()
	return r.row, r.faults, nil
}

// Unread gives one row back, to be the next.
func (t *Table) Unread(row Row) { t.unread = &row }

func (t *Table) nextRecord() (record, error) {
	for {
		r, err := record{}, error(nil)
		if t.first != nil {
			r, t.first = *t.first, nil
		} else if r, err = t.records.next(); err != nil {
			return r, err
		}
		if r.fault != nil || strings.TrimSpace(strings.Join(r.cells, "")) != "" {
			return r, nil
		}
	}
}

// plain undoes what a spreadsheet or our own export did to a cell: spaces around it, and the apostrophe that keeps it from being a formula.
func plain(cell string) string {
	cell = strings.TrimSpace(cell)
	if strings.HasPrefix(cell, "'") && formula(cell) {
		return cell[1:]
	}
	return cell
}

// formula reports whether a spreadsheet would take a cell for a formula, or would but for the apostrophes before it. Full-width marks count,
// since some programs fold them.
func formula(cell string) bool {
	cell = strings.TrimLeft(cell, "'")
	for _, mark := range [...]string{"=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"} {
		if strings.HasPrefix(cell, mark) {
			return true
		}
	}
	return false
}

// SafeCell is a cell as an export writes it: no spreadsheet computes anything out of a customer's name (B6).
func SafeCell(cell string) string {
	if formula(cell) {
		return "'" + cell
	}
	return cell
}
