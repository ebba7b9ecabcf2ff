package audience

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"candor/id"
	"candor/lang"
	"candor/money"
	"candor/problem"
)

func reading() Reading {
	return Reading{
		Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Language: lang.English, Offered: lang.All(), Zone: time.UTC, Region: "DE",
		Component: func(name string) (id.Component, bool) {
			for _, known := range []string{"DNS", "Mail", "Web shop"} {
				if strings.EqualFold(known, name) {
					return id.Component("cmp_" + strings.ToLower(known)), true
				}
			}
			return "", false
		},
	}
}

// all reads a whole file; faults become "line:column key".
func all(t testing.TB, text string) (rows []Row, faults []string, err error) {
	t.Helper()
	table, err := OpenTable(strings.NewReader(text), reading())
	if err != nil {
		return nil, nil, err
	}
	for {
		row, bad, err := table.Next()
		if errors.Is(err, io.EOF) {
			return rows, faults, nil
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range bad {
			faults = append(faults, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Problem.Key))
		}
		if bad == nil {
			rows = append(rows, row)
		}
	}
}

func told(rows []Row) (all []string) {
	for _, r := range rows {
		line := []string{r.Customer.External, r.Customer.Name}
		for _, c := range r.Customer.Contacts {
			line = append(line, c.Channel+" "+string(c.Address))
		}
		all = append(all, strings.Join(line, "/"))
	}
	return all
}

const plainTable = "Kundennummer;Name;E-Mail-Adresse\n7;Jürgen Groß;jg@example.de\n8;Ann;ann@example.de\n"

func TestFilesAreUnderstoodInEveryCodingTheyAreSavedIn(t *testing.T) {
	want := []string{"7/Jürgen Groß/email jg@example.de", "8/Ann/email ann@example.de"}
	coded := func(e encoding.Encoding, text string) string {
		s, err := e.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for coding, text := range map[string]string{
		"UTF-8":                    plainTable,
		"UTF-8 with a mark":        "\ufeff" + plainTable,
		"UTF-16 LE with a mark":    coded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), plainTable),
		"UTF-16 BE with a mark":    coded(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), plainTable),
		"UTF-16 LE without":        coded(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), plainTable),
		"UTF-16 BE without":        coded(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), plainTable),
		"Windows-1252":             coded(charmap.Windows1252, plainTable),
		"commas":                   strings.ReplaceAll(plainTable, ";", ","),
		"tabs":                     strings.ReplaceAll(plainTable, ";", "\t"),
		"carriage returns":         strings.ReplaceAll(plainTable, "\n", "\r\n"),
		"a spreadsheet's own hint": "sep=;\r\n" + plainTable,
		"no newline at the end":    strings.TrimSuffix(plainTable, "\n"),
		"marks and empty lines":    "\n\"Kundennummer\" ;\"Name\";\"E-Mail-Adresse\"\n7;\"Jürgen Groß\";jg@example.de\n\n;;\n8;Ann;\"ann@example.de\"\n",
	} {
		rows, faults, err := all(t, text)
		if diff := cmp.Diff(want, told(rows)); err != nil || diff != "" || faults != nil {
			t.Errorf("%s: %v %v %s", coding, err, faults, diff)
		}
	}
}

func TestAnUmlautLateInAFileIsStillFound(t *testing.T) {
	text := "name,email\n" + strings.Repeat("Ann,ann@example.com\n", 20_000) + "Jürgen,j@example.com\n"
	latin, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, coded := range []string{text, latin} {
		rows, _, err := all(t, coded)
		if err != nil || rows[len(rows)-1].Customer.Name != "Jürgen" {
			t.Errorf("the last is %+v, %v", rows[len(rows)-1].Customer, err)
		}
	}
}

func TestHeadingsOfFiveLanguagesMeanTheSame(t *testing.T) {
	for _, headings := range []string{
		"Customer ID,Full name,E-mail", "external_id,name,mail", "Kunden-Nr.,Firma,E-Mail-Adresse", "ID Cliente,Razón social,Correo electrónico",
		"Nomor Pelanggan,Nama,Alamat Surel", "客戶編號,公司名稱,電子郵件",
	} {
		rows, faults, err := all(t, headings+"\n1,Acme,a@example.com\n")
		if diff := cmp.Diff([]string{"1/Acme/email a@example.com"}, told(rows)); err != nil || faults != nil || diff != "" {
			t.Errorf("%s: %v %v %s", headings, err, faults, diff)
		}
	}
}

func TestNothingButMailAddressesIsEnough(t *testing.T) {
	rows, faults, err := all(t, "ann@example.com\nBOB@example.com\nnobody\n")
	if diff := cmp.Diff([]string{"//email ann@example.com", "//email BOB@example.com"}, told(rows)); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if diff := cmp.Diff([]string{"3:1 problem.address"}, faults); diff != "" {
		t.Error(diff)
	}
}

func TestAWholeRowIsRead(t *testing.T) {
	rows, faults, err := all(t, "id,name,language,time zone,plan,fee,currency,components,email,mobile,phone,webhook,country,consent,consent at,consent how,shoe size\n"+
		`A-1,"Acme, Inc.",es_MX,America/Mexico_City,pro,"1.234,50",eur,DNS|mail@2024-01-01..2025-06-30|Web shop@2025-01-01..,`+
		`"ann@example.com; bob@example.com",55 1234 5678,'+49 30 901820,https://hooks.example.com/x,MX,Write  to me,2025-03-01 14:30,web form,42`+"\n")
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	want := []Row{{
		Line: 2,
		Customer: Customer{
			External: "A-1", Name: "Acme, Inc.", Language: "es", Zone: "America/Mexico_City", Plan: "pro", Fee: money.Amount{Minor: 123450, Currency: "EUR"},
			Uses: []Use{
				{Component: "cmp_dns"},
				{Component: "cmp_mail", Since: day(2024, 1, 1), Until: day(2025, 6, 30)},
				{Component: "cmp_web shop", Since: day(2025, 1, 1)},
			},
			Contacts: []Contact{
				{Channel: Email, Address: "ann@example.com"},
				{Channel: Email, Address: "bob@example.com"},
				{Channel: Webhook, Address: "https://hooks.example.com/x"},
				{Channel: SMS, Address: "+525512345678"},
				{Channel: Voice, Address: "+4930901820"},
			},
		},
		Consent: Consent{Text: "Write to me", How: "web form", At: time.Date(2025, 3, 1, 14, 30, 0, 0, time.UTC)},
	}}
	if diff := cmp.Diff(want, rows); err != nil || faults != nil || diff != "" {
		t.Error(err, faults, diff)
	}
}

func TestABadRowIsNamedAndTheRestIsNotLost(t *testing.T) {
	for _, c := range []struct{ what, row, want string }{
		{"a mail address that is none", `1,x,nobody,,,,,,`, "2:3 problem.address"},
		{"a phone number of another planet", `1,x,,12,,,,,`, "2:4 problem.phone"},
		{"an unknown component", `1,x,,,FTP,,,,`, "2:5 problem.component_unknown"},
		{"a component twice", `1,x,,,DNS|dns,,,,`, "2:5 problem.import.twice"},
		{"an end before its beginning", `1,x,,,DNS@2025-01-01..2024-01-01,,,,`, "2:5 problem.import.span"},
		{"a day that could be another", `1,x,,,DNS@03/04/2024..,,,,`, "2:5 problem.import.span"},
		{"a fee without a currency", `1,x,,,,12,,,`, "2:6 problem.import.fee"},
		{"a fee that is a word", `1,x,,,,twelve,EUR,,`, "2:6 problem.import.fee"},
		{"no such zone", `1,x,,,,,,Mars/Olympus,`, "2:8 problem.zone"},
		{"a consent without a time", `1,x,,,,,,,yes`, "2:9 problem.import.consent"},
		{"nobody", `,x,,,,,,,`, "2:0 problem.import.nobody"},
		{"too many cells", `1,x,,,,,,,,9`, "2:10 problem.import.cells"},
		{"a control character", "1,a\x1bb,,,,,,,", "2:2 problem.line.break"},
		{"a name like a novel", "1," + strings.Repeat("x", 300) + ",,,,,,,", "2:2 problem.line.long"},
		{"a mark that is never closed", `1,"x,,,,,,,`, "2:0 problem.import.quote"},
		{"a line like a book", "1," + strings.Repeat("x", 70_000) + ",,,,,,,", "2:0 problem.import.long"},
	} {
		t.Run(c.what, func(t *testing.T) {
			rows, faults, err := all(t, "id,name,email,phone,components,fee,currency,zone,consent\n"+c.row+"\n9,Zoë,zoe@example.com\n")
			if diff := cmp.Diff([]string{c.want}, faults); err != nil || diff != "" {
				t.Error(err, diff)
			}
			if diff := cmp.Diff([]string{"9/Zoë/email zoe@example.com"}, told(rows)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBytesThatAreNoTextCostTheirLine(t *testing.T) {
	rows, faults, err := all(t, "name,email\nZoë,zoe@example.com\n"+strings.Repeat("é", 40_000)+",x@example.com\n\xff\xfe,y@example.com\nAnn,ann@example.com\n")
	if err != nil || len(rows) != 2 || len(faults) != 2 || faults[1] != "4:0 problem.import.bytes" {
		t.Errorf("%v, %d rows, %v", err, len(rows), faults)
	}
}

func TestAFileThatIsNoTableIsRefused(t *testing.T) {
	for text, want := range map[string]string{"": "problem.import.empty", "\n\n": "problem.import.empty", "colour,shape\nred,round\n": "problem.import.headings"} {
		_, _, err := all(t, text)
		if list := problem.All(err); len(list) != 1 || list[0].Key != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestB6ACellNeverBecomesAFormula(t *testing.T) {
	for _, cell := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "'=1", "'+49"} {
		safe := SafeCell(cell)
		if !strings.HasPrefix(safe, "'") || safe == cell {
			t.Errorf("%q is written as %q", cell, safe)
		}
		if got := plain(safe); got != cell {
			t.Errorf("%q is read back as %q", cell, got)
		}
	}
	for _, cell := range []string{"", "Acme", "O'Neill", "1+1", "'tis"} {
		if got := SafeCell(cell); got != cell {
			t.Errorf("%q is written as %q", cell, got)
		}
	}
}

// Whatever is in a file, reading it ends, every line is accounted for, and what comes out is text.
func FuzzTable(f *testing.F) {
	f.Add(plainTable)
	f.Add("id,\"na\"\"me\",email\n1,\"a\nb\",x@y.example\n\"\n")
	f.Add("\xff\xfei\x00d\x00,\x00")
	f.Add("sep=;\nid;name\n1;2")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := OpenTable(strings.NewReader(text), reading())
		if err != nil {
			return
		}
		line := 0
		for {
			row, faults, err := table.Next()
			if err != nil {
				return
			}
			at := row.Line
			if at == 0 {
				at = faults[0].Line
			}
			if at <= line {
				t.Fatalf("line %d follows line %d", at, line)
			}
			line = at
			if c := row.Customer; !utf8.ValidString(c.Name+c.External) || strings.ContainsAny(c.Name+c.External, "\x00\n\r") {
				t.Fatalf("%+v", c)
			}
		}
	})
}

func BenchmarkTable(b *testing.B) {
	var text strings.Builder
	text.WriteString("id,name,language,email,mobile,components\n")
	for n := range 10_000 {
		fmt.Fprintf(&text, "A-%d,Customer %d,de,customer.%d@example.com,+49 151 2%07d,DNS|Mail\n", n, n, n, n)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if rows, faults, err := all(b, text.String()); err != nil || len(rows) != 10_000 {
			b.Fatal(len(rows), err, faults[:min(3, len(faults))])
		}
	}
}
