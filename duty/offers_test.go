package duty_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/amends"
	"candor/desk"
	"candor/duty"
	"candor/id"
	"candor/ledger"
	"candor/ledger/ledgertest"
	"candor/problem"
	"candor/promise"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

// keeps is a node that books at b, driven by hand: no loop runs.
func (b *bursar) keeps(book ledger.Book) *duty.Duty {
	return duty.New(duty.Config{DB: b.db, Desk: b.desk, Log: log(b.t), Node: "one", PublicURL: publicURL, Channels: nothing, Book: book})
}

// does runs a loop until it has nothing more to do.
func (b *bursar) does(do func(context.Context) (bool, error)) {
	b.t.Helper()
	for more := true; more; {
		var err error
		if more, err = do(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *bursar) offering() (o amends.Offering) {
	b.t.Helper()
	b.read(func(ctx context.Context, tx *store.Tx) (err error) {
		o, err = tx.Offerings.Of(ctx, b.run.ID)
		return err
	})
	return o
}

func TestTheFirstFiftyStandInTheBookBeforeTheRestAreMade(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, fake := newBursar(t, db, 130), ledgertest.Start(t, nil)
		d := b.keeps(ledger.NewStripe("sk_test_1", fake.URL))
		p := amends.UsualPolicy()
		p.Redeeming = amends.ByItself
		b.offers(p)
		b.does(d.Offer)
		if m := b.money(); m.Count[amends.OfferRedeemed] != amends.Trial || b.offering().MadeAt.IsZero() == false {
			t.Fatalf("before the trial %+v", m)
		}
		b.does(d.KeepBook)
		if m := b.money(); m.Count[amends.OfferSettled] != amends.Trial || b.offering().State != amends.Going {
			t.Fatalf("after the trial %+v, %s", m, b.offering().State)
		}
		b.does(d.Offer)
		b.does(d.KeepBook)
		if m := b.money(); m.In[amends.OfferSettled] != b.sum || !m.Balanced() || m.Missing() != 0 || m.Open() != 0 {
			t.Errorf("at the end %+v of %d", m, b.sum)
		}
		b.holds(fake, b.tokens())
	})
}

func TestABookThatDoesNotAgreeStopsTheRun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, spoilt := newBursar(t, db, 60), false
		fake := ledgertest.Start(t, nil)
		d := b.keeps(spoiling{ledger.NewStripe("sk_test_1", fake.URL), func() {
			if !spoilt {
				fake.Spoil()
				spoilt = true
			}
		}})
		p := amends.UsualPolicy()
		p.Redeeming = amends.ByItself
		b.offers(p)
		b.does(d.Offer)
		b.does(d.KeepBook)
		if o := b.offering(); o.State != amends.Halted || o.Reason != amends.BookDiffers {
			t.Fatalf("a book that holds another sum: %s %s", o.State, o.Reason)
		}
		b.does(d.Offer)
		if m := b.money(); m.Count[amends.OfferBooked] != 1 || m.Count[amends.OfferSettled] != 49 || m.Missing() == 0 {
			t.Errorf("%+v", m)
		}
		if err := b.desk.GoOn(b.finance, b.run.ID); err != nil {
			t.Fatal(err)
		}
		b.does(d.Offer)
		if b.offering().MadeAt.IsZero() {
			t.Error("somebody looked and let it go on, and nothing more is offered")
		}
	})
}

// spoiling is a book at which somebody changes an entry by hand.
type spoiling struct {
	*ledger.Stripe
	spoil func()
}

func (s spoiling) Enter(ctx context.Context, x ledger.Export) []ledger.Outcome {
	all := s.Stripe.Enter(ctx, x)
	s.spoil()
	return all
}

// The files that finance imports: one a day, the same bytes whenever it is fetched, settled when somebody says that it is in the books.
func TestFinanceImportsAFileADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBursar(t, db, 60)
		d := b.keeps(nil)
		p := amends.UsualPolicy()
		p.Redeeming = amends.ByItself
		b.offers(p)
		b.does(d.Offer)
		b.does(d.KeepBook)
		b.does(d.KeepBook)
		var first, again strings.Builder
		if err := b.desk.ExportFile(b.finance, 1, &first); err != nil {
			t.Fatal(err)
		}
		if m := b.money(); m.Count[amends.OfferBooked] != amends.Trial {
			t.Fatalf("%+v", m)
		}
		if err := b.desk.ConfirmExport(b.finance, 1); err != nil {
			t.Fatal(err)
		}
		b.does(d.Offer)
		b.does(d.KeepBook) // the day is not over
		if _, err := b.desk.ExportNow(b.finance, b.run.ID, "csv"); err != nil {
			t.Fatal(err)
		}
		b.does(d.KeepBook)
		if err := b.desk.ExportFile(b.finance, 1, &again); err != nil || first.String() != again.String() || strings.Count(first.String(), "\n") != 51 {
			t.Errorf("%v, the file was\n%s\nand is\n%s", err, first.String(), again.String())
		}
		if m := b.money(); m.Count[amends.OfferSettled] != 50 || m.Count[amends.OfferBooked] != 10 {
			t.Errorf("%+v", m)
		}
	})
}

// Letters go, the promise is kept, who says nothing is reminded and credited anyway at the end.
func TestWhoSaysNothingIsRemindedAndCreditedAnyway(t *testing.T) {
	url := storetest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		b := newBursar(t, storetest.Open(t, url), 3)
		b.write(func(ctx context.Context, tx *store.Tx) error { return tx.Changes.Add(ctx, "people", time.Now()) })
		o := b.offers(amends.UsualPolicy())
		d := b.keeps(nil)
		b.start(d)
		time.Sleep(time.Minute)
		if _, err := b.desk.Redeem(t.Context(), b.tokens()[0]); err != nil {
			t.Fatal(err)
		}
		told := b.offering()
		var p promise.Promise
		b.read(func(ctx context.Context, tx *store.Tx) (err error) {
			p, err = tx.Promises.ByID(ctx, o.Promise)
			return err
		})
		if told.ToldAt.IsZero() || p.KeptAt.IsZero() || !p.KeptAt.Before(p.DueAt) {
			t.Fatalf("told %v, the promise was kept %v", told.ToldAt, p.KeptAt)
		}
		if subjects := b.outbox(told.Announcement); len(subjects) != 3 || !slices.ContainsFunc(subjects, func(s string) bool { return strings.Contains(s, "We owe you 1.00\u00a0USD") }) {
			t.Fatalf("letters: %q", subjects)
		}
		b.stop(d) // days of seconds are driven by hand
		by := b.keeps(nil)
		reminded := map[id.Announcement]int64{}
		for range 9 {
			time.Sleep(24 * time.Hour)
			b.does(by.Offer)
			b.does(by.FanOut)
			b.read(func(ctx context.Context, tx *store.Tx) error {
				all, err := tx.Announcements.OfIncident(ctx, "")
				for _, a := range all {
					if a.Kind == reach.OnOfferEnds {
						reminded[a.ID] = b.counts(a).All()
					}
				}
				return err
			})
			if time.Until(o.ExpiresAt) < 25*time.Hour {
				break
			}
		}
		if got := slices.Sorted(maps.Values(reminded)); !slices.Equal(got, []int64{2, 2}) {
			t.Errorf("reminders to %v, want twice those two who said nothing", got)
		}
		if m := b.money(); m.Count[amends.OfferOpen] != 2 {
			t.Fatalf("%+v", m)
		}
		time.Sleep(24 * time.Hour)
		b.does(by.Offer)
		if m := b.money(); m.Count[amends.OfferOpen] != 0 || m.Balanced() == false {
			t.Errorf("after the end %+v", m)
		}
		first, err := b.desk.Redeem(t.Context(), b.tokens()[1])
		if first || err != nil {
			t.Errorf("who comes late is told so again: %v, %v", first, err)
		}
	})
}

func (b *bursar) outbox(a id.Announcement) (subjects []string) {
	b.t.Helper()
	b.read(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Outbox.Page(ctx, store.Kept{}, 100)
		if err != nil {
			return err
		}
		for _, x := range all {
			d, err := tx.Deliveries.ByID(ctx, x.Delivery)
			if err != nil {
				return err
			}
			if d.Announcement == a {
				subjects = append(subjects, x.Subject)
			}
		}
		return nil
	})
	return subjects
}

func TestAnOfferThatLapsedIsOver(t *testing.T) {
	url := storetest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		b := newBursar(t, storetest.Open(t, url), 2)
		p := amends.UsualPolicy()
		p.Silence = amends.Lapse
		b.offers(p)
		b.does(b.keeps(nil).Offer)
		time.Sleep(10 * 24 * time.Hour)
		_, err := b.desk.Redeem(t.Context(), b.tokens()[0])
		if all := problem.All(err); len(all) != 1 || all[0].Kind != problem.Gone {
			t.Errorf("after the end: %v", err)
		}
		b.does(b.keeps(nil).Offer)
		if m := b.money(); m.Count[amends.OfferLapsed] != 2 {
			t.Errorf("%+v", m)
		}
	})
}

// A customer who says that a sum is wrong is answered by somebody, and what they get on top is an offer of its own.
func TestWhoWasRightGetsTheRest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBursar(t, db, 2)
		b.offers(amends.UsualPolicy())
		b.does(b.keeps(nil).Offer)
		token := b.tokens()[0]
		o, err := b.desk.Object(t.Context(), token, amends.MissingSite, "My shop was down too.", "en")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := b.desk.Object(t.Context(), token, amends.MissingSite, "My shop was down too.", "en"); err != nil || again.ID != o.ID {
			t.Errorf("said twice it is two: %v %v", again.ID, err)
		}
		if _, err := b.desk.Object(t.Context(), token, amends.WrongSum, " ", "en"); problem.All(err) == nil {
			t.Errorf("nothing was said: %v", err)
		}
		ruling := desk.Ruling{Objection: o.ID, Verdict: amends.Upheld, Answer: "You are right, the shop was not in our list.", More: "10.99"}
		if err := b.desk.AnswerObjection(b.finance, ruling); err != nil {
			t.Fatal(err)
		}
		if err := b.desk.AnswerObjection(b.finance, ruling); problem.All(err) == nil {
			t.Errorf("answered twice: %v", err)
		}
		if m := b.money(); m.Added != 1099 || m.Offered != b.sum || !m.Balanced() {
			t.Errorf("%+v", m)
		}
		b.read(func(ctx context.Context, tx *store.Tx) error {
			p, err := tx.Promises.ByID(ctx, o.Promise)
			if p.KeptAt.IsZero() || p.Public() {
				t.Errorf("the promise of an answer: %+v", p)
			}
			return err
		})
	})
}
