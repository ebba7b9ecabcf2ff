package console

import (
	"context"
	"net/http"

	"candor/id"
	"candor/problem"
)

func (f *Face) postPause(w http.ResponseWriter, r *http.Request) error {
	return holdBack(w, r, f.desk.PauseAnnouncement, "paused")
}

func (f *Face) postResume(w http.ResponseWriter, r *http.Request) error {
	return holdBack(w, r, f.desk.ResumeAnnouncement, "resumed")
}

// holdBack needs no key: pausing twice is pausing once.
func holdBack(w http.ResponseWriter, r *http.Request, act func(context.Context, id.Announcement) error, done string) error {
	x, err := id.Parse[id.Announcement](r.PathValue("announcement"))
	if err != nil {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	if err := act(r.Context(), x); err != nil {
		return err
	}
	if code, ok := id.ParseCode(r.PostFormValue("incident")); ok {
		return back(w, r, incidentPath(code)+"/ledger?of="+string(x)+"&done="+done)
	}
	return back(w, r, "/console/reach?done="+done)
}
