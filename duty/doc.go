// Package duty is everything the clock owes: what was announced is planned and delivered, promises are watched, maintenances begin and end.
//
// An act of a person returns in milliseconds because it only appends an announcement; everything slow happens here. A killed duty loses
// nothing: each loop finds what is owed in the database, and a wake only makes it look sooner.
//
// Delivery has three parts. FanOut writes one row per announcement and address. A ledger, one goroutine per channel, claims rows under a
// lease and makes results durable, many in one transaction. Sessions, one goroutine per connection, send; each waits until its last result
// is durable before it takes the next message, so that a kill repeats at most one message per connection.
package duty
