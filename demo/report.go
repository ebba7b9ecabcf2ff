package demo

import (
	"context"
	"fmt"
	"time"

	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/report"
)

// An account is why something happened and what is done about it, as Harbour tells it.
type account struct {
	By      string
	Words   map[report.Part]lang.Text
	Actions []action
}

type action struct {
	Kind    report.ActionKind
	Owner   string
	DueDays int `json:"due_days"`
	Title   lang.Text
	Done    lang.Text // what was noted when it was done; nothing if it is not
}

// owed is a report that Harbour has promised and not yet published.
type owed struct {
	incident id.Incident
	account  account
}

// PublishReports gives the reports that Harbour owes about its past. The page is up before: they are of no help to whoever waits for it.
func (s *Stage) PublishReports(ctx context.Context) error {
	for _, o := range s.owed {
		if err := s.publishReport(s.as(ctx, o.account.By), o); err != nil {
			return fmt.Errorf("publish a report of the demo's company: %w", err)
		}
	}
	return nil
}

func (s *Stage) publishReport(ctx context.Context, o owed) error {
	r, err := s.desk.BeginReport(ctx, o.incident)
	if err != nil {
		return err
	}
	if r, err = s.desk.WriteReport(ctx, r.ID, desk.ReportDraft{Version: r.Version, Words: o.account.Words, Rows: r.Account.Happened}); err != nil {
		return err
	}
	actions := make([]id.Action, len(o.account.Actions))
	for n, a := range o.account.Actions {
		made, err := s.desk.AddAction(ctx, o.incident, desk.ActionDraft{
			Kind: a.Kind, Title: a.Title, Owner: s.people[a.Owner].ID, DueAt: time.Now().AddDate(0, 0, a.DueDays),
		})
		if err != nil {
			return err
		}
		actions[n] = made.ID
	}
	if _, err := s.desk.PublishReport(ctx, r.ID, desk.Publishing{Version: r.Version}); err != nil {
		return err
	}
	for n, a := range o.account.Actions {
		if len(a.Done) == 0 {
			continue
		}
		if err := s.desk.FinishAction(s.as(ctx, a.Owner), actions[n], a.Done); err != nil {
			return err
		}
	}
	return nil
}
