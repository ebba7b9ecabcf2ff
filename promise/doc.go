// Package promise holds what we said we would do by when, and whether we did.
//
// A customer who reads "next update by 15:21" stops refreshing until 15:21; that is worth something only if it is kept. So a promise is a
// row with a deadline, kept by a fact (the next update, the answer, the report) or missed, in public, the minute it passes. Its reminders
// are durable timers: down at the deadline, they act on start; they never fire early and never twice.
//
// A Policy says who is called before and after the deadline, and how loudly; the Record counts, month by month, what became of it all. A
// Period computes deadlines as laws and contracts put them, and a Clock is one of those: it starts at an event that staff record. A computed
// time is never moved by itself. Everything here decides from what it is given; docs/promises.md has the rules in words.
package promise
