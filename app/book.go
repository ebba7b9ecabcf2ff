package app

import books "candor/ledger"

// book is the billing system that credits are handed to. Its key comes from outside and never lies in the database: a copy of the database
// that somebody starts to look at can give away nothing.
func (a *App) book() books.Book {
	if a.config.StripeKey == "" {
		return books.CSV{}
	}
	return books.NewStripe(a.config.StripeKey, a.config.StripeURL)
}
