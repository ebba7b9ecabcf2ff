package reach

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The collection: mails as servers and people write them, by file name, and what each reports: "address class status", several joined by |,
// none for what is no report.
var bounces = []struct{ name, want string }{
	{"postfix-user-unknown", "user@example.org hard 5.1.1"},
	{"postfix-full", "user@example.org soft 5.2.2"},
	{"postfix-full-as-511", "user@example.org soft 5.1.1"},
	{"postfix-dmarc", "user@example.org policy 5.7.26"},
	{"postfix-spamhaus", "user@example.org policy 5.7.1"},
	{"policy-code-for-unknown", "user@example.org hard 5.7.1"},
	{"postfix-no-domain", "user@gone.example hard 5.4.4"},
	{"postfix-delayed", "user@example.org soft 4.4.1"},
	{"postfix-expired", "user@example.org soft 4.4.1"},
	{"two-recipients", "one@example.org hard 5.1.1|two@example.org soft 4.2.2"},
	{"groups-without-blank-lines", "one@example.org hard 5.1.1|two@example.org policy 5.7.1"},
	{"group-torn-by-blank-lines", "user@example.org hard 5.1.1"},
	{"one-arrived-one-failed", "two@example.org hard 5.1.1"},
	{"arrived", ""},
	{"relayed", ""},
	{"sendmail", "user@example.org hard 5.1.1"},
	{"original-only", "user@example.org hard 5.1.1"},
	{"no-name-at-all", "user@example.org hard 5.1.1"},
	{"generic-status-sharp-answer", "user@example.org hard 5.1.1"},
	{"status-without-a-reason", "user@example.org hard 5.0.0"},
	{"exchange-online", "user@example.org hard 5.1.10"},
	{"exchange-online-access-denied", "user@example.org hard 5.4.1"},
	{"exchange-restricted", "user@example.org policy 5.7.133"},
	{"exchange-german", "user@example.org hard 5.1.1"},
	{"gmail-no-domain", "user@gone.example hard 5.1.2"},
	{"gmail-delay", "user@example.org soft 4.4.1"},
	{"utf8-report", "用户@example.org hard 5.1.1"},
	{"no-report-type", "user@example.org hard 5.1.1"},
	{"original-missing", "user@example.org soft 4.7.1"},
	{"too-large", "user@example.org soft 5.3.4"},
	{"disabled", "user@example.org hard 5.2.1"},
	{"cut-before-its-end", "user@example.org hard 5.1.1"},
	{"boundary-not-named", "user@example.org hard 5.1.1"},
	{"report-in-base64", "user@example.org hard 5.1.1"},
	{"report-as-plain-text", "user@example.org hard 5.1.1"},
	{"forwarded-as-attachment", "user@example.org hard 5.1.1"},
	{"arf", "user@example.org complaint -"},
	{"arf-redacted", "user@example.org complaint -"},
	{"arf-two", "one@example.org complaint -|two@example.org complaint -"},
	{"arf-authentication", "user@example.org policy -"},
	{"hotmail-complaint", "user@hotmail.example complaint -"},
	{"qmail-unknown", "user@example.org hard 5.1.1"},
	{"qmail-remote-said", "user@example.org hard 550"},
	{"qmail-host", "user@gone.example hard 5.1.2"},
	{"qmail-queue", "user@example.org soft 4.4.1"},
	{"qmail-two", "one@example.org hard 5.1.1|two@example.org soft 5.2.2"},
	{"yahoo", "user@yahoo.example hard 554"},
	{"exim-unknown", "user@example.org hard 5.1.1"},
	{"exim-unrouteable", "user@gone.example hard -"},
	{"exim-retry", "user@example.org soft -"},
	{"exim-warning", "user@example.org soft -"},
	{"exim-forwarded-alias", "alias@example.org hard 550"},
	{"postfix-plain", "user@example.org hard 550"},
	{"sendmail-plain", "user@example.org hard 550"},
	{"exchange-55", "user@example.org hard -"},
	{"exchange-2007-french", "user@example.org hard 5.1.1"},
	{"exchange-html-spanish", "user@example.org hard 5.1.10"},
	{"domino", "user@example.org hard -"},
	{"notes-old", "user@example.org hard -"},
	{"groupwise", "user@example.org hard 550"},
	{"aol", "user@aol.example hard 5.1.1"},
	{"gmail-plain", "user@example.org hard 5.1.1"},
	{"gmail-plain-delay", "user@example.org soft -"},
	{"gmx", "user@gmx.example hard 5.1.1"},
	{"german-web", "user@web.example hard 550"},
	{"german-full", "user@t-online.example soft -"},
	{"chinese-qq", "user@qq.example hard 550"},
	{"chinese-163-full", "user@163.example soft -"},
	{"taiwan", "user@hinet.example hard -"},
	{"japanese-ezweb", "user@ezweb.example hard 550"},
	{"japanese-jis", "user@example.jp hard -"},
	{"indonesian", "user@example.co.id hard -"},
	{"indonesian-full", "user@example.co.id soft -"},
	{"spanish-full", "user@example.es soft 5.2.2"},
	{"french-orange", "user@orange.example hard -"},
	{"russian", "user@mail.example.ru hard 550"},
	{"mailmarshal", "user@example.org hard 5.1.1"},
	{"apache-james", "user@example.org hard 550"},
	{"opensmtpd", "user@example.org soft 5.2.2"},
	{"imail", "user@example.org hard -"},
	{"smtp-service-two", "one@example.org hard 5.1.1|two@example.org hard -"},
	{"sorry-without-a-reason", "user@example.org unknown -"},
	{"error-sending", "user@example.org hard 5.1.1"},
	{"qp-notice", "user@example.org hard 550"},
	{"group-closed", "group@groups.example policy -"},
	{"vacation-rfc3834", "dana@example.org auto_reply -"},
	{"vacation-outlook", "dana@example.org auto_reply -"},
	{"vacation-precedence", "dana@example.org auto_reply -"},
	{"vacation-x-autoreply", "dana@example.org auto_reply -"},
	{"vacation-german", "dana@example.org auto_reply -"},
	{"vacation-french", "dana@example.org auto_reply -"},
	{"vacation-spanish", "dana@example.org auto_reply -"},
	{"vacation-chinese", "dana@example.org auto_reply -"},
	{"vacation-taiwan", "dana@example.org auto_reply -"},
	{"vacation-indonesian", "dana@example.org auto_reply -"},
	{"vacation-japanese", "dana@example.org auto_reply -"},
	{"challenge", "dana@example.org auto_reply -"},
	{"read-receipt", "dana@example.org auto_reply -"},
	{"reply", ""},
	{"reply-on-holiday", ""},
	{"question-about-a-bounce", ""},
	{"newsletter", ""},
	{"order", ""},
	{"empty", ""},
	{"noise", ""},
	{"unknown-for-days", "user@example.org hard 4.1.1"},
	{"unverified-for-days", "user@example.org soft 4.1.1"},
	{"cron", ""},
	{"build-failed", ""},
	{"outlook-away-with-null-sender", "dana@example.org auto_reply -"},
	{"ses-complaint", "user@example.org complaint -"},
	{"charset-that-is-not", "user@example.org hard -"},
	{"body-in-base64", "user@example.org hard 5.1.1"},
	{"mbox-line-first", "user@example.org hard 5.1.1"},

	{"prose-portuguese-full", "user@example.br soft -"},
	{"prose-italian", "user@example.it hard -"},
	{"prose-polish", "user@example.pl hard -"},
	{"prose-dutch", "user@example.nl hard -"},
	{"prose-russian-koi8", "user@example.ru hard -"},
	{"prose-korean", "user@example.kr hard -"},
	{"prose-chinese-sina-full", "user@sina.example soft 554"},
	{"prose-chinese-126", "user@126.example hard 550"},
	{"prose-japanese-shift-jis", "user@nifty.example hard -"},
	{"prose-over-quota", "user@example.org soft -"},
	{"prose-gmail-blocked", "user@example.org policy 5.7.1"},
	{"prose-gmail-inbox-full", "user@example.org soft -"},
	{"prose-microsoft-rule", "user@example.org policy 5.7.1"},
	{"prose-microsoft-expired", "user@example.org soft 5.4.316"},
	{"prose-host-not-found", "user@gone.example hard -"},
	{"prose-copy-for-the-postmaster", "user@example.org soft -"},
	{"prose-imail-full", "user@example.org soft -"},
	{"prose-imail-attempts", "user@example.org soft -"},
	{"prose-sendmail-deferred", "user@example.org soft -"},
	{"prose-no-sender", "user@example.org hard -"},
	{"prose-provider", "user@example.org hard -"},
	{"prose-virus", "user@example.org policy -"},
	{"prose-antivirus-gateway", "user@example.org hard 550"},
	{"prose-moved", "user@example.org hard -"},
	{"prose-indonesian-subject", "user@example.co.id hard -"},
	{"prose-quota-at-the-end", "user@example.org soft 4.2.2"},
	{"server-activehunter", "user@example.org hard 5.1.1"},
	{"server-barracuda", "user@example.org policy -"},
	{"server-biglobe", "user@biz.biglobe.example soft -"},
	{"server-courier-text", "user@example.org hard 5.1.1"},
	{"server-docomo", "user@docomo.example hard 550"},
	{"server-dragonfly", "user@example.org hard 5.1.1"},
	{"server-exch-de", "user@example.org soft 5.2.2"},
	{"server-exch-sub", "user@example.org policy 5.7.1"},
	{"server-ezweb", "user@ezweb.example hard -"},
	{"server-ezweb2", "user@ezweb.example hard 550"},
	{"server-googlegroups", " policy -"},
	{"server-interscan", "user@example.org hard 5.1.1"},
	{"server-interscan2", "user@example.org soft -"},
	{"server-james", "user@example.org hard 550"},
	{"server-kddi", "user@msa.example.jp soft -"},
	{"server-kddi2", "user@msa.example.jp policy -"},
	{"server-loop", "user@example.org soft 5.4.6"},
	{"server-mailfoundry", "user@example.org soft 552"},
	{"server-mailman", "mailman-bounces@lists.example auto_reply -"},
	{"server-mcafee", "user@example.org hard -"},
	{"server-mfilter", "user@example.jp hard 5.1.1"},
	{"server-mimecast", "user@example.org hard 550"},
	{"server-mmdf", "user@example.org hard -"},
	{"server-mxlogic", "user@example.org hard 5.1.1"},
	{"server-pmdf", "user@example.org hard 550"},
	{"server-postfix-delay", "user@example.org soft -"},
	{"server-sendgrid", "user@example.org hard 5.1.1"},
	{"server-ses-json", "user@example.org hard 5.1.1"},
	{"server-smail", "user@example.org hard -"},
	{"server-softbank", "user@softbank.example hard 550"},
	{"server-spamassassin", "user@example.org policy 5.7.1"},
	{"server-surfcontrol", "user@example.com hard 550"},
	{"server-tnef", "user@example.org hard 5.1.1"},
	{"server-v5sendmail", "user@gone.example hard 550"},
	{"server-verizon", "5551234567@vtext.example hard -"},
	{"server-verizon2", "5551234567@vzwpix.example hard -"},
	{"server-x2", "user@example.org hard -"},
	{"server-x3", "user@example.org soft -"},
	{"server-x3b", "user@example.org hard 5.3.0"},
	{"server-x4", "user@example.org soft 5.2.2"},
	{"server-zoho", "user@example.co.jp hard 550"},
	{"server-zoho2", "user@example.co.jp soft 421"},
}

func readBounce(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "bounces", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func told(all []Returned) string {
	var out []string
	for _, r := range all {
		status := r.Status
		if status == "" {
			status = "-"
		}
		out = append(out, fmt.Sprintf("%s %s %s", r.Address, r.Class, status))
	}
	return strings.Join(out, "|")
}

func TestTheCollectionOfReturnedMailIsRead(t *testing.T) {
	if len(bounces) < 80 {
		t.Fatalf("%d mails, want at least 80", len(bounces))
	}
	files, err := filepath.Glob("testdata/bounces/*.eml")
	if err != nil || len(files) != len(bounces) {
		t.Errorf("%d files for %d rows, %v", len(files), len(bounces), err)
	}
	for _, b := range bounces {
		m := ReadReturn(readBounce(t, b.name))
		if diff := cmp.Diff(b.want, told(m.Recipients)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", b.name, diff)
		}
		for _, r := range m.Recipients {
			if r.Reason == "" {
				t.Errorf("%s: %s has no reason", b.name, r.Address)
			}
		}
	}
}

// Lines may end as they like: mail passes programs that know only one of them.
func TestTheCollectionReadsTheSameWithOtherLineEnds(t *testing.T) {
	for _, b := range bounces {
		raw := strings.ReplaceAll(string(readBounce(t, b.name)), "\n", "\r\n")
		if b.name == "noise" {
			continue
		}
		if diff := cmp.Diff(b.want, told(ReadReturn([]byte(raw)).Recipients)); diff != "" {
			t.Errorf("%s with CRLF (-want +got):\n%s", b.name, diff)
		}
	}
}
