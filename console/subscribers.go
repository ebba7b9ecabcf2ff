package console

import (
	"context"
	"net/http"
	"strings"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/store"
)

// A subscribersPage lists who is told.
type subscribersPage struct {
	shell
	Active   int64
	Rows     []subscriberRow
	More     string
	Address  input
	Language choice
}

type subscriberRow struct {
	ID         id.Contact
	Address    string
	Language   string
	State      string
	Components string
	Since      time.Time
	Live       bool
}

func (f *Face) showSubscribers(w http.ResponseWriter, r *http.Request) error {
	return f.renderSubscribers(w, r, http.StatusOK, nil)
}

func (f *Face) renderSubscribers(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	var p subscribersPage
	s, err := f.frame(r, "Subscribers", "reach", func(ctx context.Context, tx *store.Tx, s *shell) error {
		counts, err := tx.Contacts.CountByState(ctx)
		if err != nil {
			return err
		}
		p.Active = counts["active"]
		ask := store.ContactPage{Limit: longPage + 1}
		if code := r.URL.Query().Get("after"); code != "" {
			if ask.After, err = tx.Contacts.ByCode(ctx, parsedCode(code)); err != nil {
				return err
			}
		}
		found, err := tx.Contacts.Page(ctx, ask)
		if err != nil {
			return err
		}
		return p.fill(ctx, tx, *s, found)
	})
	if err != nil {
		return err
	}
	p.shell = s.asTyped(r, faults)
	p.Address = p.input("email", "email", "Mail", "", "")
	p.Language = languageChoice(p.shell, "language", "Language", s.Company.Languages, lang.Tag(p.typed.Get("language")))
	return f.render(w, status, "subscribers", p)
}

func (p *subscribersPage) fill(ctx context.Context, tx *store.Tx, s shell, found []audience.Contact) error {
	if len(found) > longPage {
		found = found[:longPage]
		p.More = "/console/subscribers?after=" + string(found[longPage-1].Code)
	}
	all, err := tx.Components.All(ctx)
	if err != nil {
		return err
	}
	for _, c := range found {
		whole, err := tx.Contacts.ByID(ctx, c.ID) // with the components they chose
		if err != nil {
			return err
		}
		row := subscriberRow{ID: c.ID, Address: string(c.Address), Language: c.Language.Name(), State: subscriberWords[c.State()], Since: c.CreatedAt}
		row.Live = c.EndedAt.IsZero()
		var names []string
		for _, chosen := range whole.Components {
			names = append(names, nameOf(s, chosen, all))
		}
		row.Components = strings.Join(names, ", ")
		p.Rows = append(p.Rows, row)
	}
	return nil
}

var subscriberWords = map[string]string{"active": "receives", "unconfirmed": "has not confirmed", "unsubscribed": "stopped"}

func (f *Face) postSubscriber(w http.ResponseWriter, r *http.Request) error {
	in := typed(r, nil)
	asked := desk.Subscription{Address: in.text("email"), Language: lang.Tag(in.text("language")), IP: clientIP(r)}
	_, err := f.desk.AddSubscriber(r.Context(), asked, in.checked("confirmed"))
	if refusals := ofForm(err); refusals != nil {
		return f.renderSubscribers(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/subscribers?done=added")
}

func (f *Face) postEndSubscriber(w http.ResponseWriter, r *http.Request) error {
	c, err := id.Parse[id.Contact](r.PathValue("contact"))
	if err != nil {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	if err := f.desk.EndSubscription(r.Context(), c); err != nil {
		return err
	}
	return back(w, r, "/console/subscribers?done=unsubscribe")
}
