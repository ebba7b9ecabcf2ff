package playbook

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"candor/lang"
	"candor/settings"
)

// longText is ten kilobytes of the language's own labelled messages.
func longText(b testing.TB, language string) string {
	b.Helper()
	var text strings.Builder
	for text.Len() < 10_000 {
		for _, m := range readLabelled(b, language).Messages {
			text.WriteString(m.Text)
		}
	}
	return strings.ToValidUTF8(text.String()[:10_000], "")
}

// A message of 10 kB is to be read in 5 ms, so that the checks keep up with typing.
func BenchmarkCheck(b *testing.B) {
	for _, language := range RuleLanguages() {
		b.Run(language, func(b *testing.B) {
			text := longText(b, language)
			if _, _, err := Check(text, Context{Language: lang.Tag(language), Kind: Report}); err != nil { // makes the patterns
				b.Fatal(err)
			}
			b.SetBytes(int64(len(text)))
			before := spent(b)
			defer func() { b.ReportMetric(float64((spent(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op") }()
			for b.Loop() {
				if _, _, err := Check(text, Context{Language: lang.Tag(language), Kind: Report, Impact: "critical"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// spent is this process's time on any core: a busy machine makes the other figure longer.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// Whatever is typed, the reading does not fail, and what it points at lies in the text.
func FuzzCheck(f *testing.F) {
	f.Add("We apologise for any inconvenience. Next update at 15:20 UTC.", "en")
	f.Add("**Wir** bitten um\u00ad Verst\u00e4ndnis\u2026 z. B. am 12. M\u00e4rz", "de")
	f.Add("\ufb01x\u0301 \U0001f937\u200d\u2640\ufe0f \u7531\u65bc\u4f9b\u61c9\u5546\u6545\u969c\uff0c\u6211\u5011\u6df1\u8868\u6b49\u610f\u3002", "zh-Hant")
	f.Add("\xff\xfe\x00*_*`\n\r\n", "")
	f.Fuzz(func(t *testing.T, text, tag string) {
		r, findings, err := Check(text, Context{Language: lang.Tag(tag), Kind: Resolved, Impact: "critical", House: HouseOf(settings.Words{Glossary: map[lang.Tag][]settings.Term{lang.English: {{Jargon: "x", Plain: "y"}}}})})
		if err != nil {
			return // a language without rules
		}
		for _, where := range r.Found {
			for _, at := range where {
				inText(t, text, at)
			}
		}
		for _, finding := range findings {
			inText(t, text, finding.Span)
		}
	})
}

func inText(t *testing.T, text string, at Span) {
	t.Helper()
	if at.Start < 0 || at.End < at.Start || at.End > len(text) {
		t.Fatalf("%v is not in %q", at, text)
	}
}
