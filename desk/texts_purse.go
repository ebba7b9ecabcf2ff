package desk

import (
	"context"
	"errors"
	"time"

	"candor/reach"
	"candor/store"
)

// purseDay is longer than the day it counts, whose date is in its name: a window that began late is not over at midnight.
const purseDay = 48 * time.Hour

// purses are the rows a payment is counted in: the day's, and the day's for the country.
func purses(p reach.Payment) (all, country string) {
	kind := "texts"
	if p.Class == reach.ClassCode {
		kind = "text codes"
	}
	all = kind + ":" + p.At.UTC().Format(time.DateOnly)
	return all, all + ":" + p.Country
}

var errPurse = errors.New("it does not fit into the purse")

// SpendOnText takes what one text costs from both purses, or from neither. Whoever sends asks first, on whichever node: the rows are the
// same for all, so no day costs a cent more than was said (B4).
func (d *Desk) SpendOnText(ctx context.Context, p reach.Payment) (fits bool, err error) {
	defer wrap(&err, "spend on a text to %s", p.Country)
	all, country := purses(p)
	err = d.db.Batch(ctx, func(tx *store.Tx) error {
		for _, purse := range []struct {
			name string
			most int64
		}{{all, p.Purse.Total}, {country, p.Purse.Country}} {
			fits, err := tx.Limits.TakeSome(ctx, purse.name, p.Minor, purseDay, purse.most, p.At)
			if err != nil {
				return err
			}
			if !fits {
				return errPurse // what was taken already goes back with the transaction
			}
		}
		return nil
	})
	if errors.Is(err, errPurse) {
		return false, nil
	}
	return err == nil, err
}

// GiveBackForText returns what a text would have cost that surely was not sent.
func (d *Desk) GiveBackForText(ctx context.Context, p reach.Payment) (err error) {
	defer wrap(&err, "give back for a text to %s", p.Country)
	all, country := purses(p)
	return d.db.Batch(ctx, func(tx *store.Tx) error {
		if err := tx.Limits.GiveBackSome(ctx, all, p.Minor); err != nil {
			return err
		}
		return tx.Limits.GiveBackSome(ctx, country, p.Minor)
	})
}

// PaceTexts takes one turn at a provider that may be given so many texts a minute by all nodes together, or says how long to wait. Turns
// are spaced evenly: any minute, wherever it begins, has no more than were allowed.
func (d *Desk) PaceTexts(ctx context.Context, provider string, minute int64) (wait time.Duration, err error) {
	defer wrap(&err, "take a turn at %s", provider)
	every := time.Minute / time.Duration(max(minute, 1))
	allowed := false
	err = d.db.Batch(ctx, func(tx *store.Tx) error {
		allowed, err = tx.Limits.Take(ctx, "pace:"+provider, every, 1, now())
		return err
	})
	if err != nil || allowed {
		return 0, err
	}
	return every, nil
}
