package candor_test

import (
	"strings"
	"testing"
)

// What leaves the machine is sent by duty alone, through the channels app gave it. An act that could send would let whoever presses the button
// wait for a mail server, within a transaction that a slow one holds open.
func TestOnlyAppNamesAChannel(t *testing.T) {
	named := 0
	for path, p := range load(t) {
		for _, to := range p.imports {
			switch {
			case !strings.HasPrefix(to, "reach/") || outside(path):
			case path == "app":
				named++
			default:
				t.Errorf("%s names the channel %s", path, to)
			}
		}
	}
	if named < 5 {
		t.Errorf("app names %d channels: this test looks in the wrong place", named)
	}
}
