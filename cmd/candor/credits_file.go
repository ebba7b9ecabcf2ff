package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"candor/amends"
	"candor/lang"
	"candor/promise"
)

// mostCredits bounds a file of terms or cases.
const mostCredits = 256 << 20

func readBounded(name string, in io.Reader) ([]byte, error) {
	if name != "-" || in == nil {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	raw, err := io.ReadAll(io.LimitReader(in, mostCredits+1))
	if err == nil && len(raw) > mostCredits {
		err = fmt.Errorf("%s is longer than %d bytes", name, mostCredits)
	}
	return raw, err
}

// A termsFile holds terms by their id. One that cannot be read spoils its own cases and no others.
type termsFile struct {
	inOrder []string
	terms   map[string]amends.Terms
	faults  map[string]error
}

// readTerms takes {"terms": […]}, a bare list, or the terms of one contract alone.
func readTerms(name string) (all termsFile, err error) {
	raw, err := readBounded(name, nil)
	if err != nil {
		return all, err
	}
	list, err := listIn(raw, "terms")
	if err != nil {
		return all, fmt.Errorf("%s: %w", name, err)
	}
	all.terms, all.faults = map[string]amends.Terms{}, map[string]error{}
	for i, one := range list {
		var terms amends.Terms
		fault := json.Unmarshal(one, &terms)
		id := terms.ID
		if id == "" {
			id = fmt.Sprintf("#%d", i+1)
		}
		if slices.Contains(all.inOrder, id) {
			fault = errors.New("there are two of this id")
		}
		all.inOrder = append(all.inOrder, id)
		all.terms[id] = terms
		if fault != nil {
			all.faults[id] = fault
		}
	}
	return all, nil
}

// listIn finds a list under its name, a list alone, or one object as a list of one.
func listIn(raw []byte, name string) (list []json.RawMessage, err error) {
	raw = bytes.TrimSpace(raw)
	if bytes.HasPrefix(raw, []byte("[")) {
		err = json.Unmarshal(raw, &list)
		return list, err
	}
	var object map[string]json.RawMessage
	if err = json.Unmarshal(raw, &object); err != nil {
		return nil, err
	}
	if named, ok := object[name]; ok {
		err = json.Unmarshal(named, &list)
		return list, err
	}
	return []json.RawMessage{raw}, nil
}

// casesFile is what a file of cases may ask.
type casesFile struct {
	Cases     []json.RawMessage `json:"cases"`
	LookUps   []creditsRow      `json:"tier_lookup"`
	Deadlines []creditsRow      `json:"claim_deadlines"`
}

func readCases(name string, in io.Reader) (file casesFile, err error) {
	raw, err := readBounded(name, in)
	if err != nil {
		return file, err
	}
	if trimmed := bytes.TrimSpace(raw); bytes.HasPrefix(trimmed, []byte("[")) {
		err = json.Unmarshal(raw, &file.Cases)
	} else {
		err = json.Unmarshal(raw, &file)
	}
	if err == nil && len(file.Cases)+len(file.LookUps)+len(file.Deadlines) == 0 {
		err = errors.New("no cases in it")
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return file, err
}

// caseID is what a case calls itself, even one that cannot be read further.
func caseID(raw json.RawMessage, i int) string {
	var named struct{ ID string }
	if err := json.Unmarshal(raw, &named); err != nil || named.ID == "" {
		return fmt.Sprintf("#%d", i+1)
	}
	return named.ID
}

func (f termsFile) find(id string) (amends.Terms, error) {
	terms, ok := f.terms[id]
	if !ok {
		return terms, fmt.Errorf("there are no terms %.64q", id)
	}
	if fault := f.faults[id]; fault != nil {
		return terms, fmt.Errorf("terms %s: %w", id, fault)
	}
	return terms, nil
}

func (f termsFile) compute(raw json.RawMessage, w lang.Words) (r creditResult, err error) {
	var c amends.Case
	if err := json.Unmarshal(raw, &c); err != nil {
		return r, err
	}
	terms, err := f.find(c.Terms)
	if err != nil {
		return r, err
	}
	credit, err := terms.Compute(c)
	if err != nil {
		return r, err
	}
	return result(c.ID, credit, w), nil
}

// A creditsRow comes back with what was in it, and the answer beside it.
type creditsRow map[string]json.RawMessage

func (r creditsRow) set(name string, value any) {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err) // only texts, numbers and booleans are set
	}
	r[name] = raw
}

func (r creditsRow) text(name string) (s string) {
	_ = json.Unmarshal(r[name], &s) // another kind of value is as good as none
	return s
}

// lookUp answers which row an uptime is in.
func (f termsFile) lookUp(row creditsRow) error {
	row.set("tier", nil)
	row.set("credit_pct", nil)
	row.set("gap", false)
	terms, err := f.find(row.text("terms"))
	if err != nil {
		return err
	}
	var uptime amends.Number
	if err := json.Unmarshal(row["uptime_pct"], &uptime); err != nil {
		return fmt.Errorf("uptime_pct: %w", err)
	}
	if terms.Model.Type != amends.Tiers {
		return fmt.Errorf("the model of %s is %s and has no rows by uptime", terms.ID, terms.Model.Type)
	}
	if err := terms.Validate(); err != nil {
		return err
	}
	found := terms.Model.LookUp(&uptime.Rat)
	row.set("tier", found.Row)
	row.set("credit_pct", amends.Plain(found.Pct))
	row.set("gap", found.Gap)
	return nil
}

// deadline answers until when to claim. A row may bring its own rule and holidays.
func (f termsFile) deadline(row creditsRow) error {
	row.set("deadline", nil)
	terms, err := f.find(row.text("terms"))
	if err != nil {
		return err
	}
	if rule := row.text("rule"); rule != "" {
		terms.Claim.Rule, terms.Claim.N = amends.ClaimRule(rule), nil
		if n, ok := row["n"]; ok && json.Unmarshal(n, &terms.Claim.N) != nil {
			return errors.New("n is not a whole number")
		}
	}
	if err := terms.Claim.Validate(); err != nil {
		return err
	}
	var holidays []promise.Day
	if raw, ok := row["holidays"]; ok {
		if err := json.Unmarshal(raw, &holidays); err != nil {
			return fmt.Errorf("holidays: %w", err)
		}
	}
	ended := row.text("incident_end")
	if strings.Contains(ended, "T") {
		return row.deadlineOf(terms, ended, holidays)
	}
	var day promise.Day
	if err := day.UnmarshalText([]byte(ended)); err != nil {
		return fmt.Errorf("incident_end: %w", err)
	}
	if by, ok := terms.ClaimBy(day, holidays...); ok {
		row.set("deadline", by)
	}
	return nil
}

// deadlineOf answers for an incident that ended at an instant: hours count from there, days from the day it was in the contract's zone.
func (r creditsRow) deadlineOf(terms amends.Terms, ended string, holidays []promise.Day) error {
	at, err := time.Parse(time.RFC3339, ended)
	if err != nil {
		return fmt.Errorf("incident_end: %.40q is no instant such as 2024-04-10T12:00:00Z", ended)
	}
	if by, ok := terms.ClaimByHour(at); ok {
		r.set("deadline", by)
		return nil
	}
	zone, err := terms.In(r.text("tz"))
	if err != nil {
		return err
	}
	if by, ok := terms.ClaimBy(promise.DayOf(at, zone), holidays...); ok {
		r.set("deadline", by)
	}
	return nil
}
