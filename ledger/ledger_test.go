package ledger_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"candor/ledger"
	"candor/ledger/ledgertest"
	"candor/money"
)

func euros(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func export(n int) ledger.Export {
	x := ledger.Export{Number: 7}
	for i := range n {
		x.Entries = append(x.Entries, ledger.Entry{
			Key: fmt.Sprintf("off_%04d", i), Account: fmt.Sprintf("cus_%04d", i), Amount: euros(int64(100 + i)), Text: "Credit for 10 September",
		})
	}
	return x
}

func TestTheSameExportIsTheSameFile(t *testing.T) {
	t.Parallel()
	x := export(3)
	first, second := ledger.CSV{}.Enter(t.Context(), x), ledger.CSV{}.Enter(t.Context(), x)
	if diff := cmp.Diff(first, second); diff != "" || first[2].Entry != "7/3" {
		t.Errorf("handed over again it is another (-first +second):\n%s", diff)
	}
	if _, err := (ledger.CSV{}).Holds(t.Context(), x); !errors.Is(err, ledger.ErrCannotTell) {
		t.Errorf("a file says %v", err)
	}
	var one, two bytes.Buffer
	if err := errors.Join(ledger.Write(&one, x), ledger.Write(&two, x)); err != nil || one.String() != two.String() {
		t.Errorf("%v\n%s\n%s", err, one.String(), two.String())
	}
	const want = "export,line,key,customer,kind,amount,currency,charge,text\n7,1,off_0000,cus_0000,credit,1.00,EUR,,Credit for 10 September\n"
	if !strings.HasPrefix(one.String(), want) {
		t.Errorf("the file begins\n%s", one.String())
	}
}

// B6: whatever a customer is called and whatever their bill says, no cell of the file becomes a formula.
func TestB6AnExportOfCreditsHoldsNoFormula(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		mark := rapid.SampledFrom([]string{"=", "+", "-", "@", "\t", "\r", "\uff1d", "'=", "''+", "x"}).Draw(t, "mark")
		rest := rapid.String().Draw(t, "rest")
		var b bytes.Buffer
		x := ledger.Export{Number: 1, Entries: []ledger.Entry{{Key: "k", Account: mark + rest, Amount: euros(5), Text: mark + rest, Charge: mark}}}
		if err := ledger.Write(&b, x); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatal(rows, err)
		}
		for _, cell := range rows[1] {
			if strings.ContainsAny(firstRune(strings.TrimLeft(cell, "'")), "=+-@\t\r\uff1d") && !strings.HasPrefix(cell, "'") {
				t.Fatalf("%q is a formula", cell)
			}
		}
	})
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

func TestALostAnswerIsFoundAndNothingIsEnteredTwice(t *testing.T) {
	t.Parallel()
	for what, loss := range map[string]ledgertest.Loss{
		"before it acts": ledgertest.BeforeItActs, "after it acted": ledgertest.AfterItActed, "too fast": ledgertest.Busy, "its own fault": ledgertest.Broken,
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			fake := ledgertest.Start(t, func(request int) ledgertest.Loss {
				if request%2 == 1 {
					return loss
				}
				return ledgertest.Kept
			})
			book, x := ledger.NewStripe("sk_test_1", fake.URL), export(40)
			for round := 0; ; round++ {
				if round > 20 {
					t.Fatal("it never ends")
				}
				doubts := 0
				for i, o := range book.Enter(t.Context(), x) {
					if o.Key != x.Entries[i].Key {
						t.Fatalf("the outcome of %s stands where %s was", o.Key, x.Entries[i].Key)
					}
					if o.Became == ledger.Doubt {
						x.Entries[i].Doubted = true
						doubts++
					} else if o.Became != ledger.Entered || o.Entry == "" {
						t.Fatalf("%+v", o)
					}
				}
				fake.Forget() // a day passes
				for i := range x.Entries {
					x.Entries[i].Doubted = true // as after a restart
				}
				if doubts == 0 {
					break
				}
			}
			keys := map[string]int{}
			for _, e := range fake.Entries() {
				keys[e.Key]++
			}
			if len(keys) != 40 || len(fake.Entries()) != 40 || fake.Lost() < 10 {
				t.Errorf("%d entries under %d keys, %d answers lost", len(fake.Entries()), len(keys), fake.Lost())
			}
			held, err := book.Holds(t.Context(), x)
			if err != nil || len(ledger.Compare(x, held)) != 0 {
				t.Errorf("%v: %v", err, ledger.Compare(x, held))
			}
		})
	}
}

func TestTheBookIsReadToTheCent(t *testing.T) {
	t.Parallel()
	fake := ledgertest.Start(t, nil)
	book, x := ledger.NewStripe("sk_test_1", fake.URL), export(5)
	book.Enter(t.Context(), ledger.Export{Entries: x.Entries[:4]})
	fake.Spoil()
	held, err := book.Holds(t.Context(), x)
	want := []ledger.Difference{{Key: "off_0000", Ours: euros(100), Theirs: euros(99)}, {Key: "off_0004", Ours: euros(104)}}
	if diff := cmp.Diff(want, ledger.Compare(x, held)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	x.Entries[0].Doubted = true
	if o := book.Enter(t.Context(), x); o[0].Became != ledger.Refused || o[0].Reason != ledger.Unlike {
		t.Errorf("another sum under our key: %+v", o[0])
	}
}

func TestARefusalIsNamed(t *testing.T) {
	t.Parallel()
	fake := ledgertest.Start(t, nil)
	fake.Close("cus_0001")
	x := export(3)
	x.Entries[2].Amount = money.Amount{Minor: 1005, Currency: "KWD"}
	got := ledger.NewStripe("sk_test_1", fake.URL).Enter(t.Context(), x)
	if got[0].Became != ledger.Entered || got[1].Reason != ledger.NoAccount || got[2].Reason != ledger.NoSuchCoin {
		t.Errorf("%+v", got)
	}
	nobody := ledger.NewStripe("sk_test_1", "http://127.0.0.1:1").Enter(t.Context(), export(1))
	if nobody[0].Became != ledger.Doubt || nobody[0].Reason != ledger.Unreachable {
		t.Errorf("no answer: %+v", nobody[0])
	}
}

func TestStripeCountsSomeCoinsInItsOwnWay(t *testing.T) {
	t.Parallel()
	fake := ledgertest.Start(t, nil)
	sums := []money.Amount{
		{Minor: 1099, Currency: "USD"}, {Minor: 500, Currency: "JPY"}, {Minor: 1230, Currency: "KWD"}, {Minor: 7, Currency: "UGX"}, {Minor: 300, Currency: "MGA"},
	}
	var x ledger.Export
	for i, s := range sums {
		x.Entries = append(x.Entries, ledger.Entry{Key: s.Currency, Account: fmt.Sprint("cus_", i), Amount: s})
	}
	book := ledger.NewStripe("sk_test_1", fake.URL)
	book.Enter(t.Context(), x)
	units := map[string]int64{}
	for _, e := range fake.Entries() {
		units[e.Key] = e.Amount
	}
	if diff := cmp.Diff(map[string]int64{"USD": -1099, "JPY": -500, "KWD": -1230, "UGX": -700, "MGA": -3}, units); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	held, err := book.Holds(context.Background(), x)
	if differ := ledger.Compare(x, held); err != nil || len(differ) > 0 {
		t.Errorf("read back: %v %v", err, differ)
	}
	if all := slices.Collect(func(yield func(string) bool) {
		for _, bad := range []money.Amount{{Minor: 5, Currency: "MGA"}, {Minor: 0, Currency: "EUR"}, {Minor: -1, Currency: "EUR"}, {Minor: 1 << 60, Currency: "EUR"}} {
			if o := book.Enter(context.Background(), ledger.Export{Entries: []ledger.Entry{{Key: "k", Account: "cus_9", Amount: bad}}}); o[0].Reason != ledger.NoSuchCoin {
				yield(bad.String())
			}
		}
	}); len(all) > 0 {
		t.Errorf("taken: %v", all)
	}
}
