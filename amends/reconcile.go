package amends

import "candor/money"

// A Part is some of a run's offers: of one currency and state, what the run said or what objections added.
type Part struct {
	Currency  string
	State     OfferState
	How       How
	Objection bool
	Offers    int64
	Minor     int64
}

// A Reconciliation is a run's money in one currency, from what was approved to what the book holds, to the cent.
type Reconciliation struct {
	Currency string
	Approved int64 // Σ of the run's credits
	Offered  int64 // Σ of the offers made for them
	Added    int64 // Σ of what objections added
	In       map[OfferState]int64
	Count    map[OfferState]int64
}

// Reconcile adds up the parts, by currency in the order they come, beside what the run approved.
func Reconcile(approved []money.Amount, parts []Part) (all []Reconciliation) {
	at := func(currency string) *Reconciliation {
		for i := range all {
			if all[i].Currency == currency {
				return &all[i]
			}
		}
		all = append(all, Reconciliation{Currency: currency, In: map[OfferState]int64{}, Count: map[OfferState]int64{}})
		return &all[len(all)-1]
	}
	for _, a := range approved {
		at(a.Currency).Approved += a.Minor
	}
	for _, p := range parts {
		r := at(p.Currency)
		if p.Objection {
			r.Added += p.Minor
		} else {
			r.Offered += p.Minor
		}
		r.In[p.State] += p.Minor
		r.Count[p.State] += p.Offers
	}
	return all
}

// Missing is what was approved and not offered yet; zero when every customer has their offer.
func (r Reconciliation) Missing() int64 { return r.Approved - r.Offered }

// Open is what is on its way: not with the book to the cent, and not lapsed.
func (r Reconciliation) Open() int64 {
	return r.In[OfferOpen] + r.In[OfferRedeemed] + r.In[OfferFailed] + r.In[OfferBooked]
}

// Balanced reports whether every state together is what was offered and added: no cent appeared or vanished.
func (r Reconciliation) Balanced() bool {
	var sum int64
	for _, minor := range r.In {
		sum += minor
	}
	return sum == r.Offered+r.Added
}
