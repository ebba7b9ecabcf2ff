package desk

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"candor/id"
)

// workBits makes a browser try some sixteen thousand times: a second on a phone, and a machine that sends a thousand a minute notices.
const workBits = 14

// workLasts is how old a proof may be.
const workLasts = 2 * time.Hour

// Worked reports whether a proof of work was done for these very words: "MINUTE.NONCE" such that the hash of both with the page's code, the
// name and the comment begins with enough zero bits. It needs no question from us first, so that the form can lie in any cache.
func Worked(proof string, code id.Code, name, body string, at time.Time) bool {
	minute, _, ok := strings.Cut(proof, ".")
	when, err := strconv.ParseInt(minute, 10, 64)
	if !ok || err != nil || len(proof) > 40 {
		return false
	}
	if age := at.Sub(time.Unix(when*60, 0)); age > workLasts || age < -workLasts {
		return false
	}
	sum := sha256.Sum256([]byte(proof + "\n" + string(code) + "\n" + name + "\n" + strings.Join(strings.Fields(body), " ")))
	return bits.LeadingZeros32(binary.BigEndian.Uint32(sum[:])) >= workBits
}
