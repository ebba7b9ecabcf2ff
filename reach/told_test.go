package reach

import (
	"slices"
	"testing"
	"time"
)

// Told is what somebody took: not what is planned or on its way, and not what came to nothing. A figure that counts sooner says more than
// anybody knows.
func TestToldIsOnlyWhatSomebodyTook(t *testing.T) {
	at := time.Date(2012, 9, 10, 17, 0, 0, 0, time.UTC)
	took := []State{Accepted, Delivered, Acknowledged, Complained}
	for _, s := range States {
		c := Chase{Since: at, Tries: []Try{{State: s, PlannedAt: at, UpdatedAt: at}}}
		got := map[string]bool{"the ledger": Counts{s: 1}.Told() == 1, "coverage": c.Standing(Act{Do: Wait}).Told}
		for who, told := range got {
			if want := slices.Contains(took, s); told != want {
				t.Errorf("%s: %q counts as told: %v, want %v", who, s, told, want)
			}
		}
	}
}
