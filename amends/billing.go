package amends

import (
	"math/big"
)

// A Balance is what an account comes to after a wrong charge was put right, and whether it is worth a letter.
//
// DreamHost once billed a customer two cents for the hour that the clocks gave back in November, and sent a dunning notice. Who has been
// wronged is never dunned for a rest.
type Balance struct {
	Open       *big.Rat // what the books say is still owed by the customer; negative is owed to them
	WrittenOff bool     // too little to ask anybody for
	Why        string
}

// Settle decides about what is left of an account: below the least sum a company asks for, it is written off. What is owed to a customer is
// theirs however little it is.
func Settle(open, least *big.Rat) Balance {
	switch {
	case open.Sign() < 0:
		return Balance{Open: open, Why: "owed to the customer"}
	case open.Sign() == 0:
		return Balance{Open: open, Why: "nothing is open"}
	case open.Cmp(least) < 0:
		return Balance{Open: open, WrittenOff: true, Why: "below the least sum that is asked for"}
	}
	return Balance{Open: open, Why: "asked for"}
}

// Metered is what hours at a price come to beyond a flat price for so many of them: 721 hours of November against 720.
func Metered(hours, flat int64, price *big.Rat) *big.Rat {
	return mul(whole(hours-flat), price)
}

// A FeeAnswer says where a bank fee goes back to that a customer had because of us.
type FeeAnswer struct {
	ToCard    *big.Rat // the fee itself, the way the money came
	ToAccount *big.Rat // as much again, if the company so decides: DreamHost did
}

// BankFee repays a documented fee, and the same again as a credit where the company doubles it.
func BankFee(fee *big.Rat, doubled bool) FeeAnswer {
	answer := FeeAnswer{ToCard: fee, ToAccount: new(big.Rat)}
	if doubled {
		answer.ToAccount = fee
	}
	return answer
}
