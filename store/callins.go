package store

import (
	"context"
	"time"

	"candor/id"
	"candor/staff"
)

// CallIns are the times everybody was called in.
type CallIns struct{ tx *Tx }

// A CallIn is one of them. Asks are read apart.
type CallIn struct {
	ID        id.CallIn
	Incident  id.Incident
	StartedBy id.Person
	Note      string
	staff.CallIn
	ClosedAt time.Time // nobody will be asked any more; answers still count
}

// A CallInAsk is one person asked once.
type CallInAsk struct {
	staff.Ask
	CallIn       id.CallIn
	Code         id.Code         // of the link they are sent
	Announcement id.Announcement // that carries it; empty for who was not sent one
	Why          staff.WhyAsked
}

const callInColumns = `id, incident, started_by, note, tree, answer_in, passes, at, closed_at`

// Add appends one.
func (v CallIns) Add(ctx context.Context, c CallIn) (err error) {
	defer wrap(&err, "begin call-in %s", c.ID)
	return exec(ctx, v.tx, `INSERT INTO callins (`+callInColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.ID, c.Incident, c.StartedBy, c.Note, asJSON(&c.Tree), int64(c.Terms.Answer/time.Second), c.Terms.Passes, instant(c.At), instant(c.ClosedAt))
}

// ByID finds one, with who was asked.
func (v CallIns) ByID(ctx context.Context, x id.CallIn) (_ CallIn, asks []CallInAsk, err error) {
	defer wrap(&err, "read call-in %s", x)
	return v.whole(ctx)(one(ctx, v.tx, readCallIn, `SELECT `+callInColumns+` FROM callins WHERE id = $1`, x))
}

// Latest is the last one about an incident.
func (v CallIns) Latest(ctx context.Context, i id.Incident) (_ CallIn, asks []CallInAsk, err error) {
	defer wrap(&err, "read the last call-in of %s", i)
	return v.whole(ctx)(one(ctx, v.tx, readCallIn, `SELECT `+callInColumns+` FROM callins WHERE incident = $1 ORDER BY at DESC, id DESC LIMIT 1`, i))
}

func (v CallIns) whole(ctx context.Context) func(CallIn, error) (CallIn, []CallInAsk, error) {
	return func(c CallIn, err error) (CallIn, []CallInAsk, error) {
		if err != nil {
			return c, nil, err
		}
		asks, err := many(ctx, v.tx, readCallInAsk, `SELECT `+callInAskColumns+` FROM callin_people
			WHERE callin = $1
			ORDER BY asked_at, person, pass
			LIMIT 50000`, c.ID)
		for _, a := range asks {
			c.Asks = append(c.Asks, a.Ask)
		}
		return c, asks, err
	}
}

// Close notes that nobody will be asked any more, or again that somebody will.
func (v CallIns) Close(ctx context.Context, x id.CallIn, at time.Time) (err error) {
	defer wrap(&err, "close call-in %s", x)
	return execOne(ctx, v.tx, `UPDATE callins SET closed_at = $2 WHERE id = $1`, x, instant(at))
}

const (
	savedAskColumns = `callin, person, pass, code, announcement, rings, why, asked_at, answer, answered_at`
	// callInAskColumns end with whether the message failed: it was planned, and what became of it everywhere is that nobody has it. What
	// lies in the outbox for want of a relay waits like anything on its way.
	callInAskColumns = savedAskColumns + `,
		EXISTS (SELECT 1 FROM announcements a WHERE a.id = callin_people.announcement AND a.planned_at IS NOT NULL)
		AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.announcement = callin_people.announcement
			AND (d.state NOT IN ('failed', 'bounced', 'suppressed', 'poison') OR d.reason = 'outbox'))`
)

// Ask appends a person asked; the same asking twice is one.
func (v CallIns) Ask(ctx context.Context, a CallInAsk) (added bool, err error) {
	defer wrap(&err, "ask %s in", a.Person)
	n, err := execCount(ctx, v.tx, `INSERT INTO callin_people (`+savedAskColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT DO NOTHING`, a.CallIn, a.Person, a.Pass, a.Code, a.Announcement, a.By, a.Why, instant(a.At), a.Answer, instant(a.AnsweredAt))
	return n == 1, err
}

// AskOf finds the asking that a link was made for.
func (v CallIns) AskOf(ctx context.Context, code id.Code) (_ CallInAsk, err error) {
	defer wrap(&err, "read who is asked in")
	return one(ctx, v.tx, readCallInAsk, `SELECT `+callInAskColumns+` FROM callin_people WHERE code = $1`, code)
}

// Answer keeps what somebody said, for every time they were asked.
func (v CallIns) Answer(ctx context.Context, x id.CallIn, p id.Person, answer staff.Answer, at time.Time) (err error) {
	defer wrap(&err, "note what %s answers", p)
	return exec(ctx, v.tx, `UPDATE callin_people SET answer = $3, answered_at = $4 WHERE callin = $1 AND person = $2`, x, p, answer, instant(at))
}

func readCallIn(scan scan) (c CallIn, err error) {
	var seconds int64
	err = scan(&c.ID, &c.Incident, &c.StartedBy, &c.Note, asJSON(&c.Tree), &seconds, &c.Terms.Passes, (*instant)(&c.At), (*instant)(&c.ClosedAt))
	c.Terms.Answer = time.Duration(seconds) * time.Second
	return c, err
}

func readCallInAsk(scan scan) (a CallInAsk, err error) {
	err = scan(&a.CallIn, &a.Person, &a.Pass, &a.Code, &a.Announcement, &a.By, &a.Why, (*instant)(&a.At), &a.Answer, (*instant)(&a.AnsweredAt), &a.Failed)
	return a, err
}
