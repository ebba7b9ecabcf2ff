package console

import (
	"net/http"
	"strconv"
	"strings"

	"candor/problem"
	"candor/settings"
)

// A commentSettingsPage is what the company decides about comments.
type commentSettingsPage struct {
	shell
	Off    bool
	Screen choice
	Days   input
	URL    input
	Secret input
	Set    bool
	Rest   []string
}

var screeningWords = map[settings.Screening]string{
	settings.ScreenUnconfirmed: "Those without a confirmed address, and what looks like spam",
	settings.ScreenSuspicious:  "Only what looks like spam",
	settings.ScreenAll:         "Every comment",
}

func (f *Face) showCommentSettings(w http.ResponseWriter, r *http.Request) error {
	return f.renderCommentSettings(w, r, http.StatusOK, nil, nil)
}

func (f *Face) renderCommentSettings(w http.ResponseWriter, r *http.Request, status int, chosen *settings.Comments, faults problem.List) error {
	s, err := f.frame(r, "Comments", "", nil)
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	c := s.Company.Comments
	if chosen != nil {
		c = *chosen
	}
	p := commentSettingsPage{Off: c.Off, Set: s.Company.Comments.CheckKey != ""}
	p.Screen = choice{Name: "comments.screen", Legend: "Which comments one of us reads before they are shown", Fault: s.Err("comments.screen")}
	for _, screen := range settings.Screenings {
		p.Screen.Options = append(p.Screen.Options, option{Value: string(screen), Word: screeningWords[screen], Chosen: screen == c.Screen})
	}
	p.Days = s.input("comments.days", "text", "Open for", "Days after the end; then a conversation can be read only", strconv.Itoa(c.OpenFor()))
	p.URL = s.input("comments.check_url", "url", "Address of the check", "https://rest.akismet.com, or one that speaks like it", c.CheckURL)
	p.Secret = s.input("comments.check_key", "password", "Your key", "Not shown again. Empty keeps what is there", "")
	p.Secret.Auto = "new-password"
	p.shell, p.Rest = s, s.Elsewhere("comments.screen", "comments.days", "comments.check_url", "comments.check_key")
	return f.render(w, status, "comment-settings", p)
}

func (f *Face) postCommentSettings(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	chosen := s.Company
	chosen.Comments = settings.Comments{
		Off: in.checked("comments.off"), Screen: settings.Screening(in.text("comments.screen")), Days: in.whole("comments.days"),
		CheckURL: in.text("comments.check_url"), CheckKey: s.Company.Comments.CheckKey,
	}
	if key := strings.TrimSpace(in.text("comments.check_key")); key != "" {
		chosen.Comments.CheckKey = key
	}
	if chosen.Comments.CheckURL == "" {
		chosen.Comments.CheckKey = ""
	}
	err = f.keepSettings(r, in, chosen)
	if refusals := ofForm(err); refusals != nil {
		return f.renderCommentSettings(w, r, http.StatusUnprocessableEntity, &chosen.Comments, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings/comments?done=kept")
}
