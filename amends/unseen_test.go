package amends

import (
	"encoding/json"
	"strings"
	"testing"
)

// What the words of contracts come to, worked out by hand from the contracts and not from the code. down, row (-1 for none), pct ("–" for
// none), credit and flags, as far as a row names them.
type worked struct {
	name, terms, facts string
	down, pct, credit  string
	flags              string
}

const (
	april  = `"month": "2024-04", "fee": "100.00", "currency": "USD"`
	noTime = `"fee": "10.00", "currency": "EUR"`
)

// down is an outage on 10 April 2024, from and to as times of the day in UTC.
func down(spans ...string) string {
	var all []string
	for _, s := range spans {
		from, to, _ := strings.Cut(s, "-")
		all = append(all, `{"start": "2024-04-10T`+from+`Z", "end": "2024-04-10T`+to+`Z"}`)
	}
	return `"outages": [` + strings.Join(all, ", ") + `]`
}

// contractsSay are cases worked by hand from the contracts' words, a blank line between one rule and the next.
var contractsSay = []worked{
	{"exactly the promised uptime owes nothing", "house-default", april + `, ` + down("00:00:00-00:43:12"), "2592", "0", "0.00", ""},
	{"a second more owes a tenth", "house-default", april + `, ` + down("00:00:00-00:43:13"), "2593", "10", "10.00", ""},
	{"a table that promises everything pays from the first second", "aws-arc", april + `, ` + down("00:00:00-00:00:01"), "1", "10", "10.00", ""},
	{"and its second row begins above its edge", "aws-arc", april + `, ` + down("00:00:00-00:04:20"), "260", "30", "30.00", ""},
	{"a hole in the table pays nothing and says so", "techdiversities", april + `, ` + down("00:00:00-07:30:00"), "27000", "0", "0.00", gapFlag},
	{"minutes in one row of a quarter", "github-enterprise", `"quarter": "2024-Q1", "fee": "63", "currency": "USD", "minutes": [{"count": 132, "error_pct": "5.1"}, {"count": 500, "error_pct": "5"}]`, "7920", "10", "6.30", ""},

	{"one outage in two components counts once", "house-default", april + `, ` + down("10:00:00-11:00:00", "10:20:00-11:00:00", "10:30:00-10:31:00"), "3600", "10", "10.00", ""},
	{"maintenance within an outage is cut out of its middle", "house-default", april + `, ` + down("10:00:00-12:00:00") + `, "maintenance": [{"start": "2024-04-10T10:30:00Z", "end": "2024-04-10T11:00:00Z"}]`, "5400", "10", "10.00", ""},
	{"maintenance that counts is downtime", "aws-rds-single", april + `, ` + down("10:00:00-14:00:00") + `, "maintenance": [{"start": "2024-04-10T10:00:00Z", "end": "2024-04-10T14:00:00Z"}]`, "14400", "10", "10.00", ""},
	{"maintenance announced too late is downtime", "dreamobjects", april + `, ` + down("02:00:00-03:00:00") + `, "maintenance": [{"start": "2024-04-10T02:00:00Z", "end": "2024-04-10T03:00:00Z", "notice_h": "119"}]`, "3600", "–", "0.14", ""},
	{"beyond an hour a month it is downtime", "dreamobjects", april + `, ` + down("02:00:00-04:00:00") + `, "maintenance": [{"start": "2024-04-10T02:00:00Z", "end": "2024-04-10T04:00:00Z", "notice_h": "200"}]`, "3600", "–", "0.14", ""},
	{"taken out of the period it raises the credit", "cloudflare-enterprise-25x", `"month": "2024-02", "fee": "696", "currency": "USD", "outages": [{"start": "2024-02-05T10:00:00Z", "end": "2024-02-05T11:00:00Z"}], "maintenance": [{"start": "2024-02-06T00:00:00Z", "end": "2024-02-07T00:00:00Z"}]`, "3600", "–", "25.89", ""},
	{"a share of the visitors is worth less than a cent", "cloudflare-business", `"month": "2024-04", "fee": "200", "currency": "USD", "affected_ratio": "0.021", ` + down("10:00:00-11:40:00"), "6000", "–", "0.01", ""},

	{"59 seconds are no minute", "gce-single", april + `, ` + down("10:00:00-10:00:59"), "0", "0", "0.00", ""},
	{"five minutes less one second are nothing where five are asked", "gcp-filestore-basic", april + `, ` + down("10:00:00-10:04:59"), "0", "0", "0.00", ""},
	{"a minute may begin at any second", "gce-single", april + `, ` + down("10:00:30-10:01:30"), "60", "0", "0.00", ""},
	{"50 seconds over a minute's edge are two bad minutes", "atlassian-premium", april + `, ` + down("10:00:35-10:01:25"), "120", "0", "0.00", ""},
	{"two short outages add up within their minute", "atlassian-premium", april + `, ` + down("10:00:05-10:00:07", "10:00:50-10:00:52"), "60", "0", "0.00", ""},
	{"exactly five percent counts for one and not for the other", "gitlab-ultimate", april + `, ` + down("10:00:10-10:00:13"), "60", "–", "0.00", "no computable credit clause in the sources"},
	{"301 seconds are longer than five minutes", "upcloud", noTime + `, "base_days": 30, ` + down("10:00:00-10:05:01"), "301", "–", "0.06", ""},
	{"fifty times the time is capped at the fee", "upcloud", noTime + `, "base_days": 30, ` + down("00:00:00-15:00:00"), "54000", "–", "10.00", "capped"},
	{"60 seconds are not longer than 60", "dreamobjects", april + `, ` + down("10:00:00-10:01:00"), "0", "–", "0.00", ""},
	{"two minutes are a quarter of an hour", "twokweb", `"fee": "30.00", "currency": "USD", "base_days": 30, ` + down("10:00:00-10:02:00"), "900", "–", "0.01", ""},
	{"3 h 34 min are 3.5 hours", "nodespace", april + `, ` + down("10:00:00-13:34:00"), "12600", "35", "35.00", ""},
	{"3 h 45 min are 4 hours", "nodespace", april + `, ` + down("10:00:00-13:45:00"), "14400", "40", "40.00", ""},
	{"only intervals down from end to end", "do-droplet", `"month": "2024-04", "fee": "24.00", "currency": "USD", ` + down("10:02:00-10:14:59"), "300", "–", "0.00", ""},

	{"29:59 are no half hour", "rackspace-classic", april + `, ` + down("10:00:00-10:29:59"), "1799", "0", "0.00", ""},
	{"one second is part of one", "rackspace-managed-cloud", april + `, ` + down("10:00:00-10:00:01"), "1", "5", "5.00", ""},
	{"an exact block is not two", "rackspace-managed-cloud", april + `, ` + down("10:00:00-10:30:00"), "1800", "5", "5.00", ""},
	{"blocks only below the promise", "ovh-pcc-connectivity", april + `, ` + down("10:00:00-10:21:36"), "1296", "0", "0.00", ""},
	{"and whole ones there", "ovh-pcc-connectivity", april + `, ` + down("10:00:00-12:59:59"), "10799", "10", "10.00", ""},
	{"days stop at a tenth of the renewal", "dreamhost-shared", `"fee": "9.95", "currency": "USD", "renewal_fee": "119.40", ` + down("00:00:00-23:00:00"), "82800", "–", "7.52", ""},
	{"days beyond a twentieth of a percent", "rcpnet", `"month": "2024-04", "fee": "300", "currency": "USD", ` + down("10:00:00-11:06:36"), "3996", "–", "30.00", ""},
	{"and at most half the bill", "rcpnet", `"month": "2024-04", "fee": "300", "currency": "USD", ` + down("01:00:00-13:00:00"), "43200", "–", "150.00", "capped"},

	{"four minutes and 59 seconds are no band", "aws-route53", `"month": "2024-05", "fee": "31", "currency": "USD", "outages": [{"start": "2024-05-08T00:00:00Z", "end": "2024-05-08T00:04:59Z"}]`, "299", "–", "0.00", ""},
	{"thirty days of a shorter month are the month", "aws-route53", `"month": "2024-02", "fee": "29", "currency": "USD", "outages": [{"start": "2024-02-08T00:00:00Z", "end": "2024-02-08T05:00:00Z"}]`, "18000", "–", "29.00", "capped"},
	{"nine and a half minutes are in no band", "vultr", noTime + `, ` + down("10:00:00-10:09:30"), "570", "–", "0.00", "gap: no row covers this downtime"},
	{"seven hours are the month", "vultr", noTime + `, ` + down("10:00:00-17:00:00"), "25200", "–", "10.00", ""},
	{"99.8 % is one step", "stablehost-shared", april + `, ` + down("00:00:00-01:26:24"), "5184", "10", "10.00", ""},
	{"a second short of it is none", "stablehost-shared", april + `, ` + down("00:00:00-01:26:23"), "5183", "0", "0.00", ""},
	{"steps stop at the bill", "stablehost-shared", april + `, ` + down("00:00:00-12:00:00"), "43200", "100", "100.00", "capped"},
	{"rounded in the middle as printed: 8.10 and not 8.22", "expertsystems", `"month": "2024-04", "fee": "30", "currency": "AUD", ` + down("00:00:00-04:00:00"), "14400", "–", "8.10", ""},
	{"a hundred times the time of a month", "slack-2015", `"month": "2024-04", "fee": "8", "currency": "USD", ` + down("10:00:00-18:00:00"), "28800", "–", "8.89", ""},
	{"six minutes of an hour are not more than six", "aws-ec2-hourly", `"month": "2024-04", "fee": "72", "currency": "USD", ` + down("10:10:00-10:16:00", "11:00:00-11:06:01"), "721", "–", "0.10", ""},

	{"ten minutes of one hour in London", "aws-ec2-hourly", `"month": "2024-04", "fee": "72", "currency": "USD", ` + down("10:25:00-10:35:00"), "600", "–", "0.10", ""},
	{"are five of two where the hour begins at half past", "aws-ec2-hourly", `"month": "2024-04", "tz": "Asia/Kolkata", "fee": "72", "currency": "USD", ` + down("10:25:00-10:35:00"), "600", "–", "0.00", ""},

	{"a month for every active site", "goodwill-flat-month", `"fee": "10.99", "currency": "USD", "active_sites": 3, ` + down("17:00:00-22:00:00"), "18000", "–", "32.97", ""},
	{"Germany: day three", "de-tkg-58", `"fee": "39.95", "currency": "EUR", "full_days_down": 3`, "0", "–", "5.00", ""},
	{"Germany: two days are free", "de-tkg-58", `"fee": "39.95", "currency": "EUR", "full_days_down": 2`, "0", "–", "0.00", ""},
	{"Germany: percentages where they are more", "de-tkg-58", `"fee": "80", "currency": "EUR", "full_days_down": 5`, "0", "–", "32.00", ""},
	{"Germany: days from midnight to midnight", "de-tkg-58", `"fee": "20", "currency": "EUR", "outages": [{"start": "2024-03-29T12:00:00+01:00", "end": "2024-04-02T01:00:00+02:00"}]`, "302400", "–", "5.00", ""},
	{"Belgium: eight hours are not more than eight", "be-telecom", noTime + `, ` + down("00:00:00-08:00:00"), "28800", "–", "0.00", ""},
	{"Belgium: more than a day", "be-telecom", noTime + `, "outages": [{"start": "2024-04-10T00:00:00Z", "end": "2024-04-11T00:00:01Z"}]`, "86401", "–", "2.00", ""},
	{"Belgium: three days", "be-telecom", noTime + `, "outages": [{"start": "2024-04-10T00:00:00Z", "end": "2024-04-13T00:00:00Z"}]`, "259200", "–", "3.00", ""},

	{"exactly a dollar is not issued", "aws-rds-single", `"month": "2024-04", "fee": "10.00", "currency": "USD", ` + down("00:00:00-05:00:00"), "18000", "10", "0.00", "not issued: credit must be greater than 1 USD"},
	{"a thousandth above it is", "aws-rds-single", `"month": "2024-04", "fee": "10.01", "currency": "USD", ` + down("00:00:00-05:00:00"), "18000", "10", "1.00", ""},
	{"four digits", "house-default", `"month": "2024-04", "fee": "0.0125", "currency": "CLF", ` + down("00:00:00-01:00:00"), "3600", "10", "0.0013", ""},
	{"a company that pays whole rupiah", "house-default", `"month": "2024-04", "fee": "149999", "currency": "IDR", "minor": 0, ` + down("00:00:00-01:00:00"), "3600", "10", "15000", ""},
	{"halves to the even cent", "house-default", `"month": "2024-04", "fee": "24.25", "currency": "EUR", "rounding": "half_even", ` + down("00:00:00-01:00:00"), "3600", "10", "2.42", ""},
	{"cut", "house-default", `"month": "2024-04", "fee": "24.29", "currency": "EUR", "rounding": "down", ` + down("00:00:00-01:00:00"), "3600", "10", "2.42", ""},
	{"an outage of another month", "house-default", `"month": "2024-05", "fee": "10", "currency": "EUR", ` + down("00:00:00-01:00:00"), "0", "0", "0.00", ""},
	{"February as seen from Taipei", "house-default", `"month": "2024-02", "tz": "Asia/Taipei", "fee": "10", "currency": "EUR", "outages": [{"start": "2024-01-31T15:00:00Z", "end": "2024-01-31T18:00:00Z"}]`, "7200", "10", "1.00", ""},
	{"March in Berlin is an hour short", "house-default", `"month": "2024-03", "tz": "Europe/Berlin", "fee": "80", "currency": "EUR", "outages": [{"start": "2024-03-12T10:00:00Z", "end": "2024-03-12T10:44:36Z"}]`, "2676", "10", "8.00", ""},
	{"an hour that was skipped is no hour", "house-default", `"month": "2024-03", "tz": "Europe/Berlin", "fee": "80", "currency": "EUR", "outages": [{"start": "2024-03-31T01:30:00+01:00", "end": "2024-03-31T03:30:00+02:00"}]`, "3600", "10", "8.00", ""},
	{"errors in hours of which the others are not listed", "azure-storage-hot", `"month": "2024-04", "fee": "72", "currency": "EUR", "intervals": [{"count": 10, "error_pct": "73"}]`, "26280", "25", "18.00", ""},
}

func TestContractsPayWhatTheirWordsSay(t *testing.T) {
	t.Parallel()
	all := contracts(t)
	for _, c := range contractsSay {
		t.Run(c.name, func(t *testing.T) {
			var facts Case
			if err := json.Unmarshal([]byte("{"+c.facts+"}"), &facts); err != nil {
				t.Fatal(err)
			}
			got, err := all[c.terms].Compute(facts)
			if err != nil {
				t.Fatal(err)
			}
			pct := "–"
			if got.Pct != nil {
				pct = Plain(got.Pct)
			}
			made := worked{c.name, c.terms, c.facts, Plain(got.Down), pct, got.Amount(), strings.Join(got.Flags, "; ")}
			if made != c {
				t.Errorf("got  %s s, %s, %s, %q\nwant %s s, %s, %s, %q", made.down, made.pct, made.credit, made.flags, c.down, c.pct, c.credit, c.flags)
			}
		})
	}
}
