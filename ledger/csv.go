package ledger

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"candor/audience"
)

// CSV is a book that people keep: each export is a file with a number, which finance imports into whatever writes the bills.
type CSV struct{}

// Name of the book.
func (CSV) Name() string { return "csv" }

// Enter gives each entry the number of its export and its line there: the same each time.
func (CSV) Enter(_ context.Context, x Export) []Outcome {
	all := make([]Outcome, len(x.Entries))
	for i, e := range x.Entries {
		all[i] = Outcome{Key: e.Key, Became: Entered, Entry: strconv.FormatInt(x.Number, 10) + "/" + strconv.Itoa(i+1)}
	}
	return all
}

// Holds nothing that could be asked: finance says when a file is in the books.
func (CSV) Holds(context.Context, Export) (map[string]Held, error) { return nil, ErrCannotTell }

var headings = []string{"export", "line", "key", "customer", "kind", "amount", "currency", "charge", "text"}

// Write writes an export as the file that finance imports. The same export is the same bytes; no cell becomes a formula in a spreadsheet (B6).
func Write(out io.Writer, x Export) error {
	w := csv.NewWriter(out)
	_ = w.Write(headings) // a failed write comes again from Error
	for i, e := range x.Entries {
		kind := "credit"
		if e.Charge != "" {
			kind = "refund"
		}
		cells := []string{
			strconv.FormatInt(x.Number, 10), strconv.Itoa(i + 1), e.Key, e.Account, kind, e.Amount.Plain(), e.Amount.Currency, e.Charge, e.Text,
		}
		for n := range cells {
			cells[n] = audience.SafeCell(cells[n])
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// FileName is what an export is called on disk: two exports never share one.
func FileName(number int64) string { return fmt.Sprintf("candor-credits-%06d.csv", number) }
