package audience

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"

	"candor/id"
)

// A Purpose is what a mailed link may do; a token for one purpose is worth nothing for another (V25).
type Purpose string

const (
	ToConfirm     Purpose = "confirm"
	ToManage      Purpose = "manage"
	ToUnsubscribe Purpose = "unsubscribe"
	ToCallIn      Purpose = "call_in" // staff: "I am on it"
	ToReach       Purpose = "reach"   // a customer's own page: acknowledge, ask for a call
	ToComment     Purpose = "comment" // show what I wrote, or take it back
)

// Sign makes the token of a mailed link: the contact's code and a 128-bit keyed hash over purpose and code. It is derived, not stored, so
// that every letter can carry one, and it dies with the instance's secret.
func Sign(secret []byte, p Purpose, c id.Code) string {
	return string(c) + seal(secret, p, c)
}

func seal(secret []byte, p Purpose, c id.Code) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("candor/" + string(p) + "/" + string(c)))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// Open reads back whom a token was made for.
func Open(secret []byte, p Purpose, token string) (id.Code, bool) {
	if len(token) != 12+22 {
		return "", false
	}
	c, ok := id.ParseCode(token[:12])
	if !ok || !hmac.Equal([]byte(token[12:]), []byte(seal(secret, p, c))) {
		return "", false
	}
	return c, true
}

// RedeemToken is what redeems an offer: 128 bits of a keyed hash over the offer and its customer, and nothing else, so that an address names
// nobody and no other offer's is near it (B9). It is derived again whenever a letter is written again; at rest there is its hash alone.
func RedeemToken(secret []byte, o id.Offer, c id.Customer) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("candor/redeem/" + string(o) + "/" + string(c)))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// RedeemHash is how an offer's token is kept; false for what cannot be one.
func RedeemHash(token string) (string, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != 16 {
		return "", false
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), true
}
