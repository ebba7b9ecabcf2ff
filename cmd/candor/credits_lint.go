package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"candor/amends"
	"candor/lang"
)

type creditsLintCommand struct {
	Terms string   `arg:"" help:"Terms of contracts, as JSON."`
	Lang  lang.Tag `placeholder:"TAG" default:"en" help:"Language of the questions."`
	JSON  bool     `name:"json" help:"Answer with one JSON object."`
}

// Help is the example below the flags.
func (creditsLintCommand) Help() string {
	return `Ends with 0 if there is nothing above a hint, 1 if there is, 2 if it was called wrongly.

Example: candor credits lint terms.json`
}

// A creditFinding is a finding as a program reads it.
type creditFinding struct {
	Terms string       `json:"terms"`
	Level amends.Level `json:"level"`
	Rule  amends.Rule  `json:"rule"`
	Where string       `json:"where"`
	Says  string       `json:"says"`
}

// Run lints.
func (c creditsLintCommand) Run(term terminal) error {
	if !c.Lang.Known() {
		return usageError{fmt.Errorf("--lang: no catalogue for %.32q", string(c.Lang))}
	}
	terms, err := readTerms(c.Terms)
	if err != nil {
		return usageError{err}
	}
	found := terms.lint(lang.For(c.Lang))
	if err := c.print(term, found); err != nil {
		return err
	}
	for _, f := range found {
		if f.Level != amends.Hint {
			return errNo
		}
	}
	return nil
}

func (f termsFile) lint(w lang.Words) []creditFinding {
	found := []creditFinding{}
	for _, id := range f.inOrder {
		if fault := f.faults[id]; fault != nil {
			found = append(found, creditFinding{id, amends.Fault, "cannot_be_read", "", fault.Error()})
			continue
		}
		for _, one := range f.terms[id].Lint() {
			found = append(found, creditFinding{id, one.Level, one.Rule, one.Where, one.In(w)})
		}
	}
	return found
}

func (c creditsLintCommand) print(term terminal, found []creditFinding) error {
	if c.JSON {
		encoder := json.NewEncoder(term.out)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(map[string]any{"findings": found})
	}
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s  %s  %s %s\n      %s\n", f.Level, f.Terms, f.Rule, f.Where, f.Says)
	}
	_, err := fmt.Fprint(term.out, b.String())
	return err
}
