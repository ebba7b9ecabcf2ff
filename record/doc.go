// Package record is the public record that nobody can quietly rewrite, us included.
//
// Whoever was told something by a company can check with one command that it has not altered a word since. Every public fact is written
// down as one leaf of an append-only Merkle log, in the transaction of the act that made it; within a second a sequencer numbers the new
// leaves, hashes them into the tree and signs its head. What was signed once binds: a log that changes an entry, drops one or slips one in
// no longer fits the heads that others have kept.
//
// A fact has a key that no other fact has, an instant, words of machines (codes, states, instants) in the clear, and words of people sealed:
// what enters the log of them is a salted hash. The salt and the words, the opening, lie apart. While they are there, everybody can see that
// what the page shows is what was sealed; once they are erased, because a court, a person or a leaked key leaves no choice, the log stays
// whole and says nothing about them.
//
// The formats are C2SP's, so that others' programs read them: tlog-tiles, tlog-checkpoint, signed-note. Entries are canonical JSON; the
// vectors in testdata are the definition.
package record
