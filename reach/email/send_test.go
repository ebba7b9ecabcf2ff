package email

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/reach"
)

const pipelining = "250-PIPELINING\r\n250-SIZE 100000\r\n"

func send(t *testing.T, channel *Channel, messages ...reach.Message) []reach.Result {
	t.Helper()
	session, err := channel.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	var results []reach.Result
	for _, m := range messages {
		results = append(results, session.Send(t.Context(), m))
	}
	return results
}

// One message for each of worstDays, with and without pipelining on offer.
func TestEveryAnswerOfAServerBecomesAResult(t *testing.T) {
	t.Parallel()
	for _, row := range worstDays {
		for kind, hello := range map[string]string{"pipelined": pipelining, "one by one": ""} {
			t.Run(row.name+", "+kind, func(t *testing.T) {
				t.Parallel()
				server := (&script{hello: hello, answers: row.answers}).start(t)
				got := send(t, server.channel(t), bulkMessage())
				if diff := cmp.Diff([]reach.Result{row.want}, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestACutInTheMiddleOfTheContentIsTemporary(t *testing.T) {
	t.Parallel()
	server := (&script{hello: pipelining, cutInData: true}).start(t)
	got := send(t, server.channel(t), bulkMessage())[0]
	// The kernel took every byte, so we cannot know how many the server saw.
	if got.Outcome != reach.Temporary || !got.Broken || got.Reason != reach.ReasonCutAfterDot {
		t.Errorf("got %+v", got)
	}
}

func TestARefusedRecipientDoesNotSpoilTheNextOne(t *testing.T) {
	t.Parallel()
	rows := map[string]*script{
		"pipelined":  {hello: pipelining, answers: map[string][]string{"DATA": {"554 5.5.1 no valid recipients", "354 go ahead"}}},
		"one by one": {answers: map[string][]string{}},
		"pipelined, and the content is wanted all the same": {hello: pipelining, answers: map[string][]string{".": {"554 5.5.1 no valid recipients", "250 2.0.0 ok"}}},
	}
	for kind := range rows {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			server := &script{hello: rows[kind].hello, answers: rows[kind].answers}
			server.answers["RCPT"] = []string{"550 5.1.1 no such user", "250 2.1.5 ok"}
			server.start(t)
			results := send(t, server.channel(t), bulkMessage(), bulkMessage())
			if results[0].Outcome != reach.Permanent || results[1].Outcome != reach.Taken {
				t.Fatalf("results %+v", results)
			}
			heard := strings.Join(server.commands(), "\n")
			if first, second, ok := strings.Cut(heard, "RSET"); !ok || !strings.Contains(first, "RCPT") || !strings.Contains(second, "DATA:") {
				t.Errorf("no RSET between the two:\n%s", heard)
			}
			if server.connsSoFar != 1 {
				t.Errorf("%d connections, want 1", server.connsSoFar)
			}
		})
	}
}

// A relay that takes one message a connection (421, or a silent end) is common and costs nobody an attempt.
func TestAUsedConnectionThatEndsIsReplacedWithoutAnAttempt(t *testing.T) {
	t.Parallel()
	for name, ending := range map[string]string{"with 421": "421 4.7.0 enough for one connection", "without a word": "CUT"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := (&script{hello: pipelining, answers: map[string][]string{"MAIL": {"250 ok", ending, "250 ok", ending, "250 ok"}}}).start(t)
			results := send(t, server.channel(t), bulkMessage(), bulkMessage(), bulkMessage())
			for i, r := range results {
				if r.Outcome != reach.Taken || r.Broken {
					t.Errorf("message %d: %+v", i+1, r)
				}
			}
			if server.connsSoFar != 3 {
				t.Errorf("%d connections, want 3", server.connsSoFar)
			}
		})
	}
}

func TestAFreshConnectionThatIsTurnedAwayIsNotPressedAgain(t *testing.T) {
	t.Parallel()
	server := (&script{hello: pipelining, answers: map[string][]string{"MAIL": {"421 4.7.0 not now", "250 ok"}}}).start(t)
	if got := send(t, server.channel(t), bulkMessage())[0]; got.Outcome != reach.Temporary || !got.Broken || server.connsSoFar != 1 {
		t.Errorf("%+v over %d connections", got, server.connsSoFar)
	}
}

func TestACutAfterTheDotIsNeverRepeatedByTheSessionItself(t *testing.T) {
	t.Parallel()
	server := (&script{hello: pipelining, answers: map[string][]string{".": {"250 2.0.0 ok", "CUT"}}}).start(t)
	results := send(t, server.channel(t), bulkMessage(), bulkMessage())
	if results[1].Reason != reach.ReasonCutAfterDot || server.connsSoFar != 1 {
		t.Errorf("second result %+v over %d connections", results[1], server.connsSoFar)
	}
}

func TestATarpitCostsNoMoreThanTheTimeout(t *testing.T) {
	t.Parallel()
	server := (&script{hello: pipelining, answers: map[string][]string{"RCPT": {"MUTE"}}}).start(t)
	start := time.Now()
	got := send(t, server.channel(t, func(c *Config) { c.Timeout = time.Second }), bulkMessage())[0]
	if took := time.Since(start); got.Outcome != reach.Temporary || !got.Broken || took > 5*time.Second {
		t.Errorf("%+v after %s", got, took)
	}
}

func TestACancelledSendReturnsAtOnce(t *testing.T) {
	t.Parallel()
	server := (&script{hello: pipelining, answers: map[string][]string{".": {"MUTE"}}}).start(t)
	ctx, cancel := context.WithCancel(t.Context())
	channel := server.channel(t, func(c *Config) { c.Failpoint = func(string) { cancel() } })
	session, err := channel.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if got := session.Send(ctx, bulkMessage()); got.Reason != reach.ReasonCutAfterDot {
		t.Errorf("got %+v", got)
	}
}

func TestFailpointsStandOnBothSidesOfTheAnswer(t *testing.T) {
	t.Parallel()
	var points []string
	server := (&script{hello: pipelining}).start(t)
	channel := server.channel(t, func(c *Config) { c.Failpoint = func(point string) { points = append(points, point) } })
	send(t, channel, bulkMessage())
	if diff := cmp.Diff([]string{reach.AfterDot, reach.After250}, points); diff != "" {
		t.Error(diff)
	}
}

func TestALetterTooLargeForTheRelayIsPoisonAndNotSent(t *testing.T) {
	t.Parallel()
	server := (&script{hello: "250-SIZE 500\r\n"}).start(t)
	got := send(t, server.channel(t), bulkMessage())[0]
	if got.Outcome != reach.Poison || got.Reason != reach.ReasonTooLarge || len(server.commands()) != 0 {
		t.Errorf("%+v after %q", got, server.commands())
	}
}

func TestAForeignLocalPartIsSentOnlyWhereItIsUnderstood(t *testing.T) {
	t.Parallel()
	m := bulkMessage()
	m.To = "müller@bücher.example"
	server := (&script{hello: pipelining}).start(t)
	if got := send(t, server.channel(t), m)[0]; got.Outcome != reach.Permanent || got.Code != "5.6.7" || len(server.commands()) != 0 {
		t.Errorf("without SMTPUTF8: %+v after %q", got, server.commands())
	}
	server = (&script{hello: "250-SMTPUTF8\r\n"}).start(t)
	if got := send(t, server.channel(t), m)[0]; got.Outcome != reach.Taken {
		t.Errorf("with SMTPUTF8: %+v", got)
	}
	heard := server.commands()
	if !strings.HasSuffix(heard[0], " SMTPUTF8") || heard[1] != "RCPT TO:<müller@xn--bcher-kva.example>" {
		t.Errorf("heard %q", heard[:2])
	}
}

func TestAServerThatKnowsNoEHLOGetsHELO(t *testing.T) {
	t.Parallel()
	server := (&script{answers: map[string][]string{"EHLO": {"502 5.5.1 what"}}}).start(t)
	if got := send(t, server.channel(t), bulkMessage())[0]; got.Outcome != reach.Taken {
		t.Errorf("got %+v", got)
	}
}

func TestTheRelaysOwnNameIsKeptIfItIsAName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Ok: queued as 4XZ1k3": "4XZ1k3", "OK id=1abcDE-000001-2f": "1abcDE-000001-2f", "queued as <a.b@c>": "a.b@c", "accepted": "", "queued as ": "",
		"queued as \x1b[31m": "", "queued as " + strings.Repeat("x", 65): "", "queued as 林": "",
	} {
		if got := queueID(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
