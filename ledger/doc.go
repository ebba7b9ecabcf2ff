// Package ledger hands credits and refunds to the billing system.
//
// A customer who was promised money looks for it in one place: their bill. What Candor decides is worth nothing until it stands there, and
// the worst that can happen on the way is not that it comes late but that it comes twice. So everything handed over has a key of its own
// that never changes, and a book has it once however often it is handed over: after a lost answer, by two nodes, a year later.
//
// A Book is a billing system. CSV numbers files that finance imports by hand; Stripe enters customer balance transactions and refunds. What a
// book is asked to enter comes in numbered exports, so that a file with a number is always the same file.
package ledger
