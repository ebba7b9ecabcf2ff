package site

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/store"
)

const (
	commentsTopic = "comments:" // followed by what they are about
	pageOfTopic   = " page "    // and by the page, where only one page is different
)

// topicsOfComment are what a comment changes: the page of what it is about, the feed, its own page, and the page before it if that did not know
// yet that there is a next one. All other pages of the conversation stay as they are, and the world does.
func topicsOfComment(topic string) []string {
	object, number, _ := strings.Cut(strings.TrimPrefix(topic, commentsTopic), "/")
	all := []string{commentsTopic + object}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 {
		return all
	}
	page := incident.PageOf(n)
	all = append(all, topicOfPage(object, page))
	if page > 1 && (n-1)%incident.CommentsOnPage == 0 {
		all = append(all, topicOfPage(object, page-1))
	}
	return all
}

func topicOfPage(object string, page int) string {
	return commentsTopic + object + pageOfTopic + strconv.Itoa(page)
}

// A commentsPageView is one page of a conversation, the oldest first.
type commentsPageView struct {
	shell
	Back  pageLink
	About phrase
	Range string
	Talk  talkView
	Prev  *pageLink
	Next  *pageLink
	Write *pageLink
}

func (f *Face) commentsAt(r *http.Request, at string, tag lang.Tag) (*recipe, error) {
	code, ok := id.ParseCode(r.PathValue("code"))
	if !ok {
		return nil, errNoPage
	}
	path := at + "incidents/" + string(code) + "/comments"
	which := r.PathValue("page")
	if which == "" {
		return f.commentsRecipe(path, tag, code, 1), nil
	}
	path += "/" + which
	if which == "write" {
		return f.writeRecipe(path, tag, code), nil
	}
	if n, ok := commentNotices[which]; ok {
		return f.commentNotice(path, tag, code, n), nil
	}
	page, err := strconv.Atoi(which)
	if err != nil || page < 2 || page > 1e6 || strconv.Itoa(page) != which {
		return nil, errNoPage
	}
	return f.commentsRecipe(path, tag, code, page), nil
}

func (f *Face) commentsRecipe(at string, tag lang.Tag, code id.Code, page int) *recipe {
	return &recipe{
		path: at, tag: tag,
		topics: []string{topicPeople},
		load: func(ctx context.Context, tx *store.Tx, w *world) (any, []string, error) {
			on, err := desk.Talk(ctx, tx, w.settings, incident.OnIncident, code)
			if err != nil {
				return nil, nil, err
			}
			from := (page-1)*incident.CommentsOnPage + 1
			t, err := loadTalk(ctx, tx, on, from, from+incident.CommentsOnPage) // one more: is there a next page?
			if err == nil && page > 1 && len(t.all) == 0 {
				err = errNoPage
			}
			return t, []string{incidentTopic + on.Object, topicOfPage(on.Object, page)}, err
		},
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			p := f.commentsPage(f.reader(w, tag, now, blind), w, facts.(talk), page)
			return f.page("comments.html", p, p.Until)
		},
	}
}

func (f *Face) commentsPage(r reader, w *world, t talk, page int) commentsPageView {
	more := len(t.all) > incident.CommentsOnPage
	if more {
		t.all = t.all[:incident.CommentsOnPage]
	}
	p := commentsPageView{shell: f.shell(r, w, t.on.Page(page)), About: r.phrase(t.on.Title), Talk: r.talk(w, t)}
	p.Stale, p.Status = r.blindness(), ""
	p.Back = pageLink{r.home + t.on.Path, r.T("site.comments.back")}
	if n := len(t.all); n > 0 {
		p.Range = r.T("site.comments.range", "from", r.Number(int64(t.all[0].Number)), "to", r.Number(int64(t.all[n-1].Number)))
	}
	if page > 1 {
		p.Prev = &pageLink{r.commentsPath(t.on, page-1), r.T("site.comments.earlier")}
	}
	if more {
		p.Next = &pageLink{r.commentsPath(t.on, page+1), r.T("site.comments.later")}
	}
	if t.on.Open(w.settings, r.now) {
		p.Write = &pageLink{r.commentsPath(t.on, 1) + "/write", r.T("site.comments.write")}
	} else {
		p.Talk.Closed = r.closedTalk(w, t.on)
	}
	p.titled(r.T("site.comments.title", "title", p.About.Text))
	p.until(sooner(t.closing(r.now), nextMidnight(r.now, w.settings.Zoned())))
	return p
}

// commentNotices follow a form. They hold nothing about anybody.
var commentNotices = map[string]notice{
	"shown":     {"site.comment.shown", "site.comment.shown.line"},
	"held":      {"site.comment.held", "site.comment.held.line"},
	"asked":     {"site.comment.asked", "site.comment.asked.line"},
	"withdrawn": {"site.comment.taken", "site.comment.taken.line"},
	"flagged":   {"site.comment.flagged", "site.comment.flagged.line"},
}

func (f *Face) commentNotice(at string, tag lang.Tag, code id.Code, n notice) *recipe {
	x := f.noticeRecipe(at, tag, n)
	x.load = func(ctx context.Context, tx *store.Tx, w *world) (any, []string, error) {
		on, err := desk.Talk(ctx, tx, w.settings, incident.OnIncident, code)
		return on, []string{incidentTopic + on.Object}, err
	}
	x.write = func(w *world, facts any, now, blind time.Time) (document, error) {
		r := f.reader(w, tag, now, blind)
		p := f.noticePage(r, w, n)
		p.Home = r.home + facts.(desk.Conversation).Path
		return f.page("message.html", p, "")
	}
	return x
}

func (f *Face) writeRecipe(at string, tag lang.Tag, code id.Code) *recipe {
	return &recipe{
		path: at, tag: tag,
		load: func(ctx context.Context, tx *store.Tx, w *world) (any, []string, error) {
			on, err := desk.Talk(ctx, tx, w.settings, incident.OnIncident, code)
			if err == nil && !on.Open(w.settings, w.at) {
				err = problem.New(problem.Gone, "problem.comment.closed")
			}
			return on, []string{incidentTopic + on.Object}, err
		},
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			r := f.reader(w, tag, now, blind)
			p := f.writePage(r, w, facts.(desk.Conversation), *r.commentForm(w, facts.(desk.Conversation)))
			return f.page("comment_write.html", p, p.Until)
		},
	}
}
