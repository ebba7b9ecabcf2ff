package duty_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/reach"
	"candor/reach/email"
	"candor/settings"
	"candor/store/storetest"
)

// The domains' manners. What a domain does for a while ends as accepted; what it does always ends as it should; and what it says of us, not of
// the recipient, is tried for three days, of which this test sees the first hours.
var beasts = []beast{
	{name: "greylist", rcpt: once("450 4.7.1 Greylisted, come back in a minute")},
	{name: "4xx at RCPT", rcpt: upTo(3, "451 4.3.0 try again")},
	{name: "4xx at DATA", data: once("451 4.3.0 try again")},
	{name: "4xx at the dot", dot: upTo(2, "451 4.3.0 try again")},
	{name: "user unknown", rcpt: always("550 5.1.1 no such user"), ends: "bounced"},
	{name: "5xx at DATA", data: always("554 5.1.1 no such user"), ends: "retry_at"},
	{name: "5xx at the dot", dot: always("550 5.1.1 no such user here"), ends: "bounced"},
	{name: "mailbox full", rcpt: upTo(2, "552 5.2.2 mailbox full")},
	{name: "policy block", rcpt: always("550 5.7.1 blocked by policy"), ends: "retry_at"},
	{name: "rate limited", rcpt: upTo(2, "450 4.7.28 too many messages from you")},
	{name: "SIZE small", dot: always("552 5.3.4 message too big"), ends: "poison"},
	{name: "cut after DATA", cutInBody: true},
	{name: "cut after the dot, lost", dot: once("CUT")},
	{name: "cut after the dot, kept", dot: once("CUT"), keeps: always2, repeats: true},
	{name: "cut after 250", dot: once("250 2.0.0 Ok: queued as 1 CUT")},
	{name: "garbage", rcpt: once("hello dear sender")},
	{name: "multi-line replies", dot: always("250-2.0.0 thank\r\n250-2.0.0 you\r\n250 2.0.0 Ok")},
	{name: "421 at RCPT", rcpt: once("421 4.3.2 going down")},
	{name: "421 at the dot", dot: once("421 4.3.2 going down")},
	{name: "251 and 252", rcpt: func(try int) string { return []string{"251 2.1.5 will forward", "252 2.1.5 cannot verify"}[try%2] }},
	{name: "long replies", rcpt: once("450 4.2.0 " + strings.Repeat("no", 3000))},
	{name: "wrong code", data: once("250 2.0.0 ok")},
	{name: "refuses us for a while", rcpt: upTo(4, "550 5.7.26 unauthenticated mail is not accepted")},
}

func always2(int) bool { return true }

var habits = []habit{
	{name: "slow banner", wait: 3 * time.Second},
	{name: "no PIPELINING", without: "PIPELINING"},
	{name: "no 8BITMIME", without: "8BITMIME"},
	{name: "no EHLO", hello: "502 5.5.1 what?"},
	{name: "STARTTLS broken", startTLS: true},
	{name: "4xx at MAIL", mail: "451 4.3.0 try again"},
	{name: "5xx at MAIL", mail: "550 5.7.1 sender refused"},
	{name: "RSET refused", rset: "502 5.5.1 no"},
	{name: "connection limit", banner: "421 4.7.0 too many connections"},
	{name: "drops idle", most: 7},
	{name: "garbage banner", banner: "SSH-2.0-OpenSSH_9.2"},
}

const (
	zooDomains = 200
	perDomain  = 6
)

// cage is what lives at the n-th domain: a tarpit, a beast, or a healthy server.
func cage(n int) *beast {
	switch {
	case n%10 == 3:
		return &beast{name: "tarpit", slow: 15 * time.Second}
	case n%10 == 7 || n%10 == 5:
		return &beasts[(n/10*2+n%10/7)%len(beasts)]
	}
	return &beast{name: "healthy"}
}

// T13: thirty-four ways for a mail server to behave, over two hundred domains of which a tenth are tarpits. Nobody is lost, everybody ends as they
// should, an ambiguous cut repeats at most once, as the same message, and the healthy domains end within a twentieth of the time they need when all
// are healthy. That is the time of the day, which here is made up and passes only while everybody waits for a server: neither this machine nor its
// neighbours count.
//
// With a relay that has habits as well the time is printed, not judged: a relay that refuses every sender for a while delays healthy domains, too.
func TestT13AZooOfMailServersLosesNobody(t *testing.T) {
	storetest.Crowd(t)
	clean, _ := throughTheZoo(t, func(string) *beast { return &beast{name: "healthy"} }, nil)
	zooed := func(domain string) *beast {
		var n int
		fmt.Sscanf(domain, "d%d.example", &n)
		return cage(n)
	}
	domains, _ := throughTheZoo(t, zooed, nil)
	all, z := throughTheZoo(t, zooed, habits)
	for _, b := range beasts {
		if z.met[b.name] == 0 {
			t.Errorf("%q was met by nobody", b.name)
		}
	}
	for _, h := range habits {
		if z.met[h.name] == 0 {
			t.Errorf("%q was met by nobody", h.name)
		}
	}
	if domains > clean+clean/20 {
		t.Errorf("beside the others the healthy domains took %s, by themselves %s", domains, clean)
	}
	t.Logf("the healthy domains took %s, beside the others %s, and with a relay that has habits, too, %s", clean, domains, all)
}

// throughTheZoo tells everybody, and answers how long the healthy domains took.
func throughTheZoo(t *testing.T, at func(domain string) *beast, habits []habit) (took time.Duration, z *zoo) {
	z = &zoo{beasts: at, habits: habits, met: map[string]int{}, tries: map[string]int{}, taken: map[string][]string{}, last: map[string]time.Time{}}
	inBubble(t, func(t *testing.T, w *world) {
		defer z.serving.Wait()
		people := w.subscribers(zooDomains*perDomain, func(i int) string { return fmt.Sprintf("d%d.example", i%zooDomains) })
		channel, err := email.New(email.Config{
			Host: "relay.example", TLS: email.TLSOpportunistic, From: reach.Mailbox{Address: "status@harbour.example"}, Connections: 20, Dial: z.dial,
		})
		if err != nil {
			t.Fatal(err)
		}
		a := w.announce(reach.First)
		start := time.Now()
		d := w.node("one", func(settings.Settings) (map[string]reach.Channel, error) {
			return map[string]reach.Channel{channel.Name(): channel}, nil
		})
		w.start(d)
		healthy := map[string]bool{}
		for n := range zooDomains {
			if cage(n).name == "healthy" {
				healthy[fmt.Sprintf("d%d.example", n)] = true
			}
		}
		waits := 0
		for _, p := range people {
			if healthy[p.Address.Domain()] {
				waits++
			}
		}
		for deadline := start.Add(10 * time.Minute); z.arrived(healthy) < waits; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%d of %d at healthy domains", z.arrived(healthy), waits)
			}
		}
		took = z.ended(healthy).Sub(start)
		lasting := 0
		for _, p := range people {
			if at(p.Address.Domain()).ends == string(reach.RetryAt) {
				lasting++
			}
		}
		for deadline := start.Add(3 * time.Hour); ; time.Sleep(10 * time.Second) {
			c := w.counts(a)
			if c.All() == int64(len(people)) && c[reach.Claimed] == 0 && c[reach.Planned]+c[reach.RetryAt] == int64(lasting) {
				break
			}
			if time.Now().After(deadline) {
				t.Errorf("after three hours the ledger says %v, with %d who are still refused", c, lasting)
				break
			}
		}
		z.check(w, a, at)
		w.stop(d)
	})
	return took, z
}

func (z *zoo) arrived(healthy map[string]bool) (n int) {
	z.mu.Lock()
	defer z.mu.Unlock()
	for to := range z.taken {
		if _, domain, _ := strings.Cut(to, "@"); healthy[domain] {
			n++
		}
	}
	return n
}

// ended is when the last of the healthy domains took its last letter.
func (z *zoo) ended(healthy map[string]bool) (at time.Time) {
	z.mu.Lock()
	defer z.mu.Unlock()
	for domain, last := range z.last {
		if healthy[domain] && last.After(at) {
			at = last
		}
	}
	return at
}

// check compares what arrived with what the ledger says.
func (z *zoo) check(w *world, a reach.Announcement, at func(domain string) *beast) {
	w.t.Helper()
	synctest.Wait()
	z.mu.Lock()
	defer z.mu.Unlock()
	for _, d := range w.allOf(a) {
		b, got := at(d.Address.Domain()), z.taken[string(d.Address)]
		want := reach.State(or(b.ends, string(reach.Accepted)))
		waits := b.ends == string(reach.RetryAt) && d.State == reach.Planned // behind the others at its domain, which rests
		if d.State != want && !waits {
			w.t.Errorf("%s (%s) ends as %s (%s %s), want %s", d.ID, b.name, d.State, d.Code, d.Reason, want)
		}
		most := 1
		if b.repeats {
			most = 2
		}
		if want == reach.Accepted && len(got) == 0 || len(got) > most {
			w.t.Errorf("%s (%s) arrived %d times", d.ID, b.name, len(got))
		}
		for _, x := range got {
			if x != got[0] {
				w.t.Errorf("%s (%s) arrived as %q and as %q", d.ID, b.name, got[0], x)
			}
		}
	}
}

func (w *world) allOf(a reach.Announcement) (all []reach.Delivery) {
	w.t.Helper()
	o := &leavers{world: w}
	for _, d := range o.rows(a) {
		all = append(all, d)
	}
	return all
}
