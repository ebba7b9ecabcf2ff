package api

import (
	"context"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/store"
)

type subscriber struct {
	ID          id.Contact       `json:"id"`
	Address     audience.Address `json:"address"`
	State       string           `json:"state" doc:"active, unconfirmed or unsubscribed"`
	Language    lang.Tag         `json:"language"`
	Components  []id.Component   `json:"components" doc:"Empty: everything"`
	EveryUpdate bool             `json:"every_update"`
	CreatedAt   time.Time        `json:"created_at"`
	ConfirmedAt time.Time        `json:"confirmed_at,omitzero"`
	EndedAt     time.Time        `json:"ended_at,omitzero"`
}

func shapeSubscriber(c audience.Contact) subscriber {
	return subscriber{
		ID: c.ID, Address: c.Address, State: c.State(), Language: c.Language, Components: filled(c.Components), EveryUpdate: c.EveryUpdate,
		CreatedAt: c.CreatedAt, ConfirmedAt: c.ConfirmedAt, EndedAt: c.EndedAt,
	}
}

type listSubscribers struct {
	After id.Contact `query:"after" maxLength:"40" doc:"The id of the last subscriber of the page before"`
	State string     `query:"state" enum:"active,unconfirmed,unsubscribed"`
	Limit int        `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type subscriberList struct {
	Body struct {
		Subscribers []subscriber `json:"subscribers"`
	}
}

func (a *API) listSubscribers(ctx context.Context, in *listSubscribers) (*subscriberList, error) {
	out := &subscriberList{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		page := store.ContactPage{State: in.State, Limit: in.Limit}
		if in.After != "" {
			last, err := tx.Contacts.ByID(ctx, in.After)
			if err != nil {
				return err
			}
			page.After = last
		}
		all, err := tx.Contacts.Page(ctx, page)
		out.Body.Subscribers = []subscriber{}
		for _, c := range all {
			out.Body.Subscribers = append(out.Body.Subscribers, shapeSubscriber(c))
		}
		return err
	})
	return out, err
}

type addSubscriber struct {
	Body struct {
		Email       string         `json:"email" maxLength:"254"`
		Language    lang.Tag       `json:"language,omitempty"`
		Components  []id.Component `json:"components,omitempty" doc:"Left out: everything"`
		EveryUpdate bool           `json:"every_update,omitempty" doc:"Holding updates too"`
		Consented   bool           `json:"consented,omitempty" doc:"You hold the person's consent: no confirmation mail is sent"`
	}
}

type subscriberBody struct {
	Body subscriber
}

func (a *API) addSubscriber(ctx context.Context, in *addSubscriber) (*subscriberBody, error) {
	b := in.Body
	c, err := a.desk.AddSubscriber(ctx, desk.Subscription{
		Address: b.Email, Language: b.Language, Components: b.Components, EveryUpdate: b.EveryUpdate,
	}, b.Consented)
	return &subscriberBody{shapeSubscriber(c)}, err
}

type subscriberPath struct {
	ID id.Contact `path:"id" doc:"con_…" maxLength:"40"`
}

func (a *API) endSubscription(ctx context.Context, in *subscriberPath) (*struct{}, error) {
	return nil, a.desk.EndSubscription(ctx, in.ID)
}

type listDeliveries struct {
	IncidentPath
	State reach.State `query:"state" enum:"planned,claimed,retry_at,accepted,delivered,acknowledged,bounced,complained,failed,suppressed,poison,superseded"`
	After id.Delivery `query:"after" maxLength:"40"`
	// Announcement chooses whose deliveries are listed; without it only the counts are answered.
	Announcement id.Announcement `query:"announcement" maxLength:"40"`
	Limit        int             `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type announced struct {
	ID     id.Announcement `json:"id"`
	Kind   reach.Kind      `json:"kind"`
	Update id.Update       `json:"update,omitempty"`
	AsOf   time.Time       `json:"as_of"`
	Paused time.Time       `json:"paused_at,omitzero" doc:"Since when it is held back"`
	Counts reach.Counts    `json:"counts" doc:"Messages by state"`
}

type delivery struct {
	ID        id.Delivery      `json:"id"`
	Address   audience.Address `json:"address"`
	State     reach.State      `json:"state"`
	Attempt   int              `json:"attempt"`
	NextAt    time.Time        `json:"next_at,omitzero"`
	UpdatedAt time.Time        `json:"updated_at"`
	Code      string           `json:"code,omitempty"`
	Reason    string           `json:"reason,omitempty"`
}

type deliveryList struct {
	Body struct {
		Announcements []announced `json:"announcements"`
		Deliveries    []delivery  `json:"deliveries,omitempty"`
	}
}

func (a *API) listDeliveries(ctx context.Context, in *listDeliveries) (*deliveryList, error) {
	out := &deliveryList{}
	if _, err := id.Parse[id.Delivery](string(in.After)); err != nil && in.After != "" {
		return nil, problem.New(problem.NotFound, "problem.not_found") // a keyset would go on after anything (V1)
	}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		out.Body.Announcements, out.Body.Deliveries = []announced{}, nil
		i, err := find(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		all, err := tx.Announcements.OfIncident(ctx, i.ID)
		if err != nil {
			return err
		}
		asked := false
		for _, x := range all {
			counts, err := tx.Announcements.Counts(ctx, x.ID)
			if err != nil {
				return err
			}
			asked = asked || x.ID == in.Announcement
			out.Body.Announcements = append(out.Body.Announcements, announced{x.ID, x.Kind, x.Update, x.AsOf, x.PausedAt, counts})
		}
		if !asked {
			if in.Announcement != "" {
				return problem.New(problem.NotFound, "problem.not_found")
			}
			return nil
		}
		rows, err := tx.Deliveries.Page(ctx, in.Announcement, in.State, in.After, in.Limit)
		for _, d := range rows {
			out.Body.Deliveries = append(out.Body.Deliveries, delivery{d.ID, d.Address, d.State, d.Attempt, d.NextAt, d.UpdatedAt, d.Code, d.Reason})
		}
		return err
	})
	return out, err
}

type announcementPath struct {
	ID id.Announcement `path:"id" doc:"ann_…" maxLength:"40"`
}

func (a *API) pauseAnnouncement(ctx context.Context, in *announcementPath) (*struct{}, error) {
	return nil, a.desk.PauseAnnouncement(ctx, in.ID)
}

func (a *API) resumeAnnouncement(ctx context.Context, in *announcementPath) (*struct{}, error) {
	return nil, a.desk.ResumeAnnouncement(ctx, in.ID)
}

type deliveryPath struct {
	ID id.Delivery `path:"id" doc:"dlv_…" maxLength:"40"`
}

func (a *API) retryDelivery(ctx context.Context, in *deliveryPath) (*struct{}, error) {
	return nil, a.desk.RetryDelivery(ctx, in.ID)
}
