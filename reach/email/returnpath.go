package email

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"

	"candor/id"
)

// Ten bytes of the code: a forger who tries a million addresses a second needs 38 billion years, and the local part stays below 64 bytes.
const codeBytes = 10

var codeLetters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ReturnPath is the address that bounces of a delivery come back to, `b+<id>-<code>@domain`. The code proves that the address came from
// us, so that a bounce needs no reading to be matched and a forged one silences nobody. It is lower case throughout, because some
// relays fold it.
func ReturnPath(delivery id.Delivery, secret []byte, domain string) string {
	tail := strings.ToLower(strings.TrimPrefix(string(delivery), "dlv_"))
	return "b+" + tail + "-" + returnCode(tail, secret) + "@" + domain
}

// ParseReturnPath takes back what ReturnPath made, in any case, and refuses everything else.
func ParseReturnPath(address string, secret []byte, domain string) (id.Delivery, error) {
	local, ok := strings.CutSuffix(strings.ToLower(address), "@"+strings.ToLower(domain))
	if !ok {
		return "", fmt.Errorf("not an address of %s", domain)
	}
	local, ok = strings.CutPrefix(local, "b+")
	tail, code, cut := strings.Cut(local, "-")
	if !ok || !cut || !hmac.Equal([]byte(code), []byte(returnCode(tail, secret))) {
		return "", errors.New("not a return path of ours")
	}
	return id.Parse[id.Delivery]("dlv_" + strings.ToUpper(tail))
}

func returnCode(tail string, secret []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("return path " + tail)) // the secret may serve other purposes: no code is valid for two
	return codeLetters.EncodeToString(mac.Sum(nil)[:codeBytes])
}
