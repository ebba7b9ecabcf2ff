package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"runtime"
	"strings"

	"candor/app"
	"candor/record/verify"
)

type verifyCommand struct {
	URL      string   `arg:"" optional:"" name:"url" env:"-" help:"Address of the page: https://status.example.com."`
	Since    string   `type:"path" env:"-" help:"A file with a checkpoint that you kept; - for standard input."`
	Mirror   []string `env:"-" help:"Address or folder of a copy that must agree; may be given several times."`
	Key      string   `env:"-" help:"The key the record must be signed with. Default: the one the page names."`
	Pages    int      `default:"500" env:"-" help:"Of how many of the newest incidents the pages are read; 0 for all."`
	JSON     bool     `name:"json" env:"-" help:"Print JSON."`
	Audit    bool     `env:"-" help:"Check the private audit of a database instead."`
	Database string   `default:"${database}" help:"With --audit: sqlite:PATH or postgres://USER@HOST/DATABASE."`
}

// Help is shown by candor verify --help.
func (verifyCommand) Help() string {
	return `Reads the public record of a page as anybody can, adds every entry up again, and compares the sum with what was signed; then it
reads the pages and compares what they show with what was recorded. Needs no account, and works against any copy of the page. The first
line it prints on success is worth keeping: with --since it proves later that the record has only grown.
Exit status 1 when something differs, with the first difference and where it is.

Examples:

  candor verify https://status.example.com
  curl -s https://status.example.com/record/checkpoint > checkpoint.txt
  candor verify https://status.example.com --since checkpoint.txt --mirror https://status.example.net --mirror ./page
  candor verify --audit --database sqlite:candor.db`
}

// Run checks and says what was checked.
func (c verifyCommand) Run(ctx context.Context, term terminal) error {
	if c.Audit {
		return c.audit(ctx, term)
	}
	task, err := c.task()
	if err != nil {
		return usageError{err}
	}
	found, err := verify.Run(ctx, task)
	if err != nil {
		return fmt.Errorf("%s could not be read: %w", c.URL, err)
	}
	if c.JSON {
		if err := json.NewEncoder(term.out).Encode(found); err != nil {
			return err
		}
	} else {
		c.tell(term.out, found)
	}
	if found.Difference != nil {
		return errNo
	}
	return nil
}

func (c verifyCommand) task() (t verify.Task, err error) {
	page, err := url.Parse(c.URL)
	if err != nil || page.Scheme != "http" && page.Scheme != "https" || page.Host == "" {
		return t, fmt.Errorf("say which page to check: candor verify https://status.example.com")
	}
	t = verify.Task{
		Page: verify.HTTP(page), Host: page.Host, Mirrors: map[string]verify.Source{}, Key: c.Key, Pages: c.Pages, Workers: 2 * runtime.NumCPU(),
	}
	for _, m := range c.Mirror {
		if t.Mirrors[m], err = verify.At(m); err != nil {
			return t, err
		}
	}
	if c.Since != "" {
		kept, err := readKept(c.Since)
		if err != nil {
			return t, err
		}
		t.Since = string(kept)
	}
	return t, nil
}

func readKept(name string) ([]byte, error) {
	if name == "-" || strings.HasSuffix(name, "/-") { // kong makes a path of it
		return io.ReadAll(io.LimitReader(os.Stdin, 64<<10))
	}
	return os.ReadFile(name)
}

// tell says in plain words what was checked.
func (c verifyCommand) tell(out io.Writer, f verify.Findings) {
	say := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	if f.Size > 0 {
		say("The record %s has %d entries, root %s.", f.Origin, f.Size, f.Root)
	}
	if d := f.Difference; d != nil {
		say("DIFFERENT: %s.", strings.TrimSuffix(d.Error(), "."))
		return
	}
	if c.Key == "" {
		say("It is signed with the key %s, which the page names itself; keep it and give it with --key.", f.Key)
	} else {
		say("It is signed with the key you gave.")
	}
	say("Every entry adds up to what was signed: none was changed, removed, moved or slipped in.")
	if f.Since > 0 {
		say("It has only grown since the checkpoint you kept, of %d entries.", f.Since)
	}
	say("%d updates on %d pages of %d incidents say what was recorded, in every language.", f.Updates, f.Pages, f.Incidents)
	if f.Skipped > 0 {
		say("The pages of %d older incidents were not read; --pages 0 reads all.", f.Skipped)
	}
	say("The status of %d components and %d promises shown are those recorded.", f.Components, f.Promises)
	for _, m := range f.Mirrors {
		say("The copy at %s agrees, with %d entries and %d pages.", m.Address, m.Size, m.Pages)
	}
	if f.Erased > 0 {
		say("Words of %d entries were taken out in the open, and can no longer be compared.", f.Erased)
	}
	if f.Pending > 0 {
		say("%d entries of the last moments wait for their number.", f.Pending)
	}
	say("Not compared: names and pictures of people, and what the page reckons from these facts.")
}

// audit checks the private log of what staff did.
func (c verifyCommand) audit(ctx context.Context, term terminal) error {
	found, err := app.VerifyAudit(ctx, c.Database)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(term.out).Encode(found); err != nil {
			return err
		}
	} else {
		found.Tell(term.out)
	}
	if found.Difference != "" {
		return errNo
	}
	return nil
}
