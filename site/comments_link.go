package site

import (
	"net/http"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
)

// A commenterPage is what the mailed link of a commenter opens: what they wrote, what became of it, and the two buttons. Looking changes
// nothing (B5).
type commenterPage struct {
	shell
	Heading  string
	Lines    []string
	Comment  *commentView
	Token    string
	Confirm  string // where the button leads; empty once it is confirmed
	Withdraw string
	Hide     string // the address without the secret
	Back     string
	About    phrase
}

func (f *Face) askComment(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := f.isSpoken(r); err != nil {
			return err
		}
		now, token := time.Now(), r.PathValue("token")
		c, on, err := f.desk.CommentByToken(r.Context(), token)
		if err != nil {
			return err
		}
		here, err := f.publishedWorld(r.Context(), now)
		if err != nil {
			return err
		}
		reads := f.reader(here, tag, now, f.blindSince(now))
		body, err := f.templates.execute("comment_link.html", f.commenterPage(reads, here, c, on, token))
		if err != nil {
			return err
		}
		newEntry(document{kind: f.kinds.form, body: body}, now).serve(w, r)
		return nil
	}
}

func (f *Face) commenterPage(r reader, w *world, c incident.Comment, on desk.Conversation, token string) commenterPage {
	p := commenterPage{shell: f.shell(r, w, ""), Token: token, Hide: r.home + "comment", Back: r.home + on.Path, About: r.phrase(on.Title)}
	p.Canonical, p.NoIndex, p.Status = "", true, ""
	p.Heading = r.T("site.comment.yours")
	if c.ErasedAt.IsZero() {
		shown := c
		shown.State = incident.CommentShown
		view := r.comment(w, on, shown, c.Number)
		p.Comment, p.Withdraw = &view, r.home+"comment/withdraw"
	}
	switch {
	case c.State == incident.CommentUnconfirmed:
		p.Lines, p.Confirm = []string{r.T("site.comment.yours.ask")}, r.home+"comment"
	case !c.ErasedAt.IsZero():
		p.Lines = []string{r.T("site.comment.yours.gone")}
	case c.State == incident.CommentShown:
		p.Lines = []string{r.T("site.comment.yours.shown")}
		p.Back = r.comment(w, on, c, c.Number).Href
	case c.State == incident.CommentHidden:
		p.Lines = []string{r.tombstone(w, c)}
	default:
		p.Lines = []string{r.T("site.comment.held.line")}
	}
	p.titled(p.Heading)
	return p
}

func (f *Face) postCommentConfirm(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.byCommenter(tag, func(r *http.Request) (incident.Comment, desk.Conversation, string, error) {
		if _, err := f.desk.ConfirmComment(r.Context(), r.PostForm.Get("token")); err != nil {
			return incident.Comment{}, desk.Conversation{}, "", err
		}
		c, on, err := f.desk.CommentByToken(r.Context(), r.PostForm.Get("token"))
		then := "held"
		if c.State == incident.CommentShown {
			then = "shown"
		}
		return c, on, then, err
	})
}

func (f *Face) postCommentWithdraw(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.byCommenter(tag, func(r *http.Request) (incident.Comment, desk.Conversation, string, error) {
		if err := f.desk.WithdrawComment(r.Context(), r.PostForm.Get("token")); err != nil {
			return incident.Comment{}, desk.Conversation{}, "", err
		}
		c, on, err := f.desk.CommentByToken(r.Context(), r.PostForm.Get("token"))
		return c, on, "withdrawn", err
	})
}

// byCommenter runs what a button asks and leads to a page without a secret in its address.
func (f *Face) byCommenter(tag lang.Tag, do func(*http.Request) (incident.Comment, desk.Conversation, string, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := parseForm(w, r); err != nil {
			return err
		}
		_, on, then, err := do(r)
		if err != nil {
			return err
		}
		http.Redirect(w, r, "/"+tag.Path()+"/"+on.Page(1)+"/"+then, http.StatusSeeOther)
		return nil
	}
}

// A flagPage is where a reader points a comment out. What the reasons are, and what is none, stands on it.
type flagPage struct {
	shell
	Comment                commentView
	Action                 string
	Reasons                []flagReason
	Note                   string
	Any                    string
	ReasonError, NoteError string
	Back                   string
}

type flagReason struct {
	Value, Word string
	Chosen      bool
}

func (f *Face) askFlag(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error { return f.showFlag(w, r, tag, nil) }
}

func (f *Face) showFlag(w http.ResponseWriter, r *http.Request, tag lang.Tag, faults problem.List) error {
	if err := f.isSpoken(r); err != nil {
		return err
	}
	code, ok := id.ParseCode(r.PathValue("comment"))
	if !ok {
		return errNoPage
	}
	now := time.Now()
	c, on, err := f.desk.CommentByCode(r.Context(), code)
	if err != nil {
		return err
	}
	here, err := f.publishedWorld(r.Context(), now)
	if err != nil {
		return err
	}
	reads := f.reader(here, tag, now, f.blindSince(now))
	page, status := f.flagPage(reads, here, c, on), http.StatusOK
	page.Note = r.PostForm.Get("note")
	for n := range page.Reasons {
		page.Reasons[n].Chosen = page.Reasons[n].Value == r.PostForm.Get("reason")
	}
	for _, p := range faults {
		status = p.Kind.Status()
		switch p.Field {
		case "reason":
			page.ReasonError = page.T(p.Key, p.Args...)
		case "note":
			page.NoteError = page.T(p.Key, p.Args...)
		default:
			page.Any = page.T(p.Key, p.Args...)
		}
	}
	body, err := f.templates.execute("comment_flag.html", page)
	if err != nil {
		return err
	}
	newEntry(document{status: status, kind: f.kinds.form, body: body}, now).serve(w, r)
	return nil
}

func (f *Face) flagPage(r reader, w *world, c incident.Comment, on desk.Conversation) flagPage {
	path := "comments/" + string(c.Code) + "/flag"
	p := flagPage{shell: f.shell(r, w, path), Comment: r.comment(w, on, c, c.Number), Action: r.home + path}
	p.Back = p.Comment.Href
	p.Comment.Flag = ""
	p.Canonical, p.NoIndex, p.Status = "", true, ""
	for _, reason := range incident.HideReasons {
		p.Reasons = append(p.Reasons, flagReason{Value: string(reason), Word: r.T("site.comment.reason." + string(reason))})
	}
	p.titled(r.T("site.comment.flag"))
	return p
}

func (f *Face) postFlag(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := parseForm(w, r); err != nil {
			return err
		}
		code, ok := id.ParseCode(r.PathValue("comment"))
		if !ok {
			return errNoPage
		}
		_, on, err := f.desk.CommentByCode(r.Context(), code)
		if err != nil {
			return err
		}
		err = f.desk.FlagComment(r.Context(), desk.FlagForm{
			Comment: code, Reason: incident.HideReason(r.PostForm.Get("reason")), Note: r.PostForm.Get("note"), IP: addressOf(r), Honeypot: r.PostForm.Get("website"),
		})
		if all := problem.All(err); len(all) > 0 && (all[0].Field != "" || all[0].Kind == problem.TooMany) {
			return f.showFlag(w, r, tag, all)
		}
		if err != nil {
			return err
		}
		http.Redirect(w, r, "/"+tag.Path()+"/"+on.Page(1)+"/flagged", http.StatusSeeOther)
		return nil
	}
}
