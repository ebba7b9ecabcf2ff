package api

import (
	"context"
	"time"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/store"
)

// ComponentPath names a component.
type ComponentPath struct {
	ID string `path:"id" doc:"cmp_… or the 12-character code" maxLength:"40"`
}

type componentList struct {
	Body struct {
		Components []Component `json:"components"`
	}
}

type componentBody struct {
	Body Component
}

// ComponentForm is what a program may decide about a component.
type ComponentForm struct {
	Group          bool             `json:"group,omitempty" doc:"Holds others and has no status of its own; cannot change later"`
	GroupID        id.Component     `json:"group_id,omitempty"`
	Name           lang.Text        `json:"name"`
	Description    lang.Text        `json:"description,omitempty"`
	Position       int              `json:"position,omitempty"`
	Earns          bool             `json:"earns,omitempty"`
	Private        bool             `json:"private,omitempty"`
	OnlyIfDegraded bool             `json:"only_if_degraded,omitempty"`
	Showcase       bool             `json:"showcase,omitempty"`
	StartDate      time.Time        `json:"start_date,omitzero"`
	DependsOn      []id.Component   `json:"depends_on,omitempty"`
	Status         component.Status `json:"status,omitempty" enum:"operational,degraded_performance,partial_outage,major_outage,under_maintenance,unknown"`
}

func (f ComponentForm) plain() desk.ComponentForm {
	return desk.ComponentForm{
		Group: f.Group, GroupID: f.GroupID, Name: f.Name, Description: f.Description, Position: f.Position, Earns: f.Earns, Private: f.Private,
		OnlyIfDegraded: f.OnlyIfDegraded, Showcase: f.Showcase, StartDate: f.StartDate, DependsOn: f.DependsOn, Status: f.Status,
	}
}

func (a *API) components(ctx context.Context) (all []component.Component, err error) {
	err = a.db.Read(ctx, func(tx *store.Tx) (err error) {
		all, err = tx.Components.All(ctx)
		return err
	})
	return all, err
}

func (a *API) listComponents(ctx context.Context, _ *struct{}) (*componentList, error) {
	all, err := a.components(ctx)
	out := &componentList{}
	out.Body.Components = []Component{}
	for _, c := range all {
		out.Body.Components = append(out.Body.Components, shapeComponent(c))
	}
	return out, err
}

func (a *API) component(ctx context.Context, ref string) (component.Component, error) {
	all, err := a.components(ctx)
	if err != nil {
		return component.Component{}, err
	}
	if c, ok := named(all, ref); ok {
		return c, nil
	}
	return component.Component{}, problem.New(problem.NotFound, "problem.not_found")
}

func (a *API) showComponent(ctx context.Context, in *ComponentPath) (*componentBody, error) {
	c, err := a.component(ctx, in.ID)
	return &componentBody{shapeComponent(c)}, err
}

type addComponent struct {
	Body ComponentForm
}

func (a *API) addComponent(ctx context.Context, in *addComponent) (*componentBody, error) {
	c, err := a.desk.AddComponent(ctx, in.Body.plain())
	return &componentBody{shapeComponent(c)}, err
}

type changeComponent struct {
	ComponentPath
	Body ComponentForm
}

func (a *API) changeComponent(ctx context.Context, in *changeComponent) (*componentBody, error) {
	c, err := a.component(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := a.desk.ChangeComponent(ctx, c.ID, in.Body.plain()); err != nil {
		return nil, err
	}
	return a.showComponent(ctx, &ComponentPath{ID: string(c.ID)})
}

func (a *API) archiveComponent(ctx context.Context, in *ComponentPath) (*struct{}, error) {
	c, err := a.component(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.desk.ArchiveComponent(ctx, c.ID)
}

type setStatus struct {
	ComponentPath
	Body struct {
		Status component.Status `json:"status" enum:"operational,degraded_performance,partial_outage,major_outage,under_maintenance,unknown"`
	}
}

func (a *API) setStatus(ctx context.Context, in *setStatus) (*componentBody, error) {
	c, err := a.component(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := a.desk.SetStatus(ctx, c.ID, in.Body.Status); err != nil {
		return nil, err
	}
	return a.showComponent(ctx, &ComponentPath{ID: string(c.ID)})
}
