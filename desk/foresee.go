package desk

import (
	"context"
	"slices"
	"sync"
	"time"

	"candor/audience"
	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/money"
	"candor/reach"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// A Foreseen is what a word would reach and what the climb would take, shown before anything is posted.
type Foreseen struct {
	Customers int64
	Drawn     int // Ways and Estimate are of so many customers drawn by lot, scaled up; 0: of all of them
	Ways      []Way
	Nowhere   int64              // have no address at all
	Languages map[lang.Tag]int64 // how many read each
	Estimate  reach.Estimate
}

// A Way is how many customers begin with a channel of the ladder.
type Way struct {
	Channel   string // settings.Person for those whom only a telephone reaches
	Customers int64
}

// drawn is how many customers an estimate looks at: of so many, a share is right to two points in a hundred.
const drawn = 2000

// Foresee counts the customers an incident would affect if it stood as it is given, and estimates what reaching all of them would take. named
// are the ids of a list that nobody has sent yet.
func (d *Desk) Foresee(ctx context.Context, tx *store.Tx, i incident.Incident, broken []id.Component, named []string) (f Foreseen, err error) {
	defer wrap(&err, "foresee whom a word reaches")
	if err := need(ctx, staff.Say); err != nil {
		return f, err
	}
	s, _, err := tx.Settings.Load(ctx)
	if err != nil {
		return f, err
	}
	all, err := tx.Components.All(ctx)
	if err != nil {
		return f, err
	}
	a := store.Assessment{Incident: i.ID, Audience: or(i.Audience, incident.ByUse), Components: component.Touched(all, broken), From: i.StartedAt}
	if a.Audience == incident.Listed && len(distinct(named)) > 0 {
		some, err := listed(ctx, tx, named)
		f.Customers = int64(len(some))
		f.weigh(s, s.Ladder(i.Kind, i.Impact), some)
		return f, err
	}
	return d.foreseen.once(a, i, func() (f Foreseen, err error) {
		if f.Customers, err = tx.Affected.Foresee(ctx, a); err != nil || f.Customers == 0 {
			return f, err
		}
		some, err := tx.Affected.ForeseeSome(ctx, a, drawn)
		f.weigh(s, s.Ladder(i.Kind, i.Impact), some)
		return f, err
	})
}

// listed are the customers of a list, with their contacts.
func listed(ctx context.Context, tx *store.Tx, named []string) (all []audience.Customer, err error) {
	externals := distinct(named)
	known, err := tx.Customers.ByExternals(ctx, slices.DeleteFunc(externals[:min(len(externals), mostDeclared)], impossible))
	for _, x := range known {
		c := audience.Customer{ID: x}
		if c.Contacts, err = tx.Customers.ContactsOf(ctx, x); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, err
}

// weigh looks at some of the customers and scales up to all of them.
func (f *Foreseen) weigh(s settings.Settings, l settings.Ladder, some []audience.Customer) {
	if len(some) == 0 {
		return
	}
	ways := map[string]int64{}
	var climbers []reach.Climber
	for _, c := range some {
		ways[firstWay(s, l, c)]++
		climbers = append(climbers, climber(s.SMS, c))
	}
	f.Estimate = reach.Price(l, climbers, slices.Contains(s.Channels(), audience.Voice), reach.Answering{})
	scale := func(n int64) int64 { return n }
	if int64(len(some)) < f.Customers {
		f.Drawn = len(some)
		scale = func(n int64) int64 { return int64(float64(n) * float64(f.Customers) / float64(len(some))) }
	}
	for _, r := range l.Rungs {
		if n := ways[r.Channel]; n > 0 {
			f.Ways = append(f.Ways, Way{r.Channel, scale(n)})
			delete(ways, r.Channel)
		}
	}
	f.Nowhere, f.Estimate.Customers = scale(ways[""]), f.Customers
	f.Languages = map[lang.Tag]int64{}
	for _, c := range some {
		f.Languages[languageOf(s, c)]++
	}
	for tag, n := range f.Languages {
		f.Languages[tag] = scale(n)
	}
	for _, c := range []*reach.Cost{&f.Estimate.Most, &f.Estimate.Expected} {
		for currency, minor := range c.Money {
			c.Money[currency] = scale(minor)
		}
		c.Work = time.Duration(scale(int64(c.Work)))
	}
}

// languageOf is what a customer's words come in.
func languageOf(s settings.Settings, c audience.Customer) lang.Tag {
	if c.Language.Known() {
		return c.Language
	}
	for _, x := range c.Contacts {
		if x.Language.Known() {
			return x.Language
		}
	}
	return s.Default()
}

// firstWay is the first rung on which a customer has anything; empty if there is none.
func firstWay(s settings.Settings, l settings.Ladder, c audience.Customer) string {
	for _, r := range l.Rungs {
		has := slices.ContainsFunc(c.Contacts, func(x audience.Contact) bool {
			return x.Channel == r.Channel && slices.Contains(s.Channels(), r.Channel) || r.Channel == settings.Person && x.Address.IsPhone()
		})
		if has {
			return r.Channel
		}
	}
	return ""
}

func climber(s settings.SMS, c audience.Customer) (k reach.Climber) {
	k.Customer = c.ID
	for _, x := range c.Contacts {
		k.Telephone = k.Telephone || x.Address.IsPhone()
		if x.Channel == audience.SMS && k.Text == (money.Amount{}) {
			k.Text = reach.PriceOf(s, x.Address.Region())
		}
	}
	return k
}

// A foresight keeps what took long to count, for a little while: a preview is made again with every word somebody types.
type foresight struct {
	mu   sync.Mutex
	kept map[string]foresaw
}

type foresaw struct {
	Foreseen
	at time.Time
}

const (
	slowCount   = 100 * time.Millisecond
	foreseenFor = time.Minute
)

func (k *foresight) once(a store.Assessment, i incident.Incident, count func() (Foreseen, error)) (Foreseen, error) {
	name := string(i.ID) + string(a.Audience) + string(i.Kind) + string(i.Impact)
	for _, c := range a.Components {
		name += string(c)
	}
	began := time.Now()
	k.mu.Lock()
	was, known := k.kept[name]
	k.mu.Unlock()
	if known && began.Sub(was.at) < foreseenFor {
		return was.Foreseen, nil
	}
	f, err := count()
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, name)
	if err == nil && time.Since(began) > slowCount {
		if k.kept == nil || len(k.kept) > 100 {
			k.kept = map[string]foresaw{}
		}
		k.kept[name] = foresaw{f, time.Now()}
	}
	return f, err
}
