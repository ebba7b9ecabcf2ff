package duty_test

import (
	"fmt"
	"net/smtp"
	"slices"
	"strings"
	"testing"

	"candor/audience"
	"candor/tools/sink"
)

// check compares the sink with the list from outside.
func check(t *testing.T, s *sink.Server, people []audience.Contact, repeats int64) {
	t.Helper()
	for _, fault := range historyFaults(t, s, people, repeats) {
		t.Error(fault)
	}
}

// historyFaults are what a receiver can hold against us: somebody was left out, somebody else was written to, more came twice than kills
// explain, or what came twice was not the same message.
func historyFaults(t *testing.T, s *sink.Server, people []audience.Contact, repeats int64) (all []string) {
	t.Helper()
	var list strings.Builder
	for _, p := range people {
		list.WriteString(string(p.Address) + "\n")
	}
	missing, unexpected, err := s.Check(strings.NewReader(list.String()))
	if err != nil {
		t.Fatal(err)
	}
	r := s.Report()
	again := r.Recipients - r.UniqueRcpt
	for fault, found := range map[string]bool{
		fmt.Sprintf("%d were told nothing", missing):                           missing != 0,
		fmt.Sprintf("%d strangers were told", unexpected):                      unexpected != 0,
		fmt.Sprintf("%d repeats, at most %d allowed", again, repeats):          again > repeats,
		fmt.Sprintf("%d repeats are not the same message", again-r.Duplicates): again != r.Duplicates,
	} {
		if found {
			all = append(all, fault)
		}
	}
	slices.Sort(all)
	return all
}

// A check that sees nothing proves nothing: these histories are forged, and each must be seen for what it is.
func TestTheCheckOfASendSeesForgedHistories(t *testing.T) {
	people := []audience.Contact{{Address: "a@example.com"}, {Address: "b@example.com"}, {Address: "c@example.com"}}
	for _, c := range []struct {
		name string
		sent string // recipient and message, one after another
		want string
	}{
		{"everybody once", "a1 b2 c3", ""},
		{"a repeat that a kill explains", "a1 b2 b2 c3", ""},
		{"somebody is left out", "a1 b2", "1 were told nothing"},
		{"a repeat in the place of another", "a1 b2 b2", "1 were told nothing"},
		{"somebody else is told", "a1 b2 c3 x4", "1 strangers were told"},
		{"a repeat under another name", "a1 b2 c3 c9", "1 repeats are not the same message"},
		{"more repeats than kills explain", "a1 a1 b2 b2 c3", "2 repeats, at most 1 allowed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, address := relay(t, sink.Config{DupKey: "rcpt+message-id"})
			for _, x := range strings.Fields(c.sent) {
				letter := fmt.Sprintf("Message-ID: <%s@status.example>\r\nSubject: x\r\n\r\nx\r\n", x[1:])
				if err := smtp.SendMail(address, nil, "status@harbour.example", []string{x[:1] + "@example.com"}, []byte(letter)); err != nil {
					t.Fatal(err)
				}
			}
			if got := strings.Join(historyFaults(t, s, people, 1), ", "); got != c.want {
				t.Errorf("seen: %q, want %q", got, c.want)
			}
		})
	}
}
