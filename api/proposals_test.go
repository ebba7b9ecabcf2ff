package api

import (
	"context"
	"encoding/json"
	"time"

	"candor/desk"
	"candor/id"
	"candor/store"
)

// proposal is an update that somebody else wrote and that waits.
func (p *program) proposal() string {
	p.t.Helper()
	i, _ := p.declare("public")
	at := time.Now().UTC().Truncate(time.Microsecond)
	word, err := json.Marshal(desk.Word{Body: english("We have found the cause."), Author: i.Lead})
	p.must(err)
	x := store.Proposal{ID: id.New[id.Proposal](at), Incident: i.ID, By: id.New[id.Person](at), Word: word, At: at}
	ctx := context.Background()
	p.must(p.db.Write(ctx, func(tx *store.Tx) error { return tx.Proposals.Add(ctx, x, string(x.ID)) }))
	return string(x.ID)
}
