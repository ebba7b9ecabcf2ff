package main

import (
	"errors"
	"strings"

	"candor/lang"
	"candor/problem"
)

// said turns problems into their sentences; a terminal speaks English.
func said(err error) error {
	problems := problem.All(err)
	if len(problems) == 0 {
		return err
	}
	words := lang.For(lang.English)
	var lines []string
	for _, p := range problems {
		line := words.T(p.Key, p.Args...)
		if p.Field != "" {
			line = "--" + strings.ReplaceAll(p.Field, "_", "-") + ": " + line
		}
		lines = append(lines, line)
	}
	return errors.New(strings.Join(lines, "\n"))
}
