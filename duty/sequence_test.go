package duty_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"candor/duty"
	"candor/record"
	"candor/store"
	"candor/store/storetest"
)

func TestWhatWasSaidIsNumberedAndSignedOnceHoweverManyNodesThereAre(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		for round := range 3 {
			w.write(func(ctx context.Context, tx *store.Tx) error {
				var facts []record.Fact
				for n := range 200 {
					facts = append(facts, record.Fact{
						Key: fmt.Sprintf("coverage %d %d", round, n), Kind: record.Coverage, At: time.Now(), Says: map[string]string{"reached": "1"},
					})
				}
				return tx.Record.Add(ctx, append(facts, facts[0])...) // the same fact is written down once
			})
			nodes := []*duty.Duty{w.node("a", nothing), w.node("b", nothing)}
			done := make(chan error, len(nodes))
			for _, node := range nodes {
				go func() {
					_, err := node.Sequence(t.Context())
					done <- err
				}()
			}
			for range nodes {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
		}
		if _, err := w.node("c", nothing).Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		const facts = 3*200 + 2 // and the incident and its update
		err := db.Read(t.Context(), func(tx *store.Tx) error {
			leaves, err := tx.Record.Leaves(t.Context(), 0, 2000)
			if err != nil {
				return err
			}
			if len(leaves) != facts {
				t.Errorf("%d entries have a number, want %d", len(leaves), facts)
			}
			tree, err := record.Grow(0, nil)
			if err != nil {
				return err
			}
			for n, l := range leaves {
				if l.Number != int64(n) {
					t.Fatalf("entry %d has the number %d", n, l.Number)
				}
				e, err := record.Read(l.Entry)
				if err != nil {
					return err
				}
				for name, o := range l.Opened {
					if !o.Opens(name, e.Seals[name]) {
						t.Errorf("%s of %q does not open its seal", name, e.Fact)
					}
				}
				tree.Append(record.HashOf(l.Entry))
			}
			return matches(t, tx, tree)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// matches compares what was signed with a tree over the same entries.
func matches(t *testing.T, tx *store.Tx, tree *record.Tree) error {
	t.Helper()
	checkpoint, err := tx.Trees.Head(t.Context(), store.PublicLog, 1<<40)
	if err != nil {
		return err
	}
	key, err := tx.Instance.Value(t.Context(), store.RecordKey)
	if err != nil {
		return err
	}
	public, err := record.Key(key).Public()
	if err != nil {
		return err
	}
	head, err := record.OpenHead(checkpoint, public)
	if err != nil {
		return err
	}
	root, err := tree.Root()
	if err != nil {
		return err
	}
	if want := (record.Head{Origin: "status.example/record", Size: tree.Size(), Root: root}); head != want {
		t.Errorf("the signed head is\n%s, want\n%s", head, want)
	}
	return nil
}
