package desk

import (
	"context"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/problem"
	"candor/promise"
	"candor/settings"
	"candor/store"
)

// promiseCredits promises, while customers are hit hard, by when it is decided what they are owed: once for an incident, by the company's choice.
func (s *saying) promiseCredits(ctx context.Context) error {
	c := s.settings.Credits
	hard := s.incident.Impact == incident.ImpactMajor || s.incident.Impact == incident.ImpactCritical
	if c.Word != settings.CreditsDecided || c.Within <= 0 || s.incident.Kind != incident.Outage || !s.public() || !s.incident.Open() || !hard {
		return nil
	}
	all, err := s.tx.Promises.Of(ctx, s.incident.ID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if isDecision(p) {
			return nil
		}
	}
	words := lang.For(s.settings.Default())
	return s.promise(ctx, promise.Promise{Kind: promise.Credit, DueAt: s.at.Add(c.Within), Text: words.T("credit.promise.decision")})
}

// isDecision tells the promise that it is decided from the one that what was decided arrives: only the first is made by a word.
func isDecision(p promise.Promise) bool { return p.Kind == promise.Credit && p.Update != "" }

// decided keeps the promise that it is decided what customers are owed.
func decided(ctx context.Context, tx *store.Tx, i id.Incident, at time.Time) error {
	all, err := tx.Promises.Of(ctx, i)
	if err != nil {
		return err
	}
	for _, p := range all {
		if isDecision(p) && p.Open() {
			if err := tx.Promises.KeepOne(ctx, p.ID, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkSum refuses a word that says how much money comes back before finance has approved what it is reckoned by: customers remember sums. A
// first word is never held up.
func (s *saying) checkSum(ctx context.Context, readings map[lang.Tag]playbook.Reading) error {
	if s.first || s.itself || !s.public() || s.incident.Kind != incident.Outage {
		return nil
	}
	for tag, r := range readings {
		at, said := r.Sum()
		if !said {
			continue
		}
		runs, err := s.tx.CreditRuns.OfIncident(ctx, s.incident.ID)
		if err != nil {
			return err
		}
		for _, run := range runs {
			if run.State.Final() {
				return nil
			}
		}
		s.wrong.Add(problem.Field("body", "problem.credits.unapproved", "words", r.Text[at.Start:at.End], "language", tag.Name()))
		return nil
	}
	return nil
}
