// Package verify checks from outside that a page shows what was recorded and that the record only ever grew.
//
// It trusts nobody: it reads the log as anybody can, adds every entry up again, and compares the sum with what was signed; then it reads the
// pages and compares every word with what the log sealed. It stops at the first difference and says where it is.
package verify

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"candor/record"
)

// A Source reads what lies at an address below a page's own, such as "record/checkpoint" or "en/history". What is not there is ErrAbsent.
type Source func(ctx context.Context, path string) ([]byte, error)

// ErrAbsent is an address at which there is nothing.
var ErrAbsent = errors.New("nothing is there")

// A Task says what to check.
type Task struct {
	Page    Source
	Host    string            // the page's own, whose links a mirror writes differently
	Mirrors map[string]Source // by address
	Key     string            // which the checkpoint must be signed with; empty takes the one the page names
	Since   string            // a checkpoint somebody kept; empty for none
	Pages   int               // of how many of the newest incidents the pages are read; 0 is all
	Workers int
}

// Findings are what was checked and, if it is there, the first difference.
type Findings struct {
	Origin     string      `json:"origin"`
	Key        string      `json:"key"`
	Size       int64       `json:"entries"`
	Root       string      `json:"root"`
	Checkpoint string      `json:"checkpoint"`
	Since      int64       `json:"since,omitempty"`
	Pending    int         `json:"pending"`
	Sealed     int         `json:"sealed"`
	Erased     int         `json:"erased"`
	Incidents  int         `json:"incidents"`
	Skipped    int         `json:"incidents_not_read,omitempty"`
	Pages      int         `json:"pages"`
	Updates    int         `json:"updates"`
	Promises   int         `json:"promises"`
	Components int         `json:"components"`
	Mirrors    []Mirror    `json:"mirrors,omitempty"`
	Difference *Difference `json:"difference,omitempty"`
}

// A Mirror is what was found at one.
type Mirror struct {
	Address string `json:"address"`
	Size    int64  `json:"entries"`
	Pages   int    `json:"pages"`
}

// A Difference is what does not agree, and where.
type Difference struct {
	Where string `json:"where"` // an address, or "the record"
	Entry int64  `json:"entry"` // the number of the first entry concerned; -1 where it is none
	What  string `json:"what"`
	moved bool   // it may be that the page changed while it was read
}

// Error says what and where.
func (d *Difference) Error() string {
	if d.Entry >= 0 {
		return fmt.Sprintf("%s, entry %d: %s", d.Where, d.Entry, d.What)
	}
	return d.Where + ": " + d.What
}

func differs(where string, entry int64, format string, args ...any) *Difference {
	return &Difference{Where: where, Entry: entry, What: fmt.Sprintf(format, args...)}
}

// Run checks. An error means that something could not be read; a difference is in the findings.
func Run(ctx context.Context, t Task) (f Findings, err error) {
	t.Workers = max(t.Workers, 1)
	for try := 0; ; try++ {
		f, err = t.once(ctx)
		// A page that says something new while it is read differs from the log read a moment ago: then both are read once more.
		if err != nil || f.Difference == nil || !f.Difference.moved || try > 0 {
			return f, err
		}
	}
}

func (t Task) once(ctx context.Context) (f Findings, err error) {
	var d *Difference
	defer func() {
		if errors.As(err, &d) {
			f.Difference, err = d, nil
		}
	}()
	keys, err := t.keys(ctx)
	if err != nil {
		return f, err
	}
	f.Key = keys[0]
	since, err := t.since(keys)
	if err != nil {
		return f, err
	}
	mirrored, err := t.mirrored(ctx, keys)
	if err != nil {
		return f, err
	}
	watch := []int64{since.Size}
	for _, m := range mirrored {
		watch = append(watch, m.head.Size)
	}
	log, err := t.readLog(ctx, "the record", t.Page, keys, watch)
	if log != nil {
		log.tell(&f)
	}
	if err != nil {
		return f, err
	}
	if f.Since = since.Size; since.Size > 0 {
		if err := log.grewFrom(since, "the checkpoint that was kept"); err != nil {
			return f, err
		}
	}
	if err := log.sealsHold(); err != nil {
		return f, err
	}
	if err := t.readPages(ctx, t.Page, "the page", log, log.head.Size, &f); err != nil {
		return f, err
	}
	return f, t.compareMirrors(ctx, mirrored, log, keys, &f)
}

// keys are those the log must be signed with.
func (t Task) keys(ctx context.Context) ([]string, error) {
	if t.Key != "" {
		return []string{t.Key}, nil
	}
	b, err := t.Page(ctx, "record/"+record.KeyPath)
	if errors.Is(err, ErrAbsent) {
		return nil, differs("the record", -1, "there is none at this address, or its page is not public")
	}
	if err != nil {
		return nil, err
	}
	if keys := strings.Fields(string(b)); len(keys) > 0 {
		return keys, nil
	}
	return nil, differs("the record", -1, "it names no key")
}

func (t Task) since(keys []string) (h record.Head, err error) {
	if t.Since == "" {
		return h, nil
	}
	if h, err = record.OpenHead(t.Since, keys...); err != nil {
		return h, differs("the checkpoint that was kept", -1, "%v", err)
	}
	return h, nil
}
