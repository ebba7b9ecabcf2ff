package site

import (
	"cmp"
	"slices"
	"time"

	"candor/component"
	"candor/incident"
)

// The objects of Statuspage's documents. The order of fields is the order of keys; what is absent is null and its key stays.

type spAnswer struct {
	Page         spPage         `json:"page"`
	Components   *[]spComponent `json:"components,omitempty"`
	Incidents    *[]spIncident  `json:"incidents,omitempty"`
	Maintenances *[]spIncident  `json:"scheduled_maintenances,omitempty"`
	Status       *spStatus      `json:"status,omitempty"`
}

type spPage struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	URL       string `json:"url"`
	TimeZone  string `json:"time_zone"`
	UpdatedAt string `json:"updated_at"`
}

type spStatus struct {
	Indicator   string `json:"indicator"`
	Description string `json:"description"`
}

type spComponent struct {
	ID                 string    `json:"id"`
	Name               string    `json:"name"`
	Status             string    `json:"status"`
	CreatedAt          string    `json:"created_at"`
	UpdatedAt          string    `json:"updated_at"`
	Position           int       `json:"position"`
	Description        *string   `json:"description"`
	Showcase           bool      `json:"showcase"`
	StartDate          *string   `json:"start_date"`
	GroupID            *string   `json:"group_id"`
	PageID             string    `json:"page_id"`
	Group              bool      `json:"group"`
	OnlyShowIfDegraded bool      `json:"only_show_if_degraded"`
	Components         *[]string `json:"components,omitempty"` // of a group
}

type spIncident struct {
	ID                string        `json:"id"`
	Name              string        `json:"name"`
	Status            string        `json:"status"`
	CreatedAt         string        `json:"created_at"`
	UpdatedAt         string        `json:"updated_at"`
	MonitoringAt      *string       `json:"monitoring_at"`
	ResolvedAt        *string       `json:"resolved_at"`
	Impact            string        `json:"impact"`
	Shortlink         string        `json:"shortlink"`
	StartedAt         string        `json:"started_at"`
	PageID            string        `json:"page_id"`
	IncidentUpdates   []spUpdate    `json:"incident_updates"`
	Components        []spComponent `json:"components"`
	ReminderIntervals nullOnly      `json:"reminder_intervals,omitzero"` // on incidents, not on maintenances
	ScheduledFor      string        `json:"scheduled_for,omitempty"`
	ScheduledUntil    string        `json:"scheduled_until,omitempty"`
}

// nullOnly is a key whose value is null; the zero value leaves the key out.
type nullOnly bool

func (nullOnly) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

type spUpdate struct {
	ID                   string        `json:"id"`
	Status               string        `json:"status"`
	Body                 string        `json:"body"`
	IncidentID           string        `json:"incident_id"`
	CreatedAt            string        `json:"created_at"`
	UpdatedAt            string        `json:"updated_at"`
	DisplayAt            string        `json:"display_at"`
	AffectedComponents   *[]spAffected `json:"affected_components"`
	DeliverNotifications bool          `json:"deliver_notifications"`
	CustomTweet          *string       `json:"custom_tweet"`
	TweetID              *int64        `json:"tweet_id"`
}

type spAffected struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	OldStatus string `json:"old_status"`
	NewStatus string `json:"new_status"`
}

// components are groups and leaves, each group before its members.
func (s statuspage) components() []spComponent {
	all := []spComponent{}
	var walk func(nodes []component.Node, group *string)
	walk = func(nodes []component.Node, group *string) {
		for _, n := range nodes {
			c := s.component(n.Component, group)
			if n.Group {
				ids := []string{}
				for _, child := range n.Children {
					ids = append(ids, string(child.Code))
				}
				c.Components = &ids
			}
			all = append(all, c)
			walk(n.Children, &c.ID)
		}
	}
	walk(s.w.tree, nil)
	return all
}

func (s statuspage) component(c component.Component, group *string) spComponent {
	return spComponent{
		ID:                 string(c.Code),
		Name:               s.phrase(c.Name).Text,
		Status:             string(seen(c.Status, s.isBlind()).Statuspage()),
		CreatedAt:          s.time(c.CreatedAt),
		UpdatedAt:          s.time(c.UpdatedAt),
		Position:           c.Position,
		Description:        orNull(s.phrase(c.Description).Text),
		Showcase:           c.Showcase,
		StartDate:          s.date(c.StartDate),
		GroupID:            group,
		PageID:             s.page.ID,
		Group:              c.Group,
		OnlyShowIfDegraded: c.OnlyIfDegraded,
	}
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (s statuspage) date(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return orNull(t.In(s.loc).Format(time.DateOnly))
}

func newestFirst(all []story) {
	slices.SortStableFunc(all, func(a, b story) int { return cmp.Compare(b.StartedAt.UnixMicro(), a.StartedAt.UnixMicro()) })
}

func (s statuspage) incidents(stories []story) []spIncident {
	all := make([]spIncident, 0, len(stories))
	for _, st := range stories {
		all = append(all, s.incident(st))
	}
	return all
}

func (s statuspage) incident(st story) spIncident {
	i := spIncident{
		ID: string(st.Code), Name: s.phrase(st.Title).Text, Status: string(st.Status),
		CreatedAt: s.time(st.CreatedAt), UpdatedAt: s.time(st.UpdatedAt),
		MonitoringAt: s.timeOrNull(st.MonitoringAt), ResolvedAt: s.timeOrNull(st.ResolvedAt),
		Impact: string(st.Impact), Shortlink: s.shortlink(st.Code), StartedAt: s.time(st.StartedAt), PageID: s.page.ID,
		IncidentUpdates: []spUpdate{}, Components: []spComponent{},
	}
	for _, u := range st.updates {
		i.IncidentUpdates = append(i.IncidentUpdates, s.update(st, u))
	}
	for _, a := range st.Affected {
		if c, ok := s.w.byID[a.Component]; ok {
			i.Components = append(i.Components, s.component(c, s.groupOf(c)))
		}
	}
	if st.Kind != incident.Maintenance {
		i.ReminderIntervals = true
		return i
	}
	until := st.Window.Until
	if until.IsZero() {
		until = st.Window.From
	}
	i.ScheduledFor, i.ScheduledUntil = s.time(st.Window.From), s.time(until)
	return i
}

func (s statuspage) groupOf(c component.Component) *string {
	if group, ok := s.w.byID[c.GroupID]; ok {
		return orNull(string(group.Code))
	}
	return nil
}

// update has the words as they were typed, in the default language.
func (s statuspage) update(st story, u incident.Update) spUpdate {
	body, _ := u.Body.In(s.Tag(), s.fallback)
	updated := u.At
	for _, rev := range u.Revisions {
		if rev.At.After(updated) {
			updated = rev.At
		}
	}
	return spUpdate{
		ID: string(u.Code), Status: string(u.Status), Body: body, IncidentID: string(st.Code),
		CreatedAt: s.time(u.At), UpdatedAt: s.time(updated), DisplayAt: s.time(u.At),
		AffectedComponents: s.affectedBy(u), DeliverNotifications: u.Notify,
	}
}

func (s statuspage) affectedBy(u incident.Update) *[]spAffected {
	if len(u.Affected) == 0 {
		return nil
	}
	all := make([]spAffected, 0, len(u.Affected))
	for _, c := range u.Affected {
		known := s.w.byID[c.Component]
		all = append(all, spAffected{
			Code: string(known.Code), Name: s.phrase(known.Name).Text,
			OldStatus: string(orOperational(c.Old).Statuspage()), NewStatus: string(orOperational(c.New).Statuspage()),
		})
	}
	return &all
}

func orOperational(s component.Status) component.Status {
	if s == "" {
		return component.Operational
	}
	return s
}
