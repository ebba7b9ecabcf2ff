// Package console is the desk of the people who speak to customers.
//
// Somebody is woken at three in the morning, opens it on a phone, and has said the first word within a minute; from then on it shows what
// is owed, by the clock. Its menu tells the story in the order of the work: Now, Say, Reach, Repair, Prove.
//
// It is HTML made here, forms that post and redirect, and a little htmx for the preview. Without a script everything works. Reads go to the
// store; every act is a function of desk. routes.go is the only table of its addresses; one adapter turns problems into answers.
package console
