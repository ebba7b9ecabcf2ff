package api

import (
	"context"
	"math"
	"time"

	"candor/id"
	"candor/playbook"
	"candor/staff"
	"candor/store"
)

// scoreBody is how an incident was owned. What is not judged counts neither for nor against, so that incidents can be compared.
type scoreBody struct {
	Body struct {
		Incident id.Incident `json:"incident"`
		AsOf     time.Time   `json:"as_of"`
		Percent  *int        `json:"percent" doc:"Points of what could be judged; null where nothing could"`
		Points   float64     `json:"points" doc:"After penalties, never below 0"`
		Of       float64     `json:"of" doc:"What the judged items weigh"`
		Course   courseShape `json:"course"`
		Items    []markShape `json:"items"`
	}
}

// courseShape is who told whom first, and when.
type courseShape struct {
	StartedAt     time.Time `json:"started_at,omitzero"`
	DetectedAt    time.Time `json:"detected_at,omitzero"`
	FirstReportAt time.Time `json:"first_report_at,omitzero" doc:"When the first customer told us"`
	DeclaredAt    time.Time `json:"first_word_at,omitzero"`
	FirstMailAt   time.Time `json:"first_message_at,omitzero"`
	ResolvedAt    time.Time `json:"resolved_at,omitzero"`
	LeadSeconds   *int64    `json:"lead_s" doc:"By how much we told customers before (negative: after) one told us; null where none did"`
}

type markShape struct {
	Part   string        `json:"part,omitempty" doc:"Left out for a penalty"`
	Item   string        `json:"item"`
	Weight float64       `json:"weight"`
	Judged bool          `json:"judged"`
	Points float64       `json:"points" doc:"Negative for a penalty"`
	Fact   playbook.Fact `json:"fact" doc:"What it rests on"`
	Update int           `json:"update,omitempty" doc:"The number of the update that says it"`
	Count  int64         `json:"count,omitempty" doc:"So many"`
	All    int64         `json:"all,omitempty" doc:"of so many"`
	Took   int64         `json:"duration_s,omitempty" doc:"Seconds"`
	Source string        `json:"source" doc:"Whose experience or research"`
}

func (a *API) showScore(ctx context.Context, in *IncidentPath) (*scoreBody, error) {
	out := &scoreBody{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		i, err := find(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		c, err := tx.Course(ctx, i)
		if err != nil {
			return err
		}
		b, now := &out.Body, time.Now().UTC()
		b.Incident, b.AsOf, b.Items = i.ID, now, []markShape{}
		b.Course = courseShape{i.StartedAt, i.DetectedAt, i.FirstReportAt, i.DeclaredAt, c.FirstMailAt, i.ResolvedAt, nil}
		if lead, known := i.ToldFirst(); known {
			seconds := int64(lead / time.Second)
			b.Course.LeadSeconds = &seconds
		}
		s := playbook.Grade(c, now)
		b.Points, b.Of = math.Round(s.Points*10)/10, s.Of
		if percent, judged := s.Percent(); judged {
			b.Percent = &percent
		}
		for _, m := range s.Marks {
			b.Items = append(b.Items, shapeMark(m))
		}
		return nil
	})
	return out, err
}

func shapeMark(m playbook.Mark) markShape {
	return markShape{
		m.Part, m.Item, m.Weight, m.Judged, math.Round(m.Earned*10) / 10, m.Fact, m.Number, m.Count, m.All, int64(m.Took / time.Second), m.Source,
	}
}

// scores is the part of the table about how incidents were owned.
func (a *API) scores() {
	add(a, operation{"GET /api/v1/incidents/{id}/score", "show-score", "How an incident was owned, item by item, with the fact behind each", staff.Look, 0}, a.showScore)
}
