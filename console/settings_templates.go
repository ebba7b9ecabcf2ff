package console

import (
	"context"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/playbook"
	"candor/problem"
	"candor/settings"
	"candor/store"
)

// A templatePage is the prepared words of one occasion, in every language.
type templatePage struct {
	shell
	occasion
	Word    wordView
	Edited  bool
	Wrong   []wrongText
	Samples []sample
	Places  []placeRow
}

// An occasion as the settings name it.
type occasion struct{ settings.Occasion }

// Head says what the words are for.
func (o occasion) Head() string {
	return map[settings.Purpose]string{
		settings.FirstWords: "First word", settings.Holding: "Holding update", settings.Resolutions: "Resolution", settings.Apologies: "Apology",
	}[o.Purpose]
}

// Path is where its page is.
func (o occasion) Path() string { return "/console/settings/templates/" + o.Name() }

// A sample is the words filled in, as customers would read them one night.
type sample struct {
	Tag         lang.Tag
	Name, Title string
	HTML        template.HTML
	Findings    []string
}

// A placeRow explains one placeholder by what it would say.
type placeRow struct{ Place, Says string }

func occasionOf(r *http.Request) (occasion, error) {
	o, known := settings.ParseOccasion(r.PathValue("occasion"))
	if !known {
		return occasion{}, problem.New(problem.NotFound, "problem.not_found")
	}
	return occasion{o}, nil
}

func (f *Face) showTemplate(w http.ResponseWriter, r *http.Request) error {
	return f.renderTemplate(w, r, http.StatusOK, nil)
}

// showTemplatePreview fills in what was typed, and keeps nothing.
func (f *Face) showTemplatePreview(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	o, err := occasionOf(r)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	faults := problem.All(s.Company.With(o.Occasion, typedTemplate(in, o)).Validate())
	return f.renderTemplate(w, r, http.StatusOK, faults)
}

func (f *Face) renderTemplate(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	o, err := occasionOf(r)
	if err != nil {
		return err
	}
	p := templatePage{occasion: o}
	s, err := f.frame(r, o.Head(), "", func(_ context.Context, _ *store.Tx, s *shell) error {
		d := offeredTo(s.Actor, o.Kind)
		t := offered(*s, o)
		if r.Method == http.MethodPost {
			in := typed(r, s.Zone)
			t, d.Tab = typedTemplate(in, o), lang.Tag(in.text("tab"))
		}
		d.Title, d.Body = t.Title, t.Body
		p.Edited = s.Company.Edited(o.Occasion)
		p.Word = wordView{Titled: o.Titled(), Tabs: tabs(*s, d)}
		if len(faults) == 0 {
			p.Samples = samples(*s, o, t)
		}
		p.Places = placeRows(*s, o)
		return nil
	})
	if err != nil {
		return err
	}
	p.shell = s.asTyped(r, faults)
	p.Wrong = wrongTexts(p.shell, o, faults)
	return f.render(w, status, "template", p)
}

// A wrongText is a fault with the field it is in: five languages stand behind tabs.
type wrongText struct{ Where, Said string }

func wrongTexts(s shell, o occasion, faults problem.List) (all []wrongText) {
	for _, p := range faults {
		x := wrongText{Said: s.Words.T(p.Key, p.Args...)}
		for _, tag := range s.Company.Languages {
			for name, legend := range map[string]string{"title": "title", "body": "text"} {
				if p.Field == "templates."+o.Name()+"."+name+"."+string(tag) {
					x.Where = tag.Name() + ", " + legend
				}
			}
		}
		all = append(all, x)
	}
	return all
}

// offered is what the form offers: the company's words, else ours with the placeholders standing.
func offered(s shell, o occasion) settings.Template {
	t := settings.Template{Title: lang.Text{}, Body: lang.Text{}}
	for _, tag := range s.Company.Languages {
		title, body := s.Company.Own(o.Occasion, tag)
		ourTitle, ourBody := playbook.Ours(o.Occasion, tag)
		t.Title[tag], t.Body[tag] = or(title, ourTitle), or(body, ourBody)
	}
	return t
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// typedTemplate leaves out what is ours word for word, so that a better default reaches whoever changed one language only.
func typedTemplate(in *form, o occasion) settings.Template {
	t := settings.Template{Body: in.texts("body")}
	if o.Titled() {
		t.Title = in.texts("title")
	}
	for tag := range t.Body {
		title, body := playbook.Ours(o.Occasion, tag)
		if t.Title[tag] == title {
			delete(t.Title, tag)
		}
		if t.Body[tag] = lines(t.Body[tag]); t.Body[tag] == body {
			delete(t.Body, tag)
		}
	}
	return t
}

// scene is the night the samples are from: two things broke an hour and a half ago.
func scene(s shell, o occasion, tag lang.Tag) playbook.Scene {
	x := playbook.Scene{Kind: o.Kind, Impact: o.Impact, Since: s.Now.Add(-94 * time.Minute), Now: s.Now}
	for _, key := range [...]string{"prepared.sample.one", "prepared.sample.two"} {
		x.Names = append(x.Names, lang.For(tag).T(key))
	}
	return x
}

func samples(s shell, o occasion, t settings.Template) (all []sample) {
	c := s.Company.With(o.Occasion, t)
	for _, tag := range c.Languages {
		x := scene(s, o, tag)
		title, body := playbook.Prepared(c, o.Purpose, x, tag)
		all = append(all, sample{Tag: tag, Name: tag.Name(), Title: title, HTML: template.HTML(markup.HTML(body)), Findings: advised(s, o, tag, title, body)})
	}
	return all
}

// advised is what the checks find in the words, above a hint: who prepares them has the time to put it right.
func advised(s shell, o occasion, tag lang.Tag, title, body string) (all []string) {
	_, findings, err := playbook.Check(title+"\n\n"+body, playbook.PreparedFor(o.Occasion, tag, s.Now))
	if err != nil {
		return nil
	}
	for _, f := range findings {
		if f.Level != playbook.Hint {
			all = append(all, f.Why(s.Words)+" "+f.Instead(s.Words))
		}
	}
	return all
}

func placeRows(s shell, o occasion) (all []placeRow) {
	x := scene(s, o, s.Words.Tag())
	for _, p := range settings.Places {
		all = append(all, placeRow{"{" + string(p) + "}", x.Says(s.Company, p, s.Words)})
	}
	return all
}

func (f *Face) postTemplate(w http.ResponseWriter, r *http.Request) error {
	o, err := occasionOf(r)
	if err != nil {
		return err
	}
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	t := typedTemplate(in, o)
	if in.checked("reset") {
		t = settings.Template{}
	}
	version, _ := strconv.ParseInt(in.text("version"), 10, 64)
	err = f.desk.SaveSettings(r.Context(), s.Company.With(o.Occasion, t), version)
	if refusals := ofForm(err); refusals != nil {
		return f.renderTemplate(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings?done=kept#words")
}

// A purposeRow is the templates of one purpose in the list of the settings.
type purposeRow struct {
	Head  string
	Words []templateLink
}

type templateLink struct {
	occasion
	Graded, Edited bool
}

func templateRows(s settings.Settings) (all []purposeRow) {
	for _, p := range settings.Purposes {
		row := purposeRow{Head: occasion{settings.Occasion{Purpose: p}}.Head()}
		for _, o := range settings.Occasions(p) {
			row.Words = append(row.Words, templateLink{occasion{o}, o.Kind == incident.Outage, s.Edited(o)})
		}
		all = append(all, row)
	}
	return all
}
