package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/settings"
)

// checkCommand reads a message as a careful colleague would, before it goes out. It needs no running Candor.
type checkCommand struct {
	File   string          `arg:"" help:"The message, as plain text or Markdown; - reads it from the terminal."`
	Lang   string          `placeholder:"TAG" help:"Language of the message: en, de, es, id, zh-Hant, zh-Hans. Detected if not given."`
	Kind   playbook.Kind   `enum:"notice,update,resolved,report,apology" default:"update" help:"What it is: ${enum}."`
	Impact incident.Impact `enum:"none,minor,major,critical,maintenance" default:"minor" help:"How hard customers are hit: ${enum}."`
	Rules  string          `type:"existingfile" placeholder:"FILE" help:"Rules of your own, as under Settings, Words; they are tried on their examples first."`
	JSON   bool            `name:"json" help:"Answer with one JSON object."`
}

// Help is the example below the flags.
func (checkCommand) Help() string {
	return `Ends with 0 if there is nothing above a hint, 1 if there is, 2 if it was called wrongly.

  candor check --rules own.yaml --lang de --kind update message.txt
  echo "We apologise for any inconvenience." | candor check --kind resolved --impact major -`
}

// longestMessage bounds what is read: no message is longer, a file given by mistake may be.
const longestMessage = 1 << 20

// Run checks the message.
func (c checkCommand) Run(term terminal) error {
	text, err := c.read(term.in)
	if err != nil {
		return usageError{err}
	}
	house, err := c.house()
	if err != nil {
		return usageError{err}
	}
	verdict, err := playbook.Judge(text, playbook.Context{Language: lang.Tag(c.Lang), Kind: c.Kind, Impact: c.Impact, House: house})
	if err != nil {
		return usageError{err}
	}
	if err := c.print(term.out, verdict); err != nil {
		return err
	}
	if verdict.Concerns() {
		return errNo
	}
	return nil
}

// house is what the file of rules says, if one was given.
func (c checkCommand) house() (*playbook.House, error) {
	if c.Rules == "" {
		return nil, nil
	}
	rules, err := os.ReadFile(c.Rules)
	if err != nil {
		return nil, err
	}
	if wrong := playbook.CheckOwnRules("rules", string(rules)); len(wrong) > 0 {
		return nil, said(wrong.Err())
	}
	return playbook.HouseOf(settings.Words{Rules: string(rules)}), nil
}

func (c checkCommand) read(in io.Reader) (string, error) {
	if c.File != "-" {
		file, err := os.Open(c.File)
		if err != nil {
			return "", err
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, longestMessage+1))
	switch {
	case err != nil:
		return "", err
	case len(text) > longestMessage:
		return "", fmt.Errorf("the message is longer than %d bytes", longestMessage)
	case strings.TrimSpace(string(text)) == "":
		return "", errors.New("the message is empty")
	}
	return string(text), nil
}

func (c checkCommand) print(out io.Writer, v playbook.Verdict) error {
	if c.JSON {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(v)
	}
	var b strings.Builder
	for _, f := range v.Findings {
		fmt.Fprintf(&b, "%s  %s", f.Level, f.Rule)
		if f.Excerpt != "" {
			fmt.Fprintf(&b, "  %q", f.Excerpt)
		}
		fmt.Fprintf(&b, "\n      %s\n      → %s\n      (%s)\n", f.Why, f.Instead, f.Source)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
