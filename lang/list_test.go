package lang

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAListReadsLikeASentence(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		tag   Tag
		items []string
		want  string
	}{
		{English, nil, ""},
		{English, []string{"DNS"}, "DNS"},
		{English, []string{"DNS", "mail"}, "DNS and mail"},
		{English, []string{"DNS", "mail", "websites"}, "DNS, mail and websites"},
		{German, []string{"DNS", "Mail", "Websites", "Telefon"}, "DNS, Mail, Websites und Telefon"},
		{Indonesian, []string{"DNS", "surel"}, "DNS dan surel"},
		{Indonesian, []string{"DNS", "surel", "situs"}, "DNS, surel, dan situs"},
		{ChineseTraditional, []string{"網站", "郵件", "DNS"}, "網站、郵件與DNS"},
		{Spanish, []string{"correo", "DNS"}, "correo y DNS"},
		{Spanish, []string{"correo", "DNS", "Internet"}, "correo, DNS e Internet"},
		{Spanish, []string{"correo", "historial"}, "correo e historial"},
		{Spanish, []string{"agua", "hielo"}, "agua y hielo"},
		{English, []string{"{b}", "{a}"}, "{b} and {a}"},
	} {
		if got := For(row.tag).List(row.items); got != row.want {
			t.Errorf("%s %v: got %q, want %q", row.tag, row.items, got, row.want)
		}
	}
}

func TestNamesAreSortedForTheReader(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		says      string
		tag       Tag
		got, want []string
	}{
		{"an umlaut stands with its vowel", German, []string{"Zone", "Übersicht", "Tarif", "Ärger", "apfel"}, []string{"apfel", "Ärger", "Tarif", "Übersicht", "Zone"}},
		{"ñ comes after n", Spanish, []string{"nube", "ñu", "noche", "oca"}, []string{"noche", "nube", "ñu", "oca"}},
		{"figures count", English, []string{"Server 10", "server 2", "Server 1"}, []string{"Server 1", "server 2", "Server 10"}},
		{"strokes order Chinese", ChineseTraditional, []string{"網站", "郵件", "一般"}, []string{"一般", "郵件", "網站"}},
	} {
		Sort(For(row.tag), row.got, func(s string) string { return s })
		if diff := cmp.Diff(row.want, row.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.says, diff)
		}
	}
}

func BenchmarkSort(b *testing.B) {
	w := For(ChineseTraditional)
	for b.Loop() {
		names := []string{"網站", "郵件", "一般", "DNS", "客服電話"}
		Sort(w, names, func(s string) string { return s })
	}
}
