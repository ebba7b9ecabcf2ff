package reach

import (
	"testing"
	"time"
)

func TestWhatBecomesOfADelivery(t *testing.T) {
	t.Parallel()
	noon := time.Date(2012, 9, 10, 12, 0, 0, 0, time.UTC)
	old := noon.Add(-Patience)
	for name, c := range map[string]struct {
		d    Delivery
		r    Result
		want Step
	}{
		"what was taken is told":                     {Delivery{Attempt: 1, FirstTriedAt: noon}, Result{Outcome: Taken, ProviderID: "x"}, Step{State: Accepted, NextAt: noon, ProviderID: "x"}},
		"an unknown mailbox ends at once":            {Delivery{Attempt: 1, FirstTriedAt: noon}, Result{Outcome: Permanent}, Step{State: Bounced, NextAt: noon}},
		"a greylist waits a minute":                  {Delivery{Attempt: 1, FirstTriedAt: noon}, Result{Outcome: Temporary}, Step{State: RetryAt, NextAt: noon.Add(time.Minute)}},
		"who asks for more patience gets it":         {Delivery{Attempt: 1, FirstTriedAt: noon}, Result{Outcome: Temporary, RetryAfter: time.Hour}, Step{State: RetryAt, NextAt: noon.Add(time.Hour)}},
		"a refusal of us keeps the recipient":        {Delivery{Attempt: 1, FirstTriedAt: noon}, Result{Outcome: Refused}, Step{State: RetryAt, NextAt: noon.Add(time.Minute)}},
		"after three days it has failed":             {Delivery{Attempt: 99, FirstTriedAt: old}, Result{Outcome: Temporary}, Step{State: Failed, NextAt: noon, Reason: ReasonGivenUp}},
		"a fault of ours is tried again in a second": {Delivery{Attempt: 1, FirstTriedAt: noon}, Result{Outcome: Poison}, Step{State: RetryAt, NextAt: noon.Add(time.Second)}},
		"a third fault of ours isolates it":          {Delivery{Attempt: 3, FirstTriedAt: noon}, Result{Outcome: Poison}, Step{State: Poisoned, NextAt: noon}},
	} {
		got := After(c.d, c.r, noon, 0.5)
		c.want.Attempt = c.d.Attempt
		if got != c.want {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, c.want)
		}
	}
}

func TestWhoIsGivenUpUntriedHasFailedWithTheReasonAndTheLastAnswer(t *testing.T) {
	t.Parallel()
	noon := time.Date(2012, 9, 10, 12, 0, 0, 0, time.UTC)
	want := Step{Fence: 7, State: Failed, Attempt: 3, NextAt: noon, Code: "4.3.2", Reason: ReasonGivenUp}
	if got := GivenUp(Delivery{Fence: 7, Attempt: 4, Code: "4.3.2", Reason: ReasonBusy}, noon); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestWhatWasNeverTriedIsPlannedAgain(t *testing.T) {
	t.Parallel()
	noon := time.Date(2012, 9, 10, 12, 0, 0, 0, time.UTC)
	if s := Untouched(Delivery{Attempt: 1}, noon); s.State != Planned || s.Attempt != 0 {
		t.Errorf("%+v", s)
	}
	if s := Untouched(Delivery{Attempt: 4, Reason: ReasonGreylisted}, noon); s.State != RetryAt || s.Attempt != 3 || s.Reason != ReasonGreylisted {
		t.Errorf("%+v", s)
	}
}
