package console

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/staff"
	"candor/store"
)

// frame reads what every page has around its own, and what the page itself needs, in one look: the parts of a page never disagree.
func (f *Face) frame(r *http.Request, title, section string, read func(ctx context.Context, tx *store.Tx, s *shell) error) (shell, error) {
	ctx := r.Context()
	s := shell{
		Title: title, Section: section, Actor: staff.Acting(ctx), Now: time.Now().UTC(), Key: rand.Text(),
		Notice: notices[r.URL.Query().Get("done")],
	}
	err := f.db.Read(ctx, func(tx *store.Tx) error {
		var err error
		if s.Company, s.Version, err = tx.Settings.Load(ctx); err != nil {
			return err
		}
		s.Zone = s.Company.Zoned()
		s.Words = lang.For(cmp.Or(s.Actor.Person.Language, lang.English))
		s.people = map[id.Person]staff.Person{}
		if signedIn(s.Actor) {
			everybody, err := tx.People.All(ctx)
			if err != nil {
				return err
			}
			for _, p := range everybody {
				s.people[p.ID] = p
			}
			if section != "now" {
				if s.Strip, err = strip(ctx, tx, s.Now); err != nil {
					return err
				}
			}
		}
		if read == nil {
			return nil
		}
		return read(ctx, tx, &s)
	})
	return s, err
}

// everybody in the order of their names.
func (s shell) everybody() []staff.Person {
	all := make([]staff.Person, 0, len(s.people))
	for _, p := range s.people {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b staff.Person) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return all
}

// An owed is one promise on the board: of what, by whom, by when.
type owed struct {
	ID         id.Promise
	Code       id.Code
	Incident   lang.Text
	What       string
	Promiser   id.Person
	DueAt      time.Time
	Late, Left time.Duration
	Missed     int
	Outcome    promise.Outcome
	Kept       bool
	Report     bool
	Action     bool
	Legal      bool
	Holdable   bool
	Rehearsal  bool
	Open       bool
}

var promised = map[promise.Kind]string{
	promise.NextUpdate: "Next update",
	promise.DataAnswer: "Answer about customers’ data",
	promise.Report:     "Report on cause and repair",

	promise.CorrectiveAction: "Corrective action",
	promise.Credit:           "Credit",
	promise.CallBack:         "Call",
	promise.LegalNotice:      "Legal notice",
}

func owedOf(p promise.Promise, i incident.Incident, now time.Time) owed {
	o := owed{
		ID: p.ID, Code: i.Code, Incident: i.Title, What: promised[p.Kind], Promiser: p.Promiser, DueAt: p.DueAt, Late: p.Late(now),
		Outcome: p.Outcome(now), Kept: !p.Open(), Open: p.Open(), Report: p.Kind == promise.Report, Action: p.Kind == promise.CorrectiveAction, Rehearsal: i.Visibility == incident.Rehearsal,
		Holdable: p.Kind == promise.NextUpdate && i.Open(), Legal: p.Kind == promise.LegalNotice,
	}
	if p.Text != "" {
		o.What = p.Text
	}
	if o.Open && p.DueAt.After(now) {
		o.Left = p.DueAt.Sub(now)
	}
	if p.Kind == promise.NextUpdate {
		o.Missed = p.MissedWords(now)
	}
	return o
}

// board is every open promise with its incident, the soonest first, so that late ones lead.
func board(ctx context.Context, tx *store.Tx, now time.Time) ([]owed, error) {
	open, err := tx.Promises.Open(ctx)
	if err != nil {
		return nil, err
	}
	known := map[id.Incident]incident.Incident{}
	var all []owed
	for _, p := range open {
		i, ok := known[p.Incident]
		if !ok {
			if i, err = tx.Incidents.ByID(ctx, p.Incident); err != nil {
				return nil, err
			}
			known[p.Incident] = i
		}
		all = append(all, owedOf(p, i, now))
	}
	return all, nil
}

// recently is how far back the strip looks for the latest promise when none is open.
const recently = 24 * time.Hour

// strip is the next promise, or the latest while none is open.
func strip(ctx context.Context, tx *store.Tx, now time.Time) (*owed, error) {
	open, err := tx.Promises.Open(ctx)
	if err != nil {
		return nil, err
	}
	var p promise.Promise
	if len(open) > 0 {
		p = open[0]
	} else {
		settled, err := tx.Promises.Public(ctx, now.Add(-recently), now.Add(recently))
		if err != nil {
			return nil, err
		}
		settled = slices.DeleteFunc(settled, func(p promise.Promise) bool { return p.KeptAt.IsZero() }) // what was withdrawn was not kept
		if len(settled) == 0 {
			return nil, nil
		}
		p = settled[len(settled)-1]
	}
	i, err := tx.Incidents.ByID(ctx, p.Incident)
	if err != nil {
		return nil, err
	}
	o := owedOf(p, i, now)
	return &o, nil
}

// notices are the sentences a page may open with after an act. The address names one of them and can say nothing else.
var notices = map[string]string{
	"audience":         "Chosen. Whoever comes new is told the last word.",
	"posted":           "Posted. Whoever is to be told is being told.",
	"declared":         "The first word is out.",
	"rehearsed":        "Rehearsed. Only you were told.",
	"waits":            "Kept. It goes out once somebody else has approved it.",
	"approved":         "Approved and posted. Whoever is to be told is being told.",
	"declined":         "Taken back. Nothing went out.",
	"held":             "Said: still working on it.",
	"corrected":        "Corrected in the open.",
	"blackedout":       "Blacked out for good.",
	"kept":             "Kept.",
	"report-submitted": "Kept, and waits for somebody to read it.",
	"report-returned":  "Given back to its author.",
	"report-published": "Published. Everybody it affected is being told, and each action is a promise now.",
	"report-corrected": "Corrected in the open.",
	"same-cause":       "Noted. What was done against that cause is open again, and the page says so.",
	"recorded":         "Recorded. What is due follows from it.",
	"effect":           "A sample is being asked.",
	"setaside":         "Set aside. Only staff can see it.",
	"scheduled":        "Announced.",
	"started":          "The work has started.",
	"ended":            "The work is done, and customers are told.",
	"added":            "Added.",
	"invited":          "Added, and invited by mail.",
	"archived":         "Archived. Its past stays.",
	"disabled":         "Their access has ended.",
	"enabled":          "They have access again, with the password they had.",
	"linked":           "A link to choose a password is on its way to them.",
	"revoked":          "Ended.",
	"password":         "Changed. Every other session has ended.",
	"published":        "The page is public.",
	"paused":           "Paused: nothing more of it leaves.",
	"resumed":          "It goes on.",
	"retry":            "It is tried again.",
	"reply-answered":   "Answered. It is on its way.",
	"reply-settled":    "Noted as answered.",
	"comment-decided":  "Decided.",
	"comment-answered": "Answered, on the page.",
	"comment-called":   "On the call list.",
	"comment-reported": "Noted: who told whom first is reckoned with it.",
	"calls-done":       "Nobody is left to call now.",
	"called-in":        "Everybody is being called in.",
	"answered":         "Noted.",
	"calls-noted":      "Noted, every row.",
	"call-left":        "Given back. Somebody else calls them.",
	"erased":           "Erased. The counts stay, the person does not.",
	"unsubscribe":      "Ended. Nothing more is sent there.",
	"terms":            "Kept. Runs that are drafted from now on are reckoned by them.",
	"credits-first":    "Approved by you. A second person has to approve it too.",
	"offered":          "Offers are made now, and letters go.", "booking": "The rest is booked.", "export-booked": "Settled.", "objection-answered": "Answered, and on its way to them.",
	"credits-approved": "Approved. Customers are owed it.",
	"credits-dropped":  "Dropped. Nothing of it is owed.",
	"signedout":        "Signed out.",
	"welcome":          "Welcome. Say who you are for customers, then publish the page.",
}
