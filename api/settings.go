package api

import (
	"context"
	"time"

	"candor/id"
	"candor/settings"
	"candor/store"
)

type settingsBody struct {
	Body struct {
		Version  int64             `json:"version" doc:"Send it back with PUT: somebody else's change in between is refused, not overwritten"`
		Settings settings.Settings `json:"settings"`
	}
}

func (a *API) showSettings(ctx context.Context, _ *struct{}) (*settingsBody, error) {
	out := &settingsBody{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		out.Body.Settings, out.Body.Version = s.Masked(), version
		return err
	})
	return out, err
}

// saveSettings takes back what showSettings gave: a masked secret keeps what is there.
func (a *API) saveSettings(ctx context.Context, in *settingsBody) (*settingsBody, error) {
	if err := a.desk.SaveSettings(ctx, in.Body.Settings, in.Body.Version); err != nil {
		return nil, err
	}
	return a.showSettings(ctx, nil)
}

type saveLogo struct {
	Body struct {
		Picture []byte `json:"picture" doc:"PNG, JPEG, GIF or WebP, base64; re-encoded"`
	}
}

func (a *API) saveLogo(ctx context.Context, in *saveLogo) (*struct{}, error) {
	return nil, a.desk.SaveLogo(ctx, in.Body.Picture)
}

type announcementBody struct {
	Body struct {
		Announcement id.Announcement `json:"announcement"`
	}
}

func (a *API) sendTest(ctx context.Context, _ *struct{}) (*announcementBody, error) {
	x, err := a.desk.SendTest(ctx)
	out := &announcementBody{}
	out.Body.Announcement = x
	return out, err
}

type auditLine struct {
	ID     id.Audit  `json:"id"`
	At     time.Time `json:"at"`
	Person id.Person `json:"person,omitempty"`
	Via    string    `json:"via"`
	IP     string    `json:"ip,omitempty"`
	Act    string    `json:"act"`
	Object string    `json:"object"`
	Before string    `json:"before,omitempty" doc:"JSON"`
	After  string    `json:"after,omitempty" doc:"JSON"`
}

type listAudit struct {
	Before id.Audit `query:"before" maxLength:"40" doc:"The id of the last line of the page before"`
	Limit  int      `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type auditList struct {
	Body struct {
		Audit []auditLine `json:"audit"`
	}
}

func (a *API) listAudit(ctx context.Context, in *listAudit) (*auditList, error) {
	out := &auditList{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		out.Body.Audit = []auditLine{}
		var before store.AuditLine
		if in.Before != "" {
			line, err := tx.Audit.ByID(ctx, in.Before)
			if err != nil {
				return err
			}
			before = line
		}
		all, err := tx.Audit.Page(ctx, before, in.Limit)
		for _, l := range all {
			out.Body.Audit = append(out.Body.Audit, auditLine(l))
		}
		return err
	})
	return out, err
}
