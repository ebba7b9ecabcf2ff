package reach

import (
	"time"

	"candor/id"
)

// An Act is what Next wants done for one customer, and why. It is stored with the chase and shown with it.
type Act struct {
	Do      Do
	Channel string     // with Send the channel, with HandOver and while a call is owed settings.Person
	Contact id.Contact // whom to send to or to call
	Attempt int        // with Send, which try on this channel since the climb began; the row keeps it, so that a repeat is recognised
	// At is when to look again unless something happens before: an answer, a bounce, an outcome, a new word. Zero with Close.
	At     time.Time
	Reason Why
	End    End // with Close
}

// Do is what an Act asks for.
type Do string

const (
	Send     Do = "send"
	Wait     Do = "wait"
	HandOver Do = "hand_over" // a person calls now; again HandOver until an outcome or At comes
	Close    Do = "close"     // nothing more is sent; what is planned and not yet sent is superseded
)

// An End is how a chase ended. What is told afterwards can still make it better: who presses the button a day later is acknowledged.
type End string

const (
	EndAcknowledged    End = "acknowledged"
	EndSpokenWith      End = "spoken_with"
	EndSelfRegistered  End = "self_registered"
	EndOvertaken       End = "overtaken"        // the outage ended first
	EndOptedOut        End = "opted_out"        // they do not want to be reached
	EndUnreachable     End = "unreachable"      // with documented attempts, or nothing to attempt
	EndToldUnconfirmed End = "told_unconfirmed" // a machine took it and nobody said so: told, never reached
)

// Ends in the order they are shown.
var Ends = [...]End{EndAcknowledged, EndSpokenWith, EndSelfRegistered, EndOvertaken, EndOptedOut, EndUnreachable, EndToldUnconfirmed}

// Key is what the catalogue says for it.
func (e End) Key() string { return "chase.end." + string(e) }

// Reached reports whether a human of theirs is known to know.
func (e End) Reached() bool {
	return e == EndAcknowledged || e == EndSpokenWith || e == EndSelfRegistered
}

// Closed reports whether nobody is owed anything more. Told without confirmation is an end, but not one to be counted as done.
func (e End) Closed() bool {
	return e.Reached() || e == EndOvertaken || e == EndOptedOut || e == EndUnreachable
}

// Why is the named reason of an Act. It is stored and shown.
type Why string

// Reasons to send, and to hand over.
const (
	WhyFirstWord   Why = "first_word"
	WhyCorrected   Why = "corrected"          // a correction, or new steps: everybody is told anew
	WhyNoAck       Why = "no_acknowledgement" // the rung before had its time
	WhyBounced     Why = "bounced"            // the rung before failed for good
	WhyNoWay       Why = "no_way_before"      // the rungs before had nothing to send to
	WhyAgain       Why = "another_attempt"    // the same rung, after its interval
	WhyNextContact Why = "next_contact"       // the same rung, because the contact before is dead
	WhyNoVoice     Why = "no_voice_channel"   // a voice rung that nobody set up is a person's
	WhyAsked       Why = "asked_for_call"
	WhyNoUsable    Why = "no_usable_contact" // nothing but a telephone is left
)

// Reasons to wait.
const (
	WhyNotYet     Why = "not_yet"
	WhyAwaitAck   Why = "waiting_for_acknowledgement"
	WhyQuiet      Why = "quiet_hours"
	WhyInFlight   Why = "still_on_its_way"
	WhyToldEnough Why = "told_is_enough" // this ladder asks for no more proof
	WhyNoMoreWays Why = "no_more_ways"   // told, and nothing else to try: they may still answer
	WhyCooldown   Why = "call_cooldown"
	WhyCallAgreed Why = "call_agreed" // they said when
	WhyPaused     Why = "paused"      // somebody held the announcement back
)

// Reasons to close.
const (
	WhyByLink        Why = "acknowledged_by_link"
	WhyByReply       Why = "acknowledged_by_reply"
	WhyRegistered    Why = "left_their_number"
	WhySpokenWith    Why = "spoken_with"
	WhyResolved      Why = "resolved_first"
	WhyPatience      Why = "patience_ended"
	WhyBudget        Why = "out_of_budget"
	WhyNoContact     Why = "no_contact_data"
	WhyAllFailed     Why = "every_way_failed"
	WhyNobodyAnswers Why = "calls_unanswered"
	WhyStopped       Why = "asked_us_to_stop"
	WhyCallRefused   Why = "call_refused"
)

// Key is what the catalogue says for it.
func (w Why) Key() string { return "chase.why." + string(w) }

// Whys is every reason there is.
var Whys = [...]Why{
	WhyFirstWord, WhyCorrected, WhyNoAck, WhyBounced, WhyNoWay, WhyAgain, WhyNextContact, WhyNoVoice, WhyAsked, WhyNoUsable,
	WhyNotYet, WhyAwaitAck, WhyQuiet, WhyInFlight, WhyToldEnough, WhyNoMoreWays, WhyCooldown, WhyCallAgreed, WhyPaused,
	WhyByLink, WhyByReply, WhyRegistered, WhySpokenWith, WhyResolved, WhyPatience, WhyBudget, WhyNoContact, WhyAllFailed,
	WhyNobodyAnswers, WhyStopped, WhyCallRefused,
}

func closed(end End, why Why) Act { return Act{Do: Close, End: end, Reason: why} }

func waitUntil(at time.Time, why Why) Act { return Act{Do: Wait, At: at, Reason: why} }
