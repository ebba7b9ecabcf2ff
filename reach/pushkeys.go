package reach

import (
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"strings"

	"candor/problem"
)

// PushKeys are what a browser gave us to encrypt to (RFC 8291 §2): nobody between can read a notification, its push service included.
type PushKeys struct {
	Public *ecdh.PublicKey
	Auth   []byte
}

// ParsePushKeys reads the keys part of a PushSubscription, {"p256dh":…,"auth":…}, as a contact keeps it.
func ParsePushKeys(text string) (k PushKeys, refused *problem.Problem) {
	refused = problem.Field("keys", "problem.push.keys")
	var raw struct {
		P256dh string `json:"p256dh"`
		Auth   string `json:"auth"`
	}
	if len(text) > 500 || json.Unmarshal([]byte(text), &raw) != nil {
		return k, refused
	}
	point, err := unpadded(raw.P256dh)
	if err != nil {
		return k, refused
	}
	if k.Auth, err = unpadded(raw.Auth); err != nil || len(k.Auth) != 16 {
		return PushKeys{}, refused
	}
	if k.Public, err = ecdh.P256().NewPublicKey(point); err != nil {
		return PushKeys{}, refused
	}
	return k, nil
}

// String is the one spelling that is stored.
func (k PushKeys) String() string {
	b, err := json.Marshal(map[string]string{
		"p256dh": base64.RawURLEncoding.EncodeToString(k.Public.Bytes()), "auth": base64.RawURLEncoding.EncodeToString(k.Auth),
	})
	if err != nil {
		panic(err) // two strings
	}
	return string(b)
}

// unpadded takes base64url with and without padding: browsers give one, libraries the other.
func unpadded(text string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
}
