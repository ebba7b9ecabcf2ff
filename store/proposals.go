package store

import (
	"context"
	"encoding/json"
	"time"

	"candor/id"
)

// Proposals are words that wait, or waited, for a second person.
type Proposals struct{ tx *Tx }

// A ProposalDecision is what a second person said to a word.
type ProposalDecision string

const (
	ProposalWaits    ProposalDecision = ""
	ProposalApproved ProposalDecision = "approved"
	ProposalDeclined ProposalDecision = "declined"
)

// A Proposal is one of them. Word is the desk's.
type Proposal struct {
	ID       id.Proposal
	Incident id.Incident
	By       id.Person
	Word     json.RawMessage
	At       time.Time
	Decided  time.Time
	Decider  id.Person
	Decision ProposalDecision
	Note     string
}

const proposalColumns = `id, incident, person, word, proposed_at, decided_at, decided_by, decision, note`

// Add appends one. A key that was used before is ErrExists.
func (p Proposals) Add(ctx context.Context, x Proposal, key string) (err error) {
	defer wrap(&err, "propose %s", x.ID)
	return exec(ctx, p.tx, `INSERT INTO proposals (`+proposalColumns+`, request_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		x.ID, x.Incident, x.By, string(x.Word), instant(x.At), instant(x.Decided), x.Decider, x.Decision, x.Note, key)
}

// ByID finds one.
func (p Proposals) ByID(ctx context.Context, x id.Proposal) (_ Proposal, err error) {
	defer wrap(&err, "read proposal %s", x)
	return one(ctx, p.tx, readProposal, `SELECT `+proposalColumns+` FROM proposals WHERE id = $1`, x)
}

// ByKey finds the one that a repeated request has already made, or ErrNotFound.
func (p Proposals) ByKey(ctx context.Context, key string) (_ Proposal, err error) {
	defer wrap(&err, "find the proposal of a repeated request")
	return one(ctx, p.tx, readProposal, `SELECT `+proposalColumns+` FROM proposals WHERE request_key = $1`, key)
}

// Waiting are those nobody has answered, the oldest first.
func (p Proposals) Waiting(ctx context.Context) (_ []Proposal, err error) {
	defer wrap(&err, "read the words that wait")
	return many(ctx, p.tx, readProposal, `SELECT `+proposalColumns+` FROM proposals WHERE decided_at IS NULL ORDER BY proposed_at, id LIMIT 200`)
}

// Decide keeps an answer, and reports whether there was none yet.
func (p Proposals) Decide(ctx context.Context, x Proposal) (mine bool, err error) {
	defer wrap(&err, "answer proposal %s", x.ID)
	n, err := execCount(ctx, p.tx, `UPDATE proposals SET decided_at = $2, decided_by = $3, decision = $4, note = $5 WHERE id = $1 AND decided_at IS NULL`,
		x.ID, instant(x.Decided), x.Decider, x.Decision, x.Note)
	return n == 1, err
}

func readProposal(scan scan) (x Proposal, err error) {
	var word string
	err = scan(&x.ID, &x.Incident, &x.By, &word, (*instant)(&x.At), (*instant)(&x.Decided), &x.Decider, &x.Decision, &x.Note)
	x.Word = json.RawMessage(word)
	return x, err
}
