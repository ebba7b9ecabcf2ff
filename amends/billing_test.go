package amends

import (
	"math/big"
	"testing"
)

func TestNobodyIsDunnedForTheHourThatTheClocksGaveBack(t *testing.T) {
	t.Parallel()
	var list struct {
		Cases []struct {
			ID         string
			Hours      int64
			Flat       int64   `json:"flat_hours"`
			Price      *Number `json:"hour_price"`
			Difference *Number `json:"expected_difference"`
			Fee        *Number `json:"bank_fee"`
			ToCard     *Number `json:"expected_card_payment"`
			ToAccount  *Number `json:"expected_account_credit"`
		} `json:"billing_cases"`
	}
	listed(t, "sla-cases.json", &list)
	if len(list.Cases) != 2 {
		t.Fatalf("%d billing cases, want 2", len(list.Cases))
	}
	for _, c := range list.Cases {
		if c.Fee != nil {
			if got := BankFee(c.Fee.rat(), true); got.ToCard.Cmp(c.ToCard.rat()) != 0 || got.ToAccount.Cmp(c.ToAccount.rat()) != 0 {
				t.Errorf("%s: %v", c.ID, got)
			}
			if got := BankFee(c.Fee.rat(), false); got.ToAccount.Sign() != 0 {
				t.Errorf("%s: the company did not double it: %v", c.ID, got)
			}
			continue
		}
		open := Metered(c.Hours, c.Flat, c.Price.rat())
		if open.Cmp(c.Difference.rat()) != 0 {
			t.Errorf("%s: %s, want %s", c.ID, Plain(open), Plain(c.Difference.rat()))
		}
		if got := Settle(open, big.NewRat(550, 100)); !got.WrittenOff {
			t.Errorf("%s: %+v", c.ID, got)
		}
	}
}

func TestABalanceIsAskedForOnlyFromTheLeastSumOn(t *testing.T) {
	t.Parallel()
	least := big.NewRat(5, 1)
	for open, written := range map[string]bool{"0.01": true, "4.99": true, "5": false, "5.01": false, "0": false, "-0.02": false} {
		if got := Settle(exact(open).rat(), least); got.WrittenOff != written {
			t.Errorf("%s: %+v", open, got)
		}
	}
	if got := Settle(exact("-0.02").rat(), least); got.Why != "owed to the customer" {
		t.Errorf("two cents of theirs: %+v", got)
	}
}
