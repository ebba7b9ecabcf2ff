package console

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"candor/desk"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/report"
	"candor/store"
)

func wordsOf(in *form) map[report.Part]lang.Text {
	words := map[report.Part]lang.Text{}
	for _, p := range report.Parts {
		words[p] = in.texts("words." + string(p))
	}
	return words
}

func insideOf(in *form) report.Inside {
	x := report.Inside{
		Sooner: lines(in.text("sooner")), Shorter: lines(in.text("shorter")), Known: lines(in.text("known")), Change: lines(in.text("change")),
		Notes: lines(in.text("notes")),
	}
	for n := range report.MostWhys {
		if why := in.text("why." + strconv.Itoa(n+1)); why != "" {
			x.Whys = append(x.Whys, why)
		}
	}
	return x
}

// readReport is the report of the address and what was typed into its form.
func (f *Face) readReport(r *http.Request) (i incident.Incident, x report.Report, d desk.ReportDraft, in *form, err error) {
	s, err := f.frame(r, "", "", func(ctx context.Context, tx *store.Tx, _ *shell) (err error) {
		if i, err = tx.Incidents.ByCode(ctx, codeOf(r)); err != nil {
			return err
		}
		x, err = tx.Reports.Of(ctx, i.ID)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		err = problem.New(problem.NotFound, "problem.not_found")
	}
	if err != nil {
		return i, x, d, nil, err
	}
	in = typed(r, s.Zone)
	version, _ := strconv.ParseInt(in.text("version"), 10, 64)
	d = desk.ReportDraft{Version: version, Author: in.person("author"), Words: wordsOf(in), Inside: insideOf(in)}
	for n, row := range x.Account.Happened {
		if row.Fact != report.Own {
			row.Text, row.Hidden = in.texts("row."+strconv.Itoa(n)), in.text("show."+strconv.Itoa(n)) == ""
			d.Rows = append(d.Rows, row)
		}
	}
	d.Rows = append(d.Rows, ownRows(in, x.Account)...)
	return i, x, d, in, nil
}

// ownRows are the rows people wrote: a line that was emptied is taken out.
func ownRows(in *form, a report.Account) (rows []report.Row) {
	was := a.Happened
	own := 0
	for n := range report.MostRows {
		name := "own." + strconv.Itoa(n)
		if _, there := in.r.PostForm[name+".at"]; !there {
			break
		}
		for own < len(was) && was[own].Fact != report.Own {
			own++
		}
		row := report.Row{Fact: report.Own, Text: in.texts(name)}
		if own < len(was) {
			row.At = in.atOr(name+".at", was[own].At)
			own++
		} else {
			row.At = in.at(name + ".at")
		}
		if !row.Text.Empty() || !row.At.IsZero() && n >= ownCount(was) {
			rows = append(rows, row)
		}
	}
	return rows
}

func ownCount(rows []report.Row) (n int) {
	for _, r := range rows {
		if r.Fact == report.Own {
			n++
		}
	}
	return n
}

func (f *Face) postBeginReport(w http.ResponseWriter, r *http.Request) error {
	i, err := f.readIncident(r)
	if err != nil {
		return err
	}
	if _, err := f.desk.BeginReport(r.Context(), i.ID); err != nil {
		return err
	}
	return back(w, r, reportPath(i.Code))
}

func (f *Face) readIncident(r *http.Request) (i incident.Incident, err error) {
	err = f.db.Read(r.Context(), func(tx *store.Tx) error {
		i, err = tx.Incidents.ByCode(r.Context(), codeOf(r))
		return err
	})
	return i, err
}

// postReport keeps what was written, and does with it what the button says. What cannot be done comes back with what was typed, kept.
func (f *Face) postReport(w http.ResponseWriter, r *http.Request) error {
	i, x, d, in, err := f.readReport(r)
	if err != nil {
		return err
	}
	done := "kept"
	if err = in.faults.Err(); err == nil {
		done, err = f.actOnReport(r.Context(), x, d, in)
	}
	if refusals := ofForm(err); refusals != nil {
		return f.renderReport(w, r, http.StatusUnprocessableEntity, "base", refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, reportPath(i.Code)+"?done="+done)
}

// actOnReport answers which notice the page opens with.
func (f *Face) actOnReport(ctx context.Context, x report.Report, d desk.ReportDraft, in *form) (done string, err error) {
	how := desk.Publishing{Reason: in.text("reason"), Silent: !in.checked("notify"), Ask: true, Confirmed: in.text("anyway")}
	if in.text("act") == "correct" {
		_, err = f.desk.CorrectReport(ctx, x.ID, d, how)
		return "report-corrected", err
	}
	kept, err := f.desk.WriteReport(ctx, x.ID, d)
	if err != nil {
		return "", err
	}
	switch how.Version = kept.Version; in.text("act") {
	case "submit":
		return "report-submitted", f.desk.SubmitReport(ctx, x.ID, kept.Version)
	case "return":
		return "report-returned", f.desk.ReturnReport(ctx, x.ID, kept.Version)
	case "publish":
		_, err = f.desk.PublishReport(ctx, x.ID, how)
		return "report-published", err
	}
	return "kept", nil
}
