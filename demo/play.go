package demo

import (
	"context"
	"fmt"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
)

// Play replays a scenario, speed times as fast as it went: at 60 a minute takes a second. Speed 0 plays it at once. It ends with the last
// step, or with ctx.
func (s *Stage) Play(ctx context.Context, scene Scenario, speed float64) error {
	began := time.Now()
	var open id.Incident
	var fields incident.Fields
	for _, step := range scene.Steps {
		if err := until(ctx, began, step.At-scene.Steps[0].At, speed); err != nil {
			return err
		}
		if step.Act == "declare" {
			fields = incident.DefaultFields(step.Kind, time.Now().Add(4*time.Hour))
		}
		s.learn(&fields, step, began)
		i, err := s.act(s.as(ctx, step.By), step, open, fields)
		if err != nil {
			return fmt.Errorf("minute %d of %s: %w", step.At, scene.Name, err)
		}
		open = i
	}
	return nil
}

func until(ctx context.Context, began time.Time, minutes int, speed float64) error {
	if speed <= 0 {
		return ctx.Err()
	}
	wait := time.Until(began.Add(time.Duration(float64(minutes) * float64(time.Minute) / speed)))
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

func (s *Stage) act(ctx context.Context, step Step, open id.Incident, fields incident.Fields) (id.Incident, error) {
	word := desk.Word{Status: step.Status, Body: step.Body, Fields: fields, Affected: s.affected(step.Affected)}
	switch step.Act {
	case "declare":
		now := time.Now()
		ago := func(minute int) time.Time { return now.Add(-time.Duration(step.At-minute) * time.Minute) }
		d := desk.Declaration{
			Kind: step.Kind, Title: step.Title, CannotWork: step.CannotWork, StartedAt: ago(0), DetectedAt: ago(step.Detected),
			DetectedBy: step.DetectedBy, First: word,
		}
		// A customer who reports a moment after our first word cannot be known of yet: the demo writes the report down with it.
		if step.FirstReport > 0 && step.FirstReport <= step.At {
			d.FirstReportAt = ago(step.FirstReport)
		}
		i, _, err := s.desk.Declare(ctx, d)
		return i.ID, err
	case "hold":
		_, err := s.desk.Hold(ctx, open)
		return open, err
	case "post", "resolve":
		if step.ReportDays > 0 {
			word.ReportDueAt = time.Now().AddDate(0, 0, step.ReportDays)
		}
		_, err := s.desk.Post(ctx, open, word)
		return open, err
	}
	return open, fmt.Errorf("the demo does not know how to %q", step.Act)
}

// learn takes over what this step says about cause, attack, data and estimate; what was said before stands.
func (s *Stage) learn(f *incident.Fields, step Step, began time.Time) {
	if step.Cause != "" {
		f.Cause = incident.Cause{State: step.Cause, Whose: step.Whose}
	}
	if step.Attack != "" {
		f.Attack = step.Attack
	}
	if len(step.WorkingOn) > 0 {
		f.WorkingOn = step.WorkingOn
	}
	if step.Data != "" {
		f.Data = incident.Safety{State: step.Data, CheckedBy: s.people[step.CheckedBy].ID, Steps: step.Steps, Classes: step.Classes}
	}
	f.Estimate = incident.Estimate{Kind: incident.EstimateNone}
	if step.Estimate != nil {
		f.Estimate = incident.Estimate{
			Kind: incident.EstimateRange, From: began.Add(time.Duration(step.Estimate.From) * time.Minute),
			Until: began.Add(time.Duration(step.Estimate.Until) * time.Minute),
		}
	}
}
