package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"candor/reach"
)

type bounceCommand struct{}

// Help is shown by candor bounce --help.
func (bounceCommand) Help() string {
	return `Reads one mail from standard input, and says of each recipient what came back. Classes: hard, soft, policy, complaint, auto_reply,
unknown. Exit status 0 when the mail is a bounce, a complaint or an automatic answer, 1 when it is none of them.

Example:

  candor bounce < mail.eml`
}

type returnedJSON struct {
	Address string `json:"address"`
	Class   string `json:"class"`
	Status  string `json:"status"`
	Reason  string `json:"reason"`
}

// Run reads the mail and prints whom it reports on.
func (bounceCommand) Run(term terminal) error {
	raw, err := io.ReadAll(io.LimitReader(term.in, reach.MostReturned))
	if err != nil {
		return fmt.Errorf("read the mail: %w", err)
	}
	if len(raw) == 0 {
		return usageError{errors.New("no mail on standard input; try: candor bounce < mail.eml")}
	}
	said := struct {
		Recipients []returnedJSON `json:"recipients"`
	}{Recipients: []returnedJSON{}}
	for _, r := range reach.ReadReturn(raw).Recipients {
		said.Recipients = append(said.Recipients, returnedJSON{string(r.Address), string(r.Class), r.Status, r.Reason})
	}
	out := json.NewEncoder(term.out)
	out.SetEscapeHTML(false)
	if err := out.Encode(said); err != nil {
		return err
	}
	if len(said.Recipients) == 0 {
		return errNo
	}
	return nil
}
