package duty

import (
	"time"

	"candor/audience"
	"candor/reach"
	"candor/store"
)

// rate is what the company allows a channel, as the store counts it: a tenth of a second's worth may go at once.
func rate(second int) store.Rate {
	return store.Rate{Every: time.Second / time.Duration(second), Burst: int64(max(1, second/10))}
}

// again is how soon a node looks again when the shared rate let less through than was wanted.
const again = 100 * time.Millisecond

// claim takes what is due, as far as the rate shared by all nodes allows, and leaves out receivers that asked any node to wait. Taking from
// the rate and claiming are one transaction: what is not claimed is not spent.
func (d *deliverer) claim(tx *store.Tx, c store.Claim) (claimed []reach.Delivery, held bool, err error) {
	ctx := d.hard
	if d.speaksHTTP() {
		resting, err := tx.Limits.Resting(ctx, d.restName(""), c.Now, store.MostDomains)
		if err != nil {
			return nil, false, err
		}
		c.Without = append(resting, c.Without...)
	}
	second := d.office.now().settings.Rates[d.channel]
	if second <= 0 {
		return tx.Deliveries.Claim(ctx, c)
	}
	name, r := "rate:"+d.channel, rate(second)
	room, err := tx.Limits.Room(ctx, name, r, c.Now)
	if err != nil || room == 0 {
		return nil, true, err
	}
	if held = room < int64(c.Limit); held {
		c.Limit = int(room)
	}
	claimed, more, err := tx.Deliveries.Claim(ctx, c)
	if err != nil {
		return nil, false, err
	}
	return claimed, more || held && len(claimed) == c.Limit, tx.Limits.Spend(ctx, name, r, int64(len(claimed)), c.Now)
}

// speaksHTTP reports whether receivers of this channel can ask us to wait (Retry-After). A mail relay has no such word, and text message
// providers are asked one by one.
func (d *deliverer) speaksHTTP() bool {
	return d.channel == audience.Push || d.channel == audience.Webhook || d.channel == audience.Chat
}

func (d *deliverer) restName(domain string) string { return "rest:" + d.channel + ":" + domain }

// rest passes on to all nodes what a receiver asked of this one.
func (d *deliverer) rest(tx *store.Tx, results []result, at time.Time) error {
	if !d.speaksHTTP() {
		return nil
	}
	for _, r := range results {
		if r.wait <= 0 {
			continue
		}
		if err := tx.Limits.Rest(d.hard, d.restName(r.domain), at.Add(r.wait)); err != nil {
			return err
		}
	}
	return nil
}
