// Package reach holds what became of every message to every person.
//
// "Posted" is not "reached": for each announcement and address there is one Delivery row, and it ends in exactly one end state with a
// reason. What the console says was told is counted from these rows and nothing else. Messages are delivered at least once: after a crash
// at most one message per open connection is repeated, with the same Message-ID.
//
//	planned → claimed(lease, attempt) → accepted(provider id) → delivered | acknowledged | bounced | complained
//	                                  ↘ retry_at → claimed …
//	planned, claimed, retry_at → failed(reason) | suppressed(reason) | poison | superseded
//
// For each incident and affected customer there is one Chase. Next decides, from the rows alone and with a named reason, what is done next:
// a message on the ladder's next rung, a call by one of us, or the end. Told is who had a message accepted, reached is who is known to
// know, closed is who is owed nothing more (coverage.go).
//
// A Channel is one way to carry a message; its contract is in channel.go.
package reach
