// Package amends holds what a company owes its customers when it broke its word, to the cent and with the reckoning.
//
// Most contracts pay only who asks in time, and few customers can work out what they could ask for. Here the terms of a contract, as data,
// meet the outage as it was: Terms say how time is counted and what it is worth, a Case is one customer's month with its outages, and
// Compute answers with a Credit that explains itself, line by line, so that the customer can check it with a pencil.
//
// A Credit is reckoned in four steps, each in a file of its own: which time (period.go, span.go), which of it counts (overlap.go,
// count.go), which row or formula applies (rate.go and what it names), and how many coins that is (credit.go). Everything is a fraction
// until the last step, which rounds once. A row is chosen by the exact uptime: 99.89996 % prints as 99.90 % and still owes the credit.
//
// Terms are read with the eyes of a lawyer by Lint: gaps, overlaps and contradictions come back as questions, with the seconds or
// percentages where they bite. ClaimBy says until when a customer may ask where the contract does not pay by itself.
package amends
