package settings

import (
	"net/url"
	"slices"

	"candor/incident"
	"candor/problem"
)

// Comments is how the company lets people speak below its incidents and reports.
type Comments struct {
	// Off shows what was said and takes nothing more.
	Off bool `json:"off,omitempty"`
	// Screen says which comments one of us looks at before they are shown.
	Screen Screening `json:"screen,omitempty"`
	// Days is for how long after the end people may comment; 0 is the default.
	Days int `json:"days,omitempty"`
	// CheckURL and CheckKey are of a check in the manner of Akismet's; it is asked only where both are there.
	CheckURL string `json:"check_url,omitempty"`
	CheckKey string `json:"check_key,omitempty"`
}

// A Screening says which comments wait for one of us.
type Screening string

const (
	ScreenUnconfirmed Screening = ""           // those that no confirmed mail address stands behind, and what looks like spam
	ScreenAll         Screening = "all"        // every one
	ScreenSuspicious  Screening = "suspicious" // only what looks like spam
)

// Screenings in the order the console offers them.
var Screenings = [...]Screening{ScreenUnconfirmed, ScreenSuspicious, ScreenAll}

const (
	usualDays       = 30
	mostCommentDays = 365
)

// OpenFor is for how many days after the end people may comment.
func (c Comments) OpenFor() int {
	if c.Days == 0 {
		return usualDays
	}
	return c.Days
}

// Checked reports whether a check outside is asked.
func (c Comments) Checked() bool { return c.CheckURL != "" && c.CheckKey != "" }

// Place decides where a comment goes, once its author has confirmed the address they gave, or gave none. The signs say why.
func (c Comments) Place(signs []incident.Sign, confirmed bool) (incident.CommentState, []incident.Sign) {
	signs = slices.Clone(signs)
	if c.Screen == ScreenAll {
		signs = append(signs, incident.Sign{Kind: incident.SignPolicy})
	} else if c.Screen == ScreenUnconfirmed && !confirmed {
		signs = append(signs, incident.Sign{Kind: incident.SignNoMail})
	}
	switch {
	case incident.Waits(signs):
		return incident.CommentHeld, signs
	case c.Checked():
		return incident.CommentChecking, signs
	}
	return incident.CommentShown, signs
}

func (c Comments) check() (wrong problem.List) {
	if !slices.Contains(Screenings[:], c.Screen) {
		wrong.Add(problem.Field("comments.screen", "problem.choice"))
	}
	if c.Days < 0 || c.Days > mostCommentDays {
		wrong.Add(problem.Field("comments.days", "problem.comments.days", "most", mostCommentDays))
	}
	wrong.Add(Line("comments.check_key", c.CheckKey, longestName))
	if c.CheckURL == "" {
		return wrong
	}
	u, err := url.Parse(c.CheckURL)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || Line("", c.CheckURL, longestLine) != nil {
		wrong.Add(problem.Field("comments.check_url", "problem.comments.check"))
	}
	return wrong
}

// Screening is its name among words that are looked up by it.
func (c Comments) Screening() string {
	if c.Screen == ScreenUnconfirmed {
		return "unconfirmed"
	}
	return string(c.Screen)
}
