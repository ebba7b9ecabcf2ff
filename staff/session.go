package staff

import (
	"time"

	"candor/id"
)

// A Session is one signed-in browser. It ends 12 idle hours or 7 days after it began (B15), and with a change of password or roles (V20).
type Session struct {
	ID        id.Session
	Hash      string `json:"-"` // of the cookie's secret; the secret itself is never stored
	Person    id.Person
	CreatedAt time.Time
	SeenAt    time.Time
	EndedAt   time.Time
}

const (
	idleLimit     = 12 * time.Hour
	absoluteLimit = 7 * 24 * time.Hour
)

// Live reports whether the session still stands for its person.
func (s Session) Live(now time.Time) bool {
	return s.EndedAt.IsZero() && now.Sub(s.SeenAt) < idleLimit && now.Sub(s.CreatedAt) < absoluteLimit
}

// A Token lets a program act as a person, within its scopes.
type Token struct {
	ID        id.Token
	Name      string
	Hash      string `json:"-"`
	Person    id.Person
	Scopes    []Right
	CreatedAt time.Time
	SeenAt    time.Time
	RevokedAt time.Time
}
