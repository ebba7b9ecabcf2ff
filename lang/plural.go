package lang

// A pluralRule says which form of a text a count takes in a language, and which forms such a text must have.
type pluralRule struct {
	forms []string
	form  func(n int) string
}

// pluralRules are the rules a catalogue can choose under "_plural". The names of forms are CLDR's, so that translators know them.
var pluralRules = map[string]pluralRule{
	// Chinese, Indonesian, Japanese: a noun does not change.
	"none": {[]string{"other"}, func(int) string { return "other" }},
	// English, German, Spanish: exactly one is singular.
	"one": {[]string{"one", "other"}, func(n int) string {
		if n == 1 {
			return "one"
		}
		return "other"
	}},
	// French, Brazilian Portuguese: nought is singular too.
	"zero-one": {[]string{"one", "other"}, func(n int) string {
		if n == 0 || n == 1 {
			return "one"
		}
		return "other"
	}},
	// Polish; Russian and Ukrainian differ from it in 21, 31, ….
	"polish": {[]string{"one", "few", "many"}, func(n int) string {
		if n == 1 {
			return "one"
		}
		return fewOrMany(n)
	}},
	"russian": {[]string{"one", "few", "many"}, func(n int) string {
		if n%10 == 1 && n%100 != 11 {
			return "one"
		}
		return fewOrMany(n)
	}},
}

func fewOrMany(n int) string {
	ones, tens := n%10, n%100
	if ones >= 2 && ones <= 4 && (tens < 12 || tens > 14) {
		return "few"
	}
	return "many"
}

// Form is the plural form a number takes, in CLDR's names: "one", "few", "many", "other".
func (w Words) Form(n int) string { return w.catalogue().plural.form(n) }
