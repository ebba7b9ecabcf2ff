package site

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/store"
)

// A page of one's own is opened by the link in a customer's letter: what is broken for them, one button to say that they know, one to ask
// for a call. Like every page behind a link it changes nothing by being looked at (B5), is never stored, and sends no referrer (B14).

const (
	// ownAccounts and ownIncidents bound a page: of a reseller's hundred accounts the first are shown.
	ownAccounts  = 25
	ownIncidents = 8
	// ownPast is how long what is over stays on the page.
	ownPast = 7 * 24 * time.Hour
)

// ownFacts are what one page is written from: one snapshot.
type ownFacts struct {
	token    string
	sent     id.Announcement // the code they are asked to type
	owner    desk.Owner
	accounts []audience.Customer
	channels []desk.OwnChannel
	hits     []ownHit // open ones first, then the newest
	asked    store.CallRequest
	place    int64 // in the queue; 0 if they did not ask
	secret   []byte
}

// An ownHit is an incident that affects some of the accounts.
type ownHit struct {
	story
	affected []reach.Affected
	known    reach.Affected // how they said that they know, about every account; zero if they have not
}

func (f *Face) showOwn(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		return f.serveOwn(w, r, tag, r.PathValue("token"), nil)
	}
}

// serveOwn answers with the page a token opens; with a refusal, with what was typed.
func (f *Face) serveOwn(w http.ResponseWriter, r *http.Request, tag lang.Tag, token string, refused *problem.Problem) error {
	ctx, leave, err := enter(r.Context(), f.owners) // a few at a time: whoever has a link has one page's worth of our attention
	if err != nil {
		return err
	}
	defer leave()
	now := time.Now()
	here, err := f.currentWorld(ctx, now)
	if err != nil {
		return err
	}
	facts, err := f.ownFacts(ctx, here, token, now)
	if err != nil {
		return err
	}
	facts.sent = sentCode(r)
	page := f.ownPage(f.reader(here, tag, now, f.blindSince(now)), here, facts)
	status := http.StatusOK
	if refused != nil {
		status = refused.Kind.Status()
		page.refuse(r, refused)
	}
	body, err := f.templates.execute("me.html", page)
	if err != nil {
		return err
	}
	newEntry(document{status: status, kind: f.kinds.form, body: body}, now).serve(w, r)
	return nil
}

func (f *Face) ownFacts(ctx context.Context, w *world, token string, now time.Time) (x ownFacts, err error) {
	x.token = token
	if x.owner, err = f.desk.OwnerByToken(ctx, token); err != nil {
		return x, err
	}
	err = f.db.Read(ctx, func(tx *store.Tx) error {
		x.accounts, x.hits, x.asked, x.place = nil, nil, store.CallRequest{}, 0
		for _, account := range x.owner.Accounts[:min(len(x.owner.Accounts), ownAccounts)] {
			c, err := tx.Customers.ByID(ctx, account)
			if err != nil {
				return err
			}
			x.accounts = append(x.accounts, c)
		}
		if x.channels, err = desk.OwnChannels(ctx, tx, x.owner); err != nil {
			return err
		}
		if x.secret, err = tx.Instance.Secret(ctx, store.LinkSecret); err != nil {
			return err
		}
		if err := x.loadHits(ctx, tx, w, now); err != nil {
			return err
		}
		return x.loadAsked(ctx, tx)
	})
	return x, err
}

// loadHits reads what affects the accounts: what is open, and what was until a few days ago.
func (x *ownFacts) loadHits(ctx context.Context, tx *store.Tx, w *world, now time.Time) error {
	affected := map[id.Incident][]reach.Affected{}
	var order []id.Incident
	for _, c := range x.accounts {
		all, err := tx.Affected.OfCustomer(ctx, c.ID)
		if err != nil {
			return err
		}
		for _, a := range all {
			if affected[a.Incident] == nil {
				order = append(order, a.Incident)
			}
			affected[a.Incident] = append(affected[a.Incident], a)
		}
	}
	slices.SortFunc(order, func(a, b id.Incident) int { return cmp.Compare(b, a) }) // ids sort by age
	for _, i := range order[:min(len(order), 5*ownIncidents)] {
		s, shown, err := w.ownStory(ctx, tx, i, now)
		if err != nil {
			return err
		}
		if shown {
			known, err := knownTo(ctx, tx, affected[i])
			if err != nil {
				return err
			}
			x.hits = append(x.hits, ownHit{s, affected[i], known})
		}
	}
	slices.SortStableFunc(x.hits, func(a, b ownHit) int {
		switch {
		case a.Open() == b.Open():
			return 0
		case a.Open():
			return -1
		}
		return 1
	})
	x.hits = x.hits[:min(len(x.hits), ownIncidents)]
	return nil
}

// knownTo is how and when the last of the accounts was reached. Who asked for a call has not come to an end, and may have said so all the
// same.
func knownTo(ctx context.Context, tx *store.Tx, all []reach.Affected) (known reach.Affected, err error) {
	for _, x := range all {
		if !x.Ended.Reached() {
			said, err := desk.Said(ctx, tx, x)
			if err != nil || said.IsZero() {
				return reach.Affected{}, err
			}
			x.Ended, x.ReachedAt = reach.EndAcknowledged, said
		}
		known = x
	}
	return known, nil
}

// ownStory is an incident as the page tells it; what is not public, or long over, is not shown (V23).
func (w *world) ownStory(ctx context.Context, tx *store.Tx, x id.Incident, now time.Time) (story, bool, error) {
	i, err := tx.Incidents.ByID(ctx, x)
	if err != nil || i.Visibility != incident.Public || !i.Open() && now.Sub(i.ResolvedAt) > ownPast {
		return story{}, false, err
	}
	updates, err := tx.Updates.Of(ctx, x)
	if err != nil {
		return story{}, false, err
	}
	promises, err := tx.Promises.ToCustomers(ctx, x)
	return w.stories([]incident.Incident{i}, updates, promises)[0], true, err
}

// loadAsked finds the call they wait for.
func (x *ownFacts) loadAsked(ctx context.Context, tx *store.Tx) error {
	for _, h := range x.hits {
		for _, a := range h.affected {
			r, err := tx.CallRequests.OpenOf(ctx, a.Incident, a.Customer)
			if isMissing(err) {
				continue
			}
			if err != nil {
				return err
			}
			x.asked = r
			x.place, err = tx.CallRequests.Place(ctx, r)
			return err
		}
	}
	return nil
}
