package api

import (
	"context"
	"errors"
	"math"
	"time"

	"candor/id"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// effectShape is what came of asking a sample "did you get it, do you know what to do?".
type effectShape struct {
	At       time.Time              `json:"at"`
	Level    reach.Level            `json:"level" doc:"A: all, C: one in ten, D: one in fifty; never more than 400"`
	Affected int64                  `json:"affected" doc:"Whom the sample was drawn from"`
	Asked    int64                  `json:"asked"`
	Answered int64                  `json:"answered"`
	Answers  map[reach.Answer]share `json:"answers"`
}

// share is a part of those who answered.
type share struct {
	Customers int64   `json:"customers"`
	Percent   float64 `json:"percent,omitempty" doc:"Of those who answered"`
	Margin    float64 `json:"margin,omitempty" doc:"By how many points it may be off for all who were affected, 19 times in 20"`
}

func shapeEffect(e reach.Effect) *effectShape {
	x := &effectShape{At: e.At, Level: e.Level, Affected: e.Affected, Asked: e.Asked, Answered: e.Answered(), Answers: map[reach.Answer]share{}}
	tenth := func(f float64) float64 { return math.Round(f*10) / 10 }
	for _, a := range reach.Answers {
		percent, margin, _ := e.Share(a)
		x.Answers[a] = share{e.Answers[a], tenth(percent), tenth(margin)}
	}
	return x
}

// effectOf is nil where nobody was asked.
func effectOf(ctx context.Context, tx *store.Tx, i id.Incident) (*effectShape, error) {
	e, err := tx.Effects.Of(ctx, i)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return shapeEffect(e), nil
}

type effectBody struct{ Body *effectShape }

func (a *API) checkEffect(ctx context.Context, in *IncidentPath) (*effectBody, error) {
	var of id.Incident
	if err := a.db.Read(ctx, func(tx *store.Tx) error {
		i, err := find(ctx, tx, in.ID)
		of = i.ID
		return err
	}); err != nil {
		return nil, err
	}
	e, err := a.desk.CheckEffect(ctx, of)
	return &effectBody{shapeEffect(e)}, err
}

// effects is the part of the table about asking customers afterwards.
func (a *API) effects() {
	add(a, operation{"POST /api/v1/incidents/{id}/effect", "check-effect", "Ask a random sample, once, whether they got the word and know what to do", staff.Say, 0}, a.checkEffect)
}
