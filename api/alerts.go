package api

import (
	"cmp"
	"context"
	"strings"
	"time"

	"candor/id"
	"candor/monitor"
)

// receiveAlerts takes Alertmanager's webhook, version 4. Keys we do not know are ignored: later versions may add some.
type receiveAlerts struct {
	Body struct {
		_           struct{}          `json:"-" additionalProperties:"true"`
		Version     string            `json:"version,omitempty"`
		GroupKey    string            `json:"groupKey,omitempty" maxLength:"4096"`
		Status      string            `json:"status,omitempty"`
		Receiver    string            `json:"receiver,omitempty"`
		ExternalURL string            `json:"externalURL,omitempty"`
		Labels      map[string]string `json:"commonLabels,omitempty"`
		Annotations map[string]string `json:"commonAnnotations,omitempty"`
		Alerts      []alert           `json:"alerts" maxItems:"1000"`
	}
}

type alert struct {
	_           struct{}          `json:"-" additionalProperties:"true"`
	Status      string            `json:"status" doc:"firing or resolved"`
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
	StartsAt    time.Time         `json:"startsAt,omitzero"`
	EndsAt      time.Time         `json:"endsAt,omitzero"`
	URL         string            `json:"generatorURL,omitempty"`
	Fingerprint string            `json:"fingerprint,omitempty"`
}

type alertAnswer struct {
	Body struct {
		Drafts []id.Incident `json:"drafts" doc:"The drafts these alerts opened or updated; nothing of them is public"`
	}
}

func (a *API) receiveAlerts(ctx context.Context, in *receiveAlerts) (*alertAnswer, error) {
	var alerts []monitor.Alert
	for _, x := range in.Body.Alerts {
		alerts = append(alerts, x.plain(in.Body.GroupKey))
	}
	drafts, err := a.desk.ReceiveAlerts(ctx, alerts)
	out := &alertAnswer{}
	out.Body.Drafts = filled(drafts)
	return out, err
}

// plain reads an alert by the habits of the field: its name, summary and severity are labels and annotations everybody uses.
func (x alert) plain(group string) monitor.Alert {
	name := x.Labels["alertname"]
	return monitor.Alert{
		Group: text(cmp.Or(group, name)), Fingerprint: text(cmp.Or(x.Fingerprint, name+"/"+x.Labels["instance"])), Firing: x.Status != "resolved",
		Name: name, Summary: cmp.Or(x.Annotations["summary"], x.Annotations["description"], x.Annotations["message"], name),
		Severity: x.Labels["severity"], Component: cmp.Or(x.Labels["component"], x.Labels["service"], x.Labels["job"]),
		StartsAt: x.StartsAt, EndsAt: x.EndsAt, URL: x.URL,
	}
}

// text is s without NUL, which PostgreSQL takes in no text: a sender that is told "not now" would send it for ever.
func text(s string) string { return strings.ReplaceAll(s, "\x00", "") }
