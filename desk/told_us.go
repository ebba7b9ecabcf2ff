package desk

import (
	"context"
	"time"

	"candor/incident"
	"candor/store"
)

// toldUs notes when the first customer told us, if none had: who told whom first is shown, and counts against us (S1).
func toldUs(ctx context.Context, tx *store.Tx, i incident.Incident, at time.Time) error {
	if !i.FirstReportAt.IsZero() {
		return nil
	}
	i.FirstReportAt, i.UpdatedAt = at, at
	if err := tx.Incidents.Save(ctx, i); err != nil {
		return err
	}
	return tx.Changes.Add(ctx, "incident:"+string(i.ID), at)
}
