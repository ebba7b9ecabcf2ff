package audience_test

import (
	"testing"

	"candor/audience"
)

func TestWhatMayBeSentToAnAddress(t *testing.T) {
	t.Parallel()
	const out, bounced = audience.OptedOut, audience.HardBounce
	for name, c := range map[string]struct {
		s    audience.Standing
		want string
	}{
		"a subscriber hears":                                       {audience.Standing{Contact: true, Confirmed: true}, ""},
		"who unsubscribed does not":                                {audience.Standing{Contact: true, Confirmed: true, Ended: true}, string(out)},
		"a dead mailbox is left alone by everybody":                {audience.Standing{Kept: bounced}, string(bounced)},
		"a customer who opted out is not told":                     {audience.Standing{Contact: true, Kept: out}, string(out)},
		"who opted out and asks again is asked to confirm":         {audience.Standing{Contact: true, Asked: true, Asking: true, Kept: out}, ""},
		"a stranger's asking brings no news back to who opted out": {audience.Standing{Contact: true, Asked: true, Kept: out}, string(out)},
		"staff cannot opt out of their own alarms":                 {audience.Standing{Kept: out}, ""},
	} {
		reason, stops := c.s.Stops()
		if reason != c.want && stops || stops != (c.want != "") {
			t.Errorf("%s: %q, stops %v", name, reason, stops)
		}
	}
}
