package desk

import (
	"context"
	"errors"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/monitor"
)

var errNotBuilt = errors.New("not built yet")

// Declare opens an incident, or publishes a draft, with its first word.
func (d *Desk) Declare(ctx context.Context, in Declaration) (incident.Incident, incident.Update, error) {
	return incident.Incident{}, incident.Update{}, errNotBuilt
}

// Reach is how many people Declare or Post would reach, for "this reaches N people" before posting.
func (d *Desk) Reach(ctx context.Context, affected []id.Component) (int64, error) {
	return 0, errNotBuilt
}

// Post appends an update.
func (d *Desk) Post(ctx context.Context, to id.Incident, in Word) (incident.Update, error) {
	return incident.Update{}, errNotBuilt
}

// Hold posts the holding update: still working on it, next word by the cadence.
func (d *Desk) Hold(ctx context.Context, to id.Incident) (incident.Update, error) {
	return incident.Update{}, errNotBuilt
}

// Correct revises an update in the open.
func (d *Desk) Correct(ctx context.Context, u id.Update, in Correction) error { return errNotBuilt }

// BlackOut takes words out of an update.
func (d *Desk) BlackOut(ctx context.Context, u id.Update, in BlackingOut) error { return errNotBuilt }

// Amend changes what is known about an incident; nothing is sent.
func (d *Desk) Amend(ctx context.Context, i id.Incident, in Facts) error { return errNotBuilt }

// SetAside makes a draft private: nothing of it becomes public.
func (d *Desk) SetAside(ctx context.Context, i id.Incident) error { return errNotBuilt }

// ReceiveAlerts opens or updates one draft per alert group and notifies the communicators once.
func (d *Desk) ReceiveAlerts(ctx context.Context, alerts []monitor.Alert) ([]id.Incident, error) {
	return nil, errNotBuilt
}

// AddComponent appends a component or a group.
func (d *Desk) AddComponent(ctx context.Context, in ComponentForm) (component.Component, error) {
	return component.Component{}, errNotBuilt
}

// ChangeComponent changes a component; Group cannot change.
func (d *Desk) ChangeComponent(ctx context.Context, c id.Component, in ComponentForm) error {
	return errNotBuilt
}

// ArchiveComponent takes a component off the page; its past stays.
func (d *Desk) ArchiveComponent(ctx context.Context, c id.Component) error { return errNotBuilt }

// SetStatus sets a component's status without an incident.
func (d *Desk) SetStatus(ctx context.Context, c id.Component, s component.Status) error {
	return errNotBuilt
}
