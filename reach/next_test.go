package reach

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/settings"
)

// The Monday on which GoDaddy was gone for an afternoon.
var noon = time.Date(2012, 9, 10, 12, 0, 0, 0, time.UTC)

func clock(hour, minute int) time.Time {
	return noon.Add(time.Duration(hour-12)*time.Hour + time.Duration(minute)*time.Minute)
}

var (
	toMail   = Way{Contact: "mail", Channel: audience.Email}
	toOther  = Way{Contact: "other mail", Channel: audience.Email}
	toMobile = Way{Contact: "mobile", Channel: audience.SMS, Number: "+1555"}
	toRing   = Way{Contact: "mobile voice", Channel: audience.Voice, Number: "+1555"}
	toDesk   = Way{Contact: "desk", Channel: audience.Voice, Number: "+1666"}
	toPush   = Way{Contact: "phone's page", Channel: audience.Push}
)

func stopped(w Way, why audience.SuppressionReason) Way { w.Stop = why; return w }

func try(w Way, attempt int, at time.Time, s State) Try {
	return Try{Channel: w.Channel, Contact: w.Contact, Attempt: attempt, PlannedAt: at, UpdatedAt: at.Add(time.Minute), State: s}
}

// chase of a customer with these ways, at noon, with machines for mail, push and text; change tells their story.
func chase(ways []Way, change ...func(*Chase)) Chase {
	c := Chase{Since: noon, Basis: ForService, Ways: ways, Channels: []string{audience.Email, audience.Push, audience.Webhook, audience.SMS}, Affords: true}
	for _, f := range change {
		f(&c)
	}
	return c
}

func tried(w Way, attempt int, at time.Time, s State) func(*Chase) {
	return func(c *Chase) { c.Tries = append(c.Tries, try(w, attempt, at, s)) }
}

func called(w Way, at time.Time, o CallOutcome) func(*Chase) {
	return func(c *Chase) { c.Calls = append(c.Calls, Call{At: at, Contact: w.Contact, Outcome: o}) }
}

func acked(at time.Time, by AckBy) func(*Chase) {
	return func(c *Chase) { c.Acks = append(c.Acks, Ack{At: at, By: by}) }
}

func asked(at time.Time) func(*Chase) { return func(c *Chase) { c.Asked = Asked{At: at} } }

func resolved(at time.Time) func(*Chase) { return func(c *Chase) { c.ResolvedAt = at } }

func voice(c *Chase) { c.Channels = append(c.Channels, audience.Voice) }

func mustAct(c *Chase) { c.MustAct = true }

func broke(c *Chase) { c.Affords = false }

func in(zone string) func(*Chase) {
	return func(c *Chase) {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			panic(err)
		}
		c.Zones = append(c.Zones, loc)
	}
}

// said is an act in one line.
func said(a Act) string {
	switch a.Do {
	case Send:
		return fmt.Sprintf("send %s to %s, attempt %d: %s", a.Channel, a.Contact, a.Attempt, a.Reason)
	case HandOver:
		return fmt.Sprintf("call %s: %s", a.Contact, a.Reason)
	case Close:
		return fmt.Sprintf("close %s: %s", a.End, a.Reason)
	}
	return fmt.Sprintf("wait until %s: %s", a.At.UTC().Format("Mon 15:04"), a.Reason)
}

var (
	total = settings.DefaultLadder(incident.Outage, incident.ImpactCritical)
	major = settings.DefaultLadder(incident.Outage, incident.ImpactMajor)
	minor = settings.DefaultLadder(incident.Outage, incident.ImpactMinor)
	data  = settings.DefaultLadder(incident.Data, incident.ImpactMajor)
)

var everything = []Way{toMail, toMobile, toRing}

// A turn is what is known of a customer at an instant, and what follows from it.
type turn struct {
	what string
	l    settings.Ladder
	c    Chase
	now  time.Time
	want string
}

func follow(t *testing.T, turns []turn) {
	t.Helper()
	t.Parallel()
	for _, c := range turns {
		if got := said(Next(c.l, c.c, c.now)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.what, got, c.want)
		}
	}
}

func TestWhatIsDoneNextForACustomer(t *testing.T) {
	follow(t, []turn{
		{"the first word goes by mail at once", total, chase(everything), clock(12, 0), "send email to mail, attempt 1: first_word"},
		{"and to the page on the phone together with it", total, chase([]Way{toMail, toPush}, tried(toMail, 1, clock(12, 0), Planned)), clock(12, 0), "send push to phone's page, attempt 1: first_word"},
		{"then the customer has ten minutes", total, chase(everything, tried(toMail, 1, clock(12, 0), Accepted)), clock(12, 3), "wait until Mon 12:10: waiting_for_acknowledgement"},
		{"no acknowledgement: a text", total, chase(everything, tried(toMail, 1, clock(12, 0), Accepted)), clock(12, 10), "send sms to mobile, attempt 1: no_acknowledgement"},
		{"a mail still under way does not stop the text", total, chase(everything, tried(toMail, 1, clock(12, 0), RetryAt)), clock(12, 10), "send sms to mobile, attempt 1: no_acknowledgement"},
		{"a hard bounce: the text at once", total, chase(everything, tried(toMail, 1, clock(12, 0), Bounced)), clock(12, 1), "send sms to mobile, attempt 1: bounced"},
		{"a hard bounce: the other mailbox first", total, chase([]Way{toMail, toOther, toMobile}, tried(toMail, 1, clock(12, 0), Bounced)), clock(12, 1), "send email to other mail, attempt 2: next_contact"},
		{"a missing page is no bounce", total, chase(everything, tried(toMail, 1, clock(12, 0), Accepted)), clock(12, 1), "wait until Mon 12:10: waiting_for_acknowledgement"},
		{"no mail: the text at once", total, chase([]Way{toMobile}), clock(12, 0), "send sms to mobile, attempt 1: no_way_before"},
		{"a suppressed mailbox is no mailbox", total, chase([]Way{stopped(toMail, audience.HardBounce), toMobile}), clock(12, 0), "send sms to mobile, attempt 1: no_way_before"},
		{"no machine for voice: a person, when voice was due", total, chase(everything, tried(toMail, 1, clock(12, 0), Accepted), tried(toMobile, 1, clock(12, 10), Delivered)), clock(12, 20), "call mobile: no_voice_channel"},
		{"with a machine for voice it rings", total, chase(everything, voice, tried(toMail, 1, clock(12, 0), Accepted), tried(toMobile, 1, clock(12, 10), Delivered)), clock(12, 20), "send voice to mobile voice, attempt 1: no_acknowledgement"},
		{"twice", total, chase(everything, voice, tried(toMail, 1, clock(12, 0), Accepted), tried(toMobile, 1, clock(12, 10), Delivered), tried(toRing, 1, clock(12, 20), Accepted)), clock(12, 25), "send voice to mobile voice, attempt 2: another_attempt"},
		{"then a person", total, chase(everything, voice, tried(toMail, 1, clock(12, 0), Accepted), tried(toMobile, 1, clock(12, 10), Delivered), tried(toRing, 1, clock(12, 20), Accepted), tried(toRing, 2, clock(12, 25), Accepted)), clock(12, 35), "call mobile: no_acknowledgement"},
		{"only a telephone on a desk: straight to a person", total, chase([]Way{toDesk}), clock(12, 0), "call desk: no_voice_channel"},
		{"everything bounced: straight to a person", total, chase(everything, tried(toMail, 1, clock(12, 0), Bounced), tried(toMobile, 1, clock(12, 1), Bounced)), clock(12, 2), "call mobile: no_voice_channel"},
		{"told by mail, and nothing else to try", total, chase([]Way{toMail}, tried(toMail, 1, clock(12, 0), Accepted)), clock(13, 0), "wait until Thu 12:00: no_more_ways"},
		{"after three days of that it ends, and not as reached", total, chase([]Way{toMail}, tried(toMail, 1, clock(12, 0), Accepted)), noon.AddDate(0, 0, 3), "close told_unconfirmed: patience_ended"},
		{"nothing known of them", total, chase(nil), clock(12, 0), "close unreachable: no_contact_data"},
		{"the only mailbox bounced", total, chase([]Way{toMail}, tried(toMail, 1, clock(12, 0), Bounced)), clock(12, 1), "close unreachable: every_way_failed"},
		{"they asked us to stop everywhere", total, chase([]Way{stopped(toMail, audience.OptedOut)}), clock(12, 0), "close opted_out: asked_us_to_stop"},
		{"nobody agreed to texts", total, chase([]Way{stopped(toMobile, NoConsent)}), clock(12, 0), "close unreachable: no_usable_contact"},
		{"the only mail is still on its way", total, chase([]Way{toMail}, tried(toMail, 1, clock(12, 0), RetryAt)), clock(14, 0), "wait until Thu 12:00: still_on_its_way"},
	})
}

func TestWhatAnAnswerEnds(t *testing.T) {
	follow(t, []turn{
		{"the button stops everything", total, chase(everything, tried(toMail, 1, clock(12, 0), Accepted), acked(clock(12, 9), ByLink)), clock(12, 10), "close acknowledged: acknowledged_by_link"},
		{"a reply too", total, chase(everything, tried(toMail, 1, clock(12, 0), Accepted), acked(clock(12, 9), ByReply)), clock(12, 10), "close acknowledged: acknowledged_by_reply"},
		{"who came by themselves knows", total, chase(everything, acked(clock(12, 9), ByRegister)), clock(12, 10), "close self_registered: left_their_number"},
		{"a machine that opened the link knows nothing", total, chase(everything, tried(toMail, 1, clock(12, 0), Accepted), acked(clock(12, 1), ByMachine)), clock(12, 10), "send sms to mobile, attempt 1: no_acknowledgement"},
		{"an answer to the word before a correction is none to the correction", total, chase(everything, tried(toMail, 1, clock(12, 0), Accepted), acked(clock(12, 9), ByLink), func(c *Chase) { c.Reopens = clock(15, 0) }), clock(15, 0), "send email to mail, attempt 1: corrected"},
		{"one acknowledgement lasts through ordinary updates", total, chase(everything, tried(toMail, 1, clock(12, 0), Accepted), acked(clock(12, 9), ByLink), tried(toMail, 0, clock(15, 0), Accepted)), clock(15, 1), "close acknowledged: acknowledged_by_link"},
		{"a later word by mail is no attempt of the ladder's", total, chase(everything, tried(toMail, 1, clock(12, 0), Accepted), tried(toMail, 0, clock(12, 5), Accepted)), clock(12, 10), "send sms to mobile, attempt 1: no_acknowledgement"},
	})
}

func TestWhatTheEndEnds(t *testing.T) {
	follow(t, []turn{
		{"the end ends it", total, chase(everything, tried(toMail, 1, clock(12, 0), Accepted), resolved(clock(12, 8))), clock(12, 10), "close overtaken: resolved_first"},
		{"unless the customer must act", total, chase(everything, mustAct, tried(toMail, 1, clock(12, 0), Accepted), resolved(clock(12, 8))), clock(12, 10), "send sms to mobile, attempt 1: no_acknowledgement"},
		{"or asked for a call", total, chase(everything, asked(clock(12, 5)), resolved(clock(12, 8))), clock(12, 10), "call mobile: asked_for_call"},
		{"or was promised one", total, chase(everything, func(c *Chase) {
			c.Calls = []Call{{At: clock(12, 5), Contact: "mobile", Outcome: CallBack, Back: clock(17, 0)}}
		}, tried(toMail, 1, clock(12, 0), Accepted), tried(toMobile, 1, clock(12, 1), Accepted), resolved(clock(12, 8))), clock(17, 0), "call mobile: no_voice_channel"},
		{"a correction after the end begins anew", total, chase(everything, resolved(clock(13, 0)), func(c *Chase) { c.Reopens = clock(15, 0) }), clock(15, 0), "send email to mail, attempt 1: corrected"},
		{"what had ended before the end stays as it was", total, chase(nil, resolved(clock(13, 0))), clock(14, 0), "close unreachable: no_contact_data"},
	})
}

func TestWhomAPersonCallsAndWhen(t *testing.T) {
	follow(t, []turn{
		{"who asked is called although they know", total, chase(everything, acked(clock(12, 1), ByLink), asked(clock(12, 2))), clock(12, 3), "call mobile: asked_for_call"},
		{"who asked and was called knows", total, chase(everything, asked(clock(12, 2)), called(toMobile, clock(12, 9), SpokenWith)), clock(12, 10), "close spoken_with: spoken_with"},
		{"no answer: an hour's rest", total, chase([]Way{toDesk}, called(toDesk, clock(12, 9), NoAnswer)), clock(12, 10), "wait until Mon 13:09: call_cooldown"},
		{"a wrong number: the next one at once", total, chase([]Way{toDesk, toMobile}, tried(toMobile, 1, clock(12, 0), Delivered), called(toDesk, clock(12, 20), WrongNumber)), clock(12, 21), "call mobile: no_voice_channel"},
		{"and nothing is texted to a wrong number", total, chase(everything, asked(clock(12, 0)), called(toMobile, clock(12, 1), WrongNumber)), clock(12, 30), "send email to mail, attempt 1: first_word"},
		{"called back when they said", total, chase([]Way{toDesk}, func(c *Chase) {
			c.Calls = []Call{{At: clock(12, 5), Contact: "desk", Outcome: CallBack, Back: clock(17, 0)}}
		}), clock(12, 10), "wait until Mon 17:00: call_agreed"},
		{"three calls nobody answered", total, chase([]Way{toDesk}, called(toDesk, clock(12, 5), NoAnswer), called(toDesk, clock(14, 5), LeftMessage), called(toDesk, clock(16, 5), NoAnswer)), clock(17, 5), "close unreachable: calls_unanswered"},
		{"they do not want to be called", total, chase([]Way{toDesk}, called(toDesk, clock(12, 5), RefusedCall)), clock(12, 6), "close opted_out: call_refused"},
		{"a text that cannot arrive says nothing of the telephone", total, chase([]Way{stopped(toMobile, audience.HardBounce)}), clock(12, 0), "call mobile: no_voice_channel"},
		{"a number that was told to stop is not called", total, chase([]Way{stopped(toMobile, audience.OptedOut)}), clock(12, 0), "close opted_out: asked_us_to_stop"},
	})
}

func TestAMinorTroubleIsToldAndThatIsEnough(t *testing.T) {
	follow(t, []turn{
		{"a minor trouble is told, and that is enough", minor, chase(everything, tried(toMail, 1, clock(12, 0), Accepted)), clock(12, 30), "wait until Thu 12:00: told_is_enough"},
		{"not before a machine took it", minor, chase(everything, tried(toMail, 1, clock(12, 0), RetryAt)), clock(12, 30), "wait until Thu 12:00: still_on_its_way"},
		{"if no machine takes it, a person calls", minor, chase(everything, tried(toMail, 1, clock(12, 0), Bounced)), clock(12, 30), "call mobile: no_usable_contact"},
		{"but not for what is only nice to know", minor, chase(everything, func(c *Chase) { c.Basis = Optional }, tried(toMail, 1, clock(12, 0), Bounced)), clock(12, 30), "close unreachable: every_way_failed"},
	})
}

func TestNobodyIsWokenForLess(t *testing.T) {
	follow(t, []turn{
		{"a total outage rings at night", total, chase([]Way{toMobile}, in("Asia/Taipei")), clock(18, 0), "send sms to mobile, attempt 1: no_way_before"},
		{"a major one waits for the morning", major, chase([]Way{toMobile}, in("Asia/Taipei")), clock(18, 0), "wait until Tue 00:00: quiet_hours"},
		{"unless they want to be woken", major, chase([]Way{toMobile}, in("Asia/Taipei"), func(c *Chase) { c.AnyHour = true }), clock(18, 0), "send sms to mobile, attempt 1: no_way_before"},
		{"or their data is in danger", data, chase([]Way{toMobile}, in("Asia/Taipei"), func(c *Chase) { c.Basis = ForDataSafety }), clock(18, 0), "send sms to mobile, attempt 1: no_way_before"},
		{"what is nice to know never rings at night", total, chase([]Way{toMobile}, in("Asia/Taipei"), func(c *Chase) { c.Basis = Optional }), clock(18, 0), "wait until Tue 00:00: quiet_hours"},
		{"a mail may go at any hour", major, chase([]Way{toMail}, in("Asia/Taipei")), clock(18, 0), "send email to mail, attempt 1: first_word"},
		{"where only the country is known the strictest zone holds", major, chase([]Way{toMobile}, in("America/New_York"), in("America/Los_Angeles")), clock(13, 0), "wait until Mon 15:00: quiet_hours"},
		{"deferred to the morning and overtaken by the end", major, chase([]Way{toMobile}, in("Asia/Taipei"), resolved(clock(20, 0))), clock(24, 0), "close overtaken: resolved_first"},
		{"who leaves a number at night is called that night", major, chase(everything, in("Asia/Taipei"), asked(clock(17, 0))), clock(17, 20), "call mobile: asked_for_call"},
		{"and not in the next", major, chase(everything, in("Asia/Taipei"), asked(clock(17, 0)), resolved(clock(17, 1))), clock(24+14, 0), "wait until Wed 00:00: quiet_hours"},
	})
}

func TestABudgetEndsTheClimbAndNotAPromise(t *testing.T) {
	follow(t, []turn{
		{"out of budget: told, not confirmed", total, chase(everything, broke, tried(toMail, 1, clock(12, 0), Accepted)), clock(12, 10), "close told_unconfirmed: out_of_budget"},
		{"not before their time to answer is over", total, chase(everything, broke, tried(toMail, 1, clock(12, 0), Accepted)), clock(12, 9), "wait until Mon 12:10: waiting_for_acknowledgement"},
		{"out of budget and not told", total, chase(everything, broke, tried(toMail, 1, clock(12, 0), Bounced)), clock(12, 10), "close unreachable: out_of_budget"},
		{"a call they asked for is in every budget", total, chase(everything, broke, asked(clock(12, 1))), clock(12, 10), "call mobile: asked_for_call"},
		{"not owed yet", total, chase(everything), clock(11, 59), "wait until Mon 12:00: not_yet"},
	})
}

func TestACallMayBeMadeUntilTheCustomersEvening(t *testing.T) {
	t.Parallel()
	got := Next(major, chase([]Way{toDesk}, in("Europe/Berlin")), clock(12, 0))
	if want := clock(19, 0); got.Do != HandOver || !got.At.Equal(want) { // 21:00 in Berlin
		t.Errorf("%s, until %v", said(got), got.At)
	}
}

func TestByWhatRightCustomersAreTold(t *testing.T) {
	t.Parallel()
	harmed := incident.Fields{Data: incident.Safety{State: incident.SafetyAffected}}
	for _, c := range []struct {
		what string
		i    incident.Incident
		said incident.Fields
		want Basis
	}{
		{"an outage", incident.Incident{Kind: incident.Outage, Impact: incident.ImpactMinor}, incident.Fields{}, ForService},
		{"a wrong charge", incident.Incident{Kind: incident.Billing, Impact: incident.ImpactMinor}, incident.Fields{}, ForService},
		{"an outage that harmed data", incident.Incident{Kind: incident.Outage, Impact: incident.ImpactNone}, harmed, ForDataSafety},
		{"a break-in", incident.Incident{Kind: incident.Security, Impact: incident.ImpactNone}, incident.Fields{}, ForDataSafety},
		{"planned work", incident.Incident{Kind: incident.Maintenance, Impact: incident.ImpactMaintenance}, incident.Fields{}, Optional},
		{"a trouble that harms nobody", incident.Incident{Kind: incident.Outage, Impact: incident.ImpactNone}, incident.Fields{}, Optional},
	} {
		if got := BasisOf(c.i, c.said); got != c.want {
			t.Errorf("%s: for %s, want %s", c.what, got, c.want)
		}
	}
}

func TestEveryReasonAndEveryEndHasAWord(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, w := range Whys {
		keys = append(keys, w.Key())
	}
	for _, e := range Ends {
		keys = append(keys, e.Key())
	}
	for _, tag := range lang.All() {
		for _, key := range keys {
			if !lang.For(tag).Has(key) {
				t.Errorf("%s is not said in %s", key, tag)
			}
		}
	}
}

func TestTheDocumentedOutcomesAreTheTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/ladder.md")
	if err != nil {
		t.Fatal(err)
	}
	said := map[bool]string{true: "yes", false: "no"}
	for _, o := range CallOutcomes {
		e, ok := effects[o]
		if !ok || !o.Valid() {
			t.Errorf("%s has no effect", o)
		}
		counts, next := said[e.counts], "another number, at once"
		switch {
		case e.answered:
			counts, next = "ends the chase", "–"
		case e.cools:
			next = "after the cool-down"
		case e.refuses:
			next = "never"
		case !e.drops:
			next = "when agreed"
		}
		if row := fmt.Sprintf("| `%s` | %s | %s | %s |\n", o, said[e.told], counts, next); !strings.Contains(string(text), row) {
			t.Errorf("docs/ladder.md has no row\n%s", row)
		}
	}
	if len(effects) != len(CallOutcomes) || CallOutcome("shouted").Valid() {
		t.Errorf("%d effects of %d outcomes", len(effects), len(CallOutcomes))
	}
}

func TestTheCallListBeginsWithWhoAsked(t *testing.T) {
	t.Parallel()
	base := Caller{Customer: "b", Impact: incident.ImpactMajor, Fee: 1000, Since: clock(12, 0)}
	with := func(f func(*Caller)) Caller { c := base; c.Customer = "a"; f(&c); return c }
	for what, sooner := range map[string]Caller{
		"who asked":          with(func(c *Caller) { c.AskedAt = clock(15, 0); c.Fee = 0 }),
		"who must act":       with(func(c *Caller) { c.MustAct = true; c.Fee = 0 }),
		"the harder hit":     with(func(c *Caller) { c.Impact = incident.ImpactCritical; c.Fee = 0 }),
		"who pays more":      with(func(c *Caller) { c.Fee = 1001; c.Since = clock(13, 0) }),
		"who waits longer":   with(func(c *Caller) { c.Since = clock(11, 0) }),
		"or else the id, so": with(func(*Caller) {}),
	} {
		if Urgency(sooner, base) >= 0 || Urgency(base, sooner) <= 0 {
			t.Errorf("%s does not come first", what)
		}
	}
	early, late := with(func(c *Caller) { c.AskedAt = clock(13, 0) }), with(func(c *Caller) { c.AskedAt = clock(14, 0); c.MustAct = true })
	if Urgency(early, late) >= 0 {
		t.Error("who asked later comes first")
	}
}

func TestTheCodeACallerSaysIsTheCustomersAlone(t *testing.T) {
	t.Parallel()
	secret := []byte("secret")
	one := CallCode(secret, "inc_1", "cus_1")
	if len(one) != len("417 302") || one != CallCode(secret, "inc_1", "cus_1") {
		t.Fatalf("%q", one)
	}
	seen := map[string]int{}
	for i := range 1000 {
		seen[CallCode(secret, "inc_1", id.Customer(fmt.Sprint(i)))]++
	}
	// Of a million codes, a thousand customers share half a one on average.
	if len(seen) < 990 {
		t.Errorf("%d different codes for 1,000 customers", len(seen))
	}
	for _, other := range []string{CallCode(secret, "inc_2", "cus_1"), CallCode(secret, "inc_1", "cus_2"), CallCode([]byte("another"), "inc_1", "cus_1")} {
		if other == one {
			t.Errorf("%q again", other)
		}
	}
}
