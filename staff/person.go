package staff

import (
	"slices"
	"time"

	"candor/id"
	"candor/lang"
)

// A Person is one of us. Name, Title, Photo, PublicMail and PublicPhone are shown to customers; Mail is for signing in and reminders.
type Person struct {
	ID           id.Person
	Name         string
	Title        lang.Text
	Photo        string // hash of the re-encoded picture in the store's blobs; empty for none
	PublicMail   string
	PublicPhone  string
	Mail         string
	Mobile       string // in E.164, for calling in; not shown to customers
	Language     lang.Tag
	Roles        []Role
	Under        id.Person `json:",omitzero"` // who calls them in; empty: as TreeOf says
	Deputy       id.Person `json:",omitzero"` // takes over their branch of the tree
	PasswordHash string    `json:"-"`         // empty until the person chose one
	CreatedAt    time.Time
	DisabledAt   time.Time
}

// Active reports whether the person may sign in.
func (p Person) Active() bool { return p.DisabledAt.IsZero() }

// Reachable reports whether customers are told a way to reach the person.
func (p Person) Reachable() bool { return p.PublicMail != "" || p.PublicPhone != "" }

// Has reports whether the person has one of these roles.
func (p Person) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(p.Roles, r) })
}
