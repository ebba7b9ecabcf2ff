package duty

import (
	"context"

	"candor/desk"
	"candor/incident"
	"candor/letter"
	"candor/reach"
	"candor/store"
)

// gatherComment reads the comment that a letter is about, and for an answer of ours the one it answers.
func (m *matter) gatherComment(ctx context.Context, tx *store.Tx, a reach.Announcement) (err error) {
	if m.comment, err = tx.Comments.ByAnnouncement(ctx, a.ID); err != nil {
		return err
	}
	s, _, err := tx.Settings.Load(ctx)
	if err != nil {
		return err
	}
	if m.talk, err = desk.TalkOf(ctx, tx, s, m.comment.Thread); err != nil || m.comment.Answers == "" {
		return err
	}
	if m.asked, err = tx.Comments.ByID(ctx, m.comment.Answers); err != nil {
		return err
	}
	m.Author, err = person(ctx, tx, m.comment.Person)
	return err
}

func (m matter) answered() letter.CommentAnswer {
	return letter.CommentAnswer{
		Title: m.talk.Title, WrittenAt: m.asked.At, Body: m.comment.Body, Author: m.Author,
		Path: "/" + m.talk.Page(incident.PageOf(m.asked.Number)) + "#" + string(m.comment.Code),
	}
}
