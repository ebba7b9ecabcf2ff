package money

import "strings"

// The active currencies of ISO 4217 (list one, maintained by SIX) by how many digits their smallest unit has. golang.org/x/text/currency
// is not used: it follows what is paid in cash, where the Indonesian rupiah has none, and an invoice has two.
const (
	noDigits    = " BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF "
	threeDigits = " BHD IQD JOD KWD LYD OMR TND "
	fourDigits  = " CLF UYW "
	twoDigits   = " AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP " +
		"COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES " +
		"KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD " +
		"PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD " +
		"TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG BGN ANG "
)

// Digits is how many digits follow the point in a currency, and whether there is such a currency.
func Digits(currency string) (int, bool) {
	if len(currency) != 3 || strings.Trim(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return 0, false
	}
	for digits, list := range [...]string{noDigits, "", twoDigits, threeDigits, fourDigits} {
		if strings.Contains(list, " "+currency+" ") {
			return digits, true
		}
	}
	return 0, false
}
