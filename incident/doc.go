// Package incident holds what went wrong, or will be worked on, and what we said about it.
//
// To a customer an incident is a story told by named people: a first word, updates that each say when the next one comes, and an end.
// Nothing that was said can be deleted. A text is corrected by a Revision that shows both, and words that may not stay (a secret, personal
// data, a court's order) are blacked out under a visible mark with a reason and a decider.
//
// An incident begins as a draft (an alert opened it) or at once with its first word. Its status follows its newest update:
//
//	outage, billing, data, security: investigating → identified → monitoring → resolved, in any order, back included
//	maintenance:                     scheduled → in_progress → verifying → completed
//
// Impact is derived from the worst component status ever given in the incident and never falls; people may override it.
package incident
