package reach

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"

	"candor/audience"
	"candor/id"
	"candor/letter"
	"candor/money"
	"candor/settings"
)

// Reasons why a text message is not sent, or why nobody can say whether it was.
const (
	ReasonNotAPhone  = "not a phone number"
	ReasonNoCountry  = "country is not on the list"
	ReasonDear       = "premium or satellite number"
	ReasonNoTexts    = "number takes no texts"
	ReasonPurse      = "budget of the day is used up"
	ReasonNoProvider = "no provider for the country"
	ReasonUnsettled  = "may have arrived, not repeated"
	ReasonUnreached  = "phone was not reached"
	ReasonCarrier    = "refused by the network"
	ReasonOptedOut   = string(audience.OptedOut)
)

// NoChannel is why a delivery ends for which nothing is set up: it did not go out, and nobody may believe that it did.
func NoChannel(channel string) string { return "no " + channel + " channel" }

// A Payment is what one text costs, and the purse it is taken from.
type Payment struct {
	Class   Class
	Country string
	Minor   int64 // in the smallest unit of the settings' currency
	Purse   settings.Purse
	At      time.Time
}

// TextCode is the code of six digits that an announcement of kind OnCode carries. It is derived, not stored: nobody reads it in a database.
func TextCode(secret []byte, a id.Announcement) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("candor/code/" + string(a)))
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(mac.Sum(nil))%1_000_000)
}

// Doubtful reports whether an attempt that ended so may have arrived all the same.
func Doubtful(reason string) bool { return reason == ReasonCutAfterDot || reason == ReasonTooLate }

// dear are calling codes no country owns: satellites (+870, +881), networks of many lands (+882, +883), shared cost and premium rate
// (+808, +979). A text there costs many times the usual, which is why strangers ask for it (B4).
var dear = []string{"+800", "+808", "+870", "+878", "+881", "+882", "+883", "+888", "+979"}

// Texting decides which country's networks a text to this number goes through, or why none is sent there.
func Texting(to audience.Address) (country, refused string) {
	for _, code := range dear {
		if strings.HasPrefix(string(to), code) {
			return "", ReasonDear
		}
	}
	number, err := phonenumbers.Parse(string(to), "")
	if err != nil || !strings.HasPrefix(string(to), "+") || !phonenumbers.IsValidNumber(number) {
		return "", ReasonNotAPhone
	}
	switch phonenumbers.GetNumberType(number) {
	case phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST, phonenumbers.UAN:
		return "", ReasonDear
	case phonenumbers.TOLL_FREE, phonenumbers.VOICEMAIL, phonenumbers.PAGER:
		return "", ReasonNoTexts
	}
	return phonenumbers.GetRegionCodeForNumber(number), ""
}

// TextCost is what a text to a number costs, and as how many parts it travels; the zero Amount if none is sent there. It is shown before
// anything is.
func TextCost(s settings.SMS, to audience.Address, text string) (money.Amount, letter.Segments) {
	parts := letter.InSegments(text)
	country, refused := Texting(to)
	if refused != "" || !s.Allows(country) || len(s.For(country)) == 0 {
		return money.Amount{}, parts
	}
	cost := s.Price(country)
	cost.Minor *= int64(len(parts.Parts))
	return cost, parts
}

// SealReceipt makes what a provider's receipt for one delivery must show where the provider does not sign: a keyed hash of both names.
func SealReceipt(secret []byte, provider string, d id.Delivery) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("candor/receipt/" + provider + "/" + string(d)))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// GenuineReceipt reports whether a seal is the one made for this provider and delivery. The empty delivery is for texts that come in.
func GenuineReceipt(secret []byte, provider string, d id.Delivery, seal string) bool {
	return hmac.Equal([]byte(seal), []byte(SealReceipt(secret, provider, d)))
}
