package amends

import (
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/money"
)

// An Offering is how an approved run is offered to its customers: signed by whom, in what words, until when.
//
// GoDaddy in 2012 gave every customer a month of each active site, with a button to redeem it until 19 September. Extra effort that is asked
// of a customer hurts (domain study §5), so a button is one touch, and who says nothing is credited all the same unless the company decides
// otherwise. An offer never asks for silence or a rating.
type Offering struct {
	Run          id.CreditRun
	Incident     id.Incident // empty for a month's run
	Policy       Policy
	Words        lang.Text // what happened, whose fault it was, that we are sorry: the signer's own
	Signer       id.Person
	Promise      id.Promise // that all of it is there in time; empty where there is no incident to promise on
	Announcement id.Announcement
	State        OfferingState
	Reason       HaltReason
	Cursor       id.Customer // the last whose offer is made
	BeganBy      id.Person
	BeganAt      time.Time
	MadeAt       time.Time // every customer has their offer
	ToldAt       time.Time // every letter has gone
	LookAt       time.Time // when the next reminder, or the end, is due
	Reminded     int
	ExpiresAt    time.Time
	ClosedAt     time.Time
}

// An OfferingState is where an offering is.
type OfferingState string

const (
	OnTrial OfferingState = "trial"  // the first few are booked and compared before the rest
	Going   OfferingState = "open"   // what is redeemed is booked
	Halted  OfferingState = "halted" // the book did not agree: somebody looks
	Closed  OfferingState = "closed" // every cent is settled, or lapsed
)

// A HaltReason is why nothing more is booked.
type HaltReason string

const (
	BookDiffers HaltReason = "book_differs" // it holds other sums than it was given
	BookRefuses HaltReason = "book_refuses" // of the first few it refused some
)

// Policy is what the company chose for a run.
type Policy struct {
	Redeeming Redeeming       `json:"redeeming"`
	Silence   Silence         `json:"silence"`
	Remind    []time.Duration `json:"remind,omitempty"` // before the end, the longest first
	Answer    time.Duration   `json:"answer"`           // within which somebody answers an objection
}

// Redeeming is what it takes to get the money.
type Redeeming string

const (
	ByButton    Redeeming = "button"    // one touch, no password
	ByItself    Redeeming = "automatic" // nothing
	defaultTime           = 24 * time.Hour
)

// Silence is what becomes of an offer that nobody redeems.
type Silence string

const (
	CreditAnyway Silence = "credit"
	Lapse        Silence = "lapse"
)

// UsualPolicy is one touch, credited anyway, with reminders a week and a day before the end, and an answer within a day.
func UsualPolicy() Policy {
	return Policy{Redeeming: ByButton, Silence: CreditAnyway, Remind: []time.Duration{7 * 24 * time.Hour, 24 * time.Hour}, Answer: defaultTime}
}

const (
	// Trial is how many are booked and read back before the rest of a run is: an error in fifty accounts is put right in an afternoon.
	Trial = 50
	// mostExport keeps an export small enough to look at, and to hand over within a lease.
	mostExport = 100
)

// Makes is how many offers may be made now: where they are credited by themselves, no more than the trial until it has agreed.
func (o Offering) Makes(made, chunk int) int {
	if o.State == OnTrial && o.Policy.Redeeming == ByItself {
		return min(chunk, max(0, Trial-made))
	}
	return chunk
}

// Books is how many may be handed to the book now, if so many have been before.
func (o Offering) Books(before int) int {
	switch o.State {
	case OnTrial:
		return min(mostExport, max(0, Trial-before))
	case Going:
		return mostExport
	}
	return 0
}

// NextLook is when the next reminder is due, or the end of the offer, and how many reminders have been due by now.
func (o Offering) NextLook(now time.Time) (look time.Time, reminders int) {
	if o.Policy.Redeeming == ByButton {
		for _, before := range o.Policy.Remind {
			if at := o.ExpiresAt.Add(-before); at.After(now) {
				return at, reminders
			}
			reminders++
		}
	}
	return o.ExpiresAt, reminders
}

// An Offer is one sum for one customer.
type Offer struct {
	ID         id.Offer
	Run        id.CreditRun
	Customer   id.Customer
	Objection  id.Objection // that it was made for; empty for what the run said
	Hash       string       // of its token
	Amount     money.Amount
	State      OfferState
	How        How
	Reason     string // why the book refused it
	Export     int64
	Entry      string // what the book calls it
	Attempt    int
	OfferedAt  time.Time
	RedeemedAt time.Time
	BookedAt   time.Time
	SettledAt  time.Time
	NextAt     time.Time
}

// An OfferState is where an offer is.
type OfferState string

const (
	OfferOpen     OfferState = "offered"
	OfferRedeemed OfferState = "redeemed" // it is theirs
	OfferBooked   OfferState = "booked"   // the book has taken it
	OfferSettled  OfferState = "settled"  // the book was read, and has it to the cent
	OfferFailed   OfferState = "failed"   // the book refused it: tried again, and shown
	OfferLapsed   OfferState = "lapsed"
)

// OfferStates in the order of an offer's life.
var OfferStates = [...]OfferState{OfferOpen, OfferRedeemed, OfferFailed, OfferBooked, OfferSettled, OfferLapsed}

// nextOffer is the whole of an offer's life.
var nextOffer = map[OfferState][]OfferState{
	OfferOpen:     {OfferRedeemed, OfferLapsed},
	OfferRedeemed: {OfferBooked, OfferFailed},
	OfferFailed:   {OfferRedeemed},
	OfferBooked:   {OfferSettled},
}

// May reports whether an offer can go from one state to another.
func (s OfferState) May(to OfferState) bool { return slices.Contains(nextOffer[s], to) }

// Theirs reports whether the customer has taken it, or it was given them.
func (s OfferState) Theirs() bool { return s != OfferOpen && s != OfferLapsed }

// How an offer was redeemed.
type How string

const (
	ByCustomer How = "customer"
	OfItself   How = "automatic"
	AtTheEnd   How = "expiry" // nobody said anything, and it was credited anyway
)

// Retried is when the book is asked again for what it refused: somebody has to open an account or give a right meanwhile.
func Retried(attempt int, now time.Time) time.Time {
	waits := [...]time.Duration{time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour}
	return now.Add(waits[min(max(attempt, 1), len(waits))-1])
}

// AskedAgain is when an export is handed over again whose fate is in doubt.
func AskedAgain(attempt int, now time.Time) time.Time {
	waits := [...]time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second, 5 * time.Second, 30 * time.Second, 5 * time.Minute, 15 * time.Minute}
	return now.Add(waits[min(max(attempt, 1), len(waits))-1])
}

// Make is the offer for what a run owes one customer. Where it takes nothing to redeem it is redeemed at once.
func (o Offering) Make(secret []byte, c id.Customer, amount money.Amount, objection id.Objection, at time.Time) Offer {
	x := Offer{ID: id.New[id.Offer](at), Run: o.Run, Customer: c, Objection: objection, Amount: amount, State: OfferOpen, OfferedAt: at}
	x.Hash, _ = audience.RedeemHash(audience.RedeemToken(secret, x.ID, c))
	if o.Policy.Redeeming == ByItself || !at.Before(o.ExpiresAt) { // what is granted after the end waits for nobody
		x.State, x.How, x.RedeemedAt = OfferRedeemed, OfItself, at
	}
	return x
}
