package console

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"candor/reach"
	"candor/store"
)

// An effectView is what customers said when a sample was asked afterwards: it stands beside what we claim.
type effectView struct {
	MayAsk          bool // the incident is over, somebody is to be asked, and nobody was
	Size            int  // how many would be
	Asked           bool
	At              clock
	Of, To, Replied int64
	Nobody          int64 // of the sample, without any address to ask at
	Rows            []effectRow
}

type effectRow struct {
	Word  string
	N     int64
	Share string // with its margin; empty while nobody answered
}

var answerWords = map[reach.Answer]string{
	reach.KnowsWhatToDo: "Got it, and know what to do", reach.KnowsNot: "Got it, and do not know what to do", reach.NotGot: "Did not get it",
}

func (p *coveragePage) effect(ctx context.Context, tx *store.Tx, s shell) error {
	e, err := tx.Effects.Of(ctx, p.Incident.ID)
	if errors.Is(err, store.ErrNotFound) {
		p.Effect.Size = reach.SampleSize(reach.LevelOf(p.Incident.Kind, p.Incident.Impact), int(p.All.Affected))
		p.Effect.MayAsk = !p.Incident.Open() && p.Effect.Size > 0
		return nil
	}
	if err != nil {
		return err
	}
	p.Effect = effectView{Asked: true, At: s.Clock(e.At), Of: e.Affected, To: e.Asked, Replied: e.Answered(), Nobody: e.Asked - e.Letters}
	for _, a := range reach.Answers {
		row := effectRow{Word: answerWords[a], N: e.Answers[a]}
		if share, margin, known := e.Share(a); known {
			row.Share = strconv.FormatFloat(share, 'f', 1, 64) + "% ± " + strconv.FormatFloat(margin, 'f', 1, 64)
		}
		p.Effect.Rows = append(p.Effect.Rows, row)
	}
	return nil
}

// postEffect asks the sample.
func (f *Face) postEffect(w http.ResponseWriter, r *http.Request) error {
	i, err := f.incidentOf(r)
	if err != nil {
		return err
	}
	if _, err := f.desk.CheckEffect(r.Context(), i.ID); err != nil {
		return err
	}
	return back(w, r, coveragePath(i.Code)+"?done=effect#effect")
}
