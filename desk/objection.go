package desk

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"candor/amends"
	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/money"
	"candor/problem"
	"candor/promise"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

const (
	longestObjection = 2000
	// mostObjections is how many may be open about one offer: the same words twice are one anyway.
	mostObjections = 3
)

// Object notes that a customer says an offer is not right, and promises them an answer. The same said again while nobody has answered is one.
func (d *Desk) Object(ctx context.Context, token string, kind amends.ObjectionKind, words string, speaks lang.Tag) (o amends.Objection, err error) {
	defer wrap(&err, "object to an offer")
	words = strings.TrimSpace(words)
	switch {
	case !kind.Valid():
		return o, problem.Field("kind", "problem.choice")
	case words == "" && kind != amends.RatherCash:
		return o, problem.Field("words", "problem.objection.empty")
	case utf8.RuneCountInString(words) > longestObjection || !utf8.ValidString(words) || strings.ContainsRune(words, 0):
		return o, problem.Field("words", "problem.text.runes", "limit", longestObjection)
	}
	hash, ok := audience.RedeemHash(token)
	if !ok {
		return o, wrongLink
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		x, err := offered(ctx, tx, hash)
		if err != nil {
			return err
		}
		open := 0
		for _, before := range x.Objections {
			if before.Open() && before.Kind == kind && before.Words == words {
				o = before
				return nil
			}
			if before.Open() {
				open++
			}
		}
		if open >= mostObjections {
			return problem.New(problem.TooMany, "problem.objection.many")
		}
		o = amends.Objection{
			ID: id.New[id.Objection](at), Offer: x.ID, Run: x.Offer.Run, Customer: x.Offer.Customer, Incident: x.Offering.Incident, Kind: kind, Words: words,
			Language: speaks, At: at, DueAt: at.Add(x.Offering.Policy.Answer), More: money.Amount{Currency: x.Amount.Currency},
		}
		if o.Incident != "" {
			o.Promise = id.New[id.Promise](at)
			if err := tx.Promises.Add(ctx, promise.Promise{
				ID: o.Promise, Kind: promise.Credit, To: promise.OneOfThem, Incident: o.Incident, Promiser: x.Offering.Signer, MadeAt: at, DueAt: o.DueAt,
				Text: lang.For(x.Customer.Language).T("offer.objection.promise"),
			}); err != nil {
				return err
			}
		}
		return tx.Objections.Add(ctx, o)
	})
	return o, err
}

// A Ruling is how one of us answers an objection.
type Ruling struct {
	Objection id.Objection
	Verdict   amends.Verdict
	Answer    string
	More      string // with Upheld: what they get on top, as typed
}

// AnswerObjection answers a customer's objection in their own thread of letters, once. What they get on top is an offer of its own, booked
// like any other: nothing that was approved is changed.
func (d *Desk) AnswerObjection(ctx context.Context, in Ruling) (err error) {
	defer wrap(&err, "answer objection %s", in.Objection)
	if err := need(ctx, staff.Pay); err != nil {
		return err
	}
	by := staff.Acting(ctx).Person.ID
	if by == "" {
		return problem.New(problem.Forbidden, "problem.forbidden") // an answer is somebody's
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		o, err := found(tx.Objections.ByID(ctx, in.Objection))
		if err != nil {
			return err
		}
		offer, err := tx.Offers.ByID(ctx, o.Offer)
		if err != nil {
			return err
		}
		if o, err = in.on(o, offer.Amount.Currency, by, at); err != nil {
			return err
		}
		mine, err := tx.Objections.Answer(ctx, o)
		if err != nil {
			return err
		}
		if !mine {
			return problem.New(problem.Conflict, "problem.objection.answered")
		}
		if o.Promise != "" {
			if err := tx.Promises.KeepOne(ctx, o.Promise, at); err != nil {
				return err
			}
		}
		if o.Verdict == amends.Upheld {
			if err := d.offerMore(ctx, tx, o, at); err != nil {
				return err
			}
		}
		if err := tellObjector(ctx, tx, o, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "answer objection", string(o.ID), nil, map[string]any{"verdict": o.Verdict, "more": o.More})
	})
}

// on is the objection as it stands answered.
func (in Ruling) on(o amends.Objection, currency string, by id.Person, at time.Time) (amends.Objection, error) {
	var wrong problem.List
	o.Answer = strings.TrimSpace(in.Answer)
	if o.Answer == "" {
		wrong.Add(problem.Field("answer", "problem.objection.answer"))
	}
	if utf8.RuneCountInString(o.Answer) > longestObjection || !utf8.ValidString(o.Answer) || strings.ContainsRune(o.Answer, 0) {
		wrong.Add(problem.Field("answer", "problem.text.runes", "limit", longestObjection))
	}
	switch in.Verdict {
	case amends.Upheld:
		more, err := money.Parse(in.More, currency)
		if err != nil || more.Minor == 0 {
			wrong.Add(problem.Field("more", "problem.objection.more", "currency", currency))
		}
		o.More = more
	case amends.Declined, amends.Talked:
	default:
		wrong.Add(problem.Field("verdict", "problem.choice"))
	}
	o.Verdict, o.AnsweredBy, o.AnsweredAt = in.Verdict, by, at
	return o, wrong.Err()
}

func (d *Desk) offerMore(ctx context.Context, tx *store.Tx, o amends.Objection, at time.Time) error {
	offering, err := tx.Offerings.Of(ctx, o.Run)
	if err != nil {
		return err
	}
	if offering.State == amends.Closed {
		if _, err := tx.Offerings.Turn(ctx, o.Run, amends.Closed, amends.Going, "", at); err != nil {
			return err
		}
	}
	secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
	if err != nil {
		return err
	}
	// Who had to object once need not press a button as well.
	offering.Policy.Redeeming = amends.ByItself
	_, err = tx.Offers.Make(ctx, []amends.Offer{offering.Make(secret, o.Customer, o.More, o.ID, at)})
	return err
}

// tellObjector announces the answer to where the customer reads.
func tellObjector(ctx context.Context, tx *store.Tx, o amends.Objection, at time.Time) error {
	return tx.Announcements.Add(ctx, reach.Announcement{
		ID: id.New[id.Announcement](at), Kind: reach.OnObjection, Target: audience.Target{Customer: o.Customer}, Priority: reach.Urgent, Link: string(o.ID), AsOf: at,
	})
}
