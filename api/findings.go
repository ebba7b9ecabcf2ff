package api

import (
	"context"

	"candor/id"
	"candor/lang"
	"candor/playbook"
	"candor/store"
)

// Finding is what was pointed out about a word before it went out, and what its author decided.
type Finding struct {
	Rule      playbook.FindingRule `json:"rule"`
	Level     playbook.Level       `json:"level" enum:"ask,warn,hint"`
	Field     string               `json:"field,omitempty" doc:"The field it is about; left out for the words"`
	Language  lang.Tag             `json:"language,omitempty" doc:"Of the words"`
	Excerpt   string               `json:"excerpt,omitempty"`
	Why       string               `json:"why"`
	Instead   string               `json:"instead"`
	Source    string               `json:"source,omitempty"`
	Revision  int                  `json:"revision,omitempty" doc:"Which correction it is about; left out for the update as it was first said"`
	Confirmed bool                 `json:"confirmed,omitempty" doc:"Somebody read that the words contradict a field, and sent them all the same"`
}

// findings of an incident's updates, each in the order it was said in.
func findings(ctx context.Context, tx *store.Tx, i id.Incident) (map[id.Update][]Finding, error) {
	all, err := tx.Advice.Of(ctx, i)
	of, words := map[id.Update][]Finding{}, lang.For(lang.English)
	for _, a := range all {
		for _, f := range a.Findings {
			of[a.Update] = append(of[a.Update], Finding{
				Rule: f.Rule, Level: f.Level, Field: f.Field, Language: f.Language, Excerpt: f.Excerpt, Why: f.Why(words), Instead: f.Instead(words),
				Source: f.Source, Revision: a.Revision, Confirmed: a.Confirmed && f.Level == playbook.Ask,
			})
		}
	}
	return of, err
}
