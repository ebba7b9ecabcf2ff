package desk_test

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"candor/desk"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

// Two nodes are two desks on one database.
func TestAPurseHoldsAcrossNodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		base := &url.URL{Scheme: "https", Host: "status.example.com"}
		nodes := []*desk.Desk{desk.New(db, base, nil), desk.New(db, base, nil)}
		at := time.Now()
		pay := func(country string) reach.Payment {
			return reach.Payment{Class: reach.ClassBulk, Country: country, Minor: 7, Purse: settings.Purse{Total: 500, Country: 300}, At: at}
		}
		var fit [2]atomic.Int64
		var all sync.WaitGroup
		for worker := range 8 {
			all.Go(func() {
				for n := range 30 {
					country := (worker + n) % 2
					fits, err := nodes[worker%2].SpendOnText(t.Context(), pay([]string{"DE", "US"}[country]))
					if err != nil {
						t.Error(err)
						return
					}
					if fits {
						fit[country].Add(1)
					}
				}
			})
		}
		all.Wait()
		de, us := fit[0].Load(), fit[1].Load()
		if de > 42 || us > 42 || de+us != 71 { // 42 × 7 = 294 of 300, 71 × 7 = 497 of 500
			t.Errorf("%d and %d texts were paid for", de, us)
		}
		code := pay("DE")
		code.Class, code.Purse = reach.ClassCode, settings.Purse{Total: 7, Country: 7}
		for n, want := range []bool{true, false} {
			if fits, err := nodes[n].SpendOnText(t.Context(), code); err != nil || fits != want {
				t.Errorf("code %d from a purse of its own: %v %v", n, fits, err)
			}
		}
		if err := nodes[0].GiveBackForText(t.Context(), code); err != nil {
			t.Fatal(err)
		}
		if fits, err := nodes[1].SpendOnText(t.Context(), code); err != nil || !fits {
			t.Errorf("what was given back is gone: %v", err)
		}
		tomorrow := pay("DE")
		tomorrow.At = at.Add(24 * time.Hour)
		if fits, err := nodes[0].SpendOnText(t.Context(), tomorrow); err != nil || !fits {
			t.Errorf("tomorrow has no purse of its own: %v", err)
		}
	})
}

func TestTurnsAtAProviderAreSpacedAcrossNodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		base := &url.URL{Scheme: "https", Host: "status.example.com"}
		nodes := []*desk.Desk{desk.New(db, base, nil), desk.New(db, base, nil)}
		var turns atomic.Int64
		began := time.Now()
		var all sync.WaitGroup
		for worker := range 6 {
			all.Go(func() {
				for time.Since(began) < 300*time.Millisecond {
					wait, err := nodes[worker%2].PaceTexts(t.Context(), "eu", 1200) // one in 50 ms
					if err != nil {
						t.Error(err)
						return
					}
					if wait == 0 {
						turns.Add(1)
					} else if wait != 50*time.Millisecond {
						t.Errorf("wait %s", wait)
					}
				}
			})
		}
		all.Wait()
		most := int64(time.Since(began)/(50*time.Millisecond)) + 1
		if n := turns.Load(); n == 0 || n > most {
			t.Errorf("%d turns in %s, at most %d are allowed", n, time.Since(began), most)
		}
	})
}

// B4 on both databases, everything at once: nobody gets one more than the figures say.
func TestB4ACrowdOfRequestsGetsNotOneCodeMore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		s := settings.Defaults()
		s.SMS = settings.SMS{
			Home: "US", Currency: "USD", Prices: map[string]int64{"": 1}, Broadcast: settings.Purse{Total: 9, Country: 9}, Codes: settings.Purse{Total: 9, Country: 9},
			Providers: []settings.SMSProvider{{Name: "a", Kind: settings.Twilio, User: "AC1", Secret: "s", From: "+14155550100"}},
		}
		var version int64
		n.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
			_, version, err = tx.Settings.Load(ctx)
			if err != nil {
				return err
			}
			_, err = tx.Settings.Save(ctx, s, version)
			return err
		})
		var granted, refused atomic.Int64
		var all sync.WaitGroup
		for worker := range 8 {
			all.Go(func() {
				for i := range 60 {
					number := 4000 + (worker*60+i)%400*5 // 400 numbers over 2,000
					_, err := n.SendCode(t.Context(), desk.CodeRequest{Phone: fmt.Sprintf("+1212555%04d", number), Language: lang.English, IP: fmt.Sprintf("10.%d.%d.1", worker, i)})
					switch {
					case err == nil:
						granted.Add(1)
					case problem.Is(err, problem.TooMany):
						refused.Add(1)
					default:
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		if granted.Load() != 20 || refused.Load() != 460 {
			t.Errorf("%d codes and %d refusals, want exactly 20 and 460", granted.Load(), refused.Load())
		}
	})
}
