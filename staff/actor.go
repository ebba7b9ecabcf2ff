package staff

import (
	"context"
	"slices"

	"candor/id"
)

// An Actor is who acts: a person in a session, a person's token, or Candor itself (duty, the CLI on the machine), which has no person.
type Actor struct {
	Person  Person
	Session id.Session
	Token   id.Token
	Scopes  []Right // of the token; nil for a session
	System  string  // "duty", "cli": set when nobody in particular acts
	IP      string
	// Request is the idempotency key of what they ask, if a program gave one: an act is done once for it.
	Request string
}

// Key names the actor among all who may have asked: a person, whatever session or token they came by, or Candor itself.
func (a Actor) Key() string {
	if a.System != "" {
		return a.System
	}
	return string(a.Person.ID)
}

// Known reports whether somebody acts at all.
func (a Actor) Known() bool { return a.System != "" || a.Person.ID != "" }

// May reports whether the actor has the right: a token never has more than its person, nor more than its scopes.
func (a Actor) May(r Right) bool {
	if a.System != "" {
		return true
	}
	if !a.Person.Active() || !May(a.Person.Roles, r) {
		return false
	}
	return a.Token == "" || slices.Contains(a.Scopes, r)
}

type actorKey struct{}

// As puts the acting person into the context, the one thing besides cancellation and trace that it carries.
func As(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

// Acting is who acts in this context; the zero Actor, who may nothing, if nobody was named.
func Acting(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}
