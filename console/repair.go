package console

import (
	"context"
	"net/http"

	"candor/incident"
	"candor/store"
)

// A repairPage is what is owed after the end.
type repairPage struct {
	shell
	Due     []owed
	Without []incident.Incident
}

func (f *Face) showRepair(w http.ResponseWriter, r *http.Request) error {
	var p repairPage
	s, err := f.frame(r, "Repair", "repair", func(ctx context.Context, tx *store.Tx, s *shell) error {
		all, err := board(ctx, tx, s.Now)
		if err != nil {
			return err
		}
		for _, o := range all {
			if o.Report {
				p.Due = append(p.Due, o)
			}
		}
		past, err := tx.Incidents.Between(ctx, s.Now.Add(-looksBack), s.Now)
		for _, i := range past {
			if !i.Open() && i.Kind != incident.Maintenance && i.ReportDueAt.IsZero() {
				p.Without = append(p.Without, i)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "repair", p)
}
