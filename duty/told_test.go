package duty_test

import (
	"testing"
	"testing/synctest"
	"time"

	"candor/reach"
	"candor/store/storetest"
)

// While a mail server takes nothing, a customer's mail is planned, on its way, and waiting: nobody is told until it takes one.
func TestACustomerIsToldWhenSomebodyTookItAndNotBefore(t *testing.T) {
	url := storetest.SQLite(t)
	storetest.Crowd(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		c := h.customer("waits", "waits@harbour.example")
		busy := reach.Result{Outcome: reach.Temporary, Code: "4.3.2", Reason: reach.ReasonBusy}
		h.mail.Delay("waits@harbour.example", 10*time.Second)
		h.mail.Script("waits@harbour.example", busy, reach.Result{Outcome: reach.Taken})
		i := h.outage()
		for _, after := range []time.Duration{5 * time.Second, 15 * time.Second} { // on its way, waiting for its second attempt
			h.run(after)
			x, err := h.affected(i, c)
			if err != nil || !x.ToldAt.IsZero() {
				t.Errorf("told before anybody took it: %+v, %v", x, err)
			}
		}
		h.run(2 * time.Minute)
		if x, err := h.affected(i, c); err != nil || x.ToldAt.IsZero() {
			t.Errorf("taken, and not told: %+v, %v", x, err)
		}
	})
}
