package console

import (
	"context"
	"io"
	"net/http"

	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// An outboxPage lists the letters that were written and sent to nobody.
type outboxPage struct {
	shell
	Letters []kept
	More    string
}

// A letterPage is one of them.
type letterPage struct {
	shell
	Letter kept
}

// kept is a letter with its address as a string: a page is not a log.
type kept struct {
	store.Kept
	To string
}

func (f *Face) showOutbox(w http.ResponseWriter, r *http.Request) error {
	var p outboxPage
	s, err := f.frame(r, "Outbox", "reach", func(ctx context.Context, tx *store.Tx, _ *shell) error {
		var after store.Kept
		if typed := r.URL.Query().Get("after"); typed != "" {
			last, err := id.Parse[id.Delivery](typed)
			if err != nil {
				return store.ErrNotFound
			}
			if after, err = tx.Outbox.ByDelivery(ctx, last); err != nil {
				return err
			}
		}
		found, err := tx.Outbox.Page(ctx, after, longPage+1)
		if len(found) > longPage {
			found = found[:longPage]
			p.More = "/console/outbox?after=" + string(found[longPage-1].Delivery)
		}
		for _, k := range found {
			p.Letters = append(p.Letters, kept{k, string(k.Address)})
		}
		return err
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "outbox", p)
}

func letterOf(ctx context.Context, tx *store.Tx, r *http.Request) (store.Kept, error) {
	d, err := id.Parse[id.Delivery](r.PathValue("delivery"))
	if err != nil {
		return store.Kept{}, store.ErrNotFound
	}
	k, err := tx.Outbox.ByDelivery(ctx, d)
	// The link in it opens another person's account, an owner's maybe: it is not for everybody who looks after subscribers.
	if err == nil && k.Kind == reach.OnInvitation && !staff.Acting(ctx).May(staff.ManageStaff) {
		return store.Kept{}, problem.New(problem.Forbidden, "problem.forbidden")
	}
	return k, err
}

func (f *Face) showLetter(w http.ResponseWriter, r *http.Request) error {
	var p letterPage
	s, err := f.frame(r, "Letter", "reach", func(ctx context.Context, tx *store.Tx, _ *shell) error {
		k, err := letterOf(ctx, tx, r)
		p.Letter = kept{k, string(k.Address)}
		return err
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "letter", p)
}

// letterPolicy lets a letter show its own inline style and do nothing: no script, no form, no request, no way to the page around it.
const letterPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"

func (f *Face) showLetterHTML(w http.ResponseWriter, r *http.Request) error {
	var k store.Kept
	err := f.db.Read(r.Context(), func(tx *store.Tx) (err error) {
		k, err = letterOf(r.Context(), tx, r)
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", letterPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, k.HTML) // the reader went away
	return nil
}

func (f *Face) postRetry(w http.ResponseWriter, r *http.Request) error {
	d, err := id.Parse[id.Delivery](r.PathValue("delivery"))
	if err != nil {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	if err := f.desk.RetryDelivery(r.Context(), d); err != nil {
		return err
	}
	if code, ok := id.ParseCode(r.PostFormValue("incident")); ok {
		return back(w, r, incidentPath(code)+"/ledger?done=retry")
	}
	return back(w, r, "/console/reach?done=retry")
}
