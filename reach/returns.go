package reach

import "time"

// Returns are what came back of the letters of one day. Receivers reckon the same way: who keeps mailing dead or unwilling addresses is put
// among the spammers, and then nobody gets the next first word.
type Returns struct {
	Taken      int64 // letters that a receiver took, those that came back as unwanted included
	Bounced    int64 // that ended at an address that takes no mail
	Complained int64 // that a reader called unwanted
}

const (
	// ReturnsWindow is the day that is looked at.
	ReturnsWindow = 24 * time.Hour
	// enoughToJudge and enoughForComplaints are the fewest letters a share is made of: one dead mailbox of ten is no news. Receivers judge
	// complaints by those to whom thousands go a day (Google's bulk senders: 5,000).
	enoughToJudge       = 200
	enoughForComplaints = 5000
)

// In hundredths of a percent: owners are told from a bounce rate of 2 % or 0.08 % complaints on, and what can wait is held back from 5 % or
// 0.2 % on. Amazon SES reviews a sender at 5 % and 0.1 %, Google asks for less than 0.1 % and stops at 0.3 %.
const (
	alarmingBounces    = 200
	alarmingComplaints = 8
	haltingBounces     = 500
	haltingComplaints  = 20
)

// Sent is how many letters came to an end at a receiver, whichever.
func (r Returns) Sent() int64 { return r.Taken + r.Bounced }

// Alarming reports whether the owners have to know.
func (r Returns) Alarming() bool { return r.exceed(alarmingBounces, alarmingComplaints) }

// Halting reports whether what can wait has to: every further letter does harm.
func (r Returns) Halting() bool { return r.exceed(haltingBounces, haltingComplaints) }

func (r Returns) exceed(bounces, complaints int64) bool {
	return r.Sent() >= enoughToJudge && r.Bounced*10_000 >= bounces*r.Sent() ||
		r.Taken >= enoughForComplaints && r.Complained*10_000 >= complaints*r.Taken
}

// Telling is how many letters have to be counted, at most, to know whether the returns are alarming: beyond it they are not. Among a million
// letters with a few bounces nobody counts the million.
func (r Returns) Telling() int64 {
	return max(r.Bounced*10_000/alarmingBounces, r.Complained*10_000/alarmingComplaints) + 1
}

// CanWait reports whether an announcement is one of those that a bad day holds back: neither a first word, which decides whom customers
// hear it from, nor a correction or new steps, without which they go on doing the wrong thing.
func (a Announcement) CanWait() bool {
	return a.Kind.Bulk() && a.Priority > First && !a.Target.Reopens
}
