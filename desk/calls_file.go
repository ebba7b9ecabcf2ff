package desk

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/letter"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// callHeadings are the columns of the file a call centre gets. The last four are empty: filled in, the same file is imported.
var callHeadings = []string{
	"incident", "customer", "customer id", "name", "number", "other numbers", "language", "timezone", "plan", "fee", "currency", "why", "waiting since",
	"code", "script", "outcome", "at", "call back at", "note",
}

// mostCallRows is how many rows one file has, either way: more than a call centre works in a day.
const mostCallRows = 5000

// ExportCalls writes the call list for people who work elsewhere. It claims nobody.
func (d *Desk) ExportCalls(ctx context.Context, to io.Writer) (err error) {
	defer wrap(&err, "export the call list")
	if err := need(ctx, staff.Telephone); err != nil {
		return err
	}
	at := now()
	var rows [][]string
	if err := d.db.Write(ctx, func(tx *store.Tx) error { // for its line in the audit: the file holds numbers and names
		if rows, err = d.callRows(ctx, tx, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "calls export", "", nil, map[string]int{"rows": len(rows)})
	}); err != nil {
		return err
	}
	w := csv.NewWriter(to)
	w.UseCRLF = true
	for _, row := range append([][]string{callHeadings}, rows...) {
		for n := range row {
			row[n] = audience.SafeCell(row[n])
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func (d *Desk) callRows(ctx context.Context, tx *store.Tx, at time.Time) (rows [][]string, err error) {
	s, _, err := tx.Settings.Load(ctx)
	if err != nil {
		return nil, err
	}
	secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
	if err != nil {
		return nil, err
	}
	turns, err := tx.Affected.CallList(ctx, at, mostCallRows)
	if err != nil {
		return nil, err
	}
	turns = turns[:min(len(turns), mostCallRows)]
	numbers, err := tx.Affected.Numbers(ctx, turns)
	if err != nil {
		return nil, err
	}
	known := map[id.Incident]letter.News{}
	for _, t := range turns {
		news, there := known[t.Incident]
		if !there {
			if news, err = News(ctx, tx, t.Incident); err != nil {
				return nil, err
			}
			known[t.Incident] = news
		}
		zone, err := time.LoadLocation(t.Zone)
		if err != nil || t.Zone == "" {
			zone = s.Zoned()
		}
		code := ""
		if t.Request == "" {
			code = reach.CallCode(secret, t.Incident, t.Customer)
		}
		office := letter.Desk{Company: s.Company, Base: strings.TrimSuffix(d.publicURL.String(), "/"), Language: t.Language, Fallback: s.Default(), Zone: zone}
		script := office.Script(news, "…", code, at)
		all := append(slices.Clone(numbers[t.Who()]), "")
		rows = append(rows, []string{
			string(news.Incident.Code), t.Who(), t.External, t.Name, all[0], strings.TrimRight(strings.Join(all[1:], " | "), " |"), string(t.Language), zone.String(),
			t.Plan, t.Charge.Plain(), t.Charge.Currency, lang.For(s.Default()).T(t.Reason.Key()), t.Since.In(zone).Format(time.RFC3339), code,
			strings.Join(script.Lines, " "), "", "", "", "",
		})
	}
	return rows, nil
}

// News is an incident as it stands, with its latest word.
func News(ctx context.Context, tx *store.Tx, x id.Incident) (n letter.News, err error) {
	if n.Incident, err = tx.Incidents.ByID(ctx, x); err != nil {
		return n, err
	}
	if n.Update, err = tx.Updates.Latest(ctx, x); err != nil {
		return n, err
	}
	n.Components, err = tx.Components.All(ctx)
	return n, err
}

// CallsNoted says what became of a file of outcomes. Rows without an outcome were not called, and are left alone.
type CallsNoted struct {
	Noted, Left int
	Faults      []CallFault
}

// A CallFault is what kept a row out; the others were noted.
type CallFault struct {
	Line    int
	Problem *problem.Problem
}

// ImportCalls notes what a call centre says came of its calls, row by row. The same file twice changes nothing the second time.
func (d *Desk) ImportCalls(ctx context.Context, file io.Reader) (noted CallsNoted, err error) {
	defer wrap(&err, "import what came of calls")
	if err := need(ctx, staff.Telephone); err != nil {
		return noted, err
	}
	sheet, err := audience.OpenSheet(file)
	if err != nil {
		return noted, err
	}
	for _, heading := range []string{"incident", "customer", "outcome", "at"} {
		if !sheet.Has(heading) {
			return noted, &problem.Problem{Kind: problem.Invalid, Key: "problem.call.heading", Field: "file", Args: []any{"heading", heading}}
		}
	}
	for rows := 0; rows < mostCallRows; rows++ {
		line, cells, fault, err := sheet.Next()
		if errors.Is(err, io.EOF) {
			return noted, nil
		}
		if err != nil {
			return noted, err
		}
		if fault == nil && cells["outcome"] == "" {
			noted.Left++
			continue
		}
		if fault == nil {
			err := d.importCall(ctx, cells)
			if faults := problem.All(err); len(faults) > 0 {
				fault = faults[0]
			} else if err != nil {
				return noted, err
			}
		}
		if fault != nil {
			noted.Faults = append(noted.Faults, CallFault{line, fault})
			continue
		}
		noted.Noted++
	}
	return noted, problem.New(problem.TooLarge, "problem.call.rows", "most", mostCallRows)
}

func (d *Desk) importCall(ctx context.Context, cells map[string]string) error {
	var in Called
	if err := d.db.Read(ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		if in.At, err = callTime(cells["at"], "at", s.Zoned()); err != nil {
			return err
		}
		if in.Back, err = callTime(cells["call back at"], "back_at", s.Zoned()); err != nil && cells["call back at"] != "" {
			return err
		}
		i, err := incidentNamed(ctx, tx, cells["incident"])
		if err != nil {
			return err
		}
		in.Incidents = []id.Incident{i.ID}
		return in.name(ctx, tx, cells["customer"])
	}); err != nil {
		return err
	}
	in.Outcome = reach.CallOutcome(strings.ReplaceAll(strings.ToLower(cells["outcome"]), " ", "_"))
	in.Note = cells["note"]
	in.Key = strings.Join([]string{"file", string(in.Incidents[0]), string(in.Customer), string(in.Request), string(in.Outcome), in.At.UTC().Format(time.RFC3339)}, "\x00")
	return d.CallOutcome(ctx, in)
}

// name finds whom a row means.
func (in *Called) name(ctx context.Context, tx *store.Tx, who string) error {
	if x, err := id.Parse[id.CallRequest](who); err == nil {
		in.Request = x
		return nil
	}
	x, err := id.Parse[id.Customer](who)
	if err == nil {
		in.Customer = x
		return nil
	}
	in.Customer, err = whose(ctx, tx, who)
	return err
}

func incidentNamed(ctx context.Context, tx *store.Tx, ref string) (i incident.Incident, err error) {
	if x, wrong := id.Parse[id.Incident](ref); wrong == nil {
		return found(tx.Incidents.ByID(ctx, x))
	}
	code, ok := id.ParseCode(ref)
	if !ok {
		return i, problem.Field("incident", "problem.not_found")
	}
	return found(tx.Incidents.ByCode(ctx, code))
}

// callTime is an instant as files have it; without a zone it is by the company's clock.
func callTime(typed, field string, zone *time.Location) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04", time.DateTime} {
		if t, err := time.ParseInLocation(layout, typed, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, problem.Field(field, "problem.time", "typed", typed)
}
