package email

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"testing"
	"time"

	"candor/reach"
)

func bulkMessage() reach.Message {
	return reach.Message{
		Delivery: "dlv_01JD6ZK3V8Q0N4W2Y7T5M9RBXC", To: "dana@example.com", Attempt: 1,
		MessageID: "01jd6zk3v8q0n4w2y7t5m9rbxc@status.example",
		Date:      time.Date(2012, 9, 10, 15, 6, 0, 0, time.FixedZone("EDT", -4*3600)),
		From:      reach.Mailbox{Name: "Dana Whitfield, Harbour", Address: "status@status.example"},
		ReplyTo:   "dana.whitfield@status.example",
		Subject:   "[Major outage] Websites, mail and DNS are down. Next update by 15:21 EDT",
		Text:      "NEXT UPDATE BY 15:21 EDT\n\nWe have found the cause.\n.\nStop: https://status.example/p/k7Q2m\n",
		HTML:      "<p>NEXT UPDATE BY <b>15:21 EDT</b></p>\n<p>We have found the cause.</p>\n",
		Language:  "en", Class: reach.ClassBulk,
		UnsubscribeURL: "https://status.example/p/k7Q2m/stop", ListID: "updates.status.example",
		FeedbackID: "ann1:update:candor:status",
		ReturnPath: ReturnPath("dlv_01JD6ZK3V8Q0N4W2Y7T5M9RBXC", []byte("secret"), "bounce.status.example"),
	}
}

// testKey makes a signing key as PEM and its DNS record.
func testKey(tb testing.TB, kind string) (Secret, string) {
	tb.Helper()
	var key any
	var public []byte
	switch kind {
	case "ed25519":
		pub, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			tb.Fatal(err)
		}
		key, public = private, pub
	case "rsa":
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			tb.Fatal(err)
		}
		key = private
		if public, err = x509.MarshalPKIXPublicKey(&private.PublicKey); err != nil {
			tb.Fatal(err)
		}
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return Secret(text), "v=DKIM1; k=" + kind + "; p=" + base64.StdEncoding.EncodeToString(public)
}
