package desk

import (
	"context"
	"errors"
	"strings"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// ErrEnough means that more came back for one delivery than anybody needs to keep.
var ErrEnough = errors.New("too much came back for this delivery")

const (
	// mostReturns bounds what one letter can bring back: its address is known to whoever got it.
	mostReturns = 50
	byMail      = "mail"
	// longestReply is in bytes.
	longestReply = 16 << 10
)

// ReceiveBounce keeps what a machine sent back for a delivery, and does what follows from it. Whose it is was proved by the address it came
// to; what the mail itself names proves nothing (B18). The same mail twice is one receipt, and the second has no consequence.
func (d *Desk) ReceiveBounce(ctx context.Context, x id.Delivery, m reach.ReturnMail) (r reach.Receipt, err error) {
	defer wrap(&err, "receive a bounce of %s", x)
	err = d.receiveMail(ctx, d.db.Batch, x, m, func(was reach.Delivery) reach.Receipt {
		said := m.Of(was.Address)
		r := reach.Receipt{Kind: said.Says(), Machine: true, Code: said.Status, Reason: said.Reason}
		if r.Kind == reach.SaysAway {
			r.Body = replyText(m.Text) // who stands in for them, and until when
		}
		return r
	}, followMail, &r)
	return r, err
}

// ReceiveReply keeps what a person wrote back to the address for answers, for staff to read and answer. Whose it is was proved by the letter
// it names, which only its reader has seen: so the reader has the word, and that counts as an acknowledgement. Nothing else follows, whatever
// it says: a mail signs nobody in and acts for nobody (B18).
func (d *Desk) ReceiveReply(ctx context.Context, x id.Delivery, m reach.ReturnMail) (r reach.Receipt, err error) {
	defer wrap(&err, "receive a reply to %s", x)
	err = d.receiveMail(ctx, d.db.Write, x, m, asReply(m), d.followReply, &r)
	return r, err
}

// ReceiveStray keeps what came to a return path and is no report. Programs of people never write there, but machines that do not say what
// they are: staff read it, and nobody counts as reached by it.
func (d *Desk) ReceiveStray(ctx context.Context, x id.Delivery, m reach.ReturnMail) (r reach.Receipt, err error) {
	defer wrap(&err, "receive a stray mail about %s", x)
	err = d.receiveMail(ctx, d.db.Batch, x, m, asReply(m), followMail, &r)
	return r, err
}

func asReply(m reach.ReturnMail) func(reach.Delivery) reach.Receipt {
	return func(reach.Delivery) reach.Receipt {
		return reach.Receipt{Kind: reach.SaysReply, Body: replyText(m.Text)}
	}
}

// receiveMail files one receipt. r is the one that was kept, or the zero Receipt if it was known.
func (d *Desk) receiveMail(
	ctx context.Context, write func(context.Context, func(*store.Tx) error) error, x id.Delivery, m reach.ReturnMail,
	read func(reach.Delivery) reach.Receipt, follow func(context.Context, *store.Tx, reach.Receipt, reach.Delivery) error, r *reach.Receipt,
) error {
	if err := need(ctx, staff.Reach); err != nil {
		return err
	}
	at := now()
	err := write(ctx, func(tx *store.Tx) error {
		*r = reach.Receipt{}
		was, err := tx.Deliveries.ByID(ctx, x)
		if errors.Is(err, store.ErrNotFound) {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		if err != nil {
			return err
		}
		got := read(was)
		got.ID, got.Delivery, got.Source, got.At = id.New[id.Receipt](at), x, byMail, at
		added, err := tx.Receipts.AddOnce(ctx, got, m.Digest)
		if err != nil || !added {
			return err
		}
		if n, err := tx.Receipts.Count(ctx, x); err != nil || n > mostReturns {
			return errors.Join(err, ErrEnough)
		}
		*r = got
		if err := keepReply(ctx, tx, got, was, m); err != nil {
			return err
		}
		return follow(ctx, tx, got, was)
	})
	if err != nil {
		*r = reach.Receipt{}
		return err
	}
	d.wake()
	return nil
}

// followMail does what follows from a receipt that was not known before.
func followMail(ctx context.Context, tx *store.Tx, r reach.Receipt, was reach.Delivery) error {
	var soft int64
	if r.CountsAsSoft() {
		var err error
		if soft, err = tx.Receipts.Soft(ctx, was, r.At.Add(-reach.SoftWindow)); err != nil {
			return err
		}
	}
	becomes, suppress := r.Consequence(was, int(soft))
	if suppress == audience.Complaint { // stronger than a bounce: no retry of staff's lifts it
		if err := tx.Suppressions.Lift(ctx, was.Channel, was.Address.Key(), audience.HardBounce); err != nil {
			return err
		}
	}
	if suppress != "" {
		if err := tx.Suppressions.Add(ctx, was.Channel, was.Address.Key(), suppress, r.At); err != nil {
			return err
		}
	}
	if becomes == "" {
		return nil
	}
	_, err := tx.Deliveries.Heed(ctx, was, becomes, r)
	return err
}

// replyText is a stranger's text as both databases take it.
func replyText(s string) string {
	s = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD"))
	if len(s) > longestReply {
		s = strings.ToValidUTF8(s[:longestReply], "")
	}
	return s
}
