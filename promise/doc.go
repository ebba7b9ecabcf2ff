// Package promise holds what we said we would do by when, and whether we did.
//
// A customer who reads "next update by 15:21" stops refreshing until 15:21; that is worth something only if it is kept. So a promise is a
// row with a deadline, kept by a fact (the next update, the answer, the report) or missed, in public, the minute it passes. Its reminders
// are durable timers: down at the deadline, they act on start; they never fire early and never twice.
package promise
