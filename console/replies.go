package console

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/store"
)

// A repliesPage is what customers wrote back, about one incident or about any, and who answered.
type repliesPage struct {
	shell
	Incident incident.Incident // zero: about any
	Filters  []filterLink
	Rows     []replyRow
	More     string
	Refused  id.Receipt // whose answer came back, with what was typed
	Typed    string
}

// A replyRow is one of them.
type replyRow struct {
	ID       id.Receipt
	At       clock
	Name     string
	Story    string // where the customer's story is; empty where there is none
	About    lang.Text
	Code     id.Code
	Address  string
	From     string // the sender it names, if that is somebody else
	Subject  string
	Words    string
	Open     bool
	Machine  bool
	By       string // who answered
	Answered clock
	Answer   string
	Carried  string // how far the answer has come
}

// Excerpt is how it begins.
func (r replyRow) Excerpt() string {
	words := []rune(strings.Join(strings.Fields(cmp.Or(r.Words, r.Subject)), " "))
	if len(words) > longestExcerpt {
		return string(words[:longestExcerpt]) + "…"
	}
	return string(words)
}

const longestExcerpt = 80

const repliesPath = "/console/replies"

var replyWords = map[reach.ReplyStanding]string{
	reach.ReplyOpen: "To answer", reach.ReplyAnswered: "Answered", reach.ReplyAutomatic: "Written by machines",
}

func (f *Face) showReplies(w http.ResponseWriter, r *http.Request) error {
	return f.renderReplies(w, r, http.StatusOK, "", nil)
}

// renderReplies shows a page of them; one whose answer was refused comes back with what was typed.
func (f *Face) renderReplies(w http.ResponseWriter, r *http.Request, status int, refused id.Receipt, faults problem.List) error {
	p := repliesPage{Refused: refused, Typed: r.PostFormValue("answer")}
	s, err := f.frame(r, "What customers write", "reach", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		*s = s.asTyped(r, faults)
		q := r.Form
		if q == nil {
			q = r.URL.Query()
		}
		if code, ok := id.ParseCode(q.Get("of")); ok {
			if p.Incident, err = tx.Incidents.ByCode(ctx, code); err != nil {
				return err
			}
		}
		return p.read(ctx, tx, *s, q)
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, status, "replies", p)
}

func (p *repliesPage) read(ctx context.Context, tx *store.Tx, s shell, q url.Values) error {
	counts, err := tx.Replies.Count(ctx, p.Incident.ID)
	if err != nil {
		return err
	}
	chosen := reach.ReplyOpen
	for _, standing := range reach.ReplyStandings {
		if q.Get("which") == string(standing) {
			chosen = standing
		}
	}
	for _, standing := range reach.ReplyStandings {
		p.Filters = append(p.Filters, filterLink{Word: replyWords[standing], N: counts[standing], Link: p.link(standing, ""), Chosen: standing == chosen})
	}
	after, _ := id.Parse[id.Receipt](q.Get("after"))
	found, err := tx.Replies.Page(ctx, store.ReplyPage{Incident: p.Incident.ID, Standing: chosen, After: after, Limit: longPage + 1})
	if err != nil {
		return err
	}
	if len(found) > longPage {
		found = found[:longPage]
		p.More = p.link(chosen, found[longPage-1].ID)
	}
	p.Rows, err = replyRows(ctx, tx, s, found)
	return err
}

// link leads to some of them, of the same incident.
func (p *repliesPage) link(which reach.ReplyStanding, after id.Receipt) string {
	q := url.Values{"which": {string(which)}}
	if p.Incident.ID != "" {
		q.Set("of", string(p.Incident.Code))
	}
	if after != "" {
		q.Set("after", string(after))
	}
	return repliesPath + "?" + q.Encode()
}

func replyRows(ctx context.Context, tx *store.Tx, s shell, all []store.WrittenReply) (rows []replyRow, err error) {
	known := map[id.Incident]incident.Incident{}
	for _, x := range all {
		i, ok := known[x.Incident]
		if !ok && x.Incident != "" {
			if i, err = tx.Incidents.ByID(ctx, x.Incident); err != nil {
				return nil, err
			}
			known[x.Incident] = i
		}
		row := replyRow{
			ID: x.ID, At: s.Clock(x.At), Name: cmp.Or(x.Name, x.Address, "Somebody whose data was erased"), About: i.Title, Code: i.Code,
			Address: x.Address, Subject: x.Subject, Words: x.Body, Open: x.Standing == reach.ReplyOpen, Machine: x.Standing == reach.ReplyAutomatic,
			Answer: x.Answer, Carried: stateWords[x.Carried],
		}
		if x.Customer != "" && i.ID != "" {
			row.Story = incidentPath(i.Code) + "/customers/" + string(x.Customer)
		}
		if x.Sender != "" && x.Sender != x.Address {
			row.From = x.Sender
		}
		if !x.AnsweredAt.IsZero() {
			row.By, row.Answered = s.Name(x.AnsweredBy), s.Clock(x.AnsweredAt)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// postAnswer answers one, or notes that it was answered otherwise.
func (f *Face) postAnswer(w http.ResponseWriter, r *http.Request) error {
	x, err := id.Parse[id.Receipt](r.PathValue("reply"))
	if err != nil {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	done := "reply-answered"
	if r.PostFormValue("how") == "otherwise" {
		done, err = "reply-settled", f.desk.SettleReply(r.Context(), x)
	} else {
		err = f.desk.AnswerReply(r.Context(), x, lines(r.PostFormValue("answer")))
	}
	if refusals := problem.All(err); len(refusals) > 0 && !problem.Is(err, problem.NotFound) && !problem.Is(err, problem.Forbidden) {
		return f.renderReplies(w, r, refusals[0].Kind.Status(), x, refusals)
	}
	if err != nil {
		return err
	}
	if code, ok := id.ParseCode(r.PostFormValue("of")); ok {
		return back(w, r, repliesPath+"?of="+string(code)+"&done="+done)
	}
	return back(w, r, repliesPath+"?done="+done)
}

// A writtenBack is the incident page's part about what customers write: how many wait, who waits longest, and who answered lately.
type writtenBack struct {
	Waiting, Answered, Machines int64
	Open, Lately                []replyRow
	Link                        string
}

// fewReplies are what the incident's page shows of each.
const fewReplies = 5

func readWrittenBack(ctx context.Context, tx *store.Tx, s shell, i incident.Incident) (b writtenBack, err error) {
	b.Link = repliesPath + "?of=" + string(i.Code)
	counts, err := tx.Replies.Count(ctx, i.ID)
	if err != nil {
		return b, err
	}
	b.Waiting, b.Answered, b.Machines = counts[reach.ReplyOpen], counts[reach.ReplyAnswered], counts[reach.ReplyAutomatic]
	open, err := tx.Replies.Page(ctx, store.ReplyPage{Incident: i.ID, Standing: reach.ReplyOpen, Limit: fewReplies})
	if err != nil {
		return b, err
	}
	lately, err := tx.Replies.Lately(ctx, i.ID, fewReplies)
	if err != nil {
		return b, err
	}
	if b.Open, err = replyRows(ctx, tx, s, open); err != nil {
		return b, err
	}
	b.Lately, err = replyRows(ctx, tx, s, lately)
	return b, err
}
