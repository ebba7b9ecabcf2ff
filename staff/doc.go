// Package staff holds the named humans who write to customers and take their calls.
//
// A customer who is angry wants a person, not "The Building Office" (S0): every update carries its author's name, title, face and a way to
// reach them. The public contact may be a desk that reaches the person. What a person may do in Candor follows from their roles; a token
// stands for a person with a part of their rights.
package staff
