package desk_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

func TestACallCentreGetsAFileAndGivesItBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 4)
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			evil := c.customers[3]
			evil.Name = `=HYPERLINK("http://evil.test")`
			return tx.Customers.Save(ctx, evil)
		})
		kim := c.agent(t, "kim")
		var file bytes.Buffer
		if err := c.ExportCalls(kim, &file); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&file).ReadAll()
		if err != nil || len(rows) != 5 {
			t.Fatalf("%d rows: %v", len(rows), err)
		}
		at := func(heading string) int { return slices.Index(rows[0], heading) }
		for _, row := range rows[1:] {
			for _, cell := range row {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
					t.Errorf("a spreadsheet would compute %q", cell)
				}
			}
		}
		if first := rows[1]; first[at("customer id")] != "K-0" || first[at("number")] != "'+49309010000" || first[at("other numbers")] != "'+49309010001" ||
			!strings.Contains(first[at("script")], first[at("code")]) || !strings.Contains(first[at("script")], "Guten Tag") {
			t.Errorf("the first row is %q", first)
		}
		if turn := c.next(t, kim); turn.Holder == "" || turn.Customer != c.customers[0].ID {
			t.Error("an export claimed somebody")
		}

		when := time.Now().UTC().Format(time.RFC3339)
		rows[1][at("outcome")], rows[1][at("at")], rows[1][at("note")] = "spoken_with", when, "Knew already"
		rows[2][at("outcome")], rows[2][at("at")] = "No answer", when
		rows[3][at("outcome")], rows[3][at("at")] = "slept", when
		var back bytes.Buffer
		w := csv.NewWriter(&back)
		w.WriteAll(rows) // the fourth was not called
		fmt.Fprintf(&back, "%s,nobody,,,,,,,,,,,,,,no_answer,%s,,\n%s,\"open,,,\n", c.incident.Code, when, c.incident.Code)
		text := back.String()
		for range 2 {
			noted, err := c.ImportCalls(kim, strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			var lines []int
			for _, f := range noted.Faults {
				lines = append(lines, f.Line)
			}
			if noted.Noted != 2 || noted.Left != 1 || fmt.Sprint(lines) != "[4 6 7]" {
				t.Errorf("noted %+v, faults in lines %v", noted, lines)
			}
		}
		if a := c.affected(t, c.customers[0].ID); a.Ended != reach.EndSpokenWith {
			t.Errorf("who was spoken with stands as %+v", a)
		}
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			calls, err := tx.Calls.Of(ctx, c.incident.ID, c.customers[1].ID)
			if len(calls) != 1 || calls[0].Outcome != reach.NoAnswer {
				t.Errorf("the file imported twice makes %+v", calls)
			}
			return err
		})
	})
}
