package settings

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"candor/audience"
	"candor/incident"
	"candor/lang"
	"candor/problem"
)

// Chat is the company's own rooms that read along.
type Chat struct {
	Rooms []Room `json:"rooms,omitempty"`
}

// A Room takes what is said to customers by an incoming webhook. Its URL is a key: whoever knows it writes there in our name.
type Room struct {
	Name    string `json:"name"`
	Service string `json:"service"` // one of ChatServices
	URL     string `json:"url"`
	// Says names the kinds of announcements it gets: update, correction, upcoming. None means all.
	Says []string `json:"says,omitempty"`
	// Impact is the least that is told there; empty means any. A maintenance has no impact in this sense, and is told.
	Impact   incident.Impact `json:"impact,omitempty"`
	Language lang.Tag        `json:"language,omitempty"` // empty: the company's
}

// ChatServices are the services whose rooms can be written to.
var ChatServices = []string{"slack", "teams", "discord", "mattermost"}

// ChatKinds are the kinds of announcements a room may choose from (reach.Kind).
var ChatKinds = []string{"update", "correction", "upcoming"}

const mostRooms = 50

// Address names the room in deliveries. It follows the URL and not the name: a room that was taken away and given a new URL is another.
func (r Room) Address() audience.Address {
	sum := sha256.Sum256([]byte(r.URL))
	return audience.Address(r.Service + "@" + hex.EncodeToString(sum[:6]))
}

// Hears decides whether the room is told an announcement of a kind about an incident.
func (r Room) Hears(kind string, i incident.Incident) bool {
	if len(r.Says) > 0 && !slices.Contains(r.Says, kind) {
		return false
	}
	return !i.Impact.Valid() || !r.Impact.Worse(i.Impact)
}

func (c Chat) masked() Chat {
	c.Rooms = slices.Clone(c.Rooms)
	for i := range c.Rooms {
		if c.Rooms[i].URL != "" {
			c.Rooms[i].URL = Hidden
		}
	}
	return c
}

// unmasked finds a hidden URL by the room's name: rooms may have been moved or taken away meanwhile.
func (c Chat) unmasked(stored Chat) Chat {
	c.Rooms = slices.Clone(c.Rooms)
	for i, r := range c.Rooms {
		if r.URL != Hidden {
			continue
		}
		for _, s := range stored.Rooms {
			if s.Name == r.Name {
				c.Rooms[i].URL = s.URL
			}
		}
	}
	return c
}

// recorded says which service and which key, not the key.
func (c Chat) recorded() Chat {
	c.Rooms = slices.Clone(c.Rooms)
	for i, r := range c.Rooms {
		host := ""
		if u, err := url.Parse(r.URL); err == nil {
			host = u.Host
		}
		_, sum, _ := strings.Cut(string(r.Address()), "@")
		c.Rooms[i].URL = host + " sha256:" + sum
	}
	return c
}

// LogValue keeps the URLs out of logs.
func (r Room) LogValue() slog.Value {
	return slog.GroupValue(slog.String("name", r.Name), slog.String("service", r.Service), slog.String("room", string(r.Address())))
}

func (c Chat) check() (wrong problem.List) {
	if len(c.Rooms) > mostRooms {
		wrong.Add(problem.Field("chat.rooms", "problem.rooms.many", "most", mostRooms))
		return wrong
	}
	for i, r := range c.Rooms {
		field := "chat.rooms." + strconv.Itoa(i) + "."
		wrong.Add(Line(field+"name", r.Name, longestName))
		if strings.TrimSpace(r.Name) == "" {
			wrong.Add(problem.Field(field+"name", "problem.name.missing"))
		}
		if slices.ContainsFunc(c.Rooms[:i], func(o Room) bool { return o.Name == r.Name || o.URL == r.URL && o.Service == r.Service }) {
			wrong.Add(problem.Field(field+"name", "problem.rooms.twice"))
		}
		if !slices.Contains(ChatServices, r.Service) {
			wrong.Add(problem.Field(field+"service", "problem.choice"))
		}
		if slices.ContainsFunc(r.Says, func(k string) bool { return !slices.Contains(ChatKinds, k) }) {
			wrong.Add(problem.Field(field+"says", "problem.choice"))
		}
		if r.Impact != "" && !r.Impact.Valid() {
			wrong.Add(problem.Field(field+"impact", "problem.choice"))
		}
		if r.Language != "" && !r.Language.Known() {
			wrong.Add(problem.Field(field+"language", "problem.languages.unknown"))
		}
		if !postable(r.URL) {
			wrong.Add(problem.Field(field+"url", "problem.hook"))
		}
	}
	return wrong
}

// postable looks at the form only. What the host leads to is judged at each connection; an operator's own Mattermost may be on an inner
// network that they allow, and may be plain there.
func postable(text string) bool {
	if len(text) > 2000 || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' || r == '#' }) {
		return false
	}
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil && u.Opaque == ""
}
