// Package component holds what can break: the parts of the service as a customer knows them.
//
// A customer looks for one word beside the part they use. That word is a Status in Statuspage's vocabulary, because that is what the
// field's tools speak, and one of our own: unknown, which is never shown as working.
//
// Components form a tree of groups and leaves; a group's status is the worst of its children and is never stored. Every change of a leaf's
// status closes one Interval and opens the next, with the incident that caused it: uptime is computed from intervals and nothing else.
package component
