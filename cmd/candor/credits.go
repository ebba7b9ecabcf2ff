package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"candor/amends"
	"candor/lang"
)

// creditsCommand reckons what contracts owe. It needs no running Candor, and anybody's contract will do.
type creditsCommand struct {
	Compute creditsComputeCommand `cmd:"" help:"What each case is owed under its terms, to the cent."`
	Explain creditsExplainCommand `cmd:"" help:"The same as a reckoning to check with a pencil."`
	Lint    creditsLintCommand    `cmd:"" help:"Read terms with the eyes of a lawyer: gaps, overlaps, contradictions."`
	Draft   creditsDraftCommand   `cmd:"" help:"What an incident's customers are owed, from Candor's own records."`
}

// creditsFiles are what both reckonings read.
type creditsFiles struct {
	Terms string   `required:"" placeholder:"FILE" help:"Terms of contracts, as JSON."`
	Cases string   `required:"" placeholder:"FILE" help:"Cases, as JSON; - reads them from the terminal."`
	Lang  lang.Tag `placeholder:"TAG" default:"en" help:"Language of the reckoning."`
}

type creditsComputeCommand struct {
	creditsFiles
	JSON bool `name:"json" help:"Answer with one JSON object."`
}

// Help is the example below the flags.
func (creditsComputeCommand) Help() string {
	return `Ends with 0 if every case could be computed, 1 if one could not, 2 if it was called wrongly. docs/credits.md has the format of both files.

Example: candor credits compute --terms terms.json --cases cases.json --json`
}

type creditsExplainCommand struct {
	creditsFiles
	ID []string `name:"id" placeholder:"CASE" help:"Only these cases; repeat it, or separate by commas."`
}

// Help is the example below the flags.
func (creditsExplainCommand) Help() string {
	return `Example: candor credits explain --terms terms.json --cases cases.json --id april-4711 --lang de`
}

// A creditResult is one case, answered.
type creditResult struct {
	ID          string   `json:"id"`
	Total       *string  `json:"total_seconds"`
	Down        string   `json:"downtime_seconds"`
	Fraction    *string  `json:"uptime_fraction"`
	Printed     *string  `json:"uptime_pct_2dp"`
	Row         *int     `json:"tier"`
	Pct         *string  `json:"credit_pct"`
	Credit      string   `json:"credit"`
	Minor       int64    `json:"credit_minor"`
	Explanation []string `json:"explanation"`
	Flags       []string `json:"flags,omitempty"`
	currency    string
}

// A creditFault is a case that could not be.
type creditFault struct {
	ID    string `json:"id"`
	Error string `json:"error"`
}

// creditAnswers is the whole answer for a program. A result is a creditResult or a creditFault.
type creditAnswers struct {
	Results   []any         `json:"results"`
	LookUps   []creditsRow  `json:"tier_lookup,omitempty"`
	Deadlines []creditsRow  `json:"claim_deadlines,omitempty"`
	failed    []creditFault // those among the above that carry an error
}

// Run computes.
func (c creditsComputeCommand) Run(term terminal) error {
	answers, err := c.answer(term.in)
	if err != nil {
		return usageError{err}
	}
	if err := c.print(term.out, answers); err != nil {
		return err
	}
	if len(answers.failed) == 0 {
		return nil
	}
	if !c.JSON {
		for _, f := range answers.failed {
			fmt.Fprintf(term.err, "%s: %s\n", f.ID, f.Error)
		}
	}
	return errNo
}

func (c creditsFiles) answer(in io.Reader) (all creditAnswers, err error) {
	all.Results = []any{}
	if !c.Lang.Known() {
		return all, fmt.Errorf("--lang: no catalogue for %.32q", string(c.Lang))
	}
	terms, err := readTerms(c.Terms)
	if err != nil {
		return all, err
	}
	file, err := readCases(c.Cases, in)
	if err != nil {
		return all, err
	}
	w := lang.For(c.Lang)
	for i, raw := range file.Cases {
		result, err := terms.compute(raw, w)
		if err != nil {
			fault := creditFault{caseID(raw, i), err.Error()}
			all.failed = append(all.failed, fault)
			all.Results = append(all.Results, fault)
			continue
		}
		all.Results = append(all.Results, result)
	}
	for _, row := range file.LookUps {
		all.answered("tier_lookup", row, terms.lookUp(row))
		all.LookUps = append(all.LookUps, row)
	}
	for _, row := range file.Deadlines {
		all.answered("claim_deadlines", row, terms.deadline(row))
		all.Deadlines = append(all.Deadlines, row)
	}
	return all, nil
}

// answered notes in a row that it could not be answered, if so.
func (a *creditAnswers) answered(list string, row creditsRow, err error) {
	if err != nil {
		row.set("error", err.Error())
		a.failed = append(a.failed, creditFault{list, err.Error()})
	}
}

func (c creditsComputeCommand) print(out io.Writer, answers creditAnswers) error {
	if c.JSON {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(answers)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, one := range answers.Results {
		if r, ok := one.(creditResult); ok {
			fmt.Fprintf(table, "%s\t%s s\t%s %%\t%s %s\t%s\n", r.ID, r.Down, or(r.Printed, "–"), r.Credit, r.currency, strings.Join(r.Flags, "; "))
		}
	}
	return table.Flush()
}

func or(text *string, otherwise string) string {
	if text == nil {
		return otherwise
	}
	return *text
}

// Run explains.
func (c creditsExplainCommand) Run(term terminal) error {
	answers, err := c.answer(term.in)
	if err != nil {
		return usageError{err}
	}
	var b bytes.Buffer
	found := 0
	failed := false
	for _, one := range answers.Results {
		switch r := one.(type) {
		case creditResult:
			if len(c.ID) > 0 && !slices.Contains(c.ID, r.ID) {
				continue
			}
			found++
			fmt.Fprintf(&b, "%s\n  %s\n\n", r.ID, strings.Join(r.Explanation, "\n  "))
		case creditFault:
			if len(c.ID) > 0 && !slices.Contains(c.ID, r.ID) {
				continue
			}
			found++
			failed = true
			fmt.Fprintf(&b, "%s\n  %s\n\n", r.ID, r.Error)
		}
	}
	if found < len(c.ID) {
		return usageError{fmt.Errorf("%s: not among the cases of %s", strings.Join(c.ID, ", "), c.Cases)}
	}
	if _, err := b.WriteTo(term.out); err != nil {
		return err
	}
	if failed {
		return errNo
	}
	return nil
}

// result is a credit as the answer writes it.
func result(id string, credit amends.Credit, w lang.Words) creditResult {
	r := creditResult{
		ID: id, Down: amends.Plain(credit.Down), Row: credit.Row, Credit: credit.Amount(), Minor: credit.Minor.Int64(),
		Explanation: credit.Explain(w), Flags: credit.Flags, currency: credit.Currency,
	}
	if credit.Total != nil {
		total, fraction, printed := amends.Plain(credit.Total), credit.Uptime.String(), credit.Printed()
		r.Total, r.Fraction, r.Printed = &total, &fraction, &printed
	}
	if credit.Pct != nil {
		pct := amends.Plain(credit.Pct)
		r.Pct = &pct
	}
	return r
}
