package duty

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

func TestOnlyAProcessThatIsSurelyDeadIsTakenOver(t *testing.T) {
	child := exec.CommandContext(t.Context(), "true")
	if err := child.Run(); err != nil {
		t.Fatal(err)
	}
	dead, here := child.Process.Pid, processSpace()
	for _, c := range []struct {
		claim  string
		holder string
		want   bool
	}{
		{"a dead process of this machine", fmt.Sprintf("n/%s/%d/x", here, dead), true},
		{"our own number, in a run before this one", fmt.Sprintf("n/%s/%d/x", here, os.Getpid()), true},
		{"a process that lives", fmt.Sprintf("n/%s/%d/x", here, os.Getppid()), false},
		{"our own number in another container", fmt.Sprintf("n/pid:[1]/%d/x", os.Getpid()), false},
		{"a dead number in another container", fmt.Sprintf("n/pid:[1]/%d/x", dead), false},
		{"nothing we wrote", "n", false},
	} {
		if got := gone(c.holder); got != c.want {
			t.Errorf("%s: gone %v, want %v", c.claim, got, c.want)
		}
	}
}
