package duty_test

import (
	"bufio"
	"context"
	"fmt"
	"hash/fnv"
	"net"
	"strings"
	"sync"
	"time"
)

// A beast is how one receiving domain behaves, each answer by the try it is for (1 for the first); empty is what a server should say.
// "CUT" closes the connection.
type beast struct {
	name       string
	rcpt, data func(try int) string
	dot        func(try int) string
	slow       time.Duration // before the answer that settles a message
	keeps      func(try int) bool
	cutInBody  bool // the first time
	ends       string
	repeats    bool // one repeat is allowed: nobody can tell whether the first arrived
}

func always(s string) func(int) string { return func(int) string { return s } }

func once(s string) func(int) string { return upTo(1, s) }

func upTo(n int, s string) func(int) string {
	return func(try int) string {
		if try <= n {
			return s
		}
		return ""
	}
}

// A habit is what happens to a whole connection, whoever the letters on it are for.
type habit struct {
	name     string
	banner   string
	wait     time.Duration // before the banner
	hello    string        // answer to EHLO; empty is the usual one
	without  string        // an extension it does not offer
	startTLS bool          // offers it, and talks nonsense behind it
	mail     string        // answer to the first MAIL
	rset     string
	most     int // letters, then it closes without a word
}

// A zoo is one relay in front of many domains.
type zoo struct {
	mu      sync.Mutex
	beasts  func(domain string) *beast
	habits  []habit
	met     map[string]int       // beasts and habits that showed themselves
	tries   map[string]int       // RCPT, by recipient
	taken   map[string][]string  // Message-IDs, by recipient
	last    map[string]time.Time // when a domain took a letter last
	opened  int
	serving sync.WaitGroup
}

// habitual is the share of connections with a habit: every third.
const habitual = 3

func (z *zoo) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	z.mu.Lock()
	z.opened++
	h := habit{}
	if len(z.habits) > 0 && z.opened%habitual == 0 {
		h = z.habits[z.opened/habitual%len(z.habits)]
		z.met[h.name]++
	}
	z.mu.Unlock()
	z.serving.Go(func() {
		defer theirs.Close()
		(&visit{zoo: z, habit: h, conn: theirs, in: bufio.NewReader(theirs)}).serve()
	})
	return ours, nil
}

// A visit is one connection.
type visit struct {
	*zoo
	habit
	conn  net.Conn
	in    *bufio.Reader
	to    string
	try   int
	beast *beast
	sent  int
	asked bool // MAIL was
	from  bool // and was taken
}

// say reports whether the conversation goes on. Answers leave together, as the commands came.
func (v *visit) say(answer string) bool {
	if answer == "CUT" {
		return false
	}
	_, err := v.conn.Write([]byte(answer + "\r\n"))
	return err == nil && !strings.HasPrefix(answer, "421")
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (v *visit) serve() {
	time.Sleep(v.wait)
	if !v.say(or(v.banner, "220 relay.example ESMTP")) {
		return
	}
	for {
		line, err := v.in.ReadString('\n')
		if err != nil || !v.command(strings.TrimRight(line, "\r\n")) {
			return
		}
	}
}

func (v *visit) command(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "EHLO":
		return v.say(or(v.hello, v.greeting()))
	case "HELO":
		return v.say("250 relay.example")
	case "STARTTLS":
		v.say("220 go ahead")
		v.say("this is not TLS")
		return false
	case "MAIL":
		if v.most > 0 && v.sent >= v.most {
			return false
		}
		answer := "250 2.1.0 ok"
		if !v.asked {
			answer = or(v.mail, answer)
		}
		v.asked, v.from = true, strings.HasPrefix(answer, "250")
		v.to, v.beast = "", nil
		return v.say(answer)
	case "RCPT":
		return v.rcptTo(rest)
	case "DATA":
		if v.beast == nil {
			return v.say("503 5.5.1 nobody to send it to")
		}
		answer := v.meets(v.beast.data, "354 go ahead")
		return v.say(answer) && (!strings.HasPrefix(answer, "354") || v.content())
	case "RSET":
		return v.say(or(v.rset, "250 2.0.0 ok"))
	case "QUIT":
		return false
	}
	return v.say("502 5.5.1 what?")
}

func (v *visit) greeting() string {
	all := "250-relay.example\r\n"
	for _, offer := range []string{"PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"} {
		if offer != v.without {
			all += "250-" + offer + "\r\n"
		}
	}
	if v.startTLS {
		all += "250-STARTTLS\r\n"
	}
	return all + "250 SIZE 52428800"
}

func (v *visit) rcptTo(rest string) bool {
	if !v.from {
		return v.say("503 5.5.1 MAIL first")
	}
	to := strings.TrimSuffix(strings.TrimPrefix(strings.Fields(rest)[0], "TO:<"), ">")
	v.mu.Lock()
	v.tries[to]++
	v.try = v.tries[to]
	v.mu.Unlock()
	_, domain, _ := strings.Cut(to, "@")
	b := v.beasts(domain)
	v.beast = b
	answer := v.meets(b.rcpt, "250 2.1.5 ok")
	if !strings.HasPrefix(answer, "25") {
		v.beast = nil
	}
	v.to = to
	return v.say(answer)
}

// meets is what a beast says, or what a server should.
func (v *visit) meets(says func(int) string, usual string) string {
	if says == nil || says(v.try) == "" {
		return usual
	}
	v.mu.Lock()
	v.met[v.beast.name]++
	v.mu.Unlock()
	return says(v.try)
}

func (v *visit) content() bool {
	var messageID string
	for head := true; ; {
		line, err := v.in.ReadString('\n')
		if err != nil {
			return false
		}
		if v.beast.cutInBody && v.try == 1 {
			v.meets(always("CUT"), "")
			return false
		}
		if line == ".\r\n" {
			break
		}
		if name, value, _ := strings.Cut(strings.TrimSpace(line), ": "); head && strings.EqualFold(name, "Message-ID") {
			messageID = value
		}
		head = head && line != "\r\n"
	}
	if v.beast.slow > 0 {
		v.meets(always("slow"), "")
	}
	time.Sleep(answerTime(v.to) + v.beast.slow)
	answer := v.meets(v.beast.dot, fmt.Sprintf("250 2.0.0 Ok: queued as %d", v.sent))
	keeps := strings.HasPrefix(answer, "2")
	if v.beast.keeps != nil {
		keeps = v.beast.keeps(v.try)
	}
	if keeps {
		v.mu.Lock()
		v.taken[v.to] = append(v.taken[v.to], messageID)
		_, domain, _ := strings.Cut(v.to, "@")
		v.last[domain] = time.Now()
		v.mu.Unlock()
	}
	v.sent++
	if after, cut := strings.CutSuffix(answer, " CUT"); cut { // the answer leaves, and then the connection ends
		v.say(after)
		return false
	}
	return v.say(answer)
}

// answerTime is what a relay takes for a letter: 10 to 30 ms, by the recipient. If all took the same, all answers would come at the same
// instant of the made-up time, and no commit would ever wait for another result.
func answerTime(to string) time.Duration {
	h := fnv.New32a()
	h.Write([]byte(to))
	return 10*time.Millisecond + time.Duration(h.Sum32()%2000)*10*time.Microsecond
}
