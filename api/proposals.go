package api

import (
	"context"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/store"
)

// A Proposal is an update that waits for a second person.
type Proposal struct {
	ID       id.Proposal     `json:"id"`
	Incident id.Incident     `json:"incident"`
	By       id.Person       `json:"by" doc:"Who proposed it; nobody approves their own"`
	Author   id.Person       `json:"author" doc:"In whose name it goes out"`
	At       time.Time       `json:"at"`
	Status   incident.Status `json:"status,omitempty"`
	Body     lang.Text       `json:"body" doc:"Markdown"`
	HoldAt   time.Time       `json:"hold_at,omitzero" doc:"When the holding update goes out instead, if nobody has answered"`
}

type proposalsBody struct {
	Body struct {
		Proposals []Proposal `json:"proposals"`
	}
}

// ProposalPath names one.
type ProposalPath struct {
	ID string `path:"id"`
}

func (p ProposalPath) proposal() (id.Proposal, error) {
	x, err := id.Parse[id.Proposal](p.ID)
	if err != nil {
		return "", problem.New(problem.NotFound, "problem.not_found")
	}
	return x, nil
}

func (a *API) listProposals(ctx context.Context, _ *struct{}) (*proposalsBody, error) {
	var waiting []desk.Waiting
	err := a.db.Read(ctx, func(tx *store.Tx) (err error) {
		waiting, err = a.desk.WordsWaiting(ctx, tx)
		return err
	})
	out := &proposalsBody{}
	out.Body.Proposals = []Proposal{}
	for _, w := range waiting {
		out.Body.Proposals = append(out.Body.Proposals, Proposal{w.ID, w.Incident, w.By, w.Said.Author, w.At, w.Said.Status, w.Said.Body, w.Hold})
	}
	return out, err
}

func (a *API) approveProposal(ctx context.Context, in *ProposalPath) (*updateBody, error) {
	x, err := in.proposal()
	if err != nil {
		return nil, err
	}
	u, err := a.desk.Approve(ctx, x)
	if err != nil {
		return nil, err
	}
	return a.said(ctx, u)
}

type declineProposal struct {
	ProposalPath
	Body struct {
		Note string `json:"note,omitempty" doc:"Why, for who wrote it"`
	}
}

func (a *API) declineProposal(ctx context.Context, in *declineProposal) (*struct{}, error) {
	x, err := in.proposal()
	if err != nil {
		return nil, err
	}
	return nil, a.desk.Decline(ctx, x, in.Body.Note)
}
