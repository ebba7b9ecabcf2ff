package console

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"io"
	"net/http"
	"strings"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/store"
)

var audienceWords = map[incident.Audience]string{
	incident.ByUse: "Who uses what is broken", incident.Listed: "Those I list", incident.Everyone: "Every customer",
}

// audienceChoice asks which customers an incident affects.
func audienceChoice(s shell, chosen incident.Audience) choice {
	c := choice{Name: "audience", Legend: "Which customers are affected", Fault: s.Err("audience")}
	for _, a := range incident.Audiences {
		c.Options = append(c.Options, option{Value: string(a), Word: audienceWords[a], Chosen: a == cmp.Or(chosen, incident.ByUse)})
	}
	return c
}

// postAudience chooses whom an incident affects, by a pasted list or a file of them.
func (f *Face) postAudience(w http.ResponseWriter, r *http.Request) error {
	in := typed(r, nil)
	named := strings.Split(lines(in.text("named")), "\n")
	listed, err := listedIn(r)
	if err != nil {
		return f.renderCoverage(w, r, http.StatusUnprocessableEntity, problem.List{problem.Field("customers", "problem.form")}, desk.Chosen{})
	}
	of, err := f.incidentAt(r)
	if err != nil {
		return err
	}
	done, err := f.desk.SetAudience(r.Context(), of, desk.Audience{Which: incident.Audience(in.text("audience")), Customers: append(named, listed...)})
	if refusals := ofForm(err); refusals != nil {
		return f.renderCoverage(w, r, http.StatusUnprocessableEntity, refusals, done)
	}
	if err != nil {
		return err
	}
	if done.UnknownCount > 0 { // said here and now: nobody keeps a list of ids that are nobody's
		return f.renderCoverage(w, r, http.StatusOK, nil, done)
	}
	return back(w, r, coveragePath(codeOf(r))+"?done=audience#audience")
}

func (f *Face) incidentAt(r *http.Request) (x id.Incident, err error) {
	err = f.db.Read(r.Context(), func(tx *store.Tx) error {
		i, err := tx.Incidents.ByCode(r.Context(), codeOf(r))
		x = i.ID
		return err
	})
	return x, err
}

// listedIn are the first cells of a file's rows, if one came: an export of the billing system, with or without a heading, which is then an
// id nobody has.
func listedIn(r *http.Request) (all []string, err error) {
	file, _, err := r.FormFile("file")
	if err != nil {
		return nil, nil // none was chosen
	}
	defer file.Close()
	text := bufio.NewReader(file)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\uFEFF" {
		_, _ = text.Discard(3) // it was just peeked at
	}
	rows := csv.NewReader(text)
	rows.FieldsPerRecord, rows.LazyQuotes, rows.ReuseRecord = -1, true, true
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		first, _, _ := strings.Cut(row[0], ";")
		all = append(all, strings.TrimPrefix(first, "'")) // as our own export guards a cell
	}
}
