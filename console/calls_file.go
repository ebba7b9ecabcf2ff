package console

import (
	"bytes"
	"fmt"
	"net/http"

	"candor/desk"
	"candor/problem"
)

// postCallsExport answers with the list for people who call from elsewhere. Nobody is claimed by it. It is posted, not looked at: who takes
// numbers and names away leaves a line in the audit, and what a page fetches ahead must not.
func (f *Face) postCallsExport(w http.ResponseWriter, r *http.Request) error {
	var out bytes.Buffer
	if err := f.desk.ExportCalls(r.Context(), &out); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="calls.csv"`)
	_, _ = out.WriteTo(w) // the reader went away
	return nil
}

// A fileReport is what became of a file of outcomes.
type fileReport struct {
	Noted, Left int
	Faults      []rowFault
}

type rowFault struct {
	Line int
	Said string
}

// postCallsFile takes outcomes in. Rows that cannot be read are shown with their line; the others are noted.
func (f *Face) postCallsFile(w http.ResponseWriter, r *http.Request) error {
	file, err := typed(r, nil).file("file")
	if err == nil && len(file) == 0 {
		err = problem.Field("file", "problem.import.empty")
	}
	var noted desk.CallsNoted
	if err == nil {
		noted, err = f.desk.ImportCalls(r.Context(), bytes.NewReader(file))
	}
	refusals := ofForm(err)
	if err != nil && refusals == nil {
		return err
	}
	if refusals == nil && len(noted.Faults) == 0 {
		return back(w, r, callsPath+"?done=calls-noted")
	}
	return f.renderCalls(w, r, http.StatusUnprocessableEntity, refusals, &noted)
}

func (s shell) report(n *desk.CallsNoted) *fileReport {
	if n == nil || n.Noted+n.Left+len(n.Faults) == 0 {
		return nil
	}
	out := &fileReport{Noted: n.Noted, Left: n.Left}
	for _, fault := range n.Faults {
		out.Faults = append(out.Faults, rowFault{fault.Line, s.Words.T(fault.Problem.Key, fault.Problem.Args...)})
	}
	return out
}

// Summary says how much of it was taken in.
func (r fileReport) Summary() string {
	return fmt.Sprintf("%d noted, %d without an outcome left alone, %d not understood:", r.Noted, r.Left, len(r.Faults))
}
