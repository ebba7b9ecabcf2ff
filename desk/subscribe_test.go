package desk_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// door is a desk as a stranger meets it.
type door struct {
	*desk.Desk
	db *store.DB
}

func eachDoor(t *testing.T, f func(t *testing.T, d door)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f(t, door{desk.New(db, &url.URL{Scheme: "https", Host: "status.harbour.example"}, nil), db})
	})
}

func wish(address, ip string) desk.Subscription {
	return desk.Subscription{Address: address, Language: "de", IP: ip}
}

// letters are the announcements nobody has planned yet, oldest first.
func (d door) letters(t *testing.T) (all []reach.Announcement) {
	t.Helper()
	for {
		var a reach.Announcement
		err := d.db.Batch(t.Context(), func(tx *store.Tx) (err error) {
			if a, err = tx.Announcements.TakeUnplanned(t.Context()); err != nil {
				return err
			}
			return tx.Announcements.Advance(t.Context(), a, "", time.Now())
		})
		if errors.Is(err, store.ErrNotFound) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
}

func token(t *testing.T, a reach.Announcement) string {
	t.Helper()
	last := a.Link[strings.LastIndexByte(a.Link, '/')+1:]
	if len(last) != 34 {
		t.Fatalf("link %q", a.Link)
	}
	return last
}

func (d door) contact(t *testing.T, address audience.Address) (c audience.Contact) {
	t.Helper()
	if err := d.db.Read(t.Context(), func(tx *store.Tx) (err error) {
		c, err = tx.Contacts.ByAddress(t.Context(), "email", address.Key())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

func (d door) sign(t *testing.T, p audience.Purpose, c audience.Contact) (token string) {
	t.Helper()
	if err := d.db.Write(t.Context(), func(tx *store.Tx) error {
		secret, err := tx.Instance.Secret(t.Context(), store.LinkSecret)
		token = audience.Sign(secret, p, c.Code)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return token
}

func TestASubscriptionBeginsWithTheLinkInTheMail(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, d door) {
		if _, err := d.Subscribe(t.Context(), wish("Ana@Reader.example", "192.0.2.1")); err != nil {
			t.Fatal(err)
		}
		mails := d.letters(t)
		if len(mails) != 1 || mails[0].Kind != reach.OnConfirm || mails[0].Priority != reach.Urgent {
			t.Fatalf("announced %+v", mails)
		}
		if c := d.contact(t, "ana@reader.example"); c.State() != "unconfirmed" {
			t.Errorf("before the link it is %s", c.State())
		}
		link := token(t, mails[0])
		if c, err := d.ContactByToken(t.Context(), audience.ToConfirm, link); err != nil || c.State() != "unconfirmed" {
			t.Errorf("looking changed it to %s, %v", c.State(), err)
		}
		for range 2 { // safe to repeat
			if c, err := d.Confirm(t.Context(), link); err != nil || c.State() != "active" {
				t.Errorf("confirmed: %s, %v", c.State(), err)
			}
		}
	})
}

// B13: status, answer and what is stored of the answer are the same for an address we know and one we do not.
func TestB13AKnownAddressIsAnsweredLikeAnUnknownOne(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, d door) {
		first, err := d.Subscribe(t.Context(), wish("ana@reader.example", "192.0.2.1"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Confirm(t.Context(), token(t, d.letters(t)[0])); err != nil {
			t.Fatal(err)
		}
		again, err := d.Subscribe(t.Context(), wish("ana@reader.example", "198.51.100.1"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, again, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".CreatedAt" }, cmp.Ignore())); diff != "" {
			t.Error(diff)
		}
		if c := d.contact(t, "ana@reader.example"); c.Code == first.Code || c.State() != "active" {
			t.Errorf("the answer shows what is stored, or changed it: %+v", c)
		}
		if mails := d.letters(t); len(mails) != 0 {
			t.Errorf("an active subscriber was mailed: %+v", mails)
		}
	})
}

// B3: whoever types a victim's address, from wherever, the victim gets one mail a day.
func TestB3OneVictimGetsOneMailHoweverManyAsk(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, d door) {
		for i := range 60 {
			if _, err := d.Subscribe(t.Context(), wish("victim@reader.example", fmt.Sprintf("10.%d.%d.1", i/200, i%200))); err != nil {
				t.Fatal(err)
			}
		}
		if mails := d.letters(t); len(mails) != 1 {
			t.Errorf("the victim gets %d mails", len(mails))
		}
	})
}

func TestB3ANetworkAsksTenTimesAnHourExactly(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, d door) {
		var allowed, refused atomic.Int64
		var wg sync.WaitGroup
		for i := range 30 {
			wg.Go(func() {
				_, err := d.Subscribe(t.Context(), wish(fmt.Sprintf("v%d@reader.example", i), fmt.Sprintf("192.0.2.%d", i)))
				switch {
				case err == nil:
					allowed.Add(1)
				case problem.Is(err, problem.TooMany):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if allowed.Load() != 10 || refused.Load() != 20 {
			t.Errorf("allowed %d, refused %d", allowed.Load(), refused.Load())
		}
		if mails := d.letters(t); len(mails) != 10 {
			t.Errorf("%d mails", len(mails))
		}
		if _, err := d.Subscribe(t.Context(), wish("x@reader.example", "2001:db8:1:2::5")); err != nil {
			t.Errorf("another network: %v", err)
		}
	})
}

// B3: ten thousand victims in an hour get three hundred mails, and the owners one alarm; a single victim gets one mail.
func TestB3TheWholeSiteMailsThreeHundredVictimsAnHourAtMost(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, d door) {
		const asked = 10_000
		owner := staff.Person{ID: id.New[id.Person](time.Now()), Name: "Ann", Mail: "ann@harbour.example", Language: "en", Roles: []staff.Role{staff.Owner}, CreatedAt: time.Now()}
		if err := d.db.Write(t.Context(), func(tx *store.Tx) error { return tx.People.Add(t.Context(), owner, owner.Mail) }); err != nil {
			t.Fatal(err)
		}
		var allowed atomic.Int64
		next := make(chan int)
		var askers sync.WaitGroup
		for range 32 {
			askers.Go(func() {
				for i := range next {
					_, err := d.Subscribe(t.Context(), wish(fmt.Sprintf("v%d@reader.example", i), fmt.Sprintf("10.%d.%d.1", i/200, i%200)))
					switch {
					case err == nil:
						allowed.Add(1)
					case !problem.Is(err, problem.TooMany):
						t.Error(err)
					}
				}
			})
		}
		for i := range asked {
			next <- i
		}
		close(next)
		askers.Wait()
		var mails, alarms int
		for _, m := range d.letters(t) {
			if m.Kind == reach.OnFlood && m.Target.Person == owner.ID {
				alarms++
			} else {
				mails++
			}
		}
		if allowed.Load() != 300 || mails != 300 || alarms != 1 {
			t.Errorf("allowed %d, mailed %d, alarms %d", allowed.Load(), mails, alarms)
		}
	})
}

func TestAMachineThatFillsTheHiddenFieldIsAnsweredAndIgnored(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, d door) {
		in := wish("bot@reader.example", "192.0.2.1")
		in.Honeypot = "https://spam.example"
		if _, err := d.Subscribe(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		if mails := d.letters(t); len(mails) != 0 {
			t.Errorf("announced %+v", mails)
		}
	})
}

func TestWhatCannotBeAnAddressIsRefused(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, d door) {
		for _, bad := range []string{"", "ana", "ana@localhost", "a b@reader.example", "ana@reader.example\r\nBcc: x@y.example", `"ana"@reader.example`, "<ana@reader.example>", "ana@reader.example,eva@reader.example"} {
			_, err := d.Subscribe(t.Context(), wish(bad, "192.0.2.1"))
			says(t, bad, err, problem.Invalid, "problem.address")
		}
	})
}
