package site

import (
	"net/http"
	"slices"
	"strings"

	"candor/id"
	"candor/lang"
	"candor/staff"
)

// A route of the public face. Everything is open to everybody; what changes something is a POST and asks the desk.
type route struct {
	pattern string
	serve   func(w http.ResponseWriter, r *http.Request) error
}

// table is the only list of addresses. The language is in the path, so that files work, and each is spelled out, so that none can be
// confused with another face's first segment.
func (f *Face) table() []route {
	all := []route{
		{"GET /{$}", f.show(func(r *http.Request) (*recipe, error) { return f.homeRecipe("/", ""), nil })},
		{"GET /history", f.show(func(r *http.Request) (*recipe, error) { return f.historyRecipe("/history", ""), nil })},
		{"GET /promises", f.show(func(r *http.Request) (*recipe, error) { return f.promisesRecipe("/promises", ""), nil })},
		{"GET /track-record", f.show(func(r *http.Request) (*recipe, error) { return f.trackRecipe("/track-record", ""), nil })},
		{"GET /incidents/{code}", f.show(func(r *http.Request) (*recipe, error) { return f.incidentAt(r, "/", "") })},
		{"GET /history.atom", f.show(func(r *http.Request) (*recipe, error) { return f.atomRecipe("/history.atom", ""), nil })},
		{"GET /history.rss", f.show(func(r *http.Request) (*recipe, error) { return f.rssRecipe("/history.rss", ""), nil })},
		{"GET /badge.svg", f.show(func(r *http.Request) (*recipe, error) { return f.badgeRecipe("/badge.svg", ""), nil })},
		{"GET /icon.svg", f.show(func(r *http.Request) (*recipe, error) { return f.iconRecipe("/icon.svg"), nil })},
		{"GET /version.json", f.showVersion},
		{"GET /record/{path...}", f.showRecord},
		{"GET /robots.txt", f.showRobots},
		{"GET /sw.js", f.showWorker},
		{"GET /assets/{file}", f.showAsset},
		{"GET /photos/{hash}", f.showPhoto},
		{"GET /unsubscribe/{token}", f.askUnsubscribe},
		{"POST /unsubscribe/{token}", f.postOneClick},
	}
	for _, tag := range lang.All() {
		all = append(all, f.spokenRoutes(tag)...)
	}
	all = append(all, f.statuspageRoutes()...)
	return append(all, route{"/", f.showNothing})
}

// spokenRoutes are those of one language.
func (f *Face) spokenRoutes(tag lang.Tag) []route {
	at := "/" + tag.Path() + "/"
	page := func(rest string, make func(path string, tag lang.Tag) *recipe) route {
		return route{"GET " + at + strings.Replace(rest, "$", "{$}", 1), f.show(func(*http.Request) (*recipe, error) {
			return make(at+strings.TrimSuffix(rest, "$"), tag), nil
		})}
	}
	return []route{
		{"GET " + strings.TrimSuffix(at, "/"), f.redirectTo(at)},
		page("$", f.homeRecipe),
		{"GET " + at + "incidents/{code}", f.show(func(r *http.Request) (*recipe, error) { return f.incidentAt(r, at, tag) })},
		{"GET " + at + "incidents/{code}/report", f.show(func(r *http.Request) (*recipe, error) { return f.reportAt(r, at, tag, "/report", f.reportRecipe) })},
		{"GET " + at + "incidents/{code}/report.md", f.show(func(r *http.Request) (*recipe, error) {
			return f.reportAt(r, at, tag, "/report.md", f.reportTextRecipe)
		})},
		page("reports", f.reportsRecipe),
		page("history", f.historyRecipe),
		{"GET " + at + "history/{month}", f.show(func(r *http.Request) (*recipe, error) { return f.monthAt(r, at, tag) })},
		page("uptime", f.uptimeRecipe),
		page("record", f.recordRecipe),
		page("track-record", f.trackRecipe),
		page("track-record.json", f.trackJSONRecipe),
		page("promises", f.promisesRecipe),
		page("promises.json", f.promisesJSONRecipe),
		page("promises.atom", f.promisesAtomRecipe),
		page("history.atom", f.atomRecipe),
		page("history.rss", f.rssRecipe),
		page("feed.json", f.feedRecipe),
		page("calendar.ics", f.calendarRecipe),
		page("badge.svg", f.badgeRecipe),
		page("subscribe", f.subscribeRecipe),
		{"POST " + at + "subscribe", f.postSubscribe(tag)},
		{"POST " + at + "push", f.postPush(tag)},
		{"POST " + at + "push/end", f.postPushEnd},
		{"GET " + at + "subscribe/{notice}", f.show(func(r *http.Request) (*recipe, error) { return f.noticeAt(r, at, tag) })},
		{"GET " + at + "confirm/{token}", f.askConfirm(tag)},
		{"POST " + at + "confirm", f.postConfirm(tag)},
		{"GET " + at + "manage/{token}", f.askManage(tag)},
		{"POST " + at + "manage", f.postManage(tag)},
		{"GET " + at + "unsubscribe/{token}", f.askUnsubscribeIn(tag)},
		{"POST " + at + "unsubscribe", f.postUnsubscribe(tag)},
		{"GET " + at + "incidents/{code}/call", f.show(func(r *http.Request) (*recipe, error) { return f.callAt(r, at, tag) })},
		{"POST " + at + "incidents/{code}/call", f.postNumber(tag)},
		{"GET " + at + "incidents/{code}/called", f.show(func(r *http.Request) (*recipe, error) { return f.calledAt(r, at, tag) })},
		{"GET " + at + "incidents/{code}/comments", f.show(func(r *http.Request) (*recipe, error) { return f.commentsAt(r, at, tag) })},
		{"GET " + at + "incidents/{code}/comments/{page}", f.show(func(r *http.Request) (*recipe, error) { return f.commentsAt(r, at, tag) })},
		{"GET " + at + "incidents/{code}/comments.atom", f.show(func(r *http.Request) (*recipe, error) { return f.commentsFeedAt(r, at, tag) })},
		{"POST " + at + "incidents/{code}/comments", f.postComment(tag)},
		{"GET " + at + "comment/{token}", f.askComment(tag)},
		{"POST " + at + "comment", f.postCommentConfirm(tag)},
		{"POST " + at + "comment/withdraw", f.postCommentWithdraw(tag)},
		{"GET " + at + "comments/{comment}/flag", f.askFlag(tag)},
		{"POST " + at + "comments/{comment}/flag", f.postFlag(tag)},
		{"GET " + at + "effect/{token}/{code}", f.askEffect(tag)},
		{"POST " + at + "effect", f.postEffect(tag)},
		page("effect/thanks", f.thanksRecipe),
		page("redeem", f.keptRecipe),
		{"GET " + at + "redeem/{token}", f.showRedeem(tag)},
		{"POST " + at + "redeem", f.postRedeem(tag)},
		{"POST " + at + "redeem/objection", f.postObjection(tag)},
		page("me", f.lostRecipe),
		{"POST " + at + "me", f.postLook(tag)},
		{"GET " + at + "me/{token}", f.showOwn(tag)},
		{"POST " + at + "me/acknowledge", f.postAcknowledge(tag)},
		{"POST " + at + "me/call", f.postCall(tag)},
		{"POST " + at + "me/channel", f.postChannel(tag)},
		{"POST " + at + "me/language", f.postLanguage(tag)},
		{"POST " + at + "me/hours", f.postHours(tag)},
		{"POST " + at + "me/mobile", f.postMobile(tag)},
		{"POST " + at + "me/mobile/code", f.postMobileCode(tag)},
	}
}

// Routes are the face's addresses for the table of who may go where.
func (f *Face) Routes() []staff.Route {
	var all []staff.Route
	for _, r := range f.table() {
		all = append(all, staff.Route{Pattern: r.pattern, Open: true})
	}
	return all
}

func (f *Face) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range f.table() {
		mux.HandleFunc(r.pattern, f.adapt(r.serve))
	}
	return mux
}

func (f *Face) incidentAt(r *http.Request, at string, tag lang.Tag) (*recipe, error) {
	code, ok := id.ParseCode(r.PathValue("code"))
	if !ok {
		return nil, errNoPage
	}
	return f.incidentRecipe(at+"incidents/"+string(code), tag, code), nil
}

func (f *Face) reportAt(r *http.Request, at string, tag lang.Tag, end string, make func(string, lang.Tag, id.Code) *recipe) (*recipe, error) {
	code, ok := id.ParseCode(r.PathValue("code"))
	if !ok {
		return nil, errNoPage
	}
	return make(at+"incidents/"+string(code)+end, tag, code), nil
}

func (f *Face) monthAt(r *http.Request, at string, tag lang.Tag) (*recipe, error) {
	m, ok := parseMonth(r.PathValue("month"))
	if !ok {
		return nil, errNoPage
	}
	return f.monthRecipe(at+"history/"+m.String(), tag, m), nil
}

func (f *Face) noticeAt(r *http.Request, at string, tag lang.Tag) (*recipe, error) {
	n, ok := notices[r.PathValue("notice")]
	if !ok {
		return nil, errNoPage
	}
	return f.noticeRecipe(at+"subscribe/"+r.PathValue("notice"), tag, n), nil
}

// sortRoutes keeps the table, which a golden file holds, in one order.
func sortRoutes(all []route) {
	slices.SortFunc(all, func(a, b route) int { return strings.Compare(a.pattern, b.pattern) })
}
