package push

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/url"
	"time"
)

// Key is who we are to push services: browsers bind a subscription to it, so it must never change while anybody is subscribed.
type Key struct {
	private *ecdsa.PrivateKey
	public  []byte
}

// NewKey derives the installation's key from its seed (store.Instance.Secret): the same seed, the same key, on every node.
func NewKey(seed []byte) Key {
	for n := uint32(0); ; n++ { // one seed in four thousand million hashes to no number below the curve's order
		h := sha256.New()
		h.Write([]byte("candor/vapid"))
		h.Write(seed)
		_ = binary.Write(h, binary.BigEndian, n)
		scalar := h.Sum(nil)
		public, err := ecdh.P256().NewPrivateKey(scalar)
		if err != nil {
			continue
		}
		private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar)
		if err == nil {
			return Key{private, public.PublicKey().Bytes()}
		}
	}
}

// Public is what the page hands to the browser as applicationServerKey.
func (k Key) Public() string { return base64.RawURLEncoding.EncodeToString(k.public) }

// vouch is the Authorization header for one push service (RFC 8292). contact is where its operator can reach ours.
func (k Key) vouch(endpoint *url.URL, contact string, now time.Time) (string, error) {
	claims, err := json.Marshal(struct {
		Audience string `json:"aud"`
		Expires  int64  `json:"exp"`
		Subject  string `json:"sub,omitempty"`
	}{endpoint.Scheme + "://" + endpoint.Host, now.Add(12 * time.Hour).Unix(), contact}) // at most 24 hours are accepted, and clocks differ
	if err != nil {
		return "", err
	}
	token := base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + base64.RawURLEncoding.EncodeToString(claims)
	digest := sha256.Sum256([]byte(token))
	r, s, err := ecdsa.Sign(rand.Reader, k.private, digest[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return "vapid t=" + token + "." + base64.RawURLEncoding.EncodeToString(signature) + ", k=" + k.Public(), nil
}
