package console

import (
	"net/http"
	"strconv"

	"candor/lang"
	"candor/problem"
	"candor/settings"
)

// A wordsPage is what the company asks of its own words.
type wordsPage struct {
	shell
	Glossaries []glossary
	Rules      input
	Rest       []string
}

// A glossary is the words of one language that customers do not know.
type glossary struct {
	Tag  lang.Tag
	Word string // what the language calls itself
	input
}

const glossaryField = "words.glossary."

func (f *Face) showWords(w http.ResponseWriter, r *http.Request) error {
	return f.renderWords(w, r, http.StatusOK, nil)
}

func (f *Face) renderWords(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	s, err := f.frame(r, "Words", "", nil)
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	if s.typed.Has("version") { // a conflict must not be overcome by sending the same form again
		s.Version, _ = strconv.ParseInt(s.typed.Get("version"), 10, 64)
	}
	p := wordsPage{}
	shown := []string{"words.rules"}
	for _, tag := range glossaryLanguages(s.Company) {
		name := glossaryField + string(tag)
		field := s.input(name, "", "", "", settings.GlossaryLines(s.Company.Words.Glossary[tag]))
		p.Glossaries, shown = append(p.Glossaries, glossary{tag, tag.Name(), field}), append(shown, name)
	}
	p.Rules = s.input("words.rules", "", "", "", s.Company.Words.Rules)
	p.shell, p.Rest = s, s.Elsewhere(shown...)
	return f.render(w, status, "words", p)
}

// glossaryLanguages are the page's, and those that have words already.
func glossaryLanguages(c settings.Settings) (all []lang.Tag) {
	for _, tag := range lang.All() {
		speaks := len(c.Words.Glossary[tag]) > 0
		for _, one := range c.Languages {
			speaks = speaks || one == tag
		}
		if speaks {
			all = append(all, tag)
		}
	}
	return all
}

func (f *Face) postWords(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	chosen := s.Company
	chosen.Words = settings.Words{Glossary: map[lang.Tag][]settings.Term{}, Rules: lines(in.text("words.rules"))}
	var wrong problem.List
	for _, tag := range lang.All() {
		name := glossaryField + string(tag)
		terms, faults := settings.ParseGlossary(name, lines(in.text(name)))
		wrong = append(wrong, faults...)
		if len(terms) > 0 {
			chosen.Words.Glossary[tag] = terms
		}
	}
	if err = wrong.Err(); err == nil {
		version, _ := strconv.ParseInt(in.text("version"), 10, 64)
		err = f.desk.SaveSettings(r.Context(), chosen, version)
	}
	if refusals := ofForm(err); refusals != nil {
		return f.renderWords(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings/words?done=kept")
}
