package dry

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"candor/reach"
)

func TestADrillReachesNobodyAndRemembersEverything(t *testing.T) {
	t.Parallel()
	channel := New("email")
	session, err := channel.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"a@example.com", "b@example.com"} {
		if r := session.Send(t.Context(), reach.Message{To: to}); r.Outcome != reach.Taken {
			t.Errorf("%s was answered %+v", to, r)
		}
	}
	taken := channel.Taken()
	if len(taken) != 2 || taken[0].To != "a@example.com" || taken[1].To != "b@example.com" {
		t.Errorf("taken %v", taken)
	}
	session.Close()
	session.Close()
	if n := channel.Sessions(); n != 0 {
		t.Errorf("%d sessions after closing the only one twice", n)
	}
}

func TestAScriptAnswersInOrderAndTheLastAnswerStays(t *testing.T) {
	t.Parallel()
	channel := New("email")
	channel.Script("a@example.com", reach.Result{Outcome: reach.Temporary}, reach.Result{Outcome: reach.Permanent})
	session, _ := channel.Open(t.Context())
	for i, want := range []reach.Outcome{reach.Temporary, reach.Permanent, reach.Permanent} {
		if got := session.Send(t.Context(), reach.Message{To: "a@example.com", Attempt: i + 1}).Outcome; got != want {
			t.Errorf("attempt %d: %s, want %s", i+1, got, want)
		}
	}
	if r := session.Send(t.Context(), reach.Message{To: "b@example.com"}); r.Outcome != reach.Taken {
		t.Errorf("another address was answered %+v", r)
	}
	if n := len(channel.Attempts()); n != 4 {
		t.Errorf("%d attempts remembered, want 4", n)
	}
}

func TestAClosedChannelOpensNoSession(t *testing.T) {
	t.Parallel()
	channel, down := New("email"), errors.New("relay is down")
	channel.Close(down)
	if _, err := channel.Open(t.Context()); !errors.Is(err, down) {
		t.Errorf("Open gave %v", err)
	}
	channel.Close(nil)
	if _, err := channel.Open(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAnHourOfTarpitTakesNoTimeInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		channel := New("email")
		channel.Delay("slow@example.com", time.Hour)
		start := time.Now()
		go func() {
			session, _ := channel.Open(t.Context())
			session.Send(t.Context(), reach.Message{To: "slow@example.com"})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if r := session.Send(ctx, reach.Message{To: "slow@example.com"}); r.Outcome != reach.Temporary || !r.Broken {
				t.Errorf("a send that ran out of time gave %+v", r)
			}
		}()
		if err := channel.Wait(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if at := channel.Attempts()[0].At; at.Sub(start) != time.Hour {
			t.Errorf("answered after %s", at.Sub(start))
		}
		time.Sleep(time.Hour)
		if n := len(channel.Attempts()); n != 1 {
			t.Errorf("%d attempts, want the one that had time", n)
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := New("email").Wait(ctx, 1); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Wait gave %v", err)
		}
	})
}
