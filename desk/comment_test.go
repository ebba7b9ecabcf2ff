package desk_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/settings"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

func (n newsroom) down(t *testing.T) incident.Incident {
	t.Helper()
	i, _, err := n.Declare(n.ctx, desk.Declaration{Kind: incident.Billing, First: desk.Word{Body: english("You were charged twice. It is our fault.")}})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func said(i incident.Incident, name, mail, body string) desk.CommentForm {
	return desk.CommentForm{Topic: incident.OnIncident, Code: i.Code, Name: name, Mail: mail, Body: body, Language: lang.English, IP: "198.51.100.7"}
}

func (n newsroom) comments(t *testing.T, state incident.CommentState) (all []incident.Comment) {
	t.Helper()
	n.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = tx.Comments.Page(ctx, store.CommentPage{State: state, Limit: 1000})
		return err
	})
	return all
}

func (n newsroom) commentLink(t *testing.T, c incident.Comment) (token string) {
	t.Helper()
	n.write(t, func(ctx context.Context, tx *store.Tx) error {
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		token = audience.Sign(secret, audience.ToComment, c.Code)
		return err
	})
	return token
}

func (n newsroom) screens(t *testing.T, c settings.Comments) {
	t.Helper()
	n.write(t, func(ctx context.Context, tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.Comments = c
		_, err = tx.Settings.Save(ctx, s, version)
		return err
	})
}

// B8: a thousand comments a minute from two hundred addresses leave at most twenty that somebody has to read, and none on the page.
func TestB8AFloodLeavesWhatOnePersonCanRead(t *testing.T) {
	t.Parallel()
	n := open(t, storetest.Open(t, storetest.SQLite(t)))
	i := n.down(t)
	total := 300
	if os.Getenv("CANDOR_SOAK") != "" {
		total = 1000
	}
	var group sync.WaitGroup
	var mu sync.Mutex
	refused := map[string]int{}
	for worker := range 8 {
		group.Go(func() {
			for k := worker; k < total; k += 8 {
				in := said(i, "Flood", "", fmt.Sprintf("This is comment number %d of very many", k))
				in.IP = fmt.Sprintf("203.0.%d.%d", k%200/50, k%200)
				_, err := n.WriteComment(t.Context(), in)
				mu.Lock()
				if all := problem.All(err); len(all) > 0 {
					refused[all[0].Key]++
				} else if err != nil {
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if held, shown := len(n.comments(t, incident.CommentHeld)), len(n.comments(t, incident.CommentShown)); held == 0 || held > 20 || shown != 0 {
		t.Errorf("%d wait and %d are shown; refused: %v", held, shown, refused)
	}
	if _, err := n.WriteComment(t.Context(), said(i, "Real", "real@customer.example", "And my invoice?")); err != nil {
		t.Errorf("who leaves an address is refused in the flood: %v", err)
	}
}

// B3: however often somebody types an address into the form, its owner gets three letters a day, and nothing a stranger wrote is in them.
func TestB3AnAddressIsAskedThreeTimesADayAboutComments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.down(t)
		for k := range 5 {
			if _, err := n.WriteComment(t.Context(), said(i, "Mallory", "victim@elsewhere.example", fmt.Sprintf("Click here %d", k))); err != nil {
				t.Fatal(err)
			}
		}
		if asked := n.comments(t, incident.CommentUnconfirmed); len(asked) != 3 {
			t.Errorf("%d letters go out", len(asked))
		}
	})
}

func TestWhatIsSaidIsPlacedAsTheCompanyChose(t *testing.T) {
	t.Parallel()
	calm, loud := "When is it back?", "casino casino casino"
	for _, row := range []struct {
		screen    settings.Screening
		mail      bool
		body      string
		want      incident.CommentState
		confirmed incident.CommentState
	}{
		{settings.ScreenUnconfirmed, false, calm, incident.CommentHeld, ""},
		{settings.ScreenUnconfirmed, true, calm, incident.CommentUnconfirmed, incident.CommentShown},
		{settings.ScreenUnconfirmed, true, loud, incident.CommentUnconfirmed, incident.CommentHeld},
		{settings.ScreenSuspicious, false, calm, incident.CommentShown, ""},
		{settings.ScreenSuspicious, false, loud, incident.CommentHeld, ""},
		{settings.ScreenAll, true, calm, incident.CommentUnconfirmed, incident.CommentHeld},
		{settings.ScreenAll, false, calm, incident.CommentHeld, ""},
	} {
		n := open(t, storetest.Open(t, storetest.SQLite(t)))
		n.screens(t, settings.Comments{Screen: row.screen})
		mail := ""
		if row.mail {
			mail = "anna@customer.example"
		}
		c, err := n.WriteComment(t.Context(), said(n.down(t), "Anna", mail, row.body))
		if err != nil || c.State != row.want {
			t.Errorf("%+v: %s, %v", row, c.State, err)
		}
		if row.mail {
			if c, err = n.ConfirmComment(t.Context(), n.commentLink(t, c)); err != nil || c.State != row.confirmed {
				t.Errorf("%+v, confirmed: %s, %v", row, c.State, err)
			}
		}
	}
}

// What nobody confirmed and what was hidden long ago is erased; the rows, the reasons and who decided stay.
func TestWordsAreErasedBehindAComment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.down(t)
		day := 24 * time.Hour
		rows := []struct {
			state incident.CommentState
			age   time.Duration
			gone  bool
		}{
			{incident.CommentUnconfirmed, day, false},
			{incident.CommentUnconfirmed, 3 * day, true},
			{incident.CommentHidden, 13 * day, false},
			{incident.CommentHidden, 15 * day, true},
			{incident.CommentShown, 900 * day, false},
			{incident.CommentHeld, 900 * day, false},
		}
		var all []incident.Comment
		n.write(t, func(ctx context.Context, tx *store.Tx) error {
			all = nil
			for k, row := range rows {
				at := time.Now().Add(-row.age).UTC().Truncate(time.Microsecond)
				kept, err := tx.Contacts.Ensure(ctx, []audience.Contact{{Channel: audience.Email, Address: audience.Address(fmt.Sprintf("n%d@elsewhere.example", k)), Language: lang.English, CreatedAt: at}})
				if err != nil {
					return err
				}
				c := incident.Comment{
					ID: id.New[id.Comment](at), Code: id.NewCode(), Thread: incident.Thread{Topic: incident.OnIncident, Object: string(i.ID)}, Name: "Anna", Body: "Words",
					Contact: kept[0].ID, Language: lang.English, State: row.state, At: at,
				}
				if row.state == incident.CommentHidden {
					c.Reason, c.DecidedBy, c.DecidedAt = incident.HideSpam, n.ann.ID, at
				}
				if err := tx.Comments.Add(ctx, c, ""); err != nil {
					return err
				}
				all = append(all, c)
			}
			return nil
		})
		if _, err := n.TidyComments(staff.As(t.Context(), staff.Actor{System: "duty"})); err != nil {
			t.Fatal(err)
		}
		for k, row := range rows {
			c := n.comment(t, all[k].ID)
			if gone := c.Name+c.Body+string(c.Contact) == ""; gone != row.gone {
				t.Errorf("%s since %s: %+v", row.state, row.age, c)
			}
			if row.state == incident.CommentHidden && (c.Reason != incident.HideSpam || c.DecidedBy != n.ann.ID) {
				t.Errorf("the mark is gone: %+v", c)
			}
			n.write(t, func(ctx context.Context, tx *store.Tx) error {
				if _, err := tx.Contacts.ByAddress(ctx, audience.Email, fmt.Sprintf("n%d@elsewhere.example", k)); (err != nil) != row.gone {
					t.Errorf("%s since %s: the address: %v", row.state, row.age, err)
				}
				return nil
			})
		}
		if _, err := n.ConfirmComment(t.Context(), n.commentLink(t, all[1])); !problem.Is(err, problem.Gone) {
			t.Errorf("a lapsed comment: %v", err)
		}
	})
}

func (n newsroom) comment(t *testing.T, x id.Comment) (c incident.Comment) {
	t.Helper()
	n.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
		c, err = tx.Comments.ByID(ctx, x)
		return err
	})
	return c
}

// Who is forgotten as a customer is forgotten as a commenter: their words go, the mark stays.
func TestAForgottenCustomersCommentsAreTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		var x audience.Customer
		n.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
			x, err = storetest.AddCustomer(ctx, tx, audience.Customer{External: "bakery", Name: "Bakery"}, time.Now().Add(-time.Hour), "anna@bakery.example")
			return err
		})
		c, err := n.WriteComment(t.Context(), said(n.down(t), "Anna of the bakery", "anna@bakery.example", "My till is down, I am Anna"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.ConfirmComment(t.Context(), n.commentLink(t, c)); err != nil {
			t.Fatal(err)
		}
		if err := n.EraseCustomer(n.ctx, x.ID); err != nil {
			t.Fatal(err)
		}
		c = n.comment(t, c.ID)
		if c.State != incident.CommentHidden || c.Reason != incident.HideWithdrawn || c.Number != 1 || c.Name+c.Body+string(c.Contact) != "" {
			t.Errorf("%+v", c)
		}
	})
}

func TestWhoMayNotSpeakDecidesAndAnswersNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		c, err := n.WriteComment(t.Context(), said(n.down(t), "Anna", "", "Why?"))
		if err != nil {
			t.Fatal(err)
		}
		for _, who := range []staff.Actor{{}, {Person: staff.Person{ID: id.New[id.Person](time.Now()), Roles: []staff.Role{staff.Viewer, staff.Agent, staff.Finance}}}} {
			ctx := staff.As(t.Context(), who)
			_, answered := n.AnswerComment(ctx, c.ID, "Because.", lang.English)
			for act, err := range map[string]error{
				"show": n.ShowComment(ctx, c.ID), "hide": n.HideComment(ctx, c.ID, incident.HideAbuse), "keep": n.KeepComment(ctx, c.ID),
				"call": n.CallCommenter(ctx, c.ID, "+14805550199"), "report": n.TakeAsReport(ctx, c.ID), "answer": answered, "checked": n.CommentChecked(ctx, c.ID, false),
			} {
				if !problem.Is(err, problem.Unauthenticated) && !problem.Is(err, problem.Forbidden) {
					t.Errorf("%s: %v", act, err)
				}
			}
		}
		for _, reason := range []incident.HideReason{"criticism", "", incident.HideWithdrawn} {
			if err := n.HideComment(n.ctx, c.ID, reason); !problem.Is(err, problem.Invalid) {
				t.Errorf("hidden for %q: %v", reason, err)
			}
		}
		if strings.Contains(fmt.Sprint(n.comments(t, incident.CommentHidden)), "Why?") {
			t.Error("it was hidden")
		}
	})
}
