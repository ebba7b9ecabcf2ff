package console

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

const (
	commentsPath = "/console/comments"
	aComment     = commentsPath + "/{comment}"
)

// A commentsPage is what visitors wrote: first what waits for one of us, who has waited longest first.
type commentsPage struct {
	shell
	public  string // the page's own address
	Filters []filterLink
	Which   string
	Rows    []commentRow
	More    string
	Tongues []option
	Refused id.Comment // whose answer or number came back, with what was typed
	Typed   string
}

// A decision is a button. Key is the one that presses it.
type decision struct {
	Key         int
	Value, Word string
}

// A commentRow is one of them.
type commentRow struct {
	ID       id.Comment
	At       clock
	Name     string
	Language string
	Tag      lang.Tag
	About    lang.Text
	Link     string // on the public page; empty while it is not there
	Incident id.Code
	Words    template.HTML
	Erased   bool
	State    incident.CommentState
	Why      []string // why it waits
	Flags    []flagged
	Mail     string // for whoever may know
	Story    string
	First    bool
	Called   bool
	Phone    string
	Gone     string
	Undo     bool
	Answers  []commentAnswer
	Decide   []decision
	Refused  bool
}

type flagged struct{ Reason, Note string }

type commentAnswer struct {
	ID    id.Comment
	By    string
	At    clock
	Words template.HTML
	Gone  string
}

// whichComments are the lists there are, in the order of the page.
var whichComments = []struct {
	name, word string
	state      incident.CommentState
	flagged    bool
	newest     bool
}{
	{"held", "To decide", incident.CommentHeld, false, false},
	{"flagged", "Pointed out by readers", incident.CommentShown, true, false},
	{"shown", "On the page", incident.CommentShown, false, true},
	{"hidden", "Hidden", incident.CommentHidden, false, true},
	{"unconfirmed", "Waiting for their author", incident.CommentUnconfirmed, false, true},
}

var (
	heldDecisions = []decision{{1, "show", "Show it"}, {2, "spam", "Spam"}, {3, "personal_data", "Personal data"}, {4, "abuse", "Abuse or a threat"}, {5, "unlawful", "Against the law"}}
	flagDecisions = []decision{{1, "keep", "Leave it there"}, {2, "spam", "Spam"}, {3, "personal_data", "Personal data"}, {4, "abuse", "Abuse or a threat"}, {5, "unlawful", "Against the law"}}
)

var signWords = map[incident.SignKind]string{
	incident.SignLinks: "several links", incident.SignNameLink: "an address for a name", incident.SignTags: "links as forums write them",
	incident.SignWords: "words that spam sells with", incident.SignRepeated: "the same words came before", incident.SignShouting: "hardly a small letter",
	incident.SignRun: "one character over and over", incident.SignMixed: "letters of two alphabets in one word", incident.SignWordless: "no words",
	incident.SignChecked: "the check outside calls it spam", incident.SignNoMail: "no confirmed address", incident.SignPolicy: "every comment is read first",
}

var hiddenWords = map[incident.HideReason]string{
	incident.HideSpam: "spam", incident.HidePersonal: "personal data", incident.HideAbuse: "abuse or a threat", incident.HideUnlawful: "against the law",
	incident.HideWithdrawn: "taken back by its author",
}

func (f *Face) showComments(w http.ResponseWriter, r *http.Request) error {
	return f.renderComments(w, r, http.StatusOK, "", nil)
}

// renderComments shows one of the lists; a refused answer comes back with what was typed.
func (f *Face) renderComments(w http.ResponseWriter, r *http.Request, status int, refused id.Comment, faults problem.List) error {
	p := commentsPage{public: f.public.String(), Refused: refused, Typed: r.PostFormValue("answer")}
	s, err := f.frame(r, "Comments", "prove", func(ctx context.Context, tx *store.Tx, s *shell) error {
		*s = s.asTyped(r, faults)
		q := r.Form
		if q == nil {
			q = r.URL.Query()
		}
		for _, tag := range s.Company.Languages {
			p.Tongues = append(p.Tongues, option{Value: string(tag), Word: tag.Name()})
		}
		return p.read(ctx, tx, *s, q)
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, status, "comments", p)
}

func (p *commentsPage) read(ctx context.Context, tx *store.Tx, s shell, q url.Values) error {
	counts, pointed, err := tx.Comments.Counts(ctx)
	if err != nil {
		return err
	}
	chosen := whichComments[0]
	for _, which := range whichComments {
		if q.Get("which") == which.name {
			chosen = which
		}
	}
	p.Which = chosen.name
	for _, which := range whichComments {
		n := counts[which.state]
		if which.flagged {
			n = pointed
		}
		p.Filters = append(p.Filters, filterLink{Word: which.word, N: n, Link: commentsPath + "?which=" + which.name, Chosen: which.name == chosen.name})
	}
	after, _ := id.Parse[id.Comment](q.Get("after"))
	all, err := tx.Comments.Page(ctx, store.CommentPage{State: chosen.state, Flagged: chosen.flagged, Newest: chosen.newest, After: after, Limit: longPage + 1})
	if err != nil {
		return err
	}
	if len(all) > longPage {
		all = all[:longPage]
		p.More = commentsPath + "?which=" + chosen.name + "&after=" + string(all[longPage-1].ID)
	}
	for n, c := range all {
		row, err := p.row(ctx, tx, s, c)
		if err != nil {
			return err
		}
		row.Decide = decisionsOf(c, chosen.flagged, n == 0)
		p.Rows = append(p.Rows, row)
	}
	return nil
}

// decisionsOf are the buttons beside a comment; only the first on the page has keys, so that a key never presses another than the one in sight.
func decisionsOf(c incident.Comment, pointed, first bool) (all []decision) {
	switch {
	case c.State == incident.CommentHeld:
		all = heldDecisions
	case c.State == incident.CommentShown && pointed:
		all = flagDecisions
	case c.State == incident.CommentShown:
		all = flagDecisions[1:]
		first = false
	case c.May(incident.CommentShown) && c.State == incident.CommentHidden:
		return []decision{{0, "show", "Show it again"}}
	}
	if first {
		return all
	}
	plain := make([]decision, len(all))
	for n, d := range all {
		plain[n] = decision{0, d.Value, d.Word}
	}
	return plain
}

func (p *commentsPage) row(ctx context.Context, tx *store.Tx, s shell, c incident.Comment) (row commentRow, err error) {
	on, err := desk.TalkOf(ctx, tx, s.Company, c.Thread)
	if err != nil {
		return row, err
	}
	row = commentRow{
		ID: c.ID, At: s.Clock(c.At), Name: c.Name, Language: c.Language.Name(), Tag: c.Language, About: on.Title, Incident: on.Incident.Code,
		Words: safely(c.Body), Erased: !c.ErasedAt.IsZero(), State: c.State, First: c.FirstReport, Called: c.Call != "", Refused: c.ID == p.Refused,
	}
	if c.Number > 0 {
		row.Link = p.public + "/" + s.Company.Default().Path() + "/" + on.Page(incident.PageOf(c.Number)) + "#" + string(c.Code)
	}
	for _, sign := range c.Signs {
		row.Why = append(row.Why, signWords[sign.Kind])
	}
	if c.State == incident.CommentHidden {
		row.Gone = hiddenWords[c.Reason]
		if c.DecidedBy != "" {
			row.Gone += ", decided by " + s.Name(c.DecidedBy)
		}
	}
	if c.Contact != "" && s.May(string(staff.Know)) {
		contact, err := tx.Contacts.ByID(ctx, c.Contact)
		if err != nil {
			return row, err
		}
		row.Mail = string(contact.Address)
		customers, err := tx.Customers.Sharing(ctx, c.Contact)
		if err != nil {
			return row, err
		}
		if len(customers) > 0 {
			row.Story = incidentPath(on.Incident.Code) + "/customers/" + string(customers[0])
		}
	}
	if !row.Called && (c.State == incident.CommentShown || c.State == incident.CommentHeld) {
		phone, err := desk.Callable(ctx, tx, c, s.Company.SMS.Home)
		if err != nil {
			return row, err
		}
		row.Phone = string(phone)
	}
	return row, p.around(ctx, tx, s, c, &row)
}

// around is what others wrote about a comment: readers who pointed it out, and we who answered.
func (p *commentsPage) around(ctx context.Context, tx *store.Tx, s shell, c incident.Comment, row *commentRow) error {
	if c.Flags > 0 {
		flags, err := tx.Comments.Flags(ctx, c.ID)
		if err != nil {
			return err
		}
		for _, x := range flags {
			row.Flags = append(row.Flags, flagged{hiddenWords[x.Reason], x.Note})
		}
	}
	if c.State != incident.CommentShown {
		return nil
	}
	answers, err := tx.Comments.AnswersTo(ctx, c.ID)
	for _, a := range answers {
		answer := commentAnswer{ID: a.ID, By: s.Name(a.Person), At: s.Clock(a.At), Words: safely(a.Body)}
		if a.State == incident.CommentHidden {
			answer.Gone = hiddenWords[a.Reason]
		}
		row.Answers = append(row.Answers, answer)
	}
	return err
}

// safely is what a visitor wrote, as the page shows it.
func safely(md string) template.HTML {
	return template.HTML(markup.Comment(md)) //nolint:gosec // markup is the one road to safe HTML
}

func commentOf(r *http.Request) (id.Comment, error) {
	x, err := id.Parse[id.Comment](r.PathValue("comment"))
	if err != nil {
		return "", problem.New(problem.NotFound, "problem.not_found")
	}
	return x, nil
}

// postDecision shows, hides or keeps one, and the next comes.
func (f *Face) postDecision(w http.ResponseWriter, r *http.Request) error {
	x, err := commentOf(r)
	if err != nil {
		return err
	}
	switch what := r.PostFormValue("decision"); what {
	case "show":
		err = f.desk.ShowComment(r.Context(), x)
	case "keep":
		err = f.desk.KeepComment(r.Context(), x)
	default:
		err = f.desk.HideComment(r.Context(), x, incident.HideReason(what))
	}
	return f.afterComment(w, r, x, "comment-decided", err)
}

// postCommentAnswer answers below one, in the name of whoever is signed in.
func (f *Face) postCommentAnswer(w http.ResponseWriter, r *http.Request) error {
	x, err := commentOf(r)
	if err != nil {
		return err
	}
	_, err = f.desk.AnswerComment(r.Context(), x, lines(r.PostFormValue("answer")), lang.Tag(r.PostFormValue("language")))
	return f.afterComment(w, r, x, "comment-answered", err)
}

// postCommentCall puts its author on the call list.
func (f *Face) postCommentCall(w http.ResponseWriter, r *http.Request) error {
	x, err := commentOf(r)
	if err != nil {
		return err
	}
	return f.afterComment(w, r, x, "comment-called", f.desk.CallCommenter(r.Context(), x, strings.TrimSpace(r.PostFormValue("phone"))))
}

// postCommentReport notes that this is how a customer told us.
func (f *Face) postCommentReport(w http.ResponseWriter, r *http.Request) error {
	x, err := commentOf(r)
	if err != nil {
		return err
	}
	return f.afterComment(w, r, x, "comment-reported", f.desk.TakeAsReport(r.Context(), x))
}

func (f *Face) afterComment(w http.ResponseWriter, r *http.Request, x id.Comment, done string, err error) error {
	if refusals := ofForm(err); len(refusals) > 0 {
		return f.renderComments(w, r, refusals[0].Kind.Status(), x, refusals)
	}
	if err != nil {
		return err
	}
	which := whichComments[0].name
	for _, one := range whichComments {
		if r.PostFormValue("which") == one.name {
			which = one.name
		}
	}
	return back(w, r, commentsPath+"?which="+which+"&done="+done)
}
