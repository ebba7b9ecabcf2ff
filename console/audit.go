package console

import (
	"context"
	"net/http"

	"candor/id"
	"candor/store"
)

// auditPageSize keeps a page light: every line carries what was before and after.
const auditPageSize = 25

// An auditPage is who did what, when.
type auditPage struct {
	shell
	Lines []auditLine
	More  string
}

type auditLine struct {
	store.AuditLine
	Who string
}

// Changed reports whether the line says what was before and after.
func (l auditLine) Changed() bool { return l.Before != "" || l.After != "" }

func (f *Face) showAudit(w http.ResponseWriter, r *http.Request) error {
	var p auditPage
	s, err := f.frame(r, "Audit", "prove", func(ctx context.Context, tx *store.Tx, s *shell) error {
		var before store.AuditLine
		if typed := r.URL.Query().Get("after"); typed != "" {
			line, err := id.Parse[id.Audit](typed)
			if err != nil {
				return store.ErrNotFound
			}
			if before, err = tx.Audit.ByID(ctx, line); err != nil {
				return err
			}
		}
		found, err := tx.Audit.Page(ctx, before, auditPageSize+1)
		if len(found) > auditPageSize {
			found = found[:auditPageSize]
			p.More = "/console/audit?after=" + string(found[auditPageSize-1].ID)
		}
		for _, l := range found {
			p.Lines = append(p.Lines, auditLine{l, s.Name(l.Person)})
		}
		return err
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "audit", p)
}
