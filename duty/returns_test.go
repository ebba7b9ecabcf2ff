package duty_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/audience"
	"candor/reach"
	"candor/store/storetest"
)

// A list that has grown old is mailed: the owners hear of it while the first word is on its way, with the figures; the first word goes to its
// end.
func TestOwnersHearThatTooManyLettersComeBackWhileTheyGo(t *testing.T) {
	url := storetest.SQLite(t)
	storetest.Crowd(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		const all, dead = 210, 5
		for i := range all {
			address := audience.Address(fmt.Sprintf("r%d@reader.example", i))
			h.subscriber(address)
			if i < dead {
				h.mail.Script(string(address), reach.Result{Outcome: reach.Permanent, Code: "5.1.1", Reason: reach.ReasonNoMailbox})
			}
		}
		h.outage()
		h.run(time.Minute)
		var told []string
		for _, a := range h.mail.Attempts() {
			if a.Message.To == h.ann.Mail {
				told = append(told, a.Message.Subject+": "+strings.Join(strings.Fields(a.Message.Text), " "))
			}
		}
		alarms := slices.DeleteFunc(slices.Clone(told), func(s string) bool {
			return !strings.HasPrefix(s, "Too many letters come back") || !strings.Contains(s, "nobody is at the address: 5.")
		})
		if len(alarms) != 1 {
			t.Errorf("the owner was told %q", told)
		}
		if n := len(h.mail.Attempts()); n < all {
			t.Errorf("%d of %d letters were tried", n, all)
		}
	})
}
