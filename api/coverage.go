package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// figures are how many customers know. Each is in exactly one of closed, unconfirmed and open.
type figures struct {
	Affected    int64               `json:"affected"`
	Told        int64               `json:"told" doc:"A channel took a message for them, or one of us spoke with them"`
	Reached     int64               `json:"reached" doc:"Somebody there said so, or was spoken with; a machine never counts"`
	Closed      int64               `json:"closed" doc:"Reached, overtaken, opted out, or unreachable with documented attempts"`
	Unconfirmed int64               `json:"unconfirmed" doc:"Ended as told, not confirmed: never among the reached"`
	Open        int64               `json:"open"`
	Calling     int64               `json:"calling" doc:"Of the open, on the call list"`
	Ends        map[reach.End]int64 `json:"ends"`
	Reasons     map[reach.Why]int64 `json:"reasons" doc:"Of those not reached: why it ended, or what is waited for"`
}

func shapeFigures(f reach.Figures) figures {
	out := figures{f.Affected, f.Told, f.Reached, f.Closed, f.Unconfirmed, f.Open, f.Calling, f.Ends, f.Reasons}
	if out.Ends == nil {
		out.Ends, out.Reasons = map[reach.End]int64{}, map[reach.Why]int64{}
	}
	return out
}

func shapeEach[K comparable](all map[K]reach.Figures) map[K]figures {
	out := make(map[K]figures, len(all))
	for k, f := range all {
		out[k] = shapeFigures(f)
	}
	return out
}

type coverageBody struct {
	Body struct {
		Incident    id.Incident              `json:"incident"`
		Audience    incident.Audience        `json:"audience" doc:"uses, listed or everyone"`
		AsOf        time.Time                `json:"as_of"`
		All         figures                  `json:"all"`
		ByLanguage  map[lang.Tag]figures     `json:"by_language"`
		ByChannel   map[string]figures       `json:"by_channel" doc:"The highest rung they came to; the empty one is none yet, person is a person of ours"`
		ByComponent map[id.Component]figures `json:"by_component"`
		Effect      *effectShape             `json:"effect,omitempty" doc:"What customers said when a sample was asked afterwards"`
		Faults      []string                 `json:"faults" doc:"What cannot be true of these figures; publish none of them unless it is empty"`
	}
}

func (a *API) showCoverage(ctx context.Context, in *IncidentPath) (*coverageBody, error) {
	out := &coverageBody{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		i, err := find(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		rows, err := tx.Affected.Count(ctx, i.ID)
		if err != nil {
			return err
		}
		if out.Body.Effect, err = effectOf(ctx, tx, i.ID); err != nil {
			return err
		}
		c := reach.Cover(slices.Values(rows))
		b := &out.Body
		b.Incident, b.Audience, b.AsOf, b.Faults = i.ID, i.Audience, time.Now().UTC(), filled(c.Faults())
		b.All, b.ByLanguage, b.ByChannel, b.ByComponent = shapeFigures(c.All), shapeEach(c.ByLanguage), shapeEach(c.ByChannel), shapeEach(c.ByComponent)
		return err
	})
	return out, err
}

// covered is how far we are with one customer.
type covered struct {
	Customer  id.Customer       `json:"customer" doc:"cus_…"`
	External  string            `json:"id,omitempty" doc:"What your own systems call them"`
	Name      string            `json:"name,omitempty"`
	Language  lang.Tag          `json:"language"`
	Why       incident.Audience `json:"affected_by"`
	Component id.Component      `json:"component,omitempty"`
	Channel   string            `json:"channel,omitempty" doc:"The highest rung they came to"`
	Ended     reach.End         `json:"ended,omitempty" doc:"Left out while the chase goes on"`
	Reason    reach.Why         `json:"reason"`
	Since     time.Time         `json:"affected_at"`
	ToldAt    time.Time         `json:"told_at,omitzero"`
	ReachedAt time.Time         `json:"reached_at,omitzero"`
	ClosedAt  time.Time         `json:"closed_at,omitzero"`
	CallAt    time.Time         `json:"call_at,omitzero" doc:"From when on somebody may call them"`
	NextAt    time.Time         `json:"next_at,omitzero" doc:"When it is decided about them again"`
}

type listCovered struct {
	IncidentPath
	Ended  string      `query:"ended" enum:"open,calling,acknowledged,spoken_with,self_registered,overtaken,opted_out,unreachable,told_unconfirmed"`
	Reason reach.Why   `query:"reason" maxLength:"40"`
	After  id.Customer `query:"after" maxLength:"40" doc:"The customer of the last one of the page before"`
	Limit  int         `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type coveredList struct {
	Body struct {
		Customers []covered `json:"customers"`
	}
}

func (a *API) listCovered(ctx context.Context, in *listCovered) (*coveredList, error) {
	out := &coveredList{}
	if _, err := id.Parse[id.Customer](string(in.After)); err != nil && in.After != "" {
		return nil, problem.New(problem.NotFound, "problem.not_found")
	}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		out.Body.Customers = []covered{}
		i, err := find(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		all, err := tx.Affected.List(ctx, store.AffectedList{Incident: i.ID, Keep: reach.Keep(in.Ended, in.Reason), After: in.After, Limit: in.Limit})
		for _, x := range all {
			out.Body.Customers = append(out.Body.Customers, covered{
				x.Customer, x.External, x.Name, x.Language, x.Why, x.Component, x.Channel, x.Ended, x.Reason,
				x.Since, x.ToldAt, x.ReachedAt, x.ClosedAt, x.CallAt, x.NextAt,
			})
		}
		return err
	})
	return out, err
}

// exportCovered streams: a million customers take no more memory than a thousand. Once the first bytes are out, a failure can only cut the
// connection, so that nobody takes half a list for the whole.
func (a *API) exportCovered(ctx context.Context, in *IncidentPath) (*huma.StreamResponse, error) {
	of, err := a.resolve(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		c.SetHeader("Content-Type", "text/csv; charset=utf-8")
		c.SetHeader("Content-Disposition", `attachment; filename="customers.csv"`)
		if _, err := a.desk.ExportCoverage(ctx, of, c.BodyWriter()); err != nil {
			if ctx.Err() == nil {
				a.log.Error("export coverage", "incident", of, "err", err)
			}
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

type setAudience struct {
	IncidentPath
	Body struct {
		Audience  incident.Audience `json:"audience" enum:"uses,listed,everyone" doc:"By what customers use, whom you name, or everybody"`
		Customers []string          `json:"customers,omitempty" maxItems:"100000" doc:"With listed: what your own systems call them. Lists add up: whoever was named stays named"`
	}
}

type audienceBody struct {
	Body struct {
		Audience     incident.Audience `json:"audience"`
		Named        int64             `json:"named" doc:"Customers the incident names now"`
		Unknown      []string          `json:"unknown" doc:"Ids that no customer has, the first thousand"`
		UnknownCount int               `json:"unknown_count"`
		Told         bool              `json:"told" doc:"Whoever comes new is being told the last word"`
	}
}

func (a *API) setAudience(ctx context.Context, in *setAudience) (*audienceBody, error) {
	of, err := a.resolve(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	done, err := a.desk.SetAudience(ctx, of, desk.Audience{Which: in.Body.Audience, Customers: in.Body.Customers})
	out := &audienceBody{}
	b := &out.Body
	b.Audience, b.Named, b.Unknown, b.UnknownCount, b.Told = in.Body.Audience, done.Named, filled(done.Unknown), done.UnknownCount, done.Told
	return out, err
}

// coverage is the part of the table about who knows.
func (a *API) coverage() {
	add(a, operation{"GET /api/v1/incidents/{id}/coverage", "show-coverage", "How many of an incident's customers know, and why the others do not", staff.Look, 0}, a.showCoverage)
	add(a, operation{"GET /api/v1/incidents/{id}/customers", "list-covered", "How far we are with each customer of an incident", staff.Know, 0}, a.listCovered)
	add(a, operation{"GET /api/v1/incidents/{id}/customers.csv", "export-covered", "The same of all of them, as comma-separated values", staff.Know, 0}, a.exportCovered)
	add(a, operation{"PUT /api/v1/incidents/{id}/audience", "set-audience", "Choose which customers an incident affects; nobody is taken off", staff.Say, 0}, a.setAudience)
	for path, item := range a.huma.OpenAPI().Paths {
		if strings.HasSuffix(path, ".csv") {
			item.Get.Responses["200"] = &huma.Response{
				Description: "A table with headings", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
			}
		}
	}
}
