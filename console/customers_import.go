package console

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/lang"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// An importPage takes a file of customers in: first a look, then for real.
type importPage struct {
	shell
	Country input
	Done    *desk.Imported
	Looked  bool
	Faults  []importFault
	More    int64 // rows refused beyond those shown
}

type importFault struct {
	Line, Column int
	Heading      string
	Reason       string
}

// shownFaults are the first, which mostly tell what is wrong with the rest.
const shownFaults = 50

// longestImport bounds how long a file may take that comes through a browser.
const longestImport = 15 * time.Minute

func (f *Face) showImport(w http.ResponseWriter, r *http.Request) error {
	return f.renderImport(w, r, http.StatusOK, importPage{}, nil)
}

func (f *Face) renderImport(w http.ResponseWriter, r *http.Request, status int, p importPage, faults problem.List) error {
	s, err := f.frame(r, "Import customers", "reach", func(context.Context, *store.Tx, *shell) error { return nil })
	if err != nil {
		return err
	}
	p.shell = s.asTyped(r, faults)
	p.Country = p.input("country", "text", "Country of phone numbers without a country code", "Two letters, such as DE", "")
	return f.render(w, status, "customers-import", p)
}

func (f *Face) postImport(w http.ResponseWriter, r *http.Request) error {
	if r.MultipartForm == nil || len(r.MultipartForm.File["file"]) == 0 || r.MultipartForm.File["file"][0].Size == 0 {
		return f.renderImport(w, r, http.StatusUnprocessableEntity, importPage{}, problem.List{problem.Field("file", "problem.import.empty")})
	}
	file, err := r.MultipartForm.File["file"][0].Open()
	if err != nil {
		return err
	}
	defer file.Close()
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(longestImport)) // where it cannot be set, none was
	in := typed(r, nil)
	words := lang.For(cmp.Or(staff.Acting(r.Context()).Person.Language, lang.English))
	p := importPage{Looked: in.text("act") != "take"}
	done, err := f.desk.ImportCustomers(r.Context(), file, desk.Import{
		Look: p.Looked, Strict: in.checked("strict"), Region: strings.ToUpper(in.text("country")),
		Fault: func(x audience.Fault) {
			if len(p.Faults) < shownFaults {
				p.Faults = append(p.Faults, importFault{x.Line, x.Column, x.Heading, words.T(x.Problem.Key, x.Problem.Args...)})
			}
		},
	})
	if refusals := ofForm(err); refusals != nil {
		return f.renderImport(w, r, http.StatusUnprocessableEntity, importPage{}, refusals)
	}
	if err != nil {
		return err
	}
	p.Done = &done
	p.More = max(done.Refused-int64(len(p.Faults)), 0)
	return f.renderImport(w, r, http.StatusOK, p, nil)
}
