package site

import (
	"net/http"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/store"
)

// A commentForm is what was typed, and what was wrong with it, by field. Code is what a proof of work is made for.
type commentForm struct {
	lang.Words
	Action                                  string
	Code                                    string
	Comment, Name, Mail                     string
	CommentError, NameError, MailError, Any string
	MostComment, MostName                   int
	Held                                    string // what happens to it, by the company's choice
}

func (r reader) commentForm(w *world, on desk.Conversation) *commentForm {
	return &commentForm{
		Words: r.Words, Action: r.commentsPath(on, 1), Code: string(on.Incident.Code), MostComment: incident.LongestComment, MostName: incident.LongestName,
		Held: r.T("site.comment.screen." + w.settings.Comments.Screening()),
	}
}

type writePage struct {
	shell
	About phrase
	Back  string
	Form  commentForm
}

func (f *Face) writePage(r reader, w *world, on desk.Conversation, form commentForm) writePage {
	p := writePage{shell: f.shell(r, w, on.Page(1)+"/write"), About: r.phrase(on.Title), Back: r.home + on.Path, Form: form}
	p.Stale, p.NoIndex, p.Status = r.blindness(), true, ""
	p.titled(r.T("site.comments.write"))
	p.until(after(on.Closes, r.now))
	return p
}

// postComment answers the same for an address that we know and one that we do not (B13). A refused form comes back with what was typed.
func (f *Face) postComment(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := f.isSpoken(r); err != nil {
			return err
		}
		if err := parseForm(w, r); err != nil {
			return err
		}
		here, err := f.publishedWorld(r.Context(), time.Now())
		if err != nil {
			return err
		}
		code, ok := id.ParseCode(r.PathValue("code"))
		if !ok {
			return errNoPage
		}
		c, err := f.desk.WriteComment(r.Context(), desk.CommentForm{
			Topic: incident.OnIncident, Code: code, Name: r.PostForm.Get("name"), Mail: r.PostForm.Get("mail"), Body: r.PostForm.Get("comment"),
			Language: tag, IP: addressOf(r), Agent: r.UserAgent(), Honeypot: r.PostForm.Get("website"), Work: r.PostForm.Get("work"),
		})
		if all := problem.All(err); len(all) > 0 && (all[0].Field != "" || all[0].Kind == problem.TooMany) {
			return f.refuseComment(w, r, here, tag, code, all)
		}
		if err != nil {
			return err
		}
		then := "held"
		switch {
		case r.PostForm.Get("mail") != "":
			then = "asked"
		case c.State == incident.CommentShown:
			then = "shown"
		}
		http.Redirect(w, r, "/"+tag.Path()+"/incidents/"+string(code)+"/comments/"+then, http.StatusSeeOther)
		return nil
	}
}

func (f *Face) refuseComment(w http.ResponseWriter, r *http.Request, here *world, tag lang.Tag, code id.Code, faults problem.List) error {
	now := time.Now()
	var on desk.Conversation
	err := f.db.Read(r.Context(), func(tx *store.Tx) (err error) {
		on, err = desk.Talk(r.Context(), tx, here.settings, incident.OnIncident, code)
		return err
	})
	if err != nil {
		return err
	}
	reads := f.reader(here, tag, now, f.blindSince(now))
	form := *reads.commentForm(here, on)
	form.Comment, form.Name, form.Mail = r.PostForm.Get("comment"), r.PostForm.Get("name"), r.PostForm.Get("mail")
	for _, p := range faults {
		words := reads.T(p.Key, p.Args...)
		switch p.Field {
		case "comment":
			form.CommentError = words
		case "name":
			form.NameError = words
		case "mail":
			form.MailError = words
		default:
			form.Any = words
		}
	}
	page := f.writePage(reads, here, on, form)
	page.Canonical = ""
	body, err := f.templates.execute("comment_write.html", page)
	if err != nil {
		return err
	}
	newEntry(document{status: faults[0].Kind.Status(), kind: f.kinds.form, body: body}, now).serve(w, r)
	return nil
}
