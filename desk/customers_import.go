package desk

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"candor/audience"
	"candor/component"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// An Import says how a file of customers is taken in.
type Import struct {
	Strict bool   // all rows or none
	Look   bool   // count what would happen, write nothing
	Region string // ISO 3166, of phone numbers without a country code
	// Fault hears of each row that is kept out, in order; Progress after each chunk of rows. Both may be nil.
	Fault    func(audience.Fault)
	Progress func(Imported)
}

// Imported is what became of a file's rows.
type Imported struct {
	Rows      int64    `json:"rows"`
	Added     int64    `json:"added"`
	Changed   int64    `json:"changed"`
	Unchanged int64    `json:"unchanged"`
	Refused   int64    `json:"refused"`
	Written   bool     `json:"written"`           // false after a look, and when a strict import was refused
	Ignored   []string `json:"ignored,omitempty"` // headings that nobody understood
}

// importChunk is how many customers one transaction takes, an eighth of a second on SQLite: more would keep acts waiting behind its only
// writer, with half as many saving them is twice the part of it.
const importChunk = 2000

// ImportCustomers takes customers in from a file, a chunk at a time, so that it neither fills the memory nor holds the database.
// Interrupted, it has kept whole chunks, and running it again goes on where it was: a row that says nothing new changes nothing. A customer
// the file does not mention is left alone, and who asked us to stop stays suppressed, whatever the file says (T19).
func (d *Desk) ImportCustomers(ctx context.Context, in io.Reader, how Import) (done Imported, err error) {
	defer wrap(&err, "import customers")
	if err := need(ctx, staff.Enlist); err != nil {
		return done, err
	}
	at := now()
	reading, err := d.reading(ctx, at, how.Region)
	if err != nil {
		return done, err
	}
	if how.Strict && !how.Look {
		file, err := again(in)
		if err != nil {
			return done, err
		}
		defer file.Close()
		look := how
		look.Look = true
		if done, err = d.takeIn(ctx, file, reading, look); err != nil || done.Refused > 0 {
			return done, err
		}
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return done, err
		}
		in = file
	}
	done, err = d.takeIn(ctx, in, reading, how)
	if how.Look || done.Added+done.Changed == 0 {
		done.Written = !how.Look && err == nil
		return done, err
	}
	done.Written = true
	// The line is written even if the file broke off: what was taken in until then is in.
	return done, errors.Join(err, d.auditImport(context.WithoutCancel(ctx), at, done))
}

func (d *Desk) auditImport(ctx context.Context, at time.Time, done Imported) error {
	done.Ignored = nil // a file without headings may have people in its first line
	return d.db.Write(ctx, func(tx *store.Tx) error {
		return d.audit(ctx, tx, at, "import customers", "", nil, done)
	})
}

// reading is what a table needs to know of the company.
func (d *Desk) reading(ctx context.Context, at time.Time, region string) (r audience.Reading, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		all, err := tx.Components.All(ctx)
		if err != nil {
			return err
		}
		r = audience.Reading{
			Now: at, Language: s.Default(), Offered: s.Languages, Zone: s.Zoned(), Region: region, Component: component.Named(all),
		}
		return nil
	})
	return r, err
}

// takeIn reads ahead in a goroutine of its own, because reading a file and writing a database keep one processor each busy. It waits for it.
func (d *Desk) takeIn(ctx context.Context, in io.Reader, reading audience.Reading, how Import) (done Imported, err error) {
	table, err := audience.OpenTable(in, reading)
	if err != nil {
		return done, err
	}
	done.Ignored = table.Ignored()
	ctx, stop := context.WithCancel(ctx)
	chunks := make(chan importedChunk, 2)
	go func() {
		defer close(chunks)
		for err := error(nil); err == nil; {
			var next importedChunk
			next, err = readChunk(table)
			next.err = err
			select {
			case chunks <- next:
			case <-ctx.Done():
				return
			}
		}
	}()
	defer func() {
		stop()
		for range chunks { // until the reader is gone: it must not outlive the file
		}
	}()
	for next := range chunks {
		if err := d.takeChunk(ctx, next, reading, how, &done); err != nil {
			return done, err
		}
		if next.err != nil && !errors.Is(next.err, io.EOF) {
			return done, next.err
		}
	}
	return done, ctx.Err()
}

type importedChunk struct {
	rows   []audience.Row
	faults []audience.Fault
	bad    int64 // rows with faults
	err    error // what ended it; io.EOF at the end of the file
}

// chunker cuts before a row that is about somebody whom the chunk has already.
type chunker struct{ externals, mails map[string]bool }

func readChunk(table *audience.Table) (c importedChunk, err error) {
	seen := chunker{map[string]bool{}, map[string]bool{}}
	for len(c.rows) < importChunk && len(c.faults) < importChunk {
		row, faults, err := table.Next()
		if err != nil {
			return c, err
		}
		if len(faults) > 0 {
			c.faults = append(c.faults, faults...)
			c.bad++
			continue
		}
		if seen.before(row.Customer) {
			table.Unread(row)
			return c, nil
		}
		c.rows = append(c.rows, row)
	}
	return c, nil
}

func (c chunker) before(x audience.Customer) bool {
	if x.External != "" {
		if c.externals[x.External] {
			return true
		}
		c.externals[x.External] = true
	}
	known := false
	for _, contact := range x.Contacts {
		if contact.Channel == audience.Email {
			key := contact.Address.Key()
			known = known || c.mails[key]
			c.mails[key] = true
		}
	}
	return known && x.External == ""
}

func (d *Desk) takeChunk(ctx context.Context, c importedChunk, reading audience.Reading, how Import, done *Imported) error {
	var plan store.Merge
	work := func(tx *store.Tx) (err error) {
		if plan, err = tx.Customers.PlanMerge(ctx, c.rows, reading.Language, now()); err != nil || how.Look {
			return err
		}
		return tx.Customers.ApplyMerge(ctx, plan, now())
	}
	var err error
	switch {
	case len(c.rows) == 0:
	case how.Look:
		err = d.db.Read(ctx, work)
	default:
		err = d.db.Batch(ctx, work)
		for try := 0; errors.Is(err, store.ErrExists) && try < 5; try++ {
			err = d.db.Batch(ctx, work) // somebody imports the same customers beside us; now they are known
		}
	}
	if err != nil {
		return err
	}
	for _, i := range plan.Refused {
		c.faults = append(c.faults, audience.Fault{Line: c.rows[i].Line, Problem: problem.New(problem.Gone, "problem.import.erased")})
	}
	for _, f := range c.faults {
		if how.Fault != nil {
			how.Fault(f)
		}
	}
	done.Rows += int64(len(c.rows)) + c.bad
	done.Refused += c.bad + int64(len(plan.Refused))
	done.Added += int64(len(plan.Fresh))
	done.Changed += int64(len(plan.Changed))
	done.Unchanged += int64(plan.Unchanged)
	if how.Progress != nil {
		how.Progress(*done)
	}
	return nil
}

// again is a file that can be read twice: a copy on disk of what comes over a wire, gone when it is closed.
func again(in io.Reader) (interface {
	io.ReadSeeker
	io.Closer
}, error,
) {
	if file, ok := in.(io.ReadSeeker); ok {
		return struct {
			io.ReadSeeker
			io.Closer
		}{file, io.NopCloser(nil)}, nil
	}
	file, err := os.CreateTemp("", "candor-import-*")
	if err != nil {
		return nil, err
	}
	copied := spooled{file}
	if _, err := io.Copy(file, in); err != nil {
		return nil, errors.Join(err, copied.Close())
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, errors.Join(err, copied.Close())
	}
	return copied, nil
}

type spooled struct{ *os.File }

func (s spooled) Close() error { return errors.Join(s.File.Close(), os.Remove(s.Name())) }
