package push

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"candor/letter"
	"candor/outward"
	"candor/reach"
)

var b64 = base64.RawURLEncoding

func bytesOf(t *testing.T, text string) []byte {
	t.Helper()
	b, err := b64.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// RFC 8291, appendix A.
func TestTheEncryptionIsTheStandards(t *testing.T) {
	t.Parallel()
	own, err := ecdh.P256().NewPrivateKey(bytesOf(t, "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
	if err != nil {
		t.Fatal(err)
	}
	keys, refused := reach.ParsePushKeys(`{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}`)
	if refused != nil {
		t.Fatal(refused)
	}
	got, err := encrypt([]byte("When I grow up, I want to be a watermelon"), keys, own, bytesOf(t, "DGv6ra1nlYgDCS1FRnbzlw"))
	if err != nil {
		t.Fatal(err)
	}
	const want = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
	if b64.EncodeToString(got) != want {
		t.Errorf("got  %s\nwant %s", b64.EncodeToString(got), want)
	}
}

// A browser holds a subscription's private half, and reads what comes as RFC 8291 tells it to.
type browser struct {
	private *ecdh.PrivateKey
	auth    []byte
}

func newBrowser(t *testing.T) browser {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b := browser{private, make([]byte, 16)}
	rand.Read(b.auth)
	return b
}

func (b browser) keys() string {
	return `{"p256dh":"` + b64.EncodeToString(b.private.PublicKey().Bytes()) + `","auth":"` + b64.EncodeToString(b.auth) + `"}`
}

// extract and expand are RFC 5869 for one block, written out so that the test shares nothing with what it tests.
func mac(key, data []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(data)
	return h.Sum(nil)
}

func (b browser) open(t *testing.T, body []byte) []byte {
	t.Helper()
	salt, size, length := body[:16], binary.BigEndian.Uint32(body[16:20]), int(body[20])
	sender, record := body[21:21+length], body[21+length:]
	if size != 4096 || length != 65 || len(record) > int(size) {
		t.Fatalf("record size %d, key of %d bytes, record of %d", size, length, len(record))
	}
	theirs, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := b.private.ECDH(theirs)
	if err != nil {
		t.Fatal(err)
	}
	info := append(append([]byte("WebPush: info\x00"), b.private.PublicKey().Bytes()...), sender...)
	prk := mac(salt, mac(mac(b.auth, shared), append(info, 1)))
	key, nonce := mac(prk, []byte("Content-Encoding: aes128gcm\x00\x01"))[:16], mac(prk, []byte("Content-Encoding: nonce\x00\x01"))[:12]
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gcm.Open(nil, nonce, record, nil)
	if err != nil {
		t.Fatalf("a browser cannot read it: %v", err)
	}
	plain = []byte(strings.TrimRight(string(plain), "\x00"))
	if len(plain) == 0 || plain[len(plain)-1] != 2 {
		t.Fatal("the last record has no delimiter")
	}
	return plain[:len(plain)-1]
}

type post struct {
	*http.Request
	body []byte
}

func service(t *testing.T, status int, header http.Header) (url string, posts <-chan post) {
	t.Helper()
	all := make(chan post, 4)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		all <- post{r, body}
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server.URL, all
}

func open(t *testing.T) reach.Session {
	t.Helper()
	out := outward.New(outward.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: 2 * time.Second})
	t.Cleanup(out.Close)
	s, err := New(out, NewKey([]byte("seed")), "mailto:ops@harbour.example").Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func message(to, keys string) reach.Message {
	return reach.Message{Delivery: "dlv_1", To: to, Keys: keys, Brief: letter.Brief{
		Title: "網站無法使用", Body: strings.Repeat("資料未受影響。", 100), URL: "https://status.example/zh-hant/incidents/x1y2z3a4b5c6", Topic: "x1y2z3a4b5c6", Urgent: true,
	}}
}

func TestABrowserReadsWhatWasSaid(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	where, posts := service(t, 201, nil)
	if r := open(t).Send(t.Context(), message(where+"/push/abc", b.keys())); r.Outcome != reach.Taken {
		t.Fatalf("%+v", r)
	}
	got := <-posts
	var n note
	if err := json.Unmarshal(b.open(t, got.body), &n); err != nil {
		t.Fatal(err)
	}
	if n.Title != "網站無法使用" || !strings.HasSuffix(n.Body, "…") || len([]rune(n.Body)) > longestBody || n.URL != "https://status.example/zh-hant/incidents/x1y2z3a4b5c6" {
		t.Errorf("%+v", n)
	}
	for name, want := range map[string]string{"TTL": "86400", "Urgency": "high", "Topic": "x1y2z3a4b5c6", "Content-Encoding": "aes128gcm"} {
		if got.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
	if len(got.body) > 4096 || strings.Contains(string(got.body), "status.example") {
		t.Errorf("%d bytes, or not encrypted", len(got.body))
	}
	vouched(t, got.Header.Get("Authorization"), where)
}

// vouched checks the header as a push service does (RFC 8292).
func vouched(t *testing.T, header, origin string) {
	t.Helper()
	token, key, ok := strings.Cut(strings.TrimPrefix(header, "vapid t="), ", k=")
	parts := strings.Split(token, ".")
	if !ok || len(parts) != 3 {
		t.Fatalf("Authorization: %s", header)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), bytesOf(t, key))
	if err != nil {
		t.Fatal(err)
	}
	signature, digest := bytesOf(t, parts[2]), sha256.Sum256([]byte(parts[0]+"."+parts[1]))
	if len(signature) != 64 || !ecdsa.Verify(public, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Error("the signature is not of the key")
	}
	var head, claims map[string]any
	if json.Unmarshal(bytesOf(t, parts[0]), &head) != nil || json.Unmarshal(bytesOf(t, parts[1]), &claims) != nil {
		t.Fatal("the token is no JSON")
	}
	expires := time.Unix(int64(claims["exp"].(float64)), 0)
	if head["alg"] != "ES256" || claims["aud"] != origin || claims["sub"] != "mailto:ops@harbour.example" || time.Until(expires) > 24*time.Hour || time.Until(expires) < time.Hour {
		t.Errorf("%v %v", head, claims)
	}
}

func TestWhatAPushServiceMeans(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status  int
		header  http.Header
		outcome reach.Outcome
		wait    time.Duration
	}{
		{status: 200, outcome: reach.Taken},
		{status: 201, outcome: reach.Taken},
		{status: 202, outcome: reach.Taken},
		{status: 400, outcome: reach.Refused},
		{status: 401, outcome: reach.Refused},
		{status: 403, outcome: reach.Refused},
		{status: 404, outcome: reach.Permanent},
		{status: 410, outcome: reach.Permanent},
		{status: 405, outcome: reach.Permanent},
		{status: 408, outcome: reach.Temporary},
		{status: 413, outcome: reach.Poison},
		{status: 429, header: http.Header{"Retry-After": {"120"}}, outcome: reach.Temporary, wait: 2 * time.Minute},
		{status: 500, outcome: reach.Temporary},
		{status: 503, outcome: reach.Temporary},
		{status: 307, outcome: reach.Temporary},
	} {
		where, _ := service(t, c.status, c.header)
		if r := open(t).Send(t.Context(), message(where, newBrowser(t).keys())); r.Outcome != c.outcome || r.RetryAfter != c.wait {
			t.Errorf("%d: %+v", c.status, r)
		}
	}
}

func TestKeysThatAreNoneReachNobody(t *testing.T) {
	t.Parallel()
	good := newBrowser(t)
	where, posts := service(t, 201, nil)
	for _, keys := range []string{
		"", "{}", "[]", `{"p256dh":"AAAA","auth":"AAAA"}`,
		`{"p256dh":"` + b64.EncodeToString(make([]byte, 65)) + `","auth":"` + b64.EncodeToString(good.auth) + `"}`,
		`{"p256dh":"` + b64.EncodeToString(good.private.PublicKey().Bytes()) + `","auth":"AAAA"}`,
		strings.Repeat(" ", 501) + good.keys(),
	} {
		if r := open(t).Send(t.Context(), message(where, keys)); r.Outcome != reach.Permanent || r.Reason != reach.ReasonBadAddress {
			t.Errorf("%q: %+v", keys, r)
		}
	}
	if len(posts) != 0 {
		t.Errorf("%d messages left", len(posts))
	}
}

func TestTheSameSeedIsTheSameKey(t *testing.T) {
	t.Parallel()
	one, again, other := NewKey([]byte("a")), NewKey([]byte("a")), NewKey([]byte("b"))
	if one.Public() != again.Public() || one.Public() == other.Public() {
		t.Error("the key is not the seed's")
	}
	if key := bytesOf(t, NewKey([]byte("a")).Public()); len(key) != 65 || key[0] != 4 {
		t.Errorf("%x is no uncompressed point", key)
	}
}

func FuzzPushKeys(f *testing.F) {
	f.Add(`{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}`)
	f.Fuzz(func(t *testing.T, text string) {
		k, refused := reach.ParsePushKeys(text)
		if refused != nil {
			return
		}
		again, refused := reach.ParsePushKeys(k.String())
		if refused != nil || again.String() != k.String() {
			t.Fatalf("%q became %q", text, k.String())
		}
	})
}
