package app

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/reach/sms/smstest"
	"candor/store"
)

func codes(p *smstest.Provider) (n int) {
	for _, x := range p.Taken() {
		if strings.Contains(x.Body, "is your code for Harbour") {
			n++
		}
	}
	return n
}

// B4's other figures, one by one, and that who confirms is not refused.
func TestB4CodesAreLimitedByNumberNetworkAndRange(t *testing.T) {
	p := smstest.Twilio(t)
	h := texting(t, p)
	send := func(phone, ip string) error {
		_, err := h.desk.SendCode(h.ctx(), desk.CodeRequest{Phone: phone, Language: lang.English, IP: ip})
		return err
	}
	if err := send("+1 (212) 555-4000", "203.0.113.1"); err != nil {
		t.Fatal(err)
	}
	if err := send("212 555 4000", "198.51.100.1"); !problem.Is(err, problem.TooMany) {
		t.Errorf("a second code within a minute: %v", err)
	}
	for _, phone := range []string{"+881612345678", "+33612345678", "+19005550123", "0"} {
		if err := send(phone, "203.0.113.1"); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", phone, err)
		}
	}
	n := 0
	areas := []int{213, 312, 415, 646, 702, 305, 404, 512, 602, 617, 713, 718, 773, 808, 818, 847, 904, 916, 949, 972, 206, 303, 214, 310}
	for ; n < len(areas) && send(fmt.Sprintf("+1%d5554000", areas[n]), "203.0.113.77") == nil; n++ { // numbers far apart, one network
	}
	if n != 19 {
		t.Errorf("%d more codes to one network, want 19", n)
	}

	// A range where people confirm has the hour's twenty and no more; the block beside it goes on.
	sent := 0
	for n := range 40 {
		x, err := h.desk.SendCode(h.ctx(), desk.CodeRequest{Phone: fmt.Sprintf("+1917555%04d", 5000+n), Language: lang.English, IP: fmt.Sprintf("192.0.%d.1", n)})
		if err != nil {
			break
		}
		sent++
		h.confirm(x)
	}
	if sent != 20 {
		t.Errorf("%d codes to a range of a thousand, want 20", sent)
	}
	if err := send("+19175556001", "192.0.200.1"); err != nil {
		t.Errorf("the range beside it, in a block where everybody confirms: %v", err)
	}
}

func (h *house) confirm(x id.Announcement) {
	h.t.Helper()
	code := h.code(x)
	wrong := "000000"
	if wrong == code {
		wrong = "111111"
	}
	if _, err := h.desk.CheckCode(h.ctx(), x, wrong); !problem.Is(err, problem.Invalid) {
		h.t.Errorf("a wrong code: %v", err)
	}
	if phone, err := h.desk.CheckCode(h.ctx(), x, code); err != nil || phone == "" {
		h.t.Errorf("the right code: %v", err)
	}
	if _, err := h.desk.CheckCode(h.ctx(), x, code); !problem.Is(err, problem.Invalid) {
		h.t.Errorf("the same code again: %v", err)
	}
}

func (h *house) code(x id.Announcement) (code string) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *store.Tx) error {
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		code = reach.TextCode(secret, x)
		return err
	})
	return code
}

func TestACodeIsGuessedFiveTimesAtMost(t *testing.T) {
	h := texting(t, smstest.Twilio(t))
	x, err := h.desk.SendCode(h.ctx(), desk.CodeRequest{Phone: "+12125554000", Language: lang.English, IP: "203.0.113.1"})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 5 {
		if _, err := h.desk.CheckCode(h.ctx(), x, fmt.Sprintf("%07d", n)); err == nil {
			t.Fatal("a code of seven digits")
		}
	}
	if _, err := h.desk.CheckCode(h.ctx(), x, h.code(x)); !problem.Is(err, problem.Invalid) {
		t.Errorf("the sixth try, though right: %v", err)
	}
}
