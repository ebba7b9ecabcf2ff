package intake_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"candor/intake"
	"candor/store"
	"candor/store/storetest"
)

func TestB18AReportThatNamesSomebodyElseSilencesNobodyElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := openHouse(t, db, nil)
		// Eve knows the return path of her own letter, and tells about Dana.
		if code := h.send(t, h.eve.path, dsn("1", h.dana.address, "5.1.1")); code != 250 {
			t.Errorf("refused with %d", code)
		}
		h.wants(t, "Dana's", h.dana, "accepted  []")
		h.wants(t, "Eve's", h.eve, "bounced bounced [bounced]")
	})
}

// A hundred thousand forged return paths from five hundred addresses: none is accepted, nobody is silenced, and the database is not asked.
func TestB18AForgedStormOfBouncesSilencesNobody(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), nil)
	const strangers, each = 500, 200
	var wg sync.WaitGroup
	var mu sync.Mutex
	accepted, answered := 0, 0
	turn := make(chan struct{}, 50)
	for n := range strangers {
		wg.Add(1)
		turn <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-turn }()
			a, b := storm(h.at, fmt.Sprintf("127.0.%d.%d", 1+n/200, 1+n%200), string(h.dana.id), each)
			mu.Lock()
			accepted, answered = accepted+a, answered+b
			mu.Unlock()
		}()
	}
	wg.Wait()
	if accepted > 0 || answered < strangers*each*9/10 {
		t.Errorf("%d of %d forged addresses were accepted, want none of %d", accepted, answered, strangers*each)
	}
	h.wants(t, "Dana's", h.dana, "accepted  []")
	// The storm's own networks are shut out, nobody else.
	if code := h.send(t, h.eve.path, dsn("1", h.eve.address, "5.1.1")); code != 250 {
		t.Errorf("after the storm a true bounce is refused with %d", code)
	}
}

// storm tries forged return paths of a delivery, all in one breath.
func storm(at, from, delivery string, n int) (accepted, answered int) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 30 * time.Second}
	conn, err := d.Dial("tcp", at)
	if err != nil {
		return 0, 0
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	var lines strings.Builder
	lines.WriteString("EHLO storm.example\r\nMAIL FROM:<>\r\n")
	for i := range n {
		fmt.Fprintf(&lines, "RCPT TO:<b+%s-%016d@%s>\r\n", strings.ToLower(strings.TrimPrefix(delivery, "dlv_")), i, returnDomain)
	}
	go func() { _, _ = io.WriteString(conn, lines.String()) }()
	for r := bufio.NewScanner(conn); answered < n && r.Scan(); {
		line := r.Text()
		switch {
		case strings.HasPrefix(line, "5"), strings.HasPrefix(line, "421"):
			answered++
		case strings.HasPrefix(line, "250 2.0.0 I'll make sure"):
			accepted++
			answered++
		}
	}
	return accepted, answered
}

func TestOneNetworkGetsOnlySoManyConnections(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), func(c *intake.Config) { c.PerNetwork = 3 })
	var inside []*smtp.Client
	for range 3 {
		c, err := smtp.Dial(h.at)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Hello("x.example"); err != nil {
			t.Fatal(err)
		}
		inside = append(inside, c)
	}
	fourth, err := smtp.Dial(h.at)
	if err != nil {
		t.Fatal(err)
	}
	defer fourth.Close()
	if err := fourth.Hello("x.example"); err == nil {
		t.Error("a fourth connection was let in")
	}
	if err := inside[0].Quit(); err != nil {
		t.Fatal(err)
	}
	if code := h.send(t, h.dana.path, dsn("1", h.dana.address, "5.1.1")); code != 250 {
		t.Errorf("after one had left the next is refused with %d", code)
	}
}

func TestAMailServerOfOnesOwnInFrontIsNotShutOutForWhatStrangersSend(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), func(c *intake.Config) { c.Trusted = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
	if accepted, answered := storm(h.at, "127.0.0.1", string(h.dana.id), 500); accepted > 0 || answered != 500 {
		t.Errorf("%d of 500 forged addresses were accepted, %d answered", accepted, answered)
	}
	if code := h.send(t, h.dana.path, dsn("1", h.dana.address, "5.1.1")); code != 250 {
		t.Errorf("then a true bounce is refused with %d", code)
	}
}

func TestWhoIsTooSlowIsCut(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), func(c *intake.Config) { c.Patience, c.Whole = time.Minute, 300*time.Millisecond })
	conn, err := net.Dial("tcp", h.at)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	began := time.Now()
	_ = conn.SetReadDeadline(began.Add(20 * time.Second))
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Errorf("the intake still waits after %v: %v", time.Since(began), err)
	}
}
