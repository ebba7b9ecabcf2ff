package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"runtime/debug"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/lang"
	"candor/staff"
	"candor/store"
)

type importCommand struct {
	Customers importCustomers `cmd:"" help:"Take customers in from a file of comma-separated values."`
}

// importCustomers works on the database itself, like staff add, so that a million rows travel over no wire.
type importCustomers struct {
	Database string `default:"${database}" help:"sqlite:PATH or postgres://USER@HOST/DATABASE."`
	File     string `arg:"" help:"The file; - reads from standard input."`
	Strict   bool   `env:"-" help:"All rows or none."`
	DryRun   bool   `env:"-" help:"Say what would happen, and write nothing."`
	Country  string `env:"-" placeholder:"DE" help:"Country of phone numbers that have no country code."`
	JSON     bool   `name:"json" env:"-" help:"Print JSON."`
}

// Help is shown by candor import customers --help.
func (importCustomers) Help() string {
	return `A first line names the columns: id, name, language, timezone, plan, fee, currency, components, email,
mobile, phone, webhook, consent, consent at, consent how; a file of nothing but mail addresses needs none.
Taking the same file in twice changes nothing. Exit code: 0 all rows are in, 1 some were refused.

Example:

  candor import customers --database sqlite:candor.db --country DE customers.csv`
}

// mostFaults are printed as JSON; the count is always whole.
const mostFaults = 10_000

// Run takes the file in.
func (c importCustomers) Run(ctx context.Context, term terminal) error {
	file, size, err := c.open(term)
	if err != nil {
		return usageError{err}
	}
	defer file.Close()
	db, err := store.Open(ctx, c.Database)
	if err != nil {
		return err
	}
	// A command that does one thing may use memory that a server leaves to others: an eighth of the time went into collecting it.
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(160 << 20)
	in := &counted{Reader: file}
	bar := newBar(term.err, size)
	report := importReport{Faults: []importFault{}}
	done, err := desk.New(db, &url.URL{Scheme: "http", Host: "localhost"}, nil).ImportCustomers(
		staff.As(ctx, staff.Actor{System: "cli " + os.Getenv("USER")}), in.seekable(), desk.Import{
			Strict: c.Strict, Look: c.DryRun, Region: c.Country,
			Fault: func(f audience.Fault) {
				said := fault(f)
				if c.JSON {
					if len(report.Faults) < mostFaults {
						report.Faults = append(report.Faults, said)
					}
					return
				}
				bar.clear()
				fmt.Fprintln(term.err, said.sentence())
			},
			Progress: func(done desk.Imported) { bar.show(in.read, done.Rows) },
		})
	bar.clear()
	if err := errors.Join(err, db.Close()); err != nil {
		return said(err)
	}
	report.Imported = done
	if c.JSON {
		err = json.NewEncoder(term.out).Encode(report)
	} else {
		_, err = fmt.Fprint(term.out, report.sentences(c.DryRun))
	}
	if err == nil && done.Refused > 0 {
		return errNo
	}
	return err
}

func (c importCustomers) open(term terminal) (io.ReadCloser, int64, error) {
	if c.File == "-" {
		return io.NopCloser(term.in), 0, nil
	}
	file, err := os.Open(c.File)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil || info.IsDir() {
		return nil, 0, errors.Join(err, file.Close(), fmt.Errorf("%s is not a file", c.File))
	}
	return file, info.Size(), nil
}

type importReport struct {
	desk.Imported
	Faults []importFault `json:"faults"`
}

type importFault struct {
	Line    int    `json:"line"`
	Column  int    `json:"column,omitempty"`
	Heading string `json:"heading,omitempty"`
	Reason  string `json:"reason"`
}

func fault(f audience.Fault) importFault {
	return importFault{f.Line, f.Column, f.Heading, lang.For(lang.English).T(f.Problem.Key, f.Problem.Args...)}
}

func (f importFault) sentence() string {
	switch {
	case f.Column == 0:
		return fmt.Sprintf("line %d: %s", f.Line, f.Reason)
	case f.Heading == "":
		return fmt.Sprintf("line %d, column %d: %s", f.Line, f.Column, f.Reason)
	}
	return fmt.Sprintf("line %d, column %d (%s): %s", f.Line, f.Column, f.Heading, f.Reason)
}

func (r importReport) sentences(look bool) string {
	did := "Taken in"
	switch {
	case look:
		did = "Would be taken in"
	case !r.Written:
		did = "Nothing was taken in. It would have been"
	}
	text := fmt.Sprintf("%s: %d added, %d changed, %d unchanged, %d refused, of %d rows.\n", did, r.Added, r.Changed, r.Unchanged, r.Refused, r.Rows)
	for _, heading := range r.Ignored {
		text += fmt.Sprintf("The column %q means nothing to Candor and was left out.\n", heading)
	}
	return text
}

// counted knows how far a file has been read.
type counted struct {
	io.Reader
	read int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += int64(n)
	return n, err
}

// seekable lets a strict import read a file twice without a copy of it.
func (c *counted) seekable() io.Reader {
	if s, ok := c.Reader.(io.Seeker); ok && c.Reader != os.Stdin {
		return struct {
			io.Reader
			io.Seeker
		}{c, s}
	}
	return c
}

// A bar shows on a terminal, and only there, how far something is.
type bar struct {
	out   io.Writer
	size  int64
	began time.Time
	drawn time.Time
}

func newBar(out io.Writer, size int64) *bar {
	file, is := out.(*os.File)
	if !is {
		return &bar{}
	}
	if info, err := file.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &bar{}
	}
	return &bar{out: out, size: size, began: time.Now()}
}

func (b *bar) show(read, rows int64) {
	if b.out == nil || time.Since(b.drawn) < 100*time.Millisecond {
		return
	}
	b.drawn = time.Now()
	rate := float64(rows) / time.Since(b.began).Seconds()
	if b.size <= 0 {
		fmt.Fprintf(b.out, "\r\x1b[K%d rows, %.0f a second", rows, rate)
		return
	}
	const width = 30
	share := min(float64(read)/float64(b.size), 1)
	filled := int(share * width)
	fmt.Fprintf(b.out, "\r\x1b[K%s%s %3.0f %%  %d rows, %.0f a second", bars[:filled], spaces[:width-filled], share*100, rows, rate)
}

const (
	bars   = "##############################"
	spaces = ".............................."
)

func (b *bar) clear() {
	if b.out != nil {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}
